import { checkCharacter } from '../disclosure/index.ts'
import type { Effects } from '../foundation/index.ts'

/** The forms on paper, by the first character of their codes. */
const KINDS = { R: 'reserve', C: 'check', D: 'removal' } as const

export type PaperKind = (typeof KINDS)[keyof typeof KINDS]

/** Crockford's: no letter that is taken for another or for a digit. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const RANDOM_CHARACTERS = 7

/** A code for one printed form: its kind, seven characters by chance, and one that finds what was misread. */
export function makePaperCode(kind: PaperKind, effects: Pick<Effects, 'randomBytes'>): string {
  const [first] = Object.entries(KINDS).find(([, each]) => each === kind)!
  for (;;) {
    const body = first + Array.from(effects.randomBytes(RANDOM_CHARACTERS), (byte) => ALPHABET[byte % 32]).join('')
    const check = checkCharacter(body)
    // A check character that Crockford leaves out would be read as another: the next body has a better one.
    if (ALPHABET.includes(check)) return `${body.slice(0, 4)} ${body.slice(4)} ${check}`
  }
}

/** Which form a code stands on; undefined when it was misread. Letters that look like digits count as those. */
export function readPaperCode(text: string): PaperKind | undefined {
  const code = text.toUpperCase().replaceAll(/[\s-]/g, '').replaceAll('O', '0').replaceAll(/[IL]/g, '1')
  if (code.length !== RANDOM_CHARACTERS + 2 || [...code].some((character) => !ALPHABET.includes(character)))
    return undefined
  const kind = KINDS[code[0] as keyof typeof KINDS]
  return checkCharacter(code.slice(0, -1)) === code.at(-1) ? kind : undefined
}
