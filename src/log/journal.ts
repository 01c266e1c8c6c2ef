import { ColophonError, bytesEqual, sha256 } from '../foundation/index.ts'
import type { AppendFile, LogFiles } from './files.ts'
import { decodeBundle, encodeBundle } from './tiles.ts'

/**
 * The journal holds what was acknowledged but may not stand in published tiles yet.
 * A record: "CLPJ" | first index u64 | count u32 | payload length u32 | payload (an entry bundle) | SHA-256 of all before.
 * Each record is written and synchronised before the next begins, so only the last one can be torn.
 */
const MAGIC = Buffer.from('CLPJ')
const HEADER_BYTES = 20
const DIGEST_BYTES = 32
const DIRECTORY = 'journal'

export interface Journal {
  /** Resolves when the entries are on the disk. */
  append(firstIndex: number, entries: readonly Uint8Array[]): Promise<void>
  readonly byteLength: number
  readonly path: string
  close(): Promise<void>
}

/** Starts a new journal file whose first record will begin at `firstIndex`. */
export async function createJournal(files: LogFiles, firstIndex: number): Promise<Journal> {
  const path = `${DIRECTORY}/${String(firstIndex).padStart(16, '0')}.wal`
  const file = await files.create(path)
  let byteLength = 0
  return {
    path,
    get byteLength() {
      return byteLength
    },
    async append(first, entries) {
      const record = encodeRecord(first, entries)
      await writeOrTakeBack(file, record, byteLength, path)
      byteLength += record.length
    },
    close: () => file.close(),
  }
}

/** A failed write is taken back, so the log goes on; a failed sync leaves unknown state, so the log must reopen. */
async function writeOrTakeBack(file: AppendFile, record: Uint8Array, position: number, where: string): Promise<void> {
  try {
    await file.write(record, position)
  } catch (cause) {
    await file.truncate(position)
    const isFull = ['ENOSPC', 'EDQUOT'].includes((cause as NodeJS.ErrnoException).code ?? '')
    throw new ColophonError(isFull ? 'log_storage_full' : 'log_write_failed', 'nothing was written to the log', {
      where,
      remedy: isFull ? 'Free some space on the disk, then try again.' : 'Check the disk, then try again.',
      cause,
    })
  }
  await file.sync()
}

function encodeRecord(firstIndex: number, entries: readonly Uint8Array[]): Uint8Array {
  const payload = encodeBundle(entries)
  const header = Buffer.alloc(HEADER_BYTES)
  MAGIC.copy(header)
  header.writeBigUInt64BE(BigInt(firstIndex), 4)
  header.writeUInt32BE(entries.length, 12)
  header.writeUInt32BE(payload.length, 16)
  return Buffer.concat([header, payload, sha256(header, payload)])
}

/**
 * Reads every journal file and gives the entries from `fromIndex` on, in order.
 * A torn last record is left out; damage before a sound record is `log_corrupt`, because it was acknowledged.
 */
export async function readJournals(
  files: LogFiles,
  fromIndex: number,
): Promise<{ entries: Uint8Array[]; paths: string[] }> {
  const entries: Uint8Array[] = []
  const paths: string[] = []
  for (const name of (await files.list(DIRECTORY)).filter((file) => file.endsWith('.wal'))) {
    const path = `${DIRECTORY}/${name}`
    paths.push(path)
    const bytes = await files.read(path)
    for (const record of readRecords(bytes ?? new Uint8Array(), path)) {
      record.entries.forEach((entry, i) => {
        const index = record.firstIndex + i
        const expected = fromIndex + entries.length
        if (index > expected) throw corrupt(path, `entries ${expected} to ${index - 1} are missing`)
        if (index === expected) entries.push(entry)
      })
    }
  }
  return { entries, paths }
}

function* readRecords(bytes: Uint8Array, where: string): Generator<{ firstIndex: number; entries: Uint8Array[] }> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let offset = 0
  while (offset < buffer.length) {
    const end = recordEnd(buffer, offset)
    if (end === undefined) {
      if (hasRecordAfter(buffer, offset + 1)) throw corrupt(where, `a record at byte ${offset} is damaged`)
      return
    }
    const entries = decodeBundle(buffer.subarray(offset + HEADER_BYTES, end - DIGEST_BYTES), where)
    if (entries.length !== buffer.readUInt32BE(offset + 12))
      throw corrupt(where, `a record at byte ${offset} has a wrong count`)
    yield { firstIndex: Number(buffer.readBigUInt64BE(offset + 4)), entries }
    offset = end
  }
}

/** Where the sound record at `offset` ends; undefined when there is none. */
function recordEnd(buffer: Buffer, offset: number): number | undefined {
  if (offset + HEADER_BYTES > buffer.length || !buffer.subarray(offset, offset + 4).equals(MAGIC)) return undefined
  const end = offset + HEADER_BYTES + buffer.readUInt32BE(offset + 16) + DIGEST_BYTES
  if (end > buffer.length) return undefined
  const digest = sha256(buffer.subarray(offset, end - DIGEST_BYTES))
  return bytesEqual(digest, buffer.subarray(end - DIGEST_BYTES, end)) ? end : undefined
}

function hasRecordAfter(buffer: Buffer, from: number): boolean {
  for (let at = buffer.indexOf(MAGIC, from); at >= 0; at = buffer.indexOf(MAGIC, at + 1)) {
    if (recordEnd(buffer, at) !== undefined) return true
  }
  return false
}

function corrupt(where: string, message: string): ColophonError {
  return new ColophonError('log_corrupt', message, { where, remedy: 'Restore the log from a backup or a mirror.' })
}
