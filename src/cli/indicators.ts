import { existsSync, mkdirSync, readFileSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { ColophonError, isoTime, writeFileDurably } from '../foundation/index.ts'
import { toIso3 } from '../languages/index.ts'
import { readTrail, rootsOf } from '../lineage/index.ts'
import {
  aggregate,
  columnFlag,
  disclosureQuality,
  indicatorColumns,
  indicatorsOf,
  lintSummary,
  toJsonStat,
  toPage,
  toSdmxCsv,
  type Indicator,
  type IndicatorColumns,
  type IndicatorOptions,
  type IndicatorRelease,
} from '../transparency/index.ts'
import { findInputs } from './inputs.ts'
import { print, readArgs, type Command } from './command.ts'

const columnOptions = Object.fromEntries(
  indicatorColumns.map((name) => [columnFlag(name), { type: 'string' as const }]),
)
const THRESHOLD = '0.0001'

interface Flags {
  out?: string
  name?: string
  threshold: string
  reference?: string
  'gender-reference'?: string
  trail?: string
  entity?: string
  summary?: string
  json?: boolean
}

export const indicators: Command = {
  forms: [
    `indicators FILE… [-o FOLDER] ${indicatorColumns.map((name) => `[--${columnFlag(name)} NAME]`).join(' ')} [--name NAME] [--threshold SHARE] [--reference SPEAKERS.csv] [--gender-reference female=0.5,male=0.5] [--trail TRAIL --entity ENTITY] [--summary FILE]`,
  ],
  does: 'Measures the diversity, concentration, licensing and provenance of a data set: each indicator with formula, source, weight, what is not known, and a 95% interval. Languages are told from texts where no column names them. Gender and origin are only what is declared. Writes JSON, JSON-stat, SDMX-CSV and a page. There is no composite score.',
  async run(args) {
    const { values, positionals } = readArgs(args, {
      ...columnOptions,
      out: { type: 'string', short: 'o' },
      name: { type: 'string' },
      threshold: { type: 'string', default: THRESHOLD },
      reference: { type: 'string' },
      'gender-reference': { type: 'string' },
      trail: { type: 'string' },
      entity: { type: 'string' },
      summary: { type: 'string' },
    })
    if (positionals.length === 0) throw new ColophonError('usage', 'give the files of a data set')
    const flags = values as unknown as Flags & Record<string, string | undefined>
    const inputs = findInputs(positionals)
    if (flags.out && existsSync(flags.out) && !statSync(flags.out).isDirectory())
      throw new ColophonError('usage', '-o names a file, and a folder is wanted', { where: flags.out })
    const columns = Object.fromEntries(
      indicatorColumns.flatMap((name) => (flags[columnFlag(name)] ? [[name, flags[columnFlag(name)]!]] : [])),
    ) as IndicatorColumns
    const totals = await aggregate(inputs, columns)
    const release: IndicatorRelease = {
      dataset: flags.name ?? basename(inputs[0]!),
      at: isoTime(Date.now()),
      rows: totals.rows,
      counted: totals.counted,
      weight: totals.weight,
      weightBasis: columns.weight ?? 'rows',
      indicators: indicatorsOf(totals, await readOptions(flags, columns.weight ?? 'rows')),
    }
    if (flags.out) writeAll(flags.out, release)
    print(flags.json, release, linesOf(release, flags.out))
    return 0
  },
}

async function readOptions(flags: Flags, weightBasis: string): Promise<IndicatorOptions> {
  const threshold = Number(flags.threshold)
  if (!(threshold > 0 && threshold < 1)) throw new ColophonError('usage', '--threshold is a share between 0 and 1')
  return {
    weightBasis,
    threshold,
    ...(flags.reference === undefined ? {} : { reference: readSpeakers(flags.reference) }),
    ...(flags['gender-reference'] === undefined ? {} : { genderReference: readShares(flags['gender-reference']) }),
    ...(flags.trail === undefined ? {} : { lineageClosure: readClosure(flags.trail, flags.entity) }),
    ...(flags.summary === undefined ? {} : { disclosureQuality: await readQuality(flags.summary) }),
  }
}

/** Lines of a language and its speakers; a first line that is no number is a heading. */
function readSpeakers(path: string): IndicatorOptions['reference'] {
  const speakers = new Map<string, number>()
  for (const [i, line] of readText(path).split(/\r?\n/).entries()) {
    const [tag = '', count = ''] = line.split(/[,;\t]/).map((cell) => cell.trim())
    const number = Number(count)
    if (line.trim() === '' || (i === 0 && !(number > 0))) continue
    const code = toIso3(tag)
    if (!code || !(number >= 0) || count === '')
      throw new ColophonError('invalid_input', 'a line is a language and its number of speakers', {
        where: `${path}:${i + 1}`,
        remedy: 'For instance: mlt,470000',
      })
    speakers.set(code, (speakers.get(code) ?? 0) + number)
  }
  return { speakers, source: `speakers by ${basename(path)}` }
}

function readShares(text: string): Map<string, number> {
  const shares = text.split(',').map((part) => part.split('=') as [string, string])
  for (const [name, share] of shares)
    if (!name || !(Number(share) > 0))
      throw new ColophonError('usage', 'shares are written as female=0.5,male=0.5', { where: text })
  return new Map(shares.map(([name, share]) => [name.trim().toLowerCase(), Number(share)]))
}

function readClosure(trail: string, entity: string | undefined): IndicatorOptions['lineageClosure'] {
  if (!entity) throw new ColophonError('usage', '--trail goes with --entity, as the trail names it')
  const { unknownShare, measure } = rootsOf(readTrail(trail).lineage, entity)
  return {
    value: 1 - unknownShare,
    source: `the trail ${basename(trail)}, of ${entity}, by ${measure ?? 'links alone'}`,
  }
}

async function readQuality(path: string): Promise<IndicatorOptions['disclosureQuality']> {
  if (!existsSync(path)) throw new ColophonError('unreadable_file', 'there is no such file', { where: path })
  const { fields } = await lintSummary(new Uint8Array(readFileSync(path)), path, {})
  const value = disclosureQuality(fields)
  return value === undefined ? undefined : { value, source: `colophon summary lint of ${basename(path)}` }
}

function readText(path: string): string {
  if (!existsSync(path)) throw new ColophonError('unreadable_file', 'there is no such file', { where: path })
  return readFileSync(path, 'utf8')
}

function writeAll(folder: string, release: IndicatorRelease): void {
  mkdirSync(folder, { recursive: true })
  writeFileDurably(join(folder, 'indicators.json'), `${JSON.stringify(release, null, 1)}\n`)
  writeFileDurably(join(folder, 'indicators.jsonstat.json'), `${JSON.stringify(toJsonStat(release))}\n`)
  writeFileDurably(join(folder, 'indicators.sdmx.csv'), toSdmxCsv(release))
  writeFileDurably(join(folder, 'indicators.html'), toPage(release))
}

function linesOf(
  { dataset, rows, counted, weight, weightBasis, indicators: list }: IndicatorRelease,
  out: string | undefined,
): string[] {
  return [
    `${dataset}: ${rows} rows, ${counted} counted; weight ${weight} by ${weightBasis}.`,
    ...list.flatMap(linesOfIndicator),
    ...(out
      ? [`All of it, with formulas and tables: ${join(out, 'indicators.html')}, .json, .jsonstat.json, .sdmx.csv`]
      : []),
  ]
}

function linesOfIndicator({ number, name, status, figures, unknownShare, note }: Indicator): string[] {
  if (status === 'not provided') return [`${number}. ${name}: not provided. ${note ?? ''}`]
  const unknown = unknownShare === null ? '' : ` (not known: ${say(unknownShare, 'share')})`
  return [
    `${number}. ${name}${unknown}`,
    ...figures.map(({ label, value, low, high, unit }) =>
      value === null
        ? `     ${label}: not known`
        : `     ${label}: ${say(value, unit)}${low === undefined ? '' : ` (${say(low, unit)} to ${say(high!, unit)})`}`,
    ),
  ]
}

function say(value: number, unit: string): string {
  return unit === 'share' ? `${(100 * value).toFixed(2)}%` : value.toLocaleString('en', { maximumSignificantDigits: 4 })
}
