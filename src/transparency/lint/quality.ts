import { FIELDS } from '../template.ts'
import type { FieldVerdict } from './verdict.ts'

/**
 * What an answer weighs: 1, and more where a rightsholder can act on it — which data sets, which domains, how
 * reservations were honoured. Voluntary fields weigh nothing.
 */
const QUALITY_WEIGHTS: Readonly<Record<string, number>> = Object.fromEntries(
  FIELDS.filter(({ isOptional }) => !isOptional).map(({ id }) => [id, 1]),
)
const MORE: Record<string, number> = {
  sizes: 2,
  languages: 2,
  publicLarge: 3,
  publicOthers: 2,
  privateDescription: 2,
  crawlerNames: 2,
  crawlerBehaviour: 2,
  crawlContent: 2,
  domains: 3,
  measures: 3,
  illegalContent: 2,
}

/** The weight of a field in the disclosure quality. */
export function qualityWeight(id: string): number {
  return MORE[id] ?? QUALITY_WEIGHTS[id] ?? 0
}

/**
 * Indicator 20, disclosure quality: the weighted share of the fields that apply which are answered usefully, 0 to 1.
 * A question that depends on a yes or no which is not answered counts as unanswered, so that silence gains nothing.
 * Undefined where no field was judged.
 *
 * @example disclosureQuality(lint.fields) // 0.82
 */
export function disclosureQuality(fields: readonly Pick<FieldVerdict, 'id' | 'verdict'>[]): number | undefined {
  let [useful, all] = [0, 0]
  for (const { id, verdict } of fields) {
    if (verdict === 'not applicable') continue
    all += qualityWeight(id)
    if (verdict === 'useful') useful += qualityWeight(id)
  }
  return all === 0 ? undefined : useful / all
}
