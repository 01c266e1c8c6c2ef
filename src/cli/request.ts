import { writeFileSync } from 'node:fs'
import { bundleOf, openRequest, runCheck } from '../api/index.ts'
import { identifyFile } from '../fingerprints/index.ts'
import { ColophonError } from '../foundation/index.ts'
import type { Node } from '../main.ts'
import {
  deadlinesOf,
  findCase,
  letterOf,
  letterPdf,
  listCases,
  listEvents,
  moveCase,
  nextStates,
  requestInputSchema,
  sentAtOf,
  type CaseState,
  type RequestInput,
} from '../requests/index.ts'
import { speak, words } from '../web/index.ts'
import { needOne, print, readArgs, readVerb, withRegister, type Command, type ExitCode } from './command.ts'
import { bounced, due, escalate, send } from './requestDelivery.ts'

const options = {
  note: { type: 'string', default: '' },
  state: { type: 'string' },
  kind: { type: 'string' },
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
  'own-data': { type: 'boolean' },
  grounds: { type: 'string' },
  model: { type: 'string' },
  recipient: { type: 'string' },
  language: { type: 'string' },
  'own-language': { type: 'string' },
  country: { type: 'string' },
  dataset: { type: 'string' },
  'due-before': { type: 'string' },
  mail: { type: 'string' },
  inbox: { type: 'boolean' },
  post: { type: 'string' },
  tracking: { type: 'string', default: '' },
  to: { type: 'string' },
} as const

type Values = ReturnType<typeof readArgs<typeof options>>['values']

export const request: Command = {
  forms: [
    'request open FILE --name NAME --contact CONTACT --title TITLE --confirmed --licensed no --public-domain no --same-subject no --quotation no --it-is-accurate [--kind removal|opt-out|information|unlearning|access|erasure|objection|complaint] [--hit N] [--intimate] [--own-data] [--grounds TEXT] [--model NAME] [--recipient NAME] [--language CODE] [--own-language CODE] [--country CC]',
    'request bundle ID -o BUNDLE.zip [--capture]',
    'request list [--state STATE] [--dataset ID] [--kind KIND] [--due-before DAY]',
    'request show ID',
    'request send ID [--mail ADDRESS | --inbox | --post DAY [--tracking NUMBER] | --note TEXT]',
    'request bounced ID [--note TEXT]',
    'request due',
    'request answer ID --state STATE [--note TEXT]',
    'request escalate ID [--to dsc|dpa|ai-office|collecting-society [--country CC] [--name NAME] -o PACK.zip | --note TEXT]',
  ],
  does: 'Cases: opens one from a place where a work was found and that a person has compared (each question is answered yes, no or unknown; a yes opens none), makes the bundle of evidence of one (--capture also fetches and keeps the pages where it was found), and lists them. send sends one by mail (SMTP_URL, MAIL_FROM) or into a provider’s inbox, or writes down that it was sent; bounced that it came back. due writes reminders and missing answers into the histories; a server does so every day. escalate makes the file for a body that can do more.',
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
  send: (node, values, positionals) => then(send, node, values, needOne(positionals, 'case id')),
  bounced: (node, values, positionals) => then(bounced, node, values, needOne(positionals, 'case id')),
  due: (node, values) => due(node, values),
  answer: (node, values, positionals) => move(node, values, needOne(positionals, 'case id'), values.state),
  escalate: (node, values, positionals) => then(escalate, node, values, needOne(positionals, 'case id')),
}

/** Does something with a case, then shows where it stands. */
async function then(
  what: (node: Node, values: Values, id: string) => Promise<ExitCode>,
  node: Node,
  values: Values,
  id: string,
): Promise<ExitCode> {
  const exitCode = await what(node, values, id)
  await show(node, values, id)
  return exitCode
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
    kind: values.kind ?? 'removal',
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
    isOwnPersonalData: values['own-data'],
    grounds: values.grounds,
    model: values.model,
    recipientName: values.recipient,
    recipientLanguage: values.language,
    senderLanguage: values['own-language'],
    recipientCountry: values.country,
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
  const { state, dataset, kind } = values
  const { db } = node.register.database
  const rows = await listCases(db, { state, dataset, kind }, LISTED_MAX)
  const cases = []
  for (const row of rows) {
    const sentAt = row.state === 'sent' ? sentAtOf(await listEvents(db, row.id)) : undefined
    const details = JSON.parse(row.details) as RequestInput
    const due = sentAt ? deadlinesOf(row.kind, details, Date.parse(sentAt)).at(-1)!.due : null
    if (values['due-before'] !== undefined && !(due !== null && due < values['due-before'])) continue
    cases.push({ id: row.id, kind: row.kind, state: row.state, dataset: row.dataset, createdAt: row.created_at, due })
  }
  const lines = cases.map(
    (each) => `${each.id} ${each.kind} ${each.state} ${each.dataset}${each.due ? ` due ${each.due}` : ''}`,
  )
  print(values.json, { cases }, lines.length > 0 ? lines : ['No cases.'])
  return 0
}

const LISTED_MAX = 10_000

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
