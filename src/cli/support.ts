import { readFileSync, statSync } from 'node:fs'
import { extname } from 'node:path'
import { parse } from 'yaml'
import { ColophonError, limits, parseJson } from '../foundation/index.ts'
import {
  callState,
  changeCall,
  criteriaOf,
  dayOf,
  declareConflict,
  decideCall,
  decideUrgent,
  findApplication,
  findCall,
  giveScore,
  listApplications,
  listAwards,
  listCalls,
  makeCall,
  needApplication,
  openScheme,
  planDecision,
  readPlan,
  writeWords,
  type CallInput,
  type DecisionPlan,
  type Scheme,
} from '../levy/index.ts'
import { needOne, print, readArgs, readVerb, withRegister, type Command, type ExitCode } from './command.ts'
import { readSigner } from './recording.ts'
import { needKey } from './signing.ts'

const options = {
  plan: { type: 'string' },
  replace: { type: 'string' },
  key: { type: 'string' },
  scores: { type: 'string' },
  conflict: { type: 'string' },
  reasons: { type: 'string' },
  agreed: { type: 'string' },
  call: { type: 'string' },
} as const
type Values = ReturnType<typeof readArgs<typeof options>>['values']

export const support: Command = {
  forms: [
    'support call FILE --plan PLAN.yaml [--replace CALL]',
    'support list [CALL]',
    'support assess APPLICATION --key KEY.pem [--scores FILE | --conflict TEXT]',
    'support decide CALL|APPLICATION [--reasons FILE] [--agreed HASH]',
    'support awards [--call CALL]',
  ],
  does: 'The support scheme of the fund (FUND_PARTY). call makes a call from a JSON or YAML file; --replace changes one that has not opened yet. list tells calls, or the applications of one. assess gives points and words for each criterion (a list of {points, words}), which says that there is no conflict, or declares one. decide shows what would be decided; with --agreed and the hash that it shows it decides a call that has closed, an urgent application at once. --reasons is a file of the officer’s sentences by application. awards tells what is final.',
  async run(args) {
    const { run, values, positionals } = readVerb('support', ACTIONS, options, args)
    return withRegister((node) => run(openScheme(node.register, node.config), values, positionals))
  },
}

type Action = (scheme: Scheme, values: Values, positionals: string[]) => Promise<ExitCode>

const ACTIONS: Record<string, Action> = {
  async call(scheme, values, positionals) {
    const input = readDocument(needOne(positionals, 'file')) as CallInput
    if (!values.plan) throw new ColophonError('usage', 'give --plan, the file of the plan in force')
    const plan = readPlan(readText(values.plan), values.plan)
    const id = values.replace ?? (await makeCall(scheme, scheme.fund, input, plan))
    if (values.replace !== undefined) await changeCall(scheme, scheme.fund, id, input, plan)
    print(values.json, { call: id }, [id])
    return 0
  },
  async list(scheme, values, positionals) {
    return positionals.length === 0 ? tellCalls(scheme, values) : tellApplications(scheme, values, positionals)
  },
  assess,
  decide,
  async awards({ db, effects }, values) {
    const found = await listAwards(db, effects.now(), values.call === undefined ? {} : { call: values.call })
    const awards = found.map((award) => ({ ...award, cents: award.cents.toString() }))
    const lines = awards.map(({ id, cents, currency, name, call }) => `${id} ${cents} ${currency} ${name} (${call})`)
    print(values.json, { awards }, lines.length > 0 ? lines : ['No award is final.'])
    return 0
  },
}

async function tellCalls({ db, effects }: Scheme, values: Values): Promise<ExitCode> {
  const today = dayOf(effects.now())
  const calls = (await listCalls(db, 1000)).map((call) => {
    const { id, title, opens, closes, currency } = call
    const state = call.decided_at === null ? callState(call, today) : 'decided'
    return { id, title, state, opens, closes, currency, budgetCents: call.budget_cents.toString() }
  })
  const lines = calls.map(({ id, title, state, opens, closes }) => `${id} ${state} ${opens}–${closes} ${title}`)
  print(values.json, { calls }, lines.length > 0 ? lines : ['No calls.'])
  return 0
}

/** Names and texts are told on the pages, to whoever may see them. */
async function tellApplications({ db }: Scheme, values: Values, positionals: string[]): Promise<ExitCode> {
  const call = needOne(positionals, 'call id')
  if (!(await findCall(db, call))) throw new ColophonError('not_found', 'there is no such call', { where: call })
  const applications = (await listApplications(db, call)).map((row) => ({
    id: row.id,
    state: row.state,
    isUrgent: row.is_urgent === 1n,
    urgentDue: row.urgent_due,
    askedCents: row.asked_cents.toString(),
  }))
  const lines = applications.map(({ id, state, urgentDue }) => `${id} ${state}${urgentDue ? ` due ${urgentDue}` : ''}`)
  print(values.json, { applications }, lines.length > 0 ? lines : ['No applications.'])
  return 0
}

async function assess(scheme: Scheme, values: Values, positionals: string[]): Promise<ExitCode> {
  const id = needOne(positionals, 'application id')
  const party = readSigner(needKey(values)).issuer
  if ((values.scores === undefined) === (values.conflict === undefined))
    throw new ColophonError('usage', 'give either --scores or --conflict')
  if (values.conflict !== undefined) {
    await declareConflict(scheme, id, party, { isConflict: true, words: values.conflict })
    print(values.json, { application: id, isConflict: true }, [`${id}: conflict declared`])
    return 0
  }
  const scores = readDocument(values.scores!)
  if (!Array.isArray(scores)) throw new ColophonError('invalid_input', 'scores are a list', { where: values.scores! })
  const call = (await findCall(scheme.db, (await needApplication(scheme.db, id)).in_call))!
  await declareConflict(scheme, id, party, { isConflict: false, words: '' })
  await giveScore(scheme, id, party, scores as { points: number; words: string }[])
  print(values.json, { application: id, criteria: criteriaOf(call).length }, [`${id}: points given`])
  return 0
}

async function decide(scheme: Scheme, values: Values, positionals: string[]): Promise<ExitCode> {
  const id = needOne(positionals, 'call or application id')
  if (values.reasons !== undefined) await writeReasons(scheme, values.reasons)
  if (await findApplication(scheme.db, { id })) {
    await decideUrgent(scheme, scheme.fund, id)
    print(values.json, { application: id, isDecided: true }, [`${id}: decided`])
    return 0
  }
  const planned = await planDecision(scheme, id)
  if (values.agreed !== undefined) await decideCall(scheme, scheme.fund, id, values.agreed)
  const isDecided = values.agreed !== undefined
  const outcomes = planned.allocations.map(({ id: application, outcome, cents, points, scores }) => ({
    application,
    outcome,
    cents: cents.toString(),
    points: `${points}/${scores}`,
  }))
  const { missing, agreed } = planned
  print(values.json, { call: id, isDecided, outcomes, missing, agreed }, decideLines(planned, isDecided))
  return missing.length === 0 ? 0 : 1
}

function decideLines({ allocations, missing, agreed }: DecisionPlan, isDecided: boolean): string[] {
  const ranked = allocations.map(({ id, outcome, cents, points, scores }, i) => {
    return `${i + 1}. ${id} ${outcome} ${cents} (${points}/${scores} points)`
  })
  const lacking = missing.map(({ id, what }) => `${id}: ${what} missing`)
  return [...ranked, ...lacking, isDecided ? 'Decided.' : `Nothing was decided. To decide it: --agreed ${agreed}`]
}

async function writeReasons(scheme: Scheme, path: string): Promise<void> {
  const reasons = readDocument(path)
  if (typeof reasons !== 'object' || reasons === null || Array.isArray(reasons))
    throw new ColophonError('invalid_input', 'reasons are sentences by application', { where: path })
  for (const [id, words] of Object.entries(reasons)) await writeWords(scheme, scheme.fund, id, String(words))
}

function readText(path: string): string {
  try {
    if (statSync(path).size > limits.jsonBodyBytesMax)
      throw new ColophonError('too_large', 'the file is larger than 1 MB', { where: path })
    return readFileSync(path, 'utf8')
  } catch (cause) {
    if (cause instanceof ColophonError) throw cause
    throw new ColophonError('unreadable_file', 'there is no such file, or it cannot be read', { where: path, cause })
  }
}

/** A JSON or YAML file, by its name. */
function readDocument(path: string): unknown {
  const text = readText(path)
  if (extname(path).toLowerCase() === '.json') return parseJson(text, path)
  try {
    // References could make a few characters expand to millions.
    return parse(text, { maxAliasCount: 0 }) as unknown
  } catch (cause) {
    throw new ColophonError('invalid_json', (cause as Error).message.split('\n')[0]!, { where: path, cause })
  }
}
