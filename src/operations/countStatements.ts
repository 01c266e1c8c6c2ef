import type { Config, Effects, Queries } from '../foundation/index.ts'
import type { StatedSubject } from '../statements/index.ts'
import type { Metrics } from './metrics.ts'
import { quotaKeeper } from './quotas.ts'

/**
 * A check of statements on their way onto the log: what their party may still put there today. Those that are let on
 * are counted by kind. It is the last of the checks, so that what is refused for another reason costs nothing.
 */
export function admitWithinQuota(quotas: Config['quotas'], effects: Effects, metrics: Metrics) {
  const spend = quotaKeeper(quotas, () => effects.now())
  return async (stated: StatedSubject<never>, _queries: Queries): Promise<void> => {
    // A statement is asked about once for each of its subjects, and counts once.
    if (stated.siblings[0] !== stated.subject) return
    spend(stated.issuer, Buffer.byteLength(JSON.stringify(stated.siblings)))
    for (const kind of new Set(stated.siblings.map(({ type }) => type)))
      metrics.count('colophon_statements_total', { kind })
  }
}
