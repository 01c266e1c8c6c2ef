import { inflateSync } from 'node:zlib'
import { latin1 } from '../bytes.ts'
import { unreadable } from '../findings.ts'
import { undoPredictor } from './predictor.ts'
import { entryOf, PdfReader, type PdfDictionary, type PdfValue } from './syntax.ts'

/** Where an object is: at a place in the file, or the n-th one in a stream of objects. */
export type Place =
  { kind: 'offset'; offset: number; generation: number } | { kind: 'packed'; stream: number; index: number }

/** One section of the cross-reference: a table or a stream (ISO 32000-2, 7.5.4 and 7.5.8). */
interface Section {
  trailer: PdfDictionary
  isStream: boolean
  lookup(object: number): Place | undefined
}

/** All streams of one file together. */
const INFLATED_BYTES_MAX = 128 * 1024 * 1024
const SECTIONS_MAX = 1000
const RANGES_MAX = 100_000
const OBJECT_CHARACTERS_MAX = 2 * 1024 * 1024
const TRAILER_CHARACTERS_MAX = 64 * 1024
const ENTRY_BYTES = 20

/** A PDF as its last cross-reference describes it. Objects are read one by one. Errors: `unreadable_file`. */
export class PdfFile {
  readonly bytes: Uint8Array
  readonly startXref: number
  readonly sections: Section[] = []
  #rangesLeft = RANGES_MAX
  #inflatedBytesLeft = INFLATED_BYTES_MAX

  constructor(bytes: Uint8Array) {
    this.bytes = bytes
    if (!/^%PDF-\d/.test(latin1(bytes, 0, 8))) throw unreadable('it is not a PDF')
    const tail = latin1(bytes, Math.max(0, bytes.length - 2048), bytes.length)
    const start = /.*startxref\s+(\d{1,15})\s+%%EOF/s.exec(tail)?.[1]
    if (start === undefined) throw unreadable('the PDF has no end')
    this.startXref = Number(start)
    this.#readSections(this.startXref)
  }

  get trailer(): PdfDictionary {
    return this.sections[0]!.trailer
  }

  get isEncrypted(): boolean {
    return this.sections.some(({ trailer }) => trailer.entries.has('Encrypt'))
  }

  /** The catalogue, which everything else hangs on, and its number. */
  root(): { object: number; generation: number; catalogue: PdfDictionary } {
    const reference = entryOf(this.trailer, 'Root', 'reference')
    const catalogue = reference && this.object(reference.object)
    if (catalogue?.kind !== 'dictionary') throw unreadable('the PDF has no catalogue')
    return { object: reference!.object, generation: reference!.generation, catalogue }
  }

  place(object: number): Place | undefined {
    for (const section of this.sections) {
      const place = section.lookup(object)
      if (place) return place
    }
    return undefined
  }

  /** An object that is no stream, or a stream's dictionary. */
  object(object: number): PdfValue {
    const place = this.place(object)
    if (!place) throw unreadable('an object of the PDF is missing')
    return place.kind === 'offset' ? this.#objectAt(place.offset, object).value : this.#packedObject(place)
  }

  /** The content of a stream, unpacked. */
  stream(object: number): Uint8Array {
    const place = this.place(object)
    if (place?.kind !== 'offset') throw unreadable('a stream of the PDF is missing')
    return this.#streamAt(place.offset, object).content
  }

  #readSections(start: number): void {
    const seen = new Set<number>()
    for (let next: number | undefined = start; next !== undefined;) {
      if (seen.has(next) || seen.size >= SECTIONS_MAX) throw unreadable('the sections of the PDF lead in a circle')
      seen.add(next)
      const section = this.#sectionAt(next)
      this.sections.push(section)
      const hidden = entryOf(section.trailer, 'XRefStm', 'number')?.value
      if (hidden !== undefined && !seen.has(hidden)) this.sections.push(this.#streamSection(hidden))
      next = entryOf(section.trailer, 'Prev', 'number')?.value
    }
  }

  #sectionAt(offset: number): Section {
    const reader = this.#readerAt(offset)
    return reader.skip('xref') ? this.#tableSection(reader, offset) : this.#streamSection(offset)
  }

  #tableSection(head: PdfReader, offset: number): Section {
    const ranges: { first: number; count: number; at: number }[] = []
    let [reader, base] = [head, offset]
    while (!reader.skip('trailer')) {
      const [first, count] = [reader.number(), reader.number()]
      reader.skip('')
      const at = base + reader.at
      ranges.push({ first, count, at })
      if (--this.#rangesLeft < 0) throw unreadable('the cross-reference of the PDF has too many parts')
      reader.at += count * ENTRY_BYTES
      const isToTheEnd = base + reader.text.length >= this.bytes.length
      if (isToTheEnd || reader.at + TRAILER_CHARACTERS_MAX < reader.text.length) continue
      base = at + count * ENTRY_BYTES
      reader = this.#readerAt(base)
    }
    const trailer = reader.value()
    if (trailer.kind !== 'dictionary') throw unreadable('the trailer of the PDF is damaged')
    const lookup = (object: number) => {
      const range = ranges.find(({ first, count }) => object >= first && object < first + count)
      return range && this.#tableEntry(range.at + (object - range.first) * ENTRY_BYTES)
    }
    return { trailer, isStream: false, lookup }
  }

  #tableEntry(at: number): Place | undefined {
    const entry = /^(\d{10}) (\d{5}) ([nf])/.exec(latin1(this.bytes, at, at + 18))
    if (!entry) throw unreadable('the cross-reference of the PDF is damaged')
    return entry[3] === 'n' ? { kind: 'offset', offset: Number(entry[1]), generation: Number(entry[2]) } : undefined
  }

  #streamSection(offset: number): Section {
    const { dictionary, content } = this.#streamAt(offset)
    const widths = numbersIn(entryOf(dictionary, 'W', 'array'))
    const size = entryOf(dictionary, 'Size', 'number')?.value
    if (widths.length !== 3 || widths.some((width) => width > 8) || size === undefined)
      throw unreadable('the cross-reference of the PDF is damaged')
    const index = numbersIn(entryOf(dictionary, 'Index', 'array'))
    return {
      trailer: dictionary,
      isStream: true,
      lookup: streamLookup(content, widths, index.length > 0 ? index : [0, size]),
    }
  }

  #readerAt(offset: number): PdfReader {
    if (offset >= this.bytes.length) throw unreadable('the PDF points behind its end')
    return new PdfReader(latin1(this.bytes, offset, offset + OBJECT_CHARACTERS_MAX))
  }

  /** The object that begins here; `behind` is where its value ends in the file. */
  #objectAt(offset: number, expected?: number): { value: PdfValue; behind: number; reader: PdfReader } {
    const reader = this.#readerAt(offset)
    const object = reader.number()
    reader.number()
    if (!reader.skip('obj') || (expected !== undefined && object !== expected))
      throw unreadable('the cross-reference of the PDF does not fit its objects')
    const value = reader.value()
    return { value, behind: offset + reader.at, reader }
  }

  #streamAt(offset: number, expected?: number): { dictionary: PdfDictionary; content: Uint8Array } {
    const { value, reader } = this.#objectAt(offset, expected)
    if (value.kind !== 'dictionary' || !reader.skip('stream')) throw unreadable('a stream of the PDF is damaged')
    const lineEnd = /^\r?\n/.exec(reader.text.slice(reader.at, reader.at + 2))?.[0].length ?? 0
    const start = offset + reader.at + lineEnd
    const length = value.entries.get('Length')?.value
    const bytes = length?.kind === 'reference' ? this.object(length.object) : length
    if (bytes?.kind !== 'number' || bytes.value < 0 || start + bytes.value > this.bytes.length)
      throw unreadable('a stream of the PDF is cut short')
    return { dictionary: value, content: this.#unpack(value, this.bytes.subarray(start, start + bytes.value)) }
  }

  #packedObject({ stream, index }: Extract<Place, { kind: 'packed' }>): PdfValue {
    const place = this.place(stream)
    if (place?.kind !== 'offset') throw unreadable('a stream of the PDF is missing')
    const { dictionary, content } = this.#streamAt(place.offset, stream)
    const first = entryOf(dictionary, 'First', 'number')?.value ?? -1
    const text = latin1(content, 0, content.length)
    const head = new PdfReader(text)
    for (let i = 0; i < index; i++) {
      head.number()
      head.number()
    }
    head.number()
    if (first < 0) throw unreadable('a stream of the PDF is damaged')
    return new PdfReader(text, first + head.number()).value()
  }

  /** Undoes the packing of a stream: none, or Flate with or without a predictor. */
  #unpack(dictionary: PdfDictionary, packed: Uint8Array): Uint8Array {
    const filter = dictionary.entries.get('Filter')?.value
    const filters = filter === undefined ? [] : filter.kind === 'array' ? filter.items : [filter]
    if (filters.length === 0) return packed
    const [only] = filters
    if (filters.length > 1 || only?.kind !== 'name' || !['FlateDecode', 'Fl'].includes(only.value))
      throw unreadable('a stream of the PDF is packed in a way that is not known')
    let content: Uint8Array
    try {
      content = inflateSync(packed, { maxOutputLength: Math.max(1, this.#inflatedBytesLeft) })
    } catch (error) {
      throw unreadable('a stream of the PDF cannot be unpacked', error)
    }
    this.#inflatedBytesLeft -= content.length
    const given = dictionary.entries.get('DecodeParms')?.value
    const parameters = given?.kind === 'array' ? given.items[0] : given
    return parameters?.kind === 'dictionary' ? undoPredictor(content, parameters) : content
  }
}

function numbersIn(array: Extract<PdfValue, { kind: 'array' }> | undefined): number[] {
  return (array?.items ?? []).map((item) => (item.kind === 'number' && item.value >= 0 ? item.value : Number.NaN))
}

function streamLookup(content: Uint8Array, widths: number[], index: number[]): Section['lookup'] {
  const [kindWidth, secondWidth, thirdWidth] = widths as [number, number, number]
  const rowBytes = kindWidth + secondWidth + thirdWidth
  const field = (at: number, width: number) =>
    content.subarray(at, at + width).reduce((sum, byte) => sum * 256 + byte, 0)
  return (object) => {
    let row = 0
    for (let i = 0; i + 1 < index.length; i += 2) {
      const [first, count] = [index[i]!, index[i + 1]!]
      if (object >= first && object < first + count) {
        const at = (row + object - first) * rowBytes
        if (at + rowBytes > content.length) return undefined
        const kind = kindWidth === 0 ? 1 : field(at, kindWidth)
        const second = field(at + kindWidth, secondWidth)
        const third = field(at + kindWidth + secondWidth, thirdWidth)
        if (kind === 1) return { kind: 'offset', offset: second, generation: third }
        return kind === 2 ? { kind: 'packed', stream: second, index: third } : undefined
      }
      row += count
    }
    return undefined
  }
}
