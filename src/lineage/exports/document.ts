import { ColophonError, limits, type Json } from '../../foundation/index.ts'

export type JsonObject = { [key: string]: Json }

/** A document about a pipeline is larger than a request about one thing, and still has an end. */
const documentBytesMax = 16 * 1024 * 1024

/**
 * JSON from outside, bounded in size and depth. Errors: `too_large`; `invalid_input` for what is no JSON or is nested too
 * deeply.
 */
export function readDocument(text: string, where = 'document'): Json {
  const value = parse(text, where)
  if (depthOf(value) > limits.jsonDepthMax) throw refusal(`nested deeper than ${limits.jsonDepthMax}`, where)
  return value
}

/** Refuses what is larger than any document may be. */
export function checkSize(text: string): void {
  if (text.length > documentBytesMax)
    throw new ColophonError('too_large', `the document is larger than ${documentBytesMax} bytes`, {
      where: 'document',
      remedy: 'Split it by data set.',
    })
}

function parse(text: string, where: string): Json {
  checkSize(text)
  try {
    return JSON.parse(text) as Json
  } catch (cause) {
    throw refusal(`this is no JSON: ${(cause instanceof Error ? cause.message : String(cause)).slice(0, 200)}`, where)
  }
}

/** What is wrong with a document, and the same advice for all of them where there is no better one. */
export function refusal(message: string, where: string, remedy = 'Correct the document, or name its format.') {
  return new ColophonError('invalid_input', message, { where, remedy })
}

/** Level by level, so that a hostile depth cannot overflow the stack. */
function depthOf(value: Json): number {
  let depth = 0
  let level: Json[] = [value]
  while (level.length > 0 && depth <= limits.jsonDepthMax) {
    level = level.flatMap((item) => (item !== null && typeof item === 'object' ? Object.values(item) : []))
    if (level.length > 0) depth++
  }
  return depth
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** One or many, as JSON-LD and cards write them, as a list. */
export function listOf(value: Json | undefined): Json[] {
  if (value === undefined || value === null) return []
  return Array.isArray(value) ? value : [value]
}

/** A member of an object's own; never one that it inherits. */
export function memberOf(value: Json | undefined, ...path: string[]): Json | undefined {
  let at: Json | undefined = value
  for (const key of path) at = isObject(at) && Object.hasOwn(at, key) ? at[key] : undefined
  return at
}

export function textOf(value: Json | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined
}

/** JSON as the documents of this folder are written: for people, with a line feed at its end. */
export function jsonText(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`
}

/** The members whose value is known. */
export function known<Value extends object>(value: Value): { [Key in keyof Value]: Exclude<Value[Key], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as never
}
