import { judgeHits, type DatasetHit } from '../datasets/index.ts'
import { PASSAGE_RUN_BYTES, normalisePassageText, type FileCodes } from '../fingerprints/index.ts'
import { ColophonError, toBase64 } from '../foundation/index.ts'
import type { Node } from '../main.ts'
import { readCheckResult } from './runCheck.ts'
import type { CheckResult } from './schemas.ts'

/** A run that the device of whoever asks has found, by the offsets of normalised text. */
export interface DevicePassage {
  dataset: string
  row: number
  queryOffset: number
  rowOffset: number
  length: number
}

/** An answer may be completed for so long. */
const COMPLETE_WITHIN_MS = 3_600_000
/** Texts of rows that are longer are not read for this. */
const ROW_LENGTH_MAX = 8_000_000
const EXCERPT_BYTES_MAX = 600
const AROUND_BYTES = 80

/** Windows that only whoever has the text can extend; none when the text itself was at hand. */
export async function seedsFor(node: Node, found: FileCodes): Promise<CheckResult['passageSeeds']> {
  if (!found.passages || found.passageText) return undefined
  const seeds = await node.datasets.passageSeeds(found.passages)
  return seeds.map(({ text, ...seed }) => ({ ...seed, text: toBase64(text) }))
}

/**
 * Adds runs that a device has found to an answer. What stands in the row is read here; that the same stands in the text
 * is the device's word, and is told as such. Errors: `not_found`, `state_not_allowed`, `invalid_input`.
 */
export async function addDevicePassages(
  node: Node,
  id: string,
  passages: readonly DevicePassage[],
): Promise<CheckResult> {
  const result = await readCheckResult(node, id)
  if (!result) throw new ColophonError('not_found', 'there is no such result')
  const now = node.register.effects.now()
  if (result.fileCodes.medium !== 'text' || now - Date.parse(result.createdAt) > COMPLETE_WITHIN_MS)
    throw new ColophonError('state_not_allowed', 'passages are added to the answer for a text, within an hour')
  const longest = new Map<string, DevicePassage>()
  for (const passage of passages) {
    const key = `${passage.dataset} ${passage.row}`
    const isKnown = result.hits.some(({ match, dataset, row }) => match === 'passage' && `${dataset} ${row}` === key)
    if (!isKnown && passage.length > (longest.get(key)?.length ?? 0)) longest.set(key, passage)
  }
  const sets = node.datasets.list()
  const found = []
  for (const passage of longest.values()) found.push(await hitOf(node, passage))
  const hits = judgeHits(found, sets).map((hit) => ({ ...hit, declaredPublicDomain: null }))
  const completed: CheckResult = { ...result, hits: [...result.hits, ...hits] }
  await node.register.database.db
    .updateTable('check_result')
    .set({ body: JSON.stringify(completed) })
    .where('id', '=', id)
    .execute()
  return completed
}

async function hitOf(node: Node, passage: DevicePassage): Promise<Omit<DatasetHit, 'status' | 'expectedByChance'>> {
  const { dataset, row: number, queryOffset, rowOffset, length } = passage
  const set = node.datasets.list().find(({ id }) => id === dataset)
  const row = set && (await node.datasets.readRow(dataset, number))
  if (!set || !row?.text || row.text.length > ROW_LENGTH_MAX)
    throw new ColophonError('invalid_input', 'there is no such row with a text', { where: `${dataset}, row ${number}` })
  const text = normalisePassageText(row.text)
  if (length < PASSAGE_RUN_BYTES || rowOffset + length > text.length)
    throw new ColophonError('invalid_input', 'there is no such stretch in the row', {
      where: `${dataset}, row ${number}`,
    })
  const shown = Math.min(length, EXCERPT_BYTES_MAX)
  const read = (from: number, to: number) =>
    new TextDecoder().decode(text.subarray(Math.max(0, from), to)).replaceAll('\ufffd', '')
  const shared = read(rowOffset, rowOffset + shown)
  return {
    dataset,
    datasetName: set.name,
    datasetVersion: set.version,
    row: number,
    url: row.url,
    rowCodes: { sha256: row.sha256, pdq: row.pdq },
    match: 'passage',
    measure: length,
    excerpt: [...shared].slice(0, 300).join(''),
    alignment: {
      queryOffset,
      rowOffset,
      isExact: true,
      isCommon: false,
      isFromDevice: true,
      before: read(rowOffset - AROUND_BYTES, rowOffset),
      shared,
      after: shown < length ? '' : read(rowOffset + length, rowOffset + length + AROUND_BYTES),
    },
    outline: null,
    stretch: null,
    preview: null,
  }
}
