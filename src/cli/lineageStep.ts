import { existsSync, statSync } from 'node:fs'
import { basename } from 'node:path'
import { ColophonError, isoTime, sha256OfFile, systemEffects, uuidV7 } from '../foundation/index.ts'
import {
  measures,
  readStep,
  readTrail,
  type Entity,
  type LineageStep,
  type Measure,
  type Weights,
} from '../lineage/index.ts'

/** What the flags of `lineage record` say of one step. */
export interface StepFlags {
  trail: string
  activity?: string
  made?: string
  used?: string[]
  type?: string
  name?: string
  url?: string
  version?: string
  licence?: string
  origin?: string
  owner?: string
  weight?: string[]
  known?: string
  'collected-from'?: string
  'collected-to'?: string
  agent?: string
  /** The work as the register knows it. */
  work?: string
}

/** A step in the form of the model, out of flags: one thing that was made, from any number of others. */
export async function stepOfFlags(flags: StepFlags): Promise<LineageStep> {
  if (!flags.activity || !flags.made) throw new ColophonError('usage', 'give a step as JSON, or --activity and --made')
  const known = existsSync(flags.trail) ? readTrail(flags.trail).lineage.entities : new Map<string, Entity>()
  const weights = readWeights(flags.weight ?? [])
  const used = await Promise.all((flags.used ?? []).map((name) => entityOf(name, known)))
  const made = await entityOf(flags.made, known, flags.type)
  const { from, to } = { from: flags['collected-from'], to: flags['collected-to'] }
  const described = {
    ...made,
    ...pick(flags, ['name', 'url', 'version', 'licence', 'origin', 'work']),
    ...(flags.owner
      ? {
          owner: {
            id: `urn:colophon:name:${encodeURIComponent(flags.owner)}`,
            name: flags.owner,
            role: 'rightsholder',
          },
        }
      : {}),
    ...(Object.keys(weights).length > 0 ? { weights: { ...made.weights, ...weights } } : {}),
    ...(from || to ? { collected: { ...(from ? { from } : {}), ...(to ? { to } : {}) } } : {}),
  }
  const certainty = flags.known ?? 'attested'
  // How much of what was made came from one source is the whole; from several nobody has said it here.
  const edgeWeights = used.length === 1 && Object.keys(weights).length > 0 ? { weights } : {}
  return readStep(
    {
      type: 'LineageStep',
      id: `urn:uuid:${uuidV7(systemEffects)}`,
      activity: flags.activity,
      endedAt: isoTime(Date.now()),
      ...(flags.agent
        ? {
            agent: {
              id: `urn:colophon:name:${encodeURIComponent(flags.agent)}`,
              name: flags.agent,
              role: flags.activity === 'crawl' ? 'crawler' : 'provider',
            },
          }
        : {}),
      entities: [...used.filter(({ id }) => !known.has(id)), described],
      edges: used.map(({ id }) => ({ to: made.id, from: id, known: certainty, ...edgeWeights })),
    },
    'the flags of lineage record',
  )
}

function pick(flags: StepFlags, names: (keyof StepFlags)[]): object {
  return Object.fromEntries(names.flatMap((name) => (flags[name] === undefined ? [] : [[name, flags[name]]])))
}

/** A file by its digest, what the trail knows by its name, or something new. */
async function entityOf(name: string, known: ReadonlyMap<string, Entity>, type?: string): Promise<Entity> {
  if (known.has(name)) return { id: name, type: (type ?? known.get(name)!.type) as Entity['type'] }
  if (!existsSync(name) || !statSync(name).isFile()) return { id: name, type: (type ?? 'Dataset') as Entity['type'] }
  const sha256 = await sha256OfFile(name)
  const weights = { bytes: statSync(name).size }
  return { id: `urn:sha256:${sha256}`, type: (type ?? 'File') as Entity['type'], name: basename(name), sha256, weights }
}

function readWeights(given: string[]): Weights {
  const weights: Weights = {}
  for (const each of given) {
    const [measure, amount] = each.split('=') as [string, string | undefined]
    if (!measures.includes(measure as Measure) || amount === undefined || amount === '' || !(Number(amount) >= 0))
      throw new ColophonError('usage', 'a weight is written as tokens=1200', {
        where: each,
        remedy: `Measures are ${measures.join(', ')}.`,
      })
    weights[measure as Measure] = Number(amount)
  }
  return weights
}
