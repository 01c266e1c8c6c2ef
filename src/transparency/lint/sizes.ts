import { SIZE_BANDS, modalities, type Band, type Modality } from '../template.ts'
import { ANY_MARK, readOptions } from './marks.ts'

/** What section 1.3 says of one kind of content. */
export interface ReadSize {
  modality: Modality
  /** Bands that are ticked, or named without any box. */
  bands: Band[]
  /** All bands are printed, and nothing tells which is meant. */
  isUnmarked: boolean
  /** Sizes in numbers, in the unit of the bands. */
  amounts: { amount: number; text: string }[]
  /** The words that were read. */
  text: string
}

type Sized = keyof typeof SIZE_BANDS

const BILLION = '1\\s*billion'
const HOURS = '10[\\s.,\u202f]?000'
const MORE = '(?:more than|over|above|>)\\s*'
const LESS = '(?:less than|fewer than|under|below|<)\\s*'
const BAND_PHRASES: [Sized | 'hours', Band, string][] = [
  ['text', 'low', `${LESS}${BILLION}\\s*tokens?`],
  ['text', 'mid', `${BILLION}\\s*(?:to|-|–|and)\\s*10\\s*trillions?\\s*tokens?`],
  ['text', 'high', `${MORE}10\\s*trillions?\\s*tokens?`],
  ['image', 'low', `${LESS}1\\s*million\\s*images?`],
  ['image', 'mid', `1\\s*million\\s*(?:to|-|–|and)\\s*1?\\s*billion\\s*images?`],
  ['image', 'high', `${MORE}1?\\s*billion\\s*images?`],
  ['hours', 'low', `${LESS}${HOURS}\\s*hours?`],
  ['hours', 'mid', `${HOURS}\\s*(?:to|-|–|and)\\s*1\\s*million\\s*hours?`],
  ['hours', 'high', `${MORE}1\\s*million\\s*hours?`],
]
const BAND_NAMES = Object.fromEntries(
  BAND_PHRASES.map(([unit, band, phrase]) => [`${unit} ${band}`, new RegExp(`^(?:(?<x>[xX]) )?${phrase}`, 'i')]),
)
const ANY_BAND = new RegExp(BAND_PHRASES.map(([, , phrase]) => phrase).join('|'), 'gi')

/** Reads the rows of section 1.3, as a table, a list or sentences. Kinds that are said not to be there are left out. */
export function readSizes(text: string): ReadSize[] {
  const flat = text.slice(0, 200_000).replaceAll(/\s+/g, ' ')
  return rowsOf(flat).flatMap((row) => readRow(row) ?? [])
}

interface Row {
  modality: Modality
  mark?: string
  /** What stands after the name. */
  row: string
  /** The row as it is printed. */
  printed: string
}

const MARK = '☐☒☑✓✔✅□■☑️\uf0a8\uf0fe\uf06f'
const ROW = new RegExp(
  `(?<mark>[${MARK}]|\\[[xX ]?\\])?\\s*[*_|]*(?<![\\p{L}\\p{N}-]|\\d |illion )(?<name>text|images?|audio|video|other)[*_]*(?=\\s*(?:[|:]|[${MARK}]|\\[|\\(|—|◦|•|training data|less than|more than|up to|over |1 ?billion|1 ?million|10[ ,.]?000|\\d|number of|x |size|n/?a\\b))`,
  'giu',
)

/** A row begins with the name of its kind, followed by a box, a sign, or a size. */
function rowsOf(text: string): Row[] {
  const starts = [...text.matchAll(ROW)]
  const rows = starts.map(({ 0: found, index, groups }, i) => {
    const name = groups!.name!.toLowerCase().replace('images', 'image') as Modality
    const printed = text.slice(index, starts[i + 1]?.index)
    const mark = groups!.mark ? { mark: groups!.mark } : {}
    return { modality: name, ...mark, row: printed.slice(found.length), printed }
  })
  const isListed =
    /\b(?:text|images?|audio|video)\s*(?:,|and|&)\s*(?:text|images?|audio|video)\s+training data size/i.test(text)
  const named = rows.length > 0 && !isListed ? rows : namesIn(text)
  return joinRows(named)
}

/** “Image and video” in one row: each band is of the kind whose unit it has. */
function namesIn(text: string): Row[] {
  const names = modalities.filter((name) => name !== 'other' && new RegExp(`\\b${name}s?\\b`, 'i').test(text))
  return names.map((modality) => ({ modality, row: text, printed: text }))
}

function joinRows(rows: Row[]): Row[] {
  const joined = new Map<Modality, Row>()
  for (const row of rows) {
    const before = joined.get(row.modality)
    joined.set(row.modality, {
      ...row,
      ...before,
      row: `${before?.row ?? ''} ${row.row}`.trim(),
      printed: `${before?.printed ?? ''} ${row.printed}`.trim(),
    })
  }
  return [...joined.values()]
}

const ABSENT =
  /^[\s:|.—-]*(?:(?:training data )?(?:size|content|sizes)\s*:?\s*)?(?:not applicable|n\/?a\b|none\b|not used|not part|not present|no (?:text|image|audio|video)|0\b)/i

function readRow({ modality, mark, row, printed }: Row): ReadSize | undefined {
  const unit = modality === 'audio' || modality === 'video' ? 'hours' : modality
  const options = readOptions(row, BAND_NAMES).filter(({ name }) => name.startsWith(`${unit} `))
  const bandOf = ({ name }: { name: string }) => name.split(' ')[1] as Band
  const ticked = options.filter((option) => option.mark === 'ticked').map(bandOf)
  const plain = options.filter((option) => option.mark === undefined).map(bandOf)
  const amounts = readAmounts(row, modality)
  const isForm = options.length >= 2
  const bands = [...new Set(ticked.length > 0 ? ticked : isForm ? [] : plain)]
  const isTicked = mark !== undefined && /[☒☑✓✔✅■\uf0fe]|\[x\]/i.test(mark)
  const isUnmarked = isForm && ticked.length === 0 && plain.length === options.length && !isEmptyBox(mark)
  if (bands.length === 0 && amounts.length === 0 && !isTicked && !isUnmarked) return undefined
  if (bands.length === 0 && isEmptyBox(mark) && !isTicked) return undefined
  if (bands.length === 0 && ABSENT.test(row.replaceAll(ANY_BAND, '').replaceAll(ANY_MARK, ''))) return undefined
  return { modality, bands, isUnmarked, amounts, text: printed.trim() }
}

function isEmptyBox(mark: string | undefined): boolean {
  return mark !== undefined && /[☐□\uf0a8\uf06f]|\[ ?\]/.test(mark)
}

const SCALES: Record<string, number> = {
  thousand: 1e3,
  k: 1e3,
  million: 1e6,
  m: 1e6,
  billion: 1e9,
  b: 1e9,
  trillion: 1e12,
  t: 1e12,
}
const UNITS: Record<Exclude<Modality, 'other'>, string> = {
  text: '(?:text |source |training )?tokens?',
  image: '(?:unique |licensed |training )?(?:images?|pictures?|photos?)',
  audio: 'hours?',
  video: 'hours?',
}

function readAmounts(row: string, modality: Modality): ReadSize['amounts'] {
  if (modality === 'other')
    return [...row.matchAll(/\d[\d.,]*\s*(?:thousand|million|billion|trillion)?s?\s+\p{L}+/giu)].map(([text]) => ({
      amount: 0,
      text: text!,
    }))
  const number =
    '(?<![\\p{L}\\p{N}.,-])(?<number>\\d[\\d.,\u202f]*\\d|\\d)\\s*\\+?\\s*(?<scale>thousand|million|billion|trillion|[kmbt](?=\\b))?s?'
  const bare = row.replaceAll(ANY_BAND, (band) => ' '.repeat(band.length))
  const shapes = [
    new RegExp(`${number}\\s+${UNITS[modality]}\\b`, 'giu'),
    new RegExp(`(?:number of )?${UNITS[modality]}[^:.\\d]{0,30}:\\s*${number}`, 'giu'),
  ]
  return shapes.flatMap((shape) =>
    [...bare.matchAll(shape)].map(({ 0: text, groups }) => ({
      amount: toAmount(groups!.number!, groups!.scale),
      text,
    })),
  )
}

function toAmount(number: string, scale: string | undefined): number {
  const isGrouped = /^\d{1,3}(?:[,.\u202f]\d{3})+$/.test(number) && scale === undefined
  const value = Number(isGrouped ? number.replaceAll(/[,.\u202f]/g, '') : number.replace(',', '.').replace(/\.$/, ''))
  return value * (SCALES[scale?.toLowerCase() ?? ''] ?? 1)
}

/** The band that an amount lies in. */
export function bandOf(modality: Exclude<Modality, 'other'>, amount: number): Band {
  const { low, high } = SIZE_BANDS[modality]
  return amount < low ? 'low' : amount > high ? 'high' : 'mid'
}

/** What is left of section 1.3 without boxes, bands and names of kinds: what the content is. */
export function contentWords(text: string): string[] {
  const words = text.replaceAll(ANY_BAND, ' ').replaceAll(ANY_MARK, ' ')
  return (words.match(/\p{L}{3,}/gu) ?? []).filter(
    (word) =>
      !/^(?:modality|modalities|training|data|size|types?|of|content|text|images?|audio|video|other|alternatively|hours?|tokens?|the|and)$/i.test(
        word,
      ),
  )
}
