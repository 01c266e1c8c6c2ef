import { bodyLimit } from 'hono/body-limit'
import { readCheckResult, type CheckResult } from '../api/index.ts'
import { ColophonError, limits } from '../foundation/index.ts'
import type { Node } from '../main.ts'

/** Forms with files in them. */
export const uploadLimit = bodyLimit({
  maxSize: limits.requestBodyBytesMax,
  onError: () => {
    throw new ColophonError('too_large', 'The file is larger than 64 MB.', {
      remedy: 'With JavaScript switched on it is not sent, and larger files can be checked.',
    })
  },
})

/** Forms of words. */
export const formLimit = bodyLimit({ maxSize: 64 * 1024 })

/** The fields of a form, or an error that says which one to correct. */
export function parseForm<Output>(
  schema: {
    safeParse(
      value: unknown,
    ):
      | { success: true; data: Output }
      | { success: false; error: { issues: { message: string; path: PropertyKey[] }[] } }
  },
  values: unknown,
): Output {
  const result = schema.safeParse(values)
  if (result.success) return result.data
  const issue = result.error.issues[0]!
  throw new ColophonError('invalid_input', issue.message, {
    where: issue.path.join('.'),
    remedy: 'Go back, correct it, and send the form again.',
  })
}

/** A result by its secret id. */
export async function needResult(node: Node, id: string | undefined): Promise<CheckResult> {
  const result = id === undefined ? undefined : await readCheckResult(node, id)
  if (!result)
    throw new ColophonError('not_found', 'There is no such result here.', { remedy: 'Check the work again.' })
  return result
}

/** A form as it was sent, or an error that says that it cannot be read. */
export async function readForm<Form>(parsing: Promise<Form>): Promise<Form> {
  return parsing.catch((cause: unknown) => {
    throw new ColophonError('invalid_input', 'The form cannot be read.', {
      cause,
      remedy: 'Choose the file and send it again.',
    })
  })
}

/** A whole number in an address; undefined when it is none. */
export function readNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined
}
