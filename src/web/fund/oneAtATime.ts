import { ColophonError } from '../../foundation/index.ts'

/** Whoever comes while so many wait is asked to come again. */
const WAITING_MAX = 4

/**
 * Work that is heavy for this process is done one after another, in the order in which it was asked for. Errors:
 * `too_busy` when too many wait.
 */
export function oneAtATime(): <Result>(work: () => Promise<Result>) => Promise<Result> {
  let last: Promise<unknown> = Promise.resolve()
  let waiting = 0
  return (work) => {
    if (waiting >= WAITING_MAX)
      throw new ColophonError('too_busy', 'Others have the same computed at the moment.', {
        remedy: 'Try again in a minute.',
      })
    waiting++
    const result = last.then(work)
    last = result.then(
      () => waiting--,
      () => waiting--,
    )
    return result
  }
}
