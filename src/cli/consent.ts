import { writeFileSync } from 'node:fs'
import { consentsOfParty, needThread, prepareDraft } from '../api/index.ts'
import { ColophonError, parseJson, readConfig } from '../foundation/index.ts'
import { openNode, type Node } from '../main.ts'
import { sayRules, type Consent } from '../rights/index.ts'
import { signStatement, type UnsignedStatement } from '../statements/index.ts'
import { words } from '../web/index.ts'
import { needOne, print, readArgs, servingUrl, type Command, type ExitCode } from './command.ts'
import { readSigner, recordHere, recordThere } from './recording.ts'

const options = {
  key: { type: 'string' },
  out: { type: 'string', short: 'o' },
  party: { type: 'string' },
  accept: { type: 'boolean' },
  refuse: { type: 'boolean' },
  from: { type: 'string' },
  name: { type: 'string' },
  work: { type: 'string' },
  licensee: { type: 'string' },
  'reply-to': { type: 'string' },
  action: { type: 'string' },
  for: { type: 'string' },
  territory: { type: 'string' },
  until: { type: 'string' },
  price: { type: 'string' },
  currency: { type: 'string' },
  per: { type: 'string' },
  'model-flop-exponent': { type: 'string' },
  purpose: { type: 'string' },
  benefit: { type: 'string' },
  harm: { type: 'string' },
  'answer-by': { type: 'string' },
} as const

type Values = ReturnType<typeof readArgs<typeof options>>['values']

export const consent: Command = {
  forms: [
    'consent propose --key KEY.pem --name NAME --work ID --action ACTION [--for PURPOSE] [--territory CODE] [--until DAY] [--price 50 --currency EUR --per once|work|year|use] [--model-flop-exponent N] [--purpose TEXT] [--benefit TEXT] [--harm TEXT] [--answer-by DAY] [--licensee DID] [-o RECEIPT]',
    'consent propose --key KEY.pem --reply-to ID --action ACTION …',
    'consent answer ID --key KEY.pem --accept|--refuse [-o RECEIPT]',
    'consent take-back ID --key KEY.pem [--from DAY] [-o RECEIPT]',
    'consent list --party DID | --key KEY.pem',
    'consent show ID',
  ],
  does: 'Asks for permission to use a work, answers, counters and takes back; signs with the key file and writes the receipt. No answer is a no.',
  async run(args) {
    const [verb = '', ...rest] = args
    const { values, positionals } = readArgs(rest, options)
    if (!Object.hasOwn(VERBS, verb))
      throw new ColophonError('usage', `consent takes one of: ${Object.keys(VERBS).join(', ')}`)
    const config = readConfig(process.env)
    const url = await servingUrl(config)
    const node = url ? undefined : await openNode(config)
    try {
      return await VERBS[verb]!({ url, node }, values, positionals)
    } finally {
      await node?.close()
    }
  },
}

/** The process that holds the data directory, by its address, or the node that was opened here. */
interface Where {
  url: string | undefined
  node: Node | undefined
}

const VERBS: Record<string, (where: Where, values: Values, positionals: string[]) => Promise<ExitCode>> = {
  propose: (where, values) => record(where, values, proposalForm(values)),
  answer(where, values, positionals) {
    if (values.accept === values.refuse) throw new ColophonError('usage', 'give either --accept or --refuse')
    const answer = values.accept ? 'accept' : 'refuse'
    return record(where, values, { kind: 'answer', proposal: needOne(positionals, 'proposal'), answer })
  },
  'take-back'(where, values, positionals) {
    const side = readSigner(needKey(values)).issuer
    const from = values.from ?? ''
    return record(where, values, { kind: 'takeBack', proposal: needOne(positionals, 'proposal'), side, from })
  },
  async list(where, values) {
    const party = values.party ?? readSigner(needKey(values)).issuer
    const consents = await readConsents(where, party)
    for (const each of consents) print(values.json, each, [lineOf(each)])
    if (consents.length === 0 && !values.json) print(false, {}, [words.t('consents.none')])
    return 0
  },
  async show(where, values, positionals) {
    const found = await readThread(where, needOne(positionals, 'proposal'))
    print(values.json, found, [...linesOf(found.consent), ...found.thread.map((each) => `  ${lineOf(each)}`)])
    return 0
  },
}

function needKey(values: Values): string {
  if (!values.key) throw new ColophonError('usage', 'give --key, the file with the key that signs')
  return values.key
}

function proposalForm(values: Values): Record<string, string> {
  if (!values.action || !(values.work ?? values['reply-to']))
    throw new ColophonError('usage', 'give --action, and --work or --reply-to')
  const renamed = {
    inReplyTo: values['reply-to'],
    modelFlopExponent: values['model-flop-exponent'],
    answerBy: values['answer-by'],
    for: values.for === undefined || values.for.includes(':') ? values.for : `col:${values.for}`,
  }
  const { name, work, licensee, action, territory, until, price, currency, per, purpose, benefit, harm } = values
  const same = { name, work, licensee, action, territory, until, price, currency, per, purpose, benefit, harm }
  const given = Object.entries({ ...same, ...renamed }).filter(([, value]) => value !== undefined)
  // Who runs the command says it of his own accord: there is no box to tick.
  return { ...(Object.fromEntries(given) as Record<string, string>), kind: 'proposal', isEntitled: 'yes' }
}

/** Puts it into words, signs them with the key file, records them, and writes the receipt. */
async function record({ url, node }: Where, values: Values, form: Record<string, string>): Promise<ExitCode> {
  const signer = readSigner(needKey(values))
  const { statement } = node
    ? await prepareDraft(node, signer.issuer, form)
    : await call<{ statement: UnsignedStatement }>(url!, '/api/drafts/prepare', { party: signer.issuer, draft: form })
  if (statement.issuer !== signer.issuer)
    throw new ColophonError('not_authorised', 'this is not for your key to sign', { where: statement.issuer })
  const signed = signStatement(statement, signer)
  const { receipt } = node ? await recordHere(node, signed) : await recordThere(url!, signed)
  const path = values.out ?? `${statement.id.slice('urn:uuid:'.length)}.tlog-proof`
  writeFileSync(path, receipt)
  print(values.json, { statement: statement.id, receipt: path }, [`Recorded ${statement.id}`, `Receipt: ${path}`])
  return 0
}

async function readThread({ url, node }: Where, id: string): Promise<{ consent: Consent; thread: Consent[] }> {
  return node ? needThread(node, id) : call(url!, `/api/consents/${encodeURIComponent(id)}`)
}

async function readConsents({ url, node }: Where, party: string): Promise<Consent[]> {
  if (node) return consentsOfParty(node, party)
  const path = `/api/parties/${encodeURIComponent(party)}/consents`
  return (await call<{ consents: Consent[] }>(url!, path)).consents
}

/** Asks the process that serves; what it refuses is refused here. */
async function call<Answer>(url: string, path: string, body?: object): Promise<Answer> {
  const sent = body && { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
  const response = await fetch(url + path, sent)
  const answer = parseJson(await response.text(), url) as Answer & { error?: { message: string; where?: string } }
  if (response.ok) return answer
  throw new ColophonError('invalid_statement', answer.error?.message ?? `the node answered ${response.status}`, {
    where: answer.error?.where ?? url,
  })
}

function lineOf(each: Consent): string {
  const { id, state, proposer, other, recordedAt } = each
  const said = sayRules(each.rules, words).join(' ')
  return `${recordedAt.slice(0, 10)} ${id}: ${said} ${proposer} → ${other}: ${words.t(`consent.state.${state}`)}`
}

function linesOf(each: Consent): string[] {
  const { t } = words
  return [
    t(`consent.title.${each.state}`),
    t(`consent.lead.${each.state}`, { proposer: each.proposer, other: each.other }),
    ...sayRules(each.rules, words).map((sentence) => `  ${sentence}`),
    ...(['purpose', 'benefit', 'harm'] as const).flatMap((field) =>
      each[field] === null ? [] : [`  ${t(`consent.${field}`)}: ${each[field]}`],
    ),
    `  ${t('consent.target')}: ${each.target.id}`,
    ...(each.answerBy === null ? [] : [`  ${t('consent.answerBy')} ${each.answerBy}`]),
    ...(each.takenBack === null ? [] : [`  ${t('consent.takenBack')} ${each.takenBack.effectiveFrom}`]),
    '',
  ]
}
