import { ColophonError, limits, parseJson, type Json } from '../../foundation/index.ts'
import { quoted, type RightsFinding } from './findings.ts'

/**
 * JSON from outside, bounded in size and depth; anything else is a finding, never an exception. A member that is written
 * twice is refused: readers differ in which of the two counts.
 */
export function readJson(input: string | Uint8Array, where: string): { value?: Json; findings: RightsFinding[] } {
  try {
    const value = parseJson(input, where)
    if (depthOf(value) > limits.jsonDepthMax) {
      return refuse('malformed_json', `nested deeper than ${limits.jsonDepthMax}`, where)
    }
    const repeated = repeatedMember(typeof input === 'string' ? input : new TextDecoder().decode(input))
    if (repeated === undefined) return { value, findings: [] }
    return refuse('repeated_word', `the member ${quoted(repeated)} is written twice`, where)
  } catch (error) {
    if (!(error instanceof ColophonError)) return refuse('malformed_json', 'nested too deeply', where)
    return refuse(error.code === 'too_large' ? 'too_large' : 'malformed_json', error.message.slice(0, 200), where)
  }
}

function refuse(code: RightsFinding['code'], what: string, where: string): { findings: RightsFinding[] } {
  const remedy = 'Correct the JSON; what it says counts as unknown.'
  return { findings: [{ code, severity: 'error', where, what, remedy }] }
}

/** Level by level, so that a hostile depth cannot overflow the stack; stops where it is deep enough to be refused. */
function depthOf(value: Json): number {
  let depth = 0
  let level: Json[] = [value]
  while (level.length > 0 && depth <= limits.jsonDepthMax) {
    level = level.flatMap((item) => (item !== null && typeof item === 'object' ? Object.values(item) : []))
    if (level.length > 0) depth++
  }
  return depth
}

/** The first name that stands twice in one object of JSON that is well-formed. In one pass. */
function repeatedMember(json: string): string | undefined {
  const open: (Set<string> | undefined)[] = []
  for (let at = 0; at < json.length; at++) {
    const character = json[at]
    if (character === '{') open.push(new Set())
    else if (character === '[') open.push(undefined)
    else if (character === '}' || character === ']') open.pop()
    if (character !== '"') continue
    const start = at
    for (at++; json[at] !== '"'; at++) if (json[at] === '\\') at++
    let next = at + 1
    while (' \t\r\n'.includes(json[next] ?? ':')) next++
    if (json[next] !== ':') continue
    const name = JSON.parse(json.slice(start, at + 1)) as string
    if (open.at(-1)?.has(name)) return name
    open.at(-1)?.add(name)
  }
  return undefined
}

export function isObject(value: Json | undefined): value is { [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function listOf(value: Json | undefined): Json[] {
  if (value === undefined) return []
  return Array.isArray(value) ? value : [value]
}
