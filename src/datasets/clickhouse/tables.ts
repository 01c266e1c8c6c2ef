import { slotsSql } from './substrings.ts'

/**
 * The tables, all partitioned by data set, so that one is replaced or taken out at once. Rows and codes are numbered as
 * in the data set. What is looked up stands in an order of its own, so that a look-up reads a few granules.
 * Names carry the version of what is inside: a code cut otherwise, or made otherwise, must never be looked up in it.
 */
export const TABLES = {
  datasets: 'colophon_datasets',
  rows: 'colophon_rows',
  files: 'colophon_files',
  addresses: 'colophon_addresses',
  hosts: 'colophon_hosts',
  codes: 'colophon_codes',
  substrings: 'colophon_substrings_v1',
  passages: 'colophon_passages_v1',
  texts: 'colophon_texts_v1',
  frames: 'colophon_frames_v1',
  sounds: 'colophon_sounds_v1',
  items: 'colophon_items_v1',
} as const

/** What a data set was pushed as. One that was pushed as something else is not listed, and is pushed anew. */
export const LAYOUT = [TABLES.substrings, TABLES.passages, TABLES.texts, TABLES.frames, TABLES.items].join(' ')

/** Rows of one granule of the substring table: about as many as one look-up finds among several billion codes. */
export const SUBSTRING_GRANULE_ROWS = 256

/** Of tables in which codes stand by their slots. */
const SLOTS_SETTINGS = ` SETTINGS index_granularity = ${SUBSTRING_GRANULE_ROWS}, min_compress_block_size = 8192`

const table = (name: string, columns: string, order: string, engine = 'MergeTree', settings = '') =>
  `CREATE TABLE IF NOT EXISTS ${name} (dataset LowCardinality(String), ${columns})
ENGINE = ${engine} PARTITION BY dataset ORDER BY ${order}${settings}`

/** One statement per table; running them again changes nothing. */
export const CREATE_TABLES: readonly string[] = [
  table(TABLES.datasets, 'layout String, info String', 'dataset'),
  table(
    TABLES.rows,
    'row UInt64, url Nullable(String), host Nullable(String), text Nullable(String), sha256 Nullable(String), pdq Nullable(String)',
    'row',
  ),
  table(TABLES.files, 'sha256 FixedString(32), row UInt64', 'sha256'),
  table(TABLES.addresses, 'url String, row UInt64', 'url'),
  // Hosts are stored from their end to their beginning: a domain and all below it then stand together.
  table(
    TABLES.hosts,
    'reversed String, rowFirst SimpleAggregateFunction(min, UInt64), rowCount SimpleAggregateFunction(sum, UInt64)',
    'reversed',
    'AggregatingMergeTree',
  ),
  table(TABLES.codes, 'row UInt64, code FixedString(32) CODEC(NONE)', 'row'),
  // The whole code stands beside every slot: the distance is computed where the slot is read, with no second look-up.
  table(
    TABLES.substrings,
    'slot UInt32 CODEC(Delta, ZSTD), row UInt64 CODEC(ZSTD), code FixedString(32) CODEC(NONE)',
    'slot',
    'MergeTree',
    SLOTS_SETTINGS,
  ),
  table(
    TABLES.passages,
    'code UInt64 CODEC(Delta, ZSTD), row UInt64 CODEC(ZSTD), offset UInt32 CODEC(ZSTD)',
    'code',
    'MergeTree',
    ' SETTINGS index_granularity = 1024',
  ),
  // Texts that are alike as a whole differ in up to 48 bits: no cut into substrings is worth looking up, so all are read.
  table(TABLES.texts, 'code FixedString(32) CODEC(NONE), row UInt64 CODEC(ZSTD)', 'row'),
  // Frames of films, looked up as the codes of pictures are.
  table(
    TABLES.frames,
    'slot UInt32 CODEC(Delta, ZSTD), row UInt64 CODEC(ZSTD), time Float32 CODEC(ZSTD), code FixedString(32) CODEC(NONE)',
    'slot',
    'MergeTree',
    SLOTS_SETTINGS,
  ),
  // Sounds as a whole, to see how long two are alike, and where each of their items stands.
  table(TABLES.sounds, 'row UInt64, items Array(UInt32) CODEC(NONE)', 'row'),
  table(
    TABLES.items,
    'item UInt32 CODEC(Delta, ZSTD), row UInt64 CODEC(ZSTD), offset UInt32 CODEC(ZSTD)',
    'item',
    'MergeTree',
    ' SETTINGS index_granularity = 1024',
  ),
]

/** Takes a data set out of every table, its name first, so that nobody finds half of it. `{dataset:String}`. */
export const DROP_DATASET: readonly string[] = Object.values(TABLES).map(
  (name) => `ALTER TABLE ${name} DROP PARTITION {dataset:String}`,
)

export const SELECT_DATASETS = `SELECT info FROM ${TABLES.datasets} WHERE layout = '${LAYOUT}' ORDER BY dataset`

export const INSERT_DATASET = `INSERT INTO ${TABLES.datasets} (dataset, layout, info)
VALUES ({dataset:String}, '${LAYOUT}', {info:String})`

/** Rows from a Parquet file that is the body of the request. `{dataset:String}`. */
export const INSERT_ROWS = `INSERT INTO ${TABLES.rows} (dataset, row, url, host, text, sha256, pdq)
SELECT {dataset:String}, row, url, host, text, sha256, pdq
FROM input('row UInt64, url Nullable(String), host Nullable(String), text Nullable(String), sha256 Nullable(String), pdq Nullable(String)')
FORMAT Parquet`

/** Passage codes of 20 bytes each in the body: code, row (64 bits each, little-endian), offset (32). */
export const INSERT_PASSAGES = `INSERT INTO ${TABLES.passages} (dataset, code, row, offset)
SELECT {dataset:String}, code, row, offset
FROM input('code UInt64, row UInt64, offset UInt32')
FORMAT RowBinary`

/** Codes of 40 bytes each in the body: the row (64 bits, little-endian) and the code. For whoever has no rows. */
export const INSERT_CODES = `INSERT INTO ${TABLES.codes} (dataset, row, code)
SELECT {dataset:String}, row, code
FROM input('row UInt64, code FixedString(32)')
FORMAT RowBinary`

/** Codes of whole texts in the body, as those of pictures. */
export const INSERT_TEXTS = `INSERT INTO ${TABLES.texts} (dataset, row, code)
SELECT {dataset:String}, row, code
FROM input('row UInt64, code FixedString(32)')
FORMAT RowBinary`

/** Frames of 44 bytes each in the body: the row (64 bits), seconds (a float of 32), both little-endian, and the code. */
export const INSERT_FRAMES = `INSERT INTO ${TABLES.frames} (dataset, slot, row, time, code)
SELECT {dataset:String}, arrayJoin(${slotsSql('code')}), row, time, code
FROM input('row UInt64, time Float32, code FixedString(32)')
FORMAT RowBinary`

/** Items of sounds in the body: the row (64 bits, little-endian), how many items (LEB128), and the items (32 bits each). */
export const INSERT_SOUNDS = `INSERT INTO ${TABLES.sounds} (dataset, row, items)
SELECT {dataset:String}, row, items
FROM input('row UInt64, items Array(UInt32)')
FORMAT RowBinary`

export const FILL_ITEMS = `INSERT INTO ${TABLES.items} (dataset, item, row, offset)
SELECT dataset, item, row, position - 1 FROM ${TABLES.sounds}
ARRAY JOIN items AS item, arrayEnumerate(items) AS position WHERE dataset = {dataset:String}`

const SLICE = 'dataset = {dataset:String} AND row >= {from:UInt64} AND row < {to:UInt64}'

export const FILL_SUBSTRINGS = `INSERT INTO ${TABLES.substrings} (dataset, slot, row, code)
SELECT dataset, arrayJoin(${slotsSql('code')}), row, code FROM ${TABLES.codes} WHERE ${SLICE}`

/** What follows from a slice of rows, in this order. `{dataset:String}`, `{from:UInt64}`, `{to:UInt64}` (exclusive). */
export const FILL_FROM_ROWS: readonly string[] = [
  `INSERT INTO ${TABLES.files} (dataset, sha256, row)
SELECT dataset, toFixedString(unhex(assumeNotNull(sha256)), 32), row FROM ${TABLES.rows}
WHERE ${SLICE} AND match(ifNull(sha256, ''), '^[0-9a-f]{64}$')`,
  `INSERT INTO ${TABLES.addresses} (dataset, url, row)
SELECT dataset, assumeNotNull(url), row FROM ${TABLES.rows} WHERE ${SLICE} AND url IS NOT NULL`,
  `INSERT INTO ${TABLES.hosts} (dataset, reversed, rowFirst, rowCount)
SELECT dataset, reverse(assumeNotNull(host)) AS reversed, min(row), count() FROM ${TABLES.rows}
WHERE ${SLICE} AND ifNull(host, '') != '' GROUP BY dataset, reversed`,
  `INSERT INTO ${TABLES.codes} (dataset, row, code)
SELECT dataset, row, toFixedString(unhex(assumeNotNull(pdq)), 32) FROM ${TABLES.rows}
WHERE ${SLICE} AND match(ifNull(pdq, ''), '^[0-9a-f]{64}$')`,
  FILL_SUBSTRINGS,
]
