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

/** Whether text holds only characters that every bank in SEPA must accept. */
export function isSepaText(text: string): boolean {
  return PERMITTED.test(text)
}

/** The first character of a text that is outside of the permitted set, or nothing. */
export function firstForbidden(text: string): string | undefined {
  return /[^A-Za-z0-9/\-?:().,'+ ]/u.exec(text)?.[0]
}

export interface SepaText {
  /** In the permitted set, with single spaces. */
  text: string
  /** The characters that became question marks, in order; empty when nothing was lost. */
  lost: string
}

/** Text in the permitted set. Example: `toSepaText('Žužek & Müller')` → `{ text: 'Zuzek + Muller', lost: '' }`. */
export function toSepaText(original: string): SepaText {
  if (PERMITTED.test(original) && !/^ | $| {2}/.test(original)) return { text: original, lost: '' }
  const characters = [...joinLetters(original.normalize('NFC'))]
  let text = ''
  let lost = ''
  characters.forEach((character, place) => {
    const written = permittedFor(character, characters[place - 1], characters[place + 1])
    if (written === undefined) lost += character
    text += written ?? '?'
  })
  return { text: text.replaceAll(/ {2,}/g, ' ').trim(), lost }
}

/** Letters that are written together: two of Greek, and the ending -ия of Bulgarian. */
function joinLetters(text: string): string {
  if (/\p{Script=Cyrillic}/u.test(text)) text = text.replaceAll(/([иИ])[яЯ](?!\p{L})/gu, '$1a')
  if (!/\p{Script=Greek}/u.test(text)) return text
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

function permittedFor(character: string, before: string | undefined, after: string | undefined): string | undefined {
  if (PERMITTED.test(character)) return character
  if (/[\s\p{Cc}]/u.test(character)) return ' '
  if (/[\p{M}\p{Cf}]/u.test(character)) return ''
  const known = lettersFor(character, before, after)
  if (known !== undefined) return known
  let written = ''
  for (const part of character.normalize('NFKD').replaceAll(/\p{M}/gu, '')) {
    const letters = PERMITTED.test(part) ? part : lettersFor(part, before, after)
    if (letters === undefined) return undefined
    written += letters
  }
  return written === '' ? undefined : written
}

function lettersFor(character: string, before = '', after = ''): string | undefined {
  const small = LETTERS.get(character)
  if (small !== undefined) return small
  const letters = LETTERS.get(character.toLowerCase())
  if (letters === undefined || letters === '') return letters
  const allCapitals = isCapital(after) || (isCapital(before) && !/\p{L}/u.test(after))
  return allCapitals ? letters.toUpperCase() : letters[0]!.toUpperCase() + letters.slice(1)
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
