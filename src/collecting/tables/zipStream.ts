import { readFileSync, statSync } from 'node:fs'
import { Inflate } from 'fflate'
import { DocumentRefusal, archiveEntries, packedBytes, type ArchiveEntry } from '../../fingerprints/index.ts'
import { collectingLimits, tooLarge, unreadable } from '../record.ts'

const STEP_BYTES = 4096
/** Below this a high ratio harms nobody: an empty sheet shrinks like a bomb. */
const RATIO_FROM_BYTES = 8 * 1024 * 1024
const STORED = 0
const DEFLATED = 8

/** A ZIP file whose parts are unpacked a little at a time, so that what does not fit into memory does not have to. */
export interface ZipFile {
  names: string[]
  /** The text of a part. Errors: `too_large` as soon as more comes out than any honest file holds. */
  read(name: string): Generator<string>
}

/** Opens a ZIP file of bounded size. Errors: `unreadable_file`, `too_large`. */
export function openZip(path: string): ZipFile {
  if (statSync(path).size > collectingLimits.spreadsheetBytesMax)
    throw tooLarge('the spreadsheet is too large', path, 'Save it as CSV.')
  const bytes = new Uint8Array(readFileSync(path))
  const entries = new Map<string, ArchiveEntry>()
  try {
    for (const entry of archiveEntries(bytes)) entries.set(entry.name, entry)
  } catch (error) {
    throw refusalOf(error, path)
  }
  const budget = { left: collectingLimits.spreadsheetInflatedBytesMax }
  return {
    names: [...entries.keys()],
    *read(name) {
      const entry = entries.get(name)
      if (!entry) throw unreadable(`a part of it is missing: ${name}`, path, 'Save it again, or as CSV.')
      try {
        yield* inflateText(bytes, entry, budget, path)
      } catch (error) {
        throw refusalOf(error, path)
      }
    },
  }
}

function* inflateText(
  bytes: Uint8Array,
  entry: ArchiveEntry,
  budget: { left: number },
  path: string,
): Generator<string> {
  const packed = packedBytes(bytes, entry)
  if (entry.isEncrypted) throw unreadable('it is locked with a password', path, 'Save a copy without one.')
  if (entry.method !== STORED && entry.method !== DEFLATED)
    throw unreadable('it is packed in a way that is not known', path, 'Save it again, or as CSV.')
  const decoder = new TextDecoder('utf-8')
  if (entry.method === STORED) {
    yield decoder.decode(packed)
    return
  }
  let pieces: Uint8Array[] = []
  let inflated = 0
  const inflate = new Inflate((piece) => pieces.push(piece))
  for (let at = 0; at < packed.length; at += STEP_BYTES) {
    const end = Math.min(at + STEP_BYTES, packed.length)
    inflate.push(packed.subarray(at, end), end === packed.length)
    for (const piece of pieces) {
      inflated += piece.length
      budget.left -= piece.length
      yield decoder.decode(piece, { stream: true })
    }
    pieces = []
    const isBomb = inflated > RATIO_FROM_BYTES && inflated > end * collectingLimits.inflationRatioMax
    if (isBomb || budget.left < 0) throw tooLarge('it becomes too large when it is unpacked', path, 'Save it as CSV.')
  }
  yield decoder.decode()
}

function refusalOf(error: unknown, path: string): unknown {
  if (error instanceof DocumentRefusal)
    return error.code === 'too_large'
      ? tooLarge(error.message, path, error.remedy)
      : unreadable(error.message, path, error.remedy, error)
  // The library names what is wrong with packed bytes by a number.
  if (error instanceof Error && 'code' in error && typeof error.code === 'number')
    return unreadable('a part of it cannot be unpacked', path, 'It may be damaged; save it again, or as CSV.', error)
  return error
}
