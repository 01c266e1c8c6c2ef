import { ColophonError } from './errors.ts'
import { limits } from './limits.ts'

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json }

/**
 * Canonical JSON text by RFC 8785 (JCS): keys sorted by UTF-16 code units, numbers as ECMAScript writes them.
 * Members whose value is `undefined` are left out. Numbers that are not finite, lone surrogates and nesting
 * deeper than `limits.jsonDepthMax` are `invalid_json` errors.
 *
 * @example canonicalJson({ b: 1, a: [true] }) // '{"a":[true],"b":1}'
 */
export function canonicalJson(value: unknown, depth = 0): string {
  if (depth > limits.jsonDepthMax) throw new ColophonError('invalid_json', `nested deeper than ${limits.jsonDepthMax}`)
  switch (typeof value) {
    case 'string':
      if (!value.isWellFormed()) throw new ColophonError('invalid_json', 'a string holds half a surrogate pair')
      return JSON.stringify(value)
    case 'boolean':
      return String(value)
    case 'number':
      if (!Number.isFinite(value)) throw new ColophonError('invalid_json', 'a number is not finite')
      return JSON.stringify(value)
    case 'object': {
      if (value === null) return 'null'
      if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item, depth + 1)).join(',')}]`
      const members: string[] = []
      for (const key of Object.keys(value).sort()) {
        const member = (value as Record<string, unknown>)[key]
        if (member === undefined) continue
        members.push(`${canonicalJson(key)}:${canonicalJson(member, depth + 1)}`)
      }
      return `{${members.join(',')}}`
    }
    default:
      throw new ColophonError('invalid_json', `a ${typeof value} cannot be written as JSON`)
  }
}

/** Parses JSON from outside: valid UTF-8, bounded size; anything else is `invalid_json` with the place. */
export function parseJson(input: string | Uint8Array, where: string, bytesMax: number = limits.jsonBodyBytesMax): Json {
  if (input.length > bytesMax) {
    throw new ColophonError('too_large', `JSON is larger than ${bytesMax} bytes`, { where })
  }
  try {
    const text = typeof input === 'string' ? input : new TextDecoder('utf-8', { fatal: true }).decode(input)
    return JSON.parse(text) as Json
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause)
    throw new ColophonError('invalid_json', message, { where, cause })
  }
}
