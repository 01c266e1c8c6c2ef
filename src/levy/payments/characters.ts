/**
 * The Latin character set of SEPA (EPC217-08) and a way into it that loses nothing in silence:
 * - Latin letters lose their marks (é → e, ø → o, ß → ss, æ → ae, þ → th);
 * - Greek follows ELOT 743 (ου → ou, αυ → av or af, γγ → ng, μπ at the start → b);
 * - Cyrillic follows the Bulgarian system, the one of the EU (ж → zh, щ → sht, ъ → a, -ия → -ia), with the letters that
 *   Bulgarian has not after Serbian, Macedonian, Ukrainian and Russian use;
 * - signs follow the conversion table of EPC217-08 (& → +, _ → -, @ → .);
 * - what remains becomes a question mark and is named in `lost`.
 */
const PERMITTED = /^[A-Za-z0-9/\-?:().,'+ ]*$/
const PERMITTED_CODES = Uint8Array.from({ length: 128 }, (_, code) =>
  PERMITTED.test(String.fromCharCode(code)) ? 1 : 0,
)
/** What needs no change: permitted characters with single spaces between them. */
const WRITTEN = /^[A-Za-z0-9/\-?:().,'+]+(?: [A-Za-z0-9/\-?:().,'+]+)*$/
const SPACES = /^ | $| {2}/
const COMBINING = /\p{M}/u
const FORBIDDEN = /[^A-Za-z0-9/\-?:().,'+ ]/gu
const GREEK = /[\u{370}-\u{3ff}\u{1f00}-\u{1fff}]/u
const CYRILLIC = /[\u{400}-\u{52f}]/u

/** Whether text holds only characters that every bank in SEPA must accept. */
export function isSepaText(text: string): boolean {
  return PERMITTED.test(text)
}

/** The first character of a text that is outside of the permitted set, or nothing. */
export function firstForbidden(text: string): string | undefined {
  return text.match(FORBIDDEN)?.[0]
}

export interface SepaText {
  /** In the permitted set, with single spaces. */
  text: string
  /** The characters that became question marks, in order; empty when nothing was lost. */
  lost: string
}

/** Text in the permitted set. Example: `toSepaText('Žužek & Müller')` → `{ text: 'Zuzek + Muller', lost: '' }`. */
export function toSepaText(original: string): SepaText {
  if (WRITTEN.test(original)) return { text: original, lost: '' }
  const joined = joinLetters(COMBINING.test(original) ? original.normalize('NFC') : original)
  let text = ''
  let lost = ''
  let copied = 0
  for (let place = 0; place < joined.length; place++) {
    if (joined.charCodeAt(place) < 128 && PERMITTED_CODES[joined.charCodeAt(place)] === 1) continue
    const character = String.fromCodePoint(joined.codePointAt(place)!)
    const letters = letterFor(character, joined, place)
    if (letters === undefined) lost += character
    text += joined.slice(copied, place) + (letters ?? '?')
    copied = place + character.length
    place = copied - 1
  }
  text += joined.slice(copied)
  return { text: SPACES.test(text) ? text.replaceAll(/ {2,}/g, ' ').trim() : text, lost }
}

/** Letters that are written together: two of Greek, and the ending -ия of Bulgarian. */
function joinLetters(text: string): string {
  if (CYRILLIC.test(text)) text = text.replaceAll(/([иИ])[яЯ](?!\p{L})/gu, '$1a')
  if (!GREEK.test(text)) return text
  return text
    .replaceAll(/([οΟ])([υύ])/gu, '$1u')
    .replaceAll(/([οΟ])([ΥΎ])/gu, '$1U')
    .replaceAll(/([αεηΑΕΗ])([υύΥΎ])(?=(.?))/gsu, (_, vowel: string, upsilon: string, next: string) => {
      const sound = /[βγδζλμνρ]|[αεηιουωάέήίόύώ]/iu.test(next) ? 'v' : 'f'
      return vowel + (isCapital(upsilon) ? sound.toUpperCase() : sound)
    })
    .replaceAll(/γ(?=[γξχ])/gu, 'n')
    .replaceAll(/Γ(?=[ΓΞΧ])/gu, 'N')
    .replaceAll(/(?<!\p{L})μπ/gu, 'b')
    .replaceAll(/(?<!\p{L})Μ[πΠ]/gu, 'B')
}

/** What one character outside of the set becomes; nothing when there is nothing for it. */
function letterFor(character: string, text: string, place: number): string | undefined {
  let known = written.get(character)
  if (known === undefined && !written.has(character)) {
    known = writtenAlone(character)
    // Only so many, for text from outside could have every character there is.
    if (written.size < 5000) written.set(character, known)
  }
  if (known === undefined || known.length < 2 || !isCapital(character)) return known
  const after = text.slice(place + character.length, place + character.length + 1)
  const allCapitals = isCapital(after) || (place > 0 && isCapital(text[place - 1]!) && !/\p{L}/u.test(after))
  return allCapitals ? known.toUpperCase() : known
}

const written = new Map<string, string | undefined>()

function writtenAlone(character: string): string | undefined {
  if (/[\s\p{Cc}]/u.test(character)) return ' '
  if (/[\p{M}\p{Cf}]/u.test(character)) return ''
  const known = fromTable(character)
  if (known !== undefined) return known
  let result = ''
  for (const part of character.normalize('NFKD').replaceAll(/\p{M}/gu, '')) {
    const letters = PERMITTED.test(part) ? part : fromTable(part)
    if (letters === undefined) return undefined
    result += letters
  }
  return result === '' ? undefined : result
}

/** A capital begins with a capital: Щ alone is Sht. */
function fromTable(character: string): string | undefined {
  const own = LETTERS.get(character)
  const letters = own ?? LETTERS.get(character.toLowerCase())
  return own !== undefined || !letters ? letters : letters[0]!.toUpperCase() + letters.slice(1)
}

function isCapital(character: string): boolean {
  return character.toLowerCase() !== character
}

const LETTERS = new Map(
  `ß ss æ ae œ oe ø o ł l đ d ð d þ th ħ h ı i ŋ n ŧ t ĸ k ŀ l ə e
  α a β v γ g δ d ε e ζ z η i θ th ι i κ k λ l μ m ν n ξ x ο o π p ρ r σ s ς s τ t υ y φ f χ ch ψ ps ω o
  а a б b в v г g д d е e ж zh з z и i й y к k л l м m н n о o п p р r с s т t у u ф f х h ц ts ч ch ш sh щ sht ъ a
  ь y ю yu я ya ы y э e ё yo ђ dj ј j љ lj њ nj ћ c џ dz ѓ gj ќ kj ѕ dz ѝ i є ie і i ї i ґ g
  ! . " . # . $ . % . & + * . ; , < . = . > . @ . [ ( \\ / ] ) ^ . _ - \` ' { ( | / } ) ~ - ¡ . ¿ ? € E
  ’ ' ‘ ' ‚ ' ‛ ' ′ ' ʼ ' “ . ” . „ . « . » . ‹ . › . – - — - − - ‐ - ‑ - ‒ - ― - … . • . · . § . ° . © . ® .`
    .trim()
    .split(/\s+/)
    .flatMap((each, place, all) => (place % 2 === 0 ? [[each, all[place + 1]!] as const] : [])),
)
