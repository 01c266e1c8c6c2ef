import { ColophonError, parseJson } from '../foundation/index.ts'
import { formatCents, readFacts, simulate } from '../levy/index.ts'
import { print } from './command.ts'
import { confidenceOf, day, filesOf, readGivenPlan, readText, type LevyVerb } from './levyFlags.ts'

/** `levy simulate`: plans beside one another on the same facts and works. */
export const simulatePlans: LevyVerb = async (_, flags) => {
  const [first, second] = flags.plan ?? []
  if (!first || !second || flags.plan!.length > 2) throw new ColophonError('usage', 'give two plans: --plan A --plan B')
  const plans = [await readGivenPlan(first), await readGivenPlan(second)]
  const facts = (flags.facts ?? []).map((path) => readFacts(parseJson(readText(path), path), path))
  const twice = facts.find((each, i) => facts.findIndex(({ provider }) => provider === each.provider) !== i)
  if (twice) throw new ColophonError('usage', 'one developer has two files of facts', { where: twice.provider })
  if (plans[0]!.currency !== plans[1]!.currency)
    throw new ColophonError(
      'usage',
      `the plans are in ${plans[0]!.currency} and ${plans[1]!.currency}, and cannot be compared`,
    )
  if (facts.length === 0) throw new ColophonError('usage', 'give --facts, one file a developer')
  const { contributions: _none, ...files } = filesOf(flags, { isSimulation: true })
  const [a, b] = (await simulate(plans, {
    files,
    facts,
    asOf: day(flags, 'as-of'),
    attributionConfidencePpm: confidenceOf(flags),
  })) as [Awaited<ReturnType<typeof simulate>>[number], Awaited<ReturnType<typeof simulate>>[number]]
  const names = [...new Set([...a.amounts.keys(), ...b.amounts.keys()])]
  const rows = names.map((name) => {
    const [before, after] = [a.amounts.get(name) ?? 0n, b.amounts.get(name) ?? 0n]
    return { name, before, after, difference: after - before }
  })
  const currency = plans[0]!.currency
  print(
    flags.json,
    {
      plans: [a, b].map(({ scheme, version, contributors, exempt, grossCents }) => ({
        scheme,
        version,
        contributors,
        exempt,
        grossCents: String(grossCents),
      })),
      differences: rows.map((row) => ({
        name: row.name,
        before: String(row.before),
        after: String(row.after),
        difference: String(row.difference),
      })),
    },
    [
      ...[a, b].map(
        ({ scheme, version, contributors, exempt, grossCents }) =>
          `${scheme}/${version}: ${formatCents(grossCents, currency)} from ${contributors} developers, ${exempt} contribute nothing`,
      ),
      ...rows.map(
        ({ name, before, after, difference }) =>
          `${name.padEnd(24)} ${formatCents(before, currency).padStart(22)} ${formatCents(after, currency).padStart(22)} ${difference > 0n ? '+' : ''}${formatCents(difference, currency)}`,
      ),
    ],
  )
  return 0
}
