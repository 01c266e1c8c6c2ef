import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { ColophonError, fromHex, sha256OfFile, toHex } from '../foundation/index.ts'
import { withDuckDb } from '../datasets/index.ts'
import { inclusionProof, leafHash, nodeHash, rootFromInclusionProof, rootOfList } from '../log/index.ts'
import type { GateColumn } from './decideRows.ts'
import { PARTS, PLAIN_OUTCOME, leafText, openLeaves, readOutcome } from './parts.ts'
import { openRows, readRows } from './rowBatches.ts'

const hashSchema = z.string().regex(/^[0-9a-f]{64}$/, 'no SHA-256')

/** What shows what was decided of one row, to whoever has the root that was signed. */
export const rowProofSchema = z.strictObject({
  type: z.literal('GateDecision'),
  /** Its place, the decision and the reason, of which work, site or party, and its keys, as a JSON array: what was hashed. */
  leaf: z.string().max(100_000),
  row: z.int().min(0),
  rows: z.int().min(1),
  path: z.array(hashSchema).max(64),
  root: hashSchema,
})

export type RowProof = z.infer<typeof rowProofSchema>

/**
 * The proof of one row of a run that has ended (RFC 6962), by its number, the first 0. Only of this row anything is told.
 * Errors: `unreadable_file` for a folder without a run that is committed to, or whose parts were changed; `not_found`;
 * `invalid_input` for other files than those of the run.
 */
export async function proveRow(out: string, inputs: readonly string[], row: number): Promise<RowProof> {
  const run = readJson(join(out, 'run.json')) as {
    files: { sha256: string }[]
    columns: Partial<Record<GateColumn, string>>
  }
  const { root, counts } = readJson(join(out, 'report.json')) as { root?: string; counts: { rows: number } }
  if (root === undefined) throw noRun(out)
  if (!(row < counts.rows))
    throw new ColophonError('not_found', `there are ${counts.rows} rows`, { where: `row ${row}` })
  const digests = []
  for (const path of inputs) digests.push(await sha256OfFile(path))
  if (digests.join() !== run.files.map(({ sha256 }) => sha256).join())
    throw new ColophonError('invalid_input', 'the run was over other files', { where: inputs[0] ?? out })
  const leaf = await leafOf(out, inputs, run.columns, row)
  const leaves = openLeaves(out)
  const own = leafHash(Buffer.from(leaf))
  if (!leaves.part(leaves.placeOf(row).part).subarray(leaves.placeOf(row).at).subarray(0, 32).equals(own))
    throw new ColophonError('unreadable_file', 'the row is not what was committed to', { where: `row ${row}` })
  const read = (level: number, start: number): Uint8Array => {
    const [first, last] = [leaves.placeOf(start), leaves.placeOf(start + 2 ** level - 1)]
    // Computing a root uses the list up.
    if (first.part === last.part)
      return rootOfList(Buffer.from(leaves.part(first.part).subarray(first.at, last.at + 32)))
    return nodeHash(read(level - 1, start), read(level - 1, start + 2 ** (level - 1)))
  }
  const path = await inclusionProof((level, start) => Uint8Array.from(read(level, start)), row, counts.rows)
  return { type: 'GateDecision', leaf, row, rows: counts.rows, path: path.map(toHex), root }
}

/**
 * What a proof shows: the decision on a row, as the leaf says it. Errors: `invalid_proof` where it does not lead to the root
 * that it names, or the leaf is of another row.
 */
export function verifyRowProof({ leaf, row, rows, path, root }: RowProof): unknown[] {
  const computed = rootFromInclusionProof(
    row,
    rows,
    createHash('sha256').update(`\0${leaf}`).digest(),
    path.map(fromHex),
  )
  const said = parseLeaf(leaf)
  if (computed === undefined || toHex(computed) !== root || said?.[0] !== row)
    throw new ColophonError('invalid_proof', 'the row does not stand under this root', { where: `row ${row}` })
  return said
}

function parseLeaf(leaf: string): unknown[] | undefined {
  try {
    const said = JSON.parse(leaf) as unknown
    return Array.isArray(said) ? said : undefined
  } catch {
    return undefined
  }
}

async function leafOf(
  out: string,
  inputs: readonly string[],
  columns: Partial<Record<GateColumn, string>>,
  row: number,
): Promise<string> {
  // Of some files a copy is made that can be entered in its middle; the folder of the run stays as it is.
  const folder = mkdtempSync(join(tmpdir(), 'colophon-row-'))
  mkdirSync(join(folder, PARTS))
  try {
    return await withDuckDb(async (connection) => {
      const rows = await openRows(connection, { inputs: [...inputs], columns, out: folder })
      const { value } = await readRows(connection, rows.between(row, row + 1), rows.present, 1).next()
      const outcome = (await readOutcome(connection, out, row)) ?? PLAIN_OUTCOME
      return leafText(row, value!.rows[0]!, outcome)
    })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function readJson(path: string): object {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as object
  } catch (cause) {
    throw noRun(path, cause)
  }
}

function noRun(where: string, cause?: unknown): ColophonError {
  return new ColophonError(
    'unreadable_file',
    'there is no run here that came to its end and committed to its decisions',
    {
      where,
      cause,
    },
  )
}
