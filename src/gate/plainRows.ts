import { appendFileSync, rmSync, writeFileSync } from 'node:fs'
import type { DuckDBConnection } from '@duckdb/node-api'
import { literal } from '../datasets/index.ts'
import type { GateColumn, GateRules } from './decideRows.ts'
import type { GateIndex } from './gateIndex.ts'
import type { RunRows } from './rowBatches.ts'
import { openSignalReader, readLicence } from './signals.ts'

/** Keys of a register as texts, to be hashed by the engine that hashes the rows. */
export interface KeyWriter {
  path: string
  count: number
  add(text: string): void
  end(): void
}

const FLUSH_AT = 1 << 20
const DELIMITER = '\u0001'

/** Writes keys into a file, a line each. */
export function openKeyWriter(path: string): KeyWriter {
  writeFileSync(path, '')
  let waiting = ''
  const writer: KeyWriter = {
    path,
    count: 0,
    add(text) {
      // What no plain row has needs no looking up, and would be two columns in the file.
      if (text.includes(DELIMITER)) return
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

/** Columns of which the engine itself can tell that nothing is said of what stands there. */
const PLAIN_COLUMNS: ReadonlySet<GateColumn> = new Set(['url', 'sha256', 'licence', 'signals', 'language'])

/** Whether rows can be told without reading them. In opt-in a row needs a reason to stay. */
export function mayBePlain({ mode }: GateRules, present: readonly GateColumn[]): boolean {
  return mode === 'opt-out' && present.every((name) => PLAIN_COLUMNS.has(name))
}

/**
 * Addresses that need no reading: lower-case host without port, a path, no fragment, no space, nothing that JSON escapes.
 * Behind the scheme their text is what `readAddress` makes of it.
 */
const PLAIN = `regexp_full_match(url, 'https?://[a-z0-9.-]*[a-z0-9]/[^"\\\\#[:space:][:cntrl:]\u0080-\u{10FFFF}]*')`
const ADDRESS = `substring(url, CASE WHEN url[5] = 's' THEN 9 ELSE 8 END)`
const HOST = `split_part(url, '/', 3)`
/** Longer addresses are looked at one by one, so that what is put into words for all of a part stays small. */
const PLAIN_BYTES_MAX = 2048
/** What a leaf of a plain row has beside its address, at most: a number, a digest, and the words that are the same. */
const LEAF_BYTES_BESIDE = 256
/** Values of one column that are told apart at a time. */
const SPOKEN_MAX = 100_000
/** That there is no other sign is found in half the time of all being such. */
const SOUND = `(strlen(sha256) = 64 AND NOT regexp_matches(sha256, '[^0-9a-f]'))`

/** Rows of which something may be said, told by the engine that reads them. */
export interface Candidates {
  /**
   * Makes the table of them for rows from one number up to another, and gives its name. All rows that are not in it are
   * plain: sound keys that the register does not have, on hosts of which it says nothing, with no licence or signal that
   * counts. It may hold plain rows, too.
   */
  between(start: number, end: number): Promise<string>
  /** What is committed to of each of these rows if it is plain, a line each behind a zero byte; nothing for what is not. */
  leafTexts(start: number, end: number): Promise<Buffer>
}

/** Loads the keys of a register; their files go. */
export async function openCandidates(
  connection: DuckDBConnection,
  {
    index,
    rules,
    rows,
    urls,
    files,
  }: { index: GateIndex; rules: GateRules; rows: RunRows; urls: KeyWriter; files: KeyWriter },
): Promise<Candidates> {
  await loadKeys(connection, 'gate_urls', urls)
  await loadKeys(connection, 'gate_files', files)
  const has = (name: GateColumn) => rows.present.includes(name)
  const readSignals = openSignalReader(rules.action)
  const isReserved = (text: string) => {
    const signals = readSignals(text)
    return signals.isReserved || signals.isUnclear
  }
  /**
   * A condition for the values of which something is said, of those that occur; undefined when there are none. Where there
   * are very many, each row that has a value is looked at.
   */
  const spoken = async (table: string, value: string, select: string, speaks: (text: string) => boolean) => {
    const found: string[] = []
    const reader = await connection.stream(`SELECT DISTINCT ${value} FROM (${select}) WHERE ${value} <> ''`)
    for (let chunk = await reader.fetchChunk(); chunk && chunk.rowCount > 0; chunk = await reader.fetchChunk()) {
      const texts = chunk.getColumnVector(0)
      for (let i = 0; i < chunk.rowCount && found.length <= SPOKEN_MAX; i++) {
        const text = texts.getItem(i) as string
        if (speaks(text)) found.push(text)
      }
    }
    if (found.length === 0) return undefined
    if (found.length > SPOKEN_MAX) return is(`${value} <> ''`)
    await connection.run(
      `CREATE OR REPLACE TEMP TABLE ${table} AS SELECT unnest(from_json(CAST($texts AS JSON), '["VARCHAR"]')) AS text`,
      { texts: JSON.stringify(found) },
    )
    return is(`${value} IN (FROM ${table})`)
  }
  const is = (condition: string) => `coalesce(${condition}, false)`
  return {
    async between(start, end) {
      const select = rows.between(start, end)
      const conditions: (string | undefined)[] = []
      if (has('url')) {
        conditions.push(`(url IS NOT NULL AND (NOT is_plain OR strlen(url) > ${PLAIN_BYTES_MAX}))`)
        if (urls.count > 0) conditions.push(is(`hash(${ADDRESS}) IN (FROM gate_urls)`))
        const plain = `SELECT url FROM (${select}) WHERE ${PLAIN}`
        if (index.saysOfAnyHost)
          conditions.push(await spoken('gate_hosts', HOST, plain, (host) => index.saysOfHost(host)))
      }
      if (has('sha256')) {
        conditions.push(`(sha256 IS NOT NULL AND NOT is_sound)`)
        if (files.count > 0) conditions.push(is(`hash(sha256) IN (FROM gate_files)`))
      }
      const isUnknown = (text: string) => readLicence(text) === undefined
      if (has('licence')) conditions.push(await spoken('gate_licences', 'licence', select, isUnknown))
      if (has('signals')) conditions.push(await spoken('gate_signals', 'signals', select, isReserved))
      // A row without any key cannot be asked for.
      const keys = [...(has('url') ? ['url IS NULL'] : []), ...(has('sha256') ? ['sha256 IS NULL'] : [])]
      conditions.push(keys.length > 0 ? `(${keys.join(' AND ')})` : 'true')
      const seen = [
        ...(has('url') ? [`${is(PLAIN)} AS is_plain`] : []),
        ...(has('sha256') ? [`${is(SOUND)} AS is_sound`] : []),
      ]
      await connection.run(
        `CREATE OR REPLACE TEMP TABLE gate_candidates AS SELECT * FROM (SELECT ${['*', ...seen].join(', ')} FROM (${select})) WHERE ${conditions.filter((each) => each !== undefined).join(' OR ')} ORDER BY gate_row`,
      )
      return 'FROM gate_candidates'
    },
    async leafTexts(start, end) {
      const text = (name: 'url' | 'sha256') => (has(name) ? `coalesce('"' || ${name} || '"', 'null')` : `'null'`)
      const leaf = `chr(0) || '[' || gate_row || ',"kept","not_reserved",null,' || ${text('url')} || ',' || ${text('sha256')} || ',null,null]'`
      const read = await connection.runAndReadAll(
        `SELECT encode(string_agg(CASE WHEN contains(leaf, chr(10)) OR strlen(leaf) > ${PLAIN_BYTES_MAX + LEAF_BYTES_BESIDE} THEN '' ELSE leaf END || chr(10), '' ORDER BY gate_row)) FROM (SELECT gate_row, ${leaf} AS leaf FROM (${rows.between(start, end)}))`,
      )
      const [value] = read.getRows()[0]!
      if (value === null) return Buffer.alloc(0)
      const { bytes } = value as { bytes: Uint8Array }
      return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
    },
  }
}

async function loadKeys(connection: DuckDBConnection, table: string, { path, count }: KeyWriter): Promise<void> {
  const keys = `read_csv(${literal(path)}, columns = {k: 'VARCHAR'}, header = false, delim = '${DELIMITER}', quote = '', escape = '', auto_detect = false)`
  if (count > 0) await connection.run(`CREATE TEMP TABLE ${table} AS SELECT hash(k) AS h FROM ${keys}`)
  rmSync(path, { force: true })
}
