import { ColophonError, isoTime } from '../foundation/index.ts'
import type { Node } from '../main.ts'
import { openCase, type OpenedCase, type RequestInput } from '../requests/index.ts'
import type { CheckResult } from './schemas.ts'

/** Opens a case from one place of a result, with the row as it stands in the data set now. Errors: those of `openCase`. */
export async function openRequest(
  node: Node,
  result: CheckResult,
  hitIndex: number,
  input: RequestInput,
): Promise<OpenedCase> {
  const hit = needHit(result, hitIndex)
  const row = (await node.datasets.readRow(hit.dataset, hit.row)) ?? null
  const foundAt = isoTime(node.register.effects.now())
  return openCase(node.register, node.signer, input, { hit, row, codes: result.fileCodes.codes, foundAt })
}

/** A place by its number in the list. Error: `not_found`. */
export function needHit({ hits }: CheckResult, index: number | undefined): CheckResult['hits'][number] {
  const hit = index === undefined ? undefined : hits[index]
  if (!hit)
    throw new ColophonError('not_found', 'There is no such place in this result.', {
      where: index === undefined ? 'hit' : `hit ${index}`,
      remedy: `The work was found in ${hits.length} places, counted from 0.`,
    })
  return hit
}
