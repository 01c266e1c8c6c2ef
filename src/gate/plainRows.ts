import { rmSync, writeFileSync, appendFileSync } from 'node:fs'
import type { DuckDBConnection } from '@duckdb/node-api'
import { literal } from '../datasets/index.ts'
import type { GateRules } from './decideRows.ts'
import type { GateIndex } from './gateIndex.ts'
import { openHashFilter, openHashMemory, type HashFilter } from './hashFilter.ts'
import { HAS_LICENCE, HAS_SIGNALS, MORE, PLAIN_URL, SOUND_SHA256, type RowBatch } from './rowBatches.ts'
import { openSignalReader, readLicence } from './signals.ts'

/** Keys of a register as texts, to be hashed by the engine that hashes the rows. */
export interface KeyWriter {
  count: number
  add(text: string): void
  end(): void
}

const FLUSH_AT = 1 << 20

/** Writes keys into a file, a line each. */
export function openKeyWriter(path: string): KeyWriter {
  writeFileSync(path, '')
  let waiting = ''
  const writer: KeyWriter = {
    count: 0,
    add(text) {
      writer.count++
      waiting += `${text}\n`
      if (waiting.length >= FLUSH_AT) writer.end()
    },
    end() {
      appendFileSync(path, waiting)
      waiting = ''
    },
  }
  return writer
}

/** A filter of the keys in a file, by the engine's own hash; the file goes. */
export async function filterOf(connection: DuckDBConnection, path: string, count: number): Promise<HashFilter> {
  const filter = openHashFilter(count)
  if (count > 0) {
    const reader = await connection.stream(
      `SELECT hash(k) FROM read_csv(${literal(path)}, columns = {k: 'VARCHAR'}, header = false, delim = '\u0001', quote = '', escape = '', auto_detect = false)`,
    )
    for (let chunk = await reader.fetchChunk(); chunk && chunk.rowCount > 0; chunk = await reader.fetchChunk()) {
      const { items } = chunk.getColumnVector(0) as unknown as { items: BigUint64Array }
      const pairs = new Uint32Array(items.buffer, items.byteOffset, chunk.rowCount * 2)
      for (let i = 0; i < pairs.length; i += 2) filter.add(pairs[i]!, pairs[i + 1]!)
    }
  }
  rmSync(path, { force: true })
  return filter
}

/**
 * Tells rows of which nothing can be said that would not be said of every row: sound keys that the register does not
 * have, on hosts of which it says nothing, with no licence or signal that counts. They are kept as not reserved; all others
 * are decided one by one. It may call a plain row not plain, and never the other way round. For opt-out only: in opt-in a
 * row needs a reason to stay.
 */
export function openPlainRows(
  index: GateIndex,
  rules: GateRules,
  filters: { url: HashFilter; sha256: HashFilter },
): (batch: RowBatch, i: number) => boolean {
  const hosts = openHashMemory()
  const licences = openHashMemory()
  const signals = openHashMemory()
  const readSignals = openSignalReader(rules.action)
  const isHostSilent = (host: string) => !index.saysOfHost(host)
  const isLicence = (text: string) => readLicence(text) !== undefined
  const isOpen = (text: string) => {
    const { isReserved, isUnclear } = readSignals(text)
    return !isReserved && !isUnclear
  }
  return (batch, i) => {
    const { flags, url, host, sha256, licence, signals: said } = batch.seen!
    const flag = flags[i]!
    if ((flag & MORE) !== 0 || (flag & (PLAIN_URL | SOUND_SHA256)) === 0) return false
    const low = 2 * i
    if ((flag & SOUND_SHA256) !== 0 && filters.sha256.has(sha256[low]!, sha256[low + 1]!)) return false
    if ((flag & PLAIN_URL) !== 0) {
      if (filters.url.has(url[low]!, url[low + 1]!)) return false
      let silent = hosts.get(host[low]!, host[low + 1]!)
      if (silent === undefined) {
        silent = isHostSilent(batch.text('url', i)!.split('/', 3)[2]!)
        hosts.set(host[low]!, host[low + 1]!, silent)
      }
      if (!silent) return false
    }
    if ((flag & HAS_LICENCE) !== 0) {
      let known = licences.get(licence[low]!, licence[low + 1]!)
      if (known === undefined) {
        known = isLicence(batch.text('licence', i)!)
        licences.set(licence[low]!, licence[low + 1]!, known)
      }
      if (!known) return false
    }
    if ((flag & HAS_SIGNALS) !== 0) {
      let open = signals.get(said[low]!, said[low + 1]!)
      if (open === undefined) {
        open = isOpen(batch.text('signals', i)!)
        signals.set(said[low]!, said[low + 1]!, open)
      }
      if (!open) return false
    }
    return true
  }
}
