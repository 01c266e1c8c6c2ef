import { ColophonError } from '../../foundation/index.ts'

/**
 * Work that is heavy for this process is done one after another, in the order in which it was asked for. Errors:
 * `too_busy` for whoever comes while `waitingMax` wait.
 */
export function oneAtATime(waitingMax: number): <Result>(work: () => Promise<Result>) => Promise<Result> {
  let last: Promise<unknown> = Promise.resolve()
  let waiting = 0
  return (work) => {
    if (waiting >= waitingMax)
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
