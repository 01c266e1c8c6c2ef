import type { z } from 'zod'
import { ColophonError } from '../../foundation/index.ts'
import { plain, type AdapterAnswer } from './adapter.ts'

/**
 * The JSON of an answer, checked. Errors: `fetch_failed` with what the server says is wrong (a status that is not 200, or
 * a field `error`), `unreadable_file` for what is no JSON or has another shape.
 */
export function parseAnswer<Schema extends z.ZodType>(
  { status, text, where }: AdapterAnswer,
  schema: Schema,
): z.infer<Schema> {
  const value = readJson(text)
  const said = value !== null && typeof value === 'object' && 'error' in value ? String(value.error) : undefined
  if (status !== 200 || said !== undefined)
    throw new ColophonError('fetch_failed', `it answered ${status}${said ? `: ${plain(said, 200)}` : ''}`, { where })
  const read = schema.safeParse(value)
  if (read.success) return read.data
  throw new ColophonError('unreadable_file', 'the answer has not the shape that was expected', { where })
}

/** The value of a JSON text; undefined when it is none. */
export function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
