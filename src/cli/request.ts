import { writeFileSync } from 'node:fs'
import { bundleOf, openRequest, runCheck } from '../api/index.ts'
import { identifyFile } from '../fingerprints/index.ts'
import { ColophonError } from '../foundation/index.ts'
import type { Node } from '../main.ts'
import {
  findCase,
  letterOf,
  letterPdf,
  listCases,
  listEvents,
  moveCase,
  nextStates,
  requestInputSchema,
  type CaseState,
  type RequestInput,
} from '../requests/index.ts'
import { speak, words } from '../web/index.ts'
import { needOne, print, readArgs, readVerb, withRegister, type Command, type ExitCode } from './command.ts'

const options = {
  note: { type: 'string', default: '' },
  state: { type: 'string' },
  kind: { type: 'string', default: 'removal' },
  hit: { type: 'string', default: '0' },
  name: { type: 'string' },
  contact: { type: 'string' },
  title: { type: 'string' },
  confirmed: { type: 'boolean' },
  licensed: { type: 'string' },
  'public-domain': { type: 'string' },
  'same-subject': { type: 'string' },
  quotation: { type: 'string' },
  'it-is-accurate': { type: 'boolean' },
  intimate: { type: 'boolean' },
  capture: { type: 'boolean' },
  out: { type: 'string', short: 'o' },
} as const

type Values = ReturnType<typeof readArgs<typeof options>>['values']

export const request: Command = {
  forms: [
    'request open FILE --name NAME --contact CONTACT --title TITLE --confirmed --licensed no --public-domain no --same-subject no --quotation no --it-is-accurate [--kind removal|opt-out|information] [--hit N] [--intimate]',
    'request bundle ID -o BUNDLE.zip [--capture]',
    'request list',
    'request show ID',
    'request send ID [--note TEXT]',
    'request answer ID --state STATE [--note TEXT]',
    'request escalate ID [--note TEXT]',
  ],
  does: 'Cases: opens one from a place where a work was found and that a person has compared (each question is answered yes, no or unknown; a yes opens none), makes the bundle of evidence of one (--capture also fetches and keeps the pages where it was found), lists them, and writes down that one was sent, answered or escalated.',
  async run(args) {
    const { run, values, positionals } = readVerb('request', ACTIONS, options, args)
    return withRegister((node) => run(node, values, positionals))
  },
}

type Action = (node: Node, values: Values, positionals: string[]) => Promise<ExitCode>

const ACTIONS: Record<string, Action> = {
  open,
  bundle: (node, values, positionals) => bundle(node, values, needOne(positionals, 'case id')),
  list,
  show: (node, values, positionals) => show(node, values, needOne(positionals, 'case id')),
  send: (node, values, positionals) => move(node, values, needOne(positionals, 'case id'), 'sent'),
  answer: (node, values, positionals) => move(node, values, needOne(positionals, 'case id'), values.state),
  escalate: (node, values, positionals) => move(node, values, needOne(positionals, 'case id'), 'escalated'),
}

async function open(node: Node, values: Values, positionals: string[]): Promise<ExitCode> {
  const file = needOne(positionals, 'file')
  const input = readInput(values)
  const result = await runCheck(node, await identifyFile(file))
  const hitIndex = Number(values.hit)
  const { id, accessKey } = await openRequest(node, result, hitIndex, input)
  const letter = `${file}.request.pdf`
  const found = (await findCase(node.register.database.db, id))!
  writeFileSync(letter, await letterPdf(letterOf(found, node.datasets.list()), speak))
  print(values.json, { id, accessKey, letter, hit: result.hits[hitIndex] }, [
    `Case ${id}`,
    `Key to it on the page: ${accessKey}`,
    `Letter: ${letter}`,
  ])
  return 0
}

/** Which option gives which field. */
const FLAGS: Record<string, string> = {
  kind: '--kind',
  senderName: '--name',
  senderContact: '--contact',
  workTitle: '--title',
  isConfirmed: '--confirmed',
  isInGoodFaith: '--it-is-accurate',
  licensed: '--licensed',
  publicDomain: '--public-domain',
  sameSubject: '--same-subject',
  quotation: '--quotation',
}

function readInput(values: Values): RequestInput {
  const input = requestInputSchema.safeParse({
    kind: values.kind,
    senderName: values.name,
    senderContact: values.contact,
    workTitle: values.title,
    isConfirmed: values.confirmed ?? false,
    licensed: values.licensed,
    publicDomain: values['public-domain'],
    sameSubject: values['same-subject'],
    quotation: values.quotation,
    isInGoodFaith: values['it-is-accurate'] ?? false,
    isIntimate: values.intimate ?? false,
  })
  if (input.success) return input.data
  const { message, path } = input.error.issues[0]!
  throw new ColophonError('usage', message, {
    where: FLAGS[path.join('.')] ?? path.join('.'),
    remedy: 'Look at both side by side first; add --help to see what is needed.',
  })
}

async function bundle(node: Node, values: Values, id: string): Promise<ExitCode> {
  if (!values.out) throw new ColophonError('usage', 'give the file to write with -o')
  const found = await findCase(node.register.database.db, id)
  if (!found) throw new ColophonError('not_found', 'there is no such case', { where: id })
  const { zip, sha256, logIndex } = await bundleOf(node, found, { isCaptured: values.capture ?? false, words, speak })
  writeFileSync(values.out, zip)
  print(values.json, { id, bundle: values.out, sha256, bytes: zip.length, logIndex }, [
    `Bundle: ${values.out} (${zip.length} bytes, SHA-256 ${sha256})`,
    `Committed to as entry ${logIndex}. Verify it with: colophon verify ${values.out}`,
  ])
  return 0
}

async function list(node: Node, values: Values): Promise<ExitCode> {
  const rows = await listCases(node.register.database.db)
  const cases = rows.map(({ id, kind, state, dataset, created_at }) => ({
    id,
    kind,
    state,
    dataset,
    createdAt: created_at,
  }))
  const lines = cases.map(({ id, kind, state, dataset }) => `${id} ${kind} ${state} ${dataset}`)
  print(values.json, { cases }, lines.length > 0 ? lines : ['No cases.'])
  return 0
}

async function move(node: Node, values: Values, id: string, state: string | undefined): Promise<ExitCode> {
  if (!state) throw new ColophonError('usage', 'give --state')
  await moveCase(node.register, id, state as CaseState, values.note)
  return show(node, values, id)
}

async function show(node: Node, values: Values, id: string): Promise<ExitCode> {
  const { db } = node.register.database
  const found = await findCase(db, id)
  if (!found) throw new ColophonError('not_found', 'there is no such case', { where: id })
  const next = nextStates(found.state as CaseState)
  const events = (await listEvents(db, id)).map(({ state, note, recorded_at }) => ({
    state,
    note,
    recordedAt: recorded_at,
  }))
  const lines = events.map(({ recordedAt, state, note }) => `  ${recordedAt} ${state} ${note}`)
  print(values.json, { id, state: found.state, next, events }, [
    `${id}: ${found.state}; next: ${next.join(', ')}`,
    ...lines,
  ])
  return 0
}
