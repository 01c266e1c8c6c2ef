import { ColophonError } from '../foundation/index.ts'
import { lintPlan, listPresets, planDigest, readPreset, type PlanFinding } from '../levy/index.ts'
import { needOne, print, type ExitCode } from './command.ts'
import { listOwnPlans, readGivenPlan, recordSubject, withBooks, type LevyVerb } from './levyFlags.ts'

/** `levy plan VERB`. */
export const plan: LevyVerb = async ([verb = '', ...given], flags) => {
  const run = Object.hasOwn(VERBS, verb) ? VERBS[verb] : undefined
  if (!run) throw new ColophonError('usage', `levy plan takes one of: ${Object.keys(VERBS).join(', ')}`)
  return run(given, flags)
}

const VERBS: Record<string, LevyVerb> = {
  async preset([name], { json }) {
    if (name === undefined) print(json, { presets: listPresets() }, listPresets())
    else if (json) print(true, await readGivenPlan(name), [])
    else process.stdout.write(readPreset(name))
    return 0
  },
  async lint(given, { json }) {
    const path = needOne(given, 'plan')
    const found = lintPlan(await readGivenPlan(path))
    print(
      json,
      { plan: path, findings: found },
      found.length === 0 ? ['Nothing to say against it.'] : found.map(lineOf),
    )
    return exitOf(found)
  },
  async record(given, flags) {
    const read = await readGivenPlan(needOne(given, 'plan'))
    const found = lintPlan(read)
    if (exitOf(found) === 1) {
      print(flags.json, { findings: found }, found.map(lineOf))
      return 1
    }
    const { id } = await recordSubject(flags, read)
    print(flags.json, { id, scheme: read.scheme, version: read.version, digest: planDigest(read) }, [
      `${read.name}, version ${read.version}, stands on the log: ${id}`,
    ])
    return 0
  },
  async list(_, { json }) {
    const plans = await withBooks(listOwnPlans)
    const lines = plans.map(
      ({ id, party, plan: each }) =>
        `${each.scheme}/${each.version} from ${each.validFrom} to ${each.validUntil ?? 'no end'}  ${id}  ${party}`,
    )
    print(
      json,
      {
        plans: plans.map(({ plan: each, ...about }) => ({
          ...about,
          scheme: each.scheme,
          version: each.version,
          validFrom: each.validFrom,
        })),
      },
      lines.length > 0 ? lines : ['No plan is recorded.'],
    )
    return 0
  },
  async show(given) {
    print(true, await readGivenPlan(needOne(given, 'plan')), [])
    return 0
  },
}

const lineOf = ({ severity, code, where, message }: PlanFinding) =>
  `${severity}: ${code}${where ? ` (${where})` : ''}: ${message}`
const exitOf = (found: readonly PlanFinding[]): ExitCode => (found.some(({ severity }) => severity === 'error') ? 1 : 0)
