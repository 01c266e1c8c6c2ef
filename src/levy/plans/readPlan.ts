import { readFileSync, readdirSync } from 'node:fs'
import { parse } from 'yaml'
import { ColophonError, canonicalJson, sha256Hex } from '../../foundation/index.ts'
import { planSchema, type LevyPlan } from './schema.ts'

const PRESETS = new URL('presets/', import.meta.url)
const PLAN_CHARACTERS_MAX = 200_000

/** Reads a plan from YAML or JSON. Errors: `too_large`, `invalid_json`, `invalid_input` with the field. */
export function readPlan(text: string, where: string): LevyPlan {
  if (text.length > PLAN_CHARACTERS_MAX)
    throw new ColophonError('too_large', `a plan has at most ${PLAN_CHARACTERS_MAX} characters`, { where })
  const read = planSchema.safeParse(parseYaml(text, where))
  if (read.success) return read.data
  const [issue] = read.error.issues
  throw new ColophonError('invalid_input', issue!.message, {
    where: `${where} ${issue!.path.join('.')}`,
    remedy: 'colophon levy plan preset blank prints a plan with a comment on each field.',
  })
}

function parseYaml(text: string, where: string): unknown {
  try {
    // References could make a few characters expand to millions.
    return parse(text, { maxAliasCount: 0 })
  } catch (cause) {
    const [line] = (cause as Error).message.split('\n')
    throw new ColophonError('invalid_json', line!, { where, cause })
  }
}

/** The names of the plans that come with the software. */
export function listPresets(): string[] {
  return readdirSync(PRESETS)
    .map((file) => file.replace(/\.yaml$/, ''))
    .sort()
}

/** The text of a preset, in YAML with comments. Errors: `not_found` with the names that there are. */
export function readPreset(name: string): string {
  if (listPresets().includes(name)) return readFileSync(new URL(`${name}.yaml`, PRESETS), 'utf8')
  throw new ColophonError('not_found', 'there is no such preset', {
    where: name,
    remedy: `Take one of: ${listPresets().join(', ')}.`,
  })
}

/** What a plan is known by: SHA-256 of its canonical JSON, in hexadecimal. */
export function planDigest(plan: LevyPlan): string {
  return sha256Hex(new TextEncoder().encode(canonicalJson(plan)))
}
