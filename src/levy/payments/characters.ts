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
const SPACES = /^ | $| {2}/
const MARKS = /\p{M}/u
const FORBIDDEN = /[^A-Za-z0-9/\-?:().,'+ ]/gu

/** Whether text holds only characters that every bank in SEPA must accept. */
export function isSepaText(text: string): boolean {
  for (let place = 0; place < text.length; place++) if (PERMITTED_CODES[text.charCodeAt(place)] !== 1) return false
  return true
}

const SPACE = 32

/** What needs no change: permitted characters with single spaces between them. */
function isWritten(text: string): boolean {
  let before = SPACE
  for (let place = 0; place < text.length; place++) {
    const code = text.charCodeAt(place)
    if (PERMITTED_CODES[code] !== 1 || (code === SPACE && before === SPACE)) return false
    before = code
  }
  return before !== SPACE
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
  if (isWritten(original)) return { text: original, lost: '' }
  const composed = MARKS.test(original) ? original.normalize('NFC') : original
  let text = ''
  let lost = ''
  let copied = 0
  for (let place = 0; place < composed.length; place++) {
    if (composed.charCodeAt(place) < 128 && PERMITTED_CODES[composed.charCodeAt(place)] === 1) continue
    const known = ALONE[composed.charCodeAt(place)]
    const character = known === undefined ? String.fromCodePoint(composed.codePointAt(place)!) : ''
    const letters = known ?? letterFor(character, composed, place)
    if (letters === undefined) lost += character
    if (place > copied) text += composed.slice(copied, place)
    text += letters ?? '?'
    copied = place + (character.length || 1)
    place = copied - 1
  }
  text += composed.slice(copied)
  return { text: SPACES.test(text) ? text.replaceAll(/ {2,}/g, ' ').trim() : text, lost }
}

/** By code below U+0600: letters that are written the same whatever stands beside them; filled as they occur. */
const ALONE: (string | undefined)[] = Array.from({ length: 0x6_00 })

/** What one character outside of the set becomes; nothing when there is nothing for it. */
function letterFor(character: string, text: string, place: number): string | undefined {
  const joined = JOINED.test(character) ? joinedLetter(character, text, place) : undefined
  if (joined !== undefined) return joined
  let known = written.get(character)
  if (known === undefined && !written.has(character)) {
    known = writtenAlone(character)
    // Only so many, for text from outside could have every character there is.
    if (written.size < 5000) written.set(character, known)
  }
  if (known === undefined || known.length < 2 || !isCapital(character)) {
    const code = character.charCodeAt(0)
    if (code < ALONE.length && !JOINED.test(character)) ALONE[code] = known
    return known
  }
  const after = text.slice(place + character.length, place + character.length + 1)
  const allCapitals = isCapital(after) || (place > 0 && isCapital(text[place - 1]!) && !/\p{L}/u.test(after))
  return allCapitals ? known.toUpperCase() : known
}

const JOINED = /[υύΥΎγΓμΜπΠяЯ]/u

/** Letters that sound otherwise beside some others: in Greek, and in the ending -ия of Bulgarian. */
function joinedLetter(character: string, text: string, place: number): string | undefined {
  const before = text[place - 1] ?? ''
  const after = text[place + 1] ?? ''
  const sound = (letter: string) => (isCapital(character) ? letter.toUpperCase() : letter)
  if (/[υύΥΎ]/u.test(character)) {
    if (/[οΟ]/u.test(before)) return sound('u')
    return /[αεηΑΕΗ]/u.test(before) ? sound(VOICED.test(after) ? 'v' : 'f') : undefined
  }
  if (/[γΓ]/u.test(character)) return /[γξχΓΞΧ]/u.test(after) ? sound('n') : undefined
  if (/[яЯ]/u.test(character)) return /[иИ]/u.test(before) && !/\p{L}/u.test(after) ? sound('a') : undefined
  // Μπ at the start of a word is one letter.
  if (/[μΜ]/u.test(character)) return /[πΠ]/u.test(after) && !/\p{L}/u.test(before) ? sound('b') : undefined
  return /[μΜ]/u.test(before) && !/\p{L}/u.test(text[place - 2] ?? '') ? '' : undefined
}

const VOICED = /[βγδζλμνρΒΓΔΖΛΜΝΡαεηιουωάέήίόύώΑΕΗΙΟΥΩΆΈΉΊΌΎΏ]/u

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
