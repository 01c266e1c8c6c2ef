import { writeFileSync } from 'node:fs'
import { identifyFile } from '../fingerprints/index.ts'
import { ColophonError, isoTime } from '../foundation/index.ts'
import type { Node } from '../main.ts'
import {
  findCase,
  letterOf,
  letterPdf,
  listCases,
  listEvents,
  moveCase,
  nextStates,
  openCase,
  requestInputSchema,
  type CaseState,
} from '../requests/index.ts'
import { queryFor } from './check.ts'
import { needOne, print, readArgs, withNode, type Command, type ExitCode } from './command.ts'

const options = {
  note: { type: 'string', default: '' },
  state: { type: 'string' },
  kind: { type: 'string', default: 'removal' },
  hit: { type: 'string', default: '0' },
  name: { type: 'string' },
  contact: { type: 'string' },
  title: { type: 'string' },
  'i-compared-them': { type: 'boolean' },
  'it-is-accurate': { type: 'boolean' },
  intimate: { type: 'boolean' },
} as const

type Values = ReturnType<typeof readArgs<typeof options>>['values']

export const request: Command = {
  forms: [
    'request open FILE --name NAME --contact CONTACT --title TITLE --i-compared-them --it-is-accurate [--kind removal|opt-out|information] [--hit N] [--intimate]',
    'request list',
    'request show ID',
    'request send ID [--note TEXT]',
    'request answer ID --state STATE [--note TEXT]',
    'request escalate ID [--note TEXT]',
  ],
  does: 'Cases: opens one from a place where a work was found and that a person has compared, lists them, and writes down that one was sent, answered or escalated.',
  async run(args) {
    const [action = '', ...rest] = args
    const { values, positionals } = readArgs(rest, options)
    if (!Object.hasOwn(ACTIONS, action)) {
      throw new ColophonError('usage', `request takes one of: ${Object.keys(ACTIONS).join(', ')}`)
    }
    return withNode((node) => ACTIONS[action]!(node, values, positionals))
  },
}

type Action = (node: Node, values: Values, positionals: string[]) => Promise<ExitCode>

const ACTIONS: Record<string, Action> = {
  open,
  list,
  show: (node, values, positionals) => show(node, values, needOne(positionals, 'case id')),
  send: (node, values, positionals) => move(node, values, needOne(positionals, 'case id'), 'sent'),
  answer: (node, values, positionals) => move(node, values, needOne(positionals, 'case id'), values.state),
  escalate: (node, values, positionals) => move(node, values, needOne(positionals, 'case id'), 'escalated'),
}

async function open(node: Node, values: Values, positionals: string[]): Promise<ExitCode> {
  const file = needOne(positionals, 'file')
  const { codes } = await identifyFile(file)
  const hits = await node.datasets.check(await queryFor(file))
  const hit = hits[Number(values.hit)]
  if (!hit)
    throw new ColophonError(
      'not_found',
      `the work was found in ${hits.length} places; there is no place ${values.hit}`,
      { where: file },
    )
  const input = requestInputSchema.safeParse({
    kind: values.kind,
    senderName: values.name,
    senderContact: values.contact,
    workTitle: values.title,
    isConfirmed: values['i-compared-them'] ?? false,
    isInGoodFaith: values['it-is-accurate'] ?? false,
    isIntimate: values.intimate ?? false,
  })
  if (!input.success) {
    const issue = input.error.issues[0]!
    throw new ColophonError('usage', issue.message, {
      where: issue.path.join('.'),
      remedy: 'Add --help to see what is needed.',
    })
  }
  const row = (await node.datasets.readRow(hit.dataset, hit.row)) ?? null
  const evidence = { hit, row, codes, foundAt: isoTime(node.register.effects.now()) }
  const { id, accessKey } = await openCase(node.register, node.signer, input.data, evidence)
  const letter = `${file}.request.pdf`
  const found = (await findCase(node.register.database.db, id))!
  writeFileSync(letter, await letterPdf(letterOf(found, node.datasets.list())))
  print(values.json, { id, accessKey, letter, hit }, [
    `Case ${id}`,
    `Key to it on the page: ${accessKey}`,
    `Letter: ${letter}`,
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
