import { readFileSync, statSync } from 'node:fs'
import { ColophonError, isoTime, parseJson, readConfig, systemEffects, writeFileDurably } from '../foundation/index.ts'
import {
  exportLineage,
  importLineage,
  lineageFormats,
  measures,
  readStep,
  readTrail,
  LINKS_MAX,
  STEP_BYTES_MAX,
  type StepSigner,
  recordStep,
  recordSteps,
  rootsOf,
  traceBack,
  type LineageFormat,
  type LineageStep,
  type Measure,
  type TraceLink,
} from '../lineage/index.ts'
import { decide, type DecisionAnswer } from '../rights/index.ts'
import { makeStatement, signStatement, type Statement } from '../statements/index.ts'
import { needOne, print, readVerb, servingUrl, withRegister, type Command, type ExitCode } from './command.ts'
import { stepOfFlags, type StepFlags } from './lineageStep.ts'
import { readSigner, recordThere } from './recording.ts'

const IMPORT_BYTES_MAX = 16 * 1024 * 1024

export const lineage: Command = {
  forms: [
    'lineage record STEP.json --trail TRAIL [--key KEY.pem [--record]]',
    'lineage record --activity ACTIVITY --made NAME|FILE [--used NAME|FILE …] --trail TRAIL [--type Source|Dataset|File|Model|Work] [--name NAME] [--url URL] [--version V] [--licence SPDX] [--origin public|licensed|private|crawled|interactions|otherServices|synthetic|other] [--owner NAME] [--work ID] [--agent NAME] [--weight tokens=N …] [--collected-from DAY] [--collected-to DAY] [--known attested|measured|inferred|unknown] [--key KEY.pem [--record]]',
    'lineage trace ENTITY --trail TRAIL [--row N] [--terms]',
    'lineage roots ENTITY --trail TRAIL [--measure rows|documents|bytes|tokens|images|audioHours|videoHours]',
    `lineage export ENTITY --trail TRAIL --format ${lineageFormats.join('|')} [-o FILE]`,
    'lineage import FILE --trail TRAIL [--format FORMAT]',
  ],
  does: 'Keeps the trail of a pipeline as W3C PROV, step by step: what was made from what, how much, under which licence, and how that is known. Says where a row or a data set comes from and which share has no known root; writes and reads the formats of the field.',
  async run(args) {
    const verbs = { record, trace, roots, export: write, import: read }
    const { run, values, positionals } = readVerb(
      'lineage',
      verbs,
      {
        trail: { type: 'string' },
        key: { type: 'string' },
        record: { type: 'boolean' },
        row: { type: 'string' },
        terms: { type: 'boolean' },
        measure: { type: 'string' },
        format: { type: 'string' },
        out: { type: 'string', short: 'o' },
        ...STEP_OPTIONS,
      } as const,
      args,
    )
    if (!values.trail) throw new ColophonError('usage', 'say which trail: --trail FILE')
    const flags = { ...values, trail: values.trail }
    if (run === record && positionals.length === 0) return recordThis(await stepOfFlags(flags), flags)
    return run(needOne(positionals, 'name or file'), flags)
  },
}

const STEP_OPTIONS = {
  activity: { type: 'string' },
  made: { type: 'string' },
  used: { type: 'string', multiple: true },
  type: { type: 'string' },
  name: { type: 'string' },
  url: { type: 'string' },
  version: { type: 'string' },
  licence: { type: 'string' },
  origin: { type: 'string' },
  owner: { type: 'string' },
  agent: { type: 'string' },
  work: { type: 'string' },
  weight: { type: 'string', multiple: true },
  known: { type: 'string' },
  'collected-from': { type: 'string' },
  'collected-to': { type: 'string' },
} as const

interface Flags extends StepFlags {
  json?: boolean
  key?: string
  record?: boolean
  row?: string
  terms?: boolean
  measure?: string
  format?: string
  out?: string
}

async function record(path: string, flags: Flags): Promise<ExitCode> {
  return recordThis(readStep(readJsonFile(path), path), flags)
}

async function recordThis(step: LineageStep, flags: Flags): Promise<ExitCode> {
  if (flags.record && !flags.key) throw new ColophonError('usage', '--record needs --key: what is recorded is signed')
  const url = flags.record ? await servingUrl(readConfig(process.env)) : undefined
  if (flags.record && !url)
    throw new ColophonError('usage', '--record needs a running node', { remedy: 'Nothing was written.' })
  const signed = flags.key ? sign(step, flags.key) : undefined
  recordStep(flags.trail, step, signed)
  const receipt = signed && url ? await recordOnLog(signed, flags.trail, url) : undefined
  print(flags.json, { step: step.id, trail: flags.trail, statement: signed?.id, receipt }, [
    `${step.activity} “${step.name ?? step.id}” is in ${flags.trail}${signed ? `, signed by ${signed.issuer}` : ''}.`,
    ...(receipt ? [`It stands on the log; receipt: ${receipt}`] : []),
  ])
  return 0
}

function sign(step: LineageStep, key: string): Statement {
  const signer = readSigner(key)
  return signStatement(makeStatement(signer.issuer, [step as never], systemEffects), signer)
}

async function recordOnLog(statement: Statement, trail: string, url: string): Promise<string> {
  const { receipt } = await recordThere(url, statement)
  const path = `${trail}.${statement.id.slice(-12)}.tlog-proof`
  writeFileDurably(path, receipt)
  return path
}

async function trace(id: string, flags: Flags): Promise<ExitCode> {
  const { lineage: graph, signers } = readTrail(flags.trail)
  const row = flags.row === undefined ? undefined : readRow(flags.row)
  const links = traceBack(graph, id, row)
  const terms = flags.terms ? await termsOf(links) : []
  const json = links.map(({ step, edge, entity, row: at }, i) => ({
    entity,
    row: at,
    step: step.id,
    activity: step.activity,
    at: step.endedAt,
    signedBy: signers.get(step.id)?.issuer ?? null,
    onBehalfOf: signers.get(step.id)?.onBehalfOf ?? null,
    known: edge.known,
    weights: edge.weights,
    licence: edge.licence ?? entity.licence ?? null,
    owner: entity.owner ?? null,
    reservations: edge.reservations ?? null,
    terms: terms[i],
  }))
  print(flags.json, { entity: id, row, links: json, contradictions: graph.contradictions }, [
    ...(links.length === 0 ? [`${id} was made from nothing that this trail knows.`] : []),
    ...(links.length >= LINKS_MAX ? [`More than ${LINKS_MAX} links lead back; these are the first.`] : []),
    ...graph.contradictions.map((each) => `Contradiction: ${each}.`),
    ...links.map((link, i) => lineOf(link, signers.get(link.step.id), terms[i])),
  ])
  return 0
}

function lineOf(
  { step, edge, entity, row }: TraceLink,
  signer: StepSigner | undefined,
  terms?: DecisionAnswer,
): string {
  const owner = entity.owner?.name ?? entity.owner?.id
  return [
    `${edge.to} ← ${entity.id}${row === undefined ? '' : `, row ${row}`}`,
    `${step.activity} on ${step.endedAt}, ${edge.known}${signer ? `, signed by ${signedBy(signer)}` : ', not signed'}`,
    `licence: ${edge.licence ?? entity.licence ?? 'not stated'}; owner: ${owner ?? 'not stated'}`,
    ...(edge.reservations ? [`reservations looked at on ${edge.reservations.at}: ${edge.reservations.method}`] : []),
    ...(terms ? [`terms in the register at that time: ${terms.decision}`] : []),
  ].join('\n    ')
}

function signedBy({ issuer, onBehalfOf }: StepSigner): string {
  return onBehalfOf ? `${issuer}, who says it is for ${onBehalfOf}` : issuer
}

/** What the register said of each source, when the step that used it ended. */
async function termsOf(links: TraceLink[]): Promise<(DecisionAnswer | undefined)[]> {
  return withRegister(async ({ register }) => {
    const found: (DecisionAnswer | undefined)[] = []
    for (const { entity, step } of links)
      found.push(
        entity.work === undefined
          ? undefined
          : ((await decide(register.database.db, {
              work: entity.work,
              action: 'col:trainGenAI',
              at: Date.parse(step.endedAt),
            })) ?? undefined),
      )
    return found
  })
}

function readRow(text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text)
  throw new ColophonError('usage', '--row is a number from 0 on', { where: text })
}

function roots(id: string, flags: Flags): ExitCode {
  if (flags.measure !== undefined && !measures.includes(flags.measure as Measure))
    throw new ColophonError('usage', `--measure is one of ${measures.join(', ')}`)
  const found = rootsOf(readTrail(flags.trail).lineage, id, flags.measure as Measure | undefined)
  print(flags.json, found, [
    `${id}, by ${found.measure ?? 'links alone'}:`,
    ...found.roots.map(
      ({ entity, share, known }) =>
        `  ${percent(share)} ${entity.name ?? entity.id} (${known}; licence: ${entity.licence ?? 'not stated'})`,
    ),
    `  ${percent(found.unknownShare)} has no known root`,
    ...found.models.map(
      ({ id: model, name }) => `  made from the model ${name ?? model}, whose own data is not counted`,
    ),
  ])
  return 0
}

const percent = (share: number) => `${(100 * share).toFixed(2)}%`

function write(id: string, flags: Flags): ExitCode {
  if (!flags.format) throw new ColophonError('usage', `--format is one of ${lineageFormats.join(', ')}`)
  const { text, lost, missing, mediaType } = exportLineage(
    readTrail(flags.trail).lineage,
    id,
    readFormat(flags.format)!,
    {
      at: isoTime(Date.now()),
    },
  )
  if (flags.out) writeFileDurably(flags.out, text)
  if (flags.out || flags.json)
    print(flags.json, { mediaType, lost, missing, ...(flags.out ? { file: flags.out } : { text }) }, [
      `${flags.out} is written.`,
      ...(lost.length > 0 ? ['What the format cannot hold:', ...lost.map((each) => `  ${each}`)] : []),
      ...(missing.length > 0
        ? ['What the format asks for and nobody has said:', ...missing.map((each) => `  ${each}`)]
        : []),
    ])
  else process.stdout.write(text.endsWith('\n') ? text : `${text}\n`)
  return 0
}

function readFormat(name: string | undefined): LineageFormat | undefined {
  if (name === undefined || lineageFormats.includes(name as LineageFormat)) return name as LineageFormat | undefined
  throw new ColophonError('usage', `--format is one of ${lineageFormats.join(', ')}`, { where: name })
}

function read(path: string, flags: Flags): ExitCode {
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true)
    throw new ColophonError('unreadable_file', 'there is no such file', { where: path })
  if (statSync(path).size > IMPORT_BYTES_MAX)
    throw new ColophonError('too_large', `a document has at most ${IMPORT_BYTES_MAX} bytes`, { where: path })
  const { steps, lost } = importLineage(readFileSync(path, 'utf8'), readFormat(flags.format), {
    at: isoTime(Date.now()),
  })
  recordSteps(
    flags.trail,
    steps.map((step) => ({ step })),
  )
  print(flags.json, { steps: steps.map(({ id }) => id), lost }, [
    `${steps.length} steps are in ${flags.trail}, as what that document says.`,
    ...(lost.length > 0 ? ['What was not taken over:', ...lost.map((each) => `  ${each}`)] : []),
  ])
  return 0
}

function readJsonFile(path: string): unknown {
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true)
    throw new ColophonError('unreadable_file', 'there is no such file', { where: path })
  return parseJson(readFileSync(path, 'utf8'), path, STEP_BYTES_MAX)
}
