import { html } from 'hono/html'
import type { LevyPlan } from '../../levy/index.ts'
import { sayPlace } from '../../rights/index.ts'
import type { Html } from '../layout.ts'
import { t, words } from '../text.ts'
import { barChart } from './charts.ts'
import { column, figureTable, money, percent, sectorName, whole } from './figures.ts'

/** Where a figure comes from. */
interface Sourced {
  legalBasis: string
  status: string
}

/** A sentence, and on what it rests. */
type Said = readonly [sentence: string, source?: Sourced]

/** A plan in sentences: who, how much, to whom; each figure with its legal basis and what weight that has. */
export function planInWords(plan: LevyPlan): Html {
  return html`<h2>${t('fundPage.who')}</h2>
    ${said(scopeOf(plan))}
    <h2>${t('fundPage.howMuch')}</h2>
    ${said([...componentsOf(plan), ...rulesOf(plan)])}
    <h2>${t('fundPage.distribution')}</h2>
    ${said(takenOf(plan))} ${groupsOf(plan)} ${said(groupRules(plan))} ${sectorsOf(plan)}`
}

function said(sentences: readonly Said[]): Html {
  return html`<ul class="sentences">
    ${sentences.map(
      ([sentence, source]) =>
        html`<li>
          <p>${sentence}</p>
          ${source ? html`<p class="soft">${t('fundPage.basis', { status: source.status })}. ${source.legalBasis}</p>` : ''}
        </li>`,
    )}
  </ul>`
}

function scopeOf({ scope, exemptions, currency }: LevyPlan): Said[] {
  const say = (what: string, figure = '') => t('fundPage.scope', { what, figure })
  const found: Said[] = []
  if (scope.commercialOnly) found.push([say('commercial')])
  if (scope.euMarketOnly) found.push([say('market')])
  if (scope.flop) found.push([say('flop', whole(scope.flop.atLeast)), scope.flop])
  if (scope.euRevenueCents)
    found.push([say('revenue', money(scope.euRevenueCents.atLeast, currency)), scope.euRevenueCents])
  if (scope.users) found.push([say('users', whole(scope.users.atLeast)), scope.users])
  if (found.length === 0) found.push([say('all')])
  const kinds: Record<string, string> = { 'open-source': 'open', 'public-body': 'public' }
  return [
    ...found,
    ...exemptions.map((each): Said => [t('fundPage.exempt', { kind: kinds[each.kind] ?? each.kind }), each]),
  ]
}

const MONEY = new Set(['euRevenue', 'globalRevenueEuShare', 'netIncome'])

function componentsOf({ components, combination, currency }: LevyPlan): Said[] {
  const found = components.flatMap((component): Said[] =>
    component.bands.map((band, i): Said => {
      const { base: name, mode, bands } = component
      const rate = rateInWords(component, band.rate, currency)
      const from = MONEY.has(name) ? money(band.from, currency) : whole(band.from)
      const isWhole = bands.length === 1 && i === 0 && band.from === '0'
      return [name === 'flat' || isWhole ? rate : `${rate} ${t('fundPage.band', { mode, from })}`, band]
    }),
  )
  return components.length > 1 ? [...found, [t('fundPage.combination', { how: combination })]] : found
}

/** Cents for so many units: a part where money is measured, and an amount for units of anything else. */
function rateInWords(
  { base, per, lagYears: lag }: LevyPlan['components'][number],
  rate: string,
  currency: string,
): string {
  const about = { base: t('fundPage.base', { base }), per: whole(per), lag }
  if (MONEY.has(base)) {
    const part = percent(Number((BigInt(rate) * 1_000_000n) / BigInt(per === '0' ? '1' : per)))
    return t('fundPage.rate', { kind: 'percent', rate: part, ...about })
  }
  const amount = base === 'flat' && per !== '0' ? BigInt(rate) / BigInt(per) : BigInt(rate)
  return t('fundPage.rate', { kind: base === 'flat' ? 'flat' : 'other', rate: money(amount, currency), ...about })
}

function rulesOf(plan: LevyPlan): Said[] {
  const { surcharge, offset, floor, cap, interest, instalments, proration, currency } = plan
  const say = (rule: string, part = '', other = '') => t('fundPage.rule', { rule, part, other })
  const found: (Said | false | undefined)[] = [
    surcharge && [say('surcharge', percent(surcharge.ppm), percent(surcharge.investmentBelowPpm)), surcharge],
    offset && [say('offset', percent(offset.creditPpm), percent(offset.capPpm)), offset],
    floor && [say('floor', money(floor.cents, currency)), floor],
    cap && [say('cap', money(cap.cents, currency)), cap],
    proration === 'days' && [say('days')],
    ...instalments.map(({ afterDays: days, ppm }): Said => [t('fundPage.instalment', { part: percent(ppm), days })]),
    interest?.kind === 'monthly' && [say('monthly', percent(interest.ppm)), interest],
    interest?.kind === 'reference-plus' && [
      say('interest', percent(interest.ppm), money(interest.flatCents, currency)),
      interest,
    ],
  ]
  return found.filter((each) => each !== undefined && each !== false)
}

function takenOf({ distribution: { reserve, fee, groups }, currency }: LevyPlan): Said[] {
  const say = (what: string, part = '', cap = '') => t('fundPage.taken', { what, part, cap })
  return [
    [say('reserve', percent(reserve.ppm)), reserve],
    [say('fee', percent(fee.ppm), money(fee.capCents, currency)), fee],
    [say('rest'), groups],
  ]
}

function groupsOf({ distribution: { groups } }: LevyPlan): Html {
  const rows = (['heritage', 'creatorSupport', 'rightsholders', 'social'] as const).map(
    (group) => [t('fundPage.group', { group }), groups[group]] as const,
  )
  const name = t('fundPage.sim.table', { table: 'group' })
  return html`${barChart(
    t('fundPage.chart', { name }),
    rows.map(([label, ppm]) => ({ label, values: [{ cents: BigInt(ppm), text: percent(ppm) }] })),
    1_000_000n,
  )}
  ${figureTable(
    name,
    [column('what'), column('share')],
    rows.map(([label, ppm]) => [label, percent(ppm)]),
  )}`
}

function groupRules({ distribution, currency }: LevyPlan): Said[] {
  const { groups, heritage, creatorSupport: support, rightsholders, unlocated } = distribution
  const { weights, evidence } = rightsholders
  const parts = <Name extends string>(from: Record<Name, number>, names: readonly Name[]) =>
    Object.fromEntries(names.map((name) => [name, percent(from[name])]))
  const criteria = parts(heritage, ['objects', 'accessible', 'openLicence', 'ownCost'])
  const found: (Said | false)[] = [
    groups.heritage > 0 && [t('fundPage.criteria', criteria), heritage],
    groups.creatorSupport > 0 && [
      t('fundPage.awards', { cap: money(support.awardCapCents, currency), days: support.urgentDecisionDays }),
      support,
    ],
    groups.rightsholders > 0 && [t('fundPage.weights', parts(weights, ['equal', 'use', 'attribution'])), weights],
    groups.rightsholders > 0 && [t('fundPage.evidence', parts(evidence, ['reported', 'listed', 'presumed'])), evidence],
    [t('fundPage.payout', { amount: money(distribution.minimumPayoutCents, currency) })],
    [
      t('fundPage.clock', {
        months: unlocated.listAfterMonths + unlocated.publicAfterMonths,
        years: unlocated.releaseAfterYears,
      }),
      unlocated,
    ],
    ...distribution.withholding.map((each): Said => {
      const country = each.country === '*' ? '*' : sayPlace(each.country, words)
      const [part, other] = [percent(each.ppm), percent(each.certifiedPpm)]
      return [t('fundPage.withholding', { country, part, other }), each]
    }),
  ]
  return found.filter((each) => each !== false)
}

function sectorsOf({ distribution: { rightsholders, groups } }: LevyPlan): Html | '' {
  if (!rightsholders.sectors || groups.rightsholders === 0) return ''
  return figureTable(
    t('fundPage.sectors'),
    [column('what'), column('share')],
    Object.entries(rightsholders.sectors).map(([sector, ppm]) => [sectorName(sector), percent(ppm)]),
  )
}
