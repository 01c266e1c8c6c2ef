import { ColophonError, isoTime } from '../foundation/index.ts'
import { nextRow } from '../datasets/index.ts'
import type { Node } from '../main.ts'
import { openCase, type MoreWork, type OpenedCase, type RequestInput } from '../requests/index.ts'
import type { CheckResult } from './schemas.ts'

/** Another place for the same request, with the person's own answers about it. */
export type MorePlace = MoreWork['input'] & { result: CheckResult; hit: number }

/**
 * Opens a case from one place of a result, or from more in the same data set, with the rows as they stand there now.
 * Errors: those of `openCase`.
 */
export async function openRequest(
  node: Node,
  result: CheckResult,
  hitIndex: number,
  input: RequestInput,
  more: readonly MorePlace[] = [],
): Promise<OpenedCase> {
  const foundIn = async (from: CheckResult, index: number) => {
    const hit = needHit(from, index)
    const row = (await node.datasets.readRow(hit.dataset, hit.row)) ?? null
    return { hit, row, codes: from.fileCodes.codes }
  }
  const others: MoreWork[] = []
  for (const place of more) others.push({ input: place, found: await foundIn(place.result, place.hit) })
  const first = await foundIn(result, hitIndex)
  const foundAt = isoTime(node.register.effects.now())
  const info = node.datasets.list().find(({ id }) => id === first.hit.dataset)
  return openCase(node.register, node.signer, input, { ...first, foundAt }, others, info && nextRow(info))
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
