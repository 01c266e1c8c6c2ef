import { consentsOfParty, needThread } from '../api/index.ts'
import { ColophonError } from '../foundation/index.ts'
import { sayRules, type Consent } from '../rights/index.ts'
import { words } from '../web/index.ts'
import { needOne, print, readArgs, readVerb, type Command, type ExitCode } from './command.ts'
import { ask, withPlace, type Place } from './place.ts'
import { readSigner } from './recording.ts'
import { needKey, signForm, signingOptions } from './signing.ts'

const options = {
  ...signingOptions,
  party: { type: 'string' },
  accept: { type: 'boolean' },
  refuse: { type: 'boolean' },
  from: { type: 'string' },
  text: { type: 'string' },
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
  representative: { type: 'string' },
  power: { type: 'string', multiple: true },
} as const

type Values = ReturnType<typeof readArgs<typeof options>>['values']

export const consent: Command = {
  forms: [
    'consent propose --key KEY.pem --name NAME --work ID --action ACTION [--for PURPOSE] [--territory CODE] [--until DAY] [--price 50 --currency EUR --per once|work|year|use] [--model-flop-exponent N] [--purpose TEXT] [--benefit TEXT] [--harm TEXT] [--answer-by DAY] [--licensee DID] [-o RECEIPT]',
    'consent propose --key KEY.pem --reply-to ID --action ACTION …',
    'consent answer ID --key KEY.pem --accept|--refuse [-o RECEIPT]',
    'consent take-back ID --key KEY.pem [--from DAY] [-o RECEIPT]',
    'consent report ID --key KEY.pem --text TEXT [-o RECEIPT]',
    'consent mandate --key KEY.pem --representative DID --power declare|reserve|grant|request … [--from DAY] [--until DAY] [--name NAME] [-o RECEIPT]',
    'consent list --party DID | --key KEY.pem',
    'consent show ID',
  ],
  does: 'Asks for permission to use a work, answers, counters, takes back, and reports on the use; signs with the key file and writes the receipt. No answer is a no. A mandate lets an agent or a collecting society do so: with --on-behalf-of DID.',
  async run(args) {
    const { run, values, positionals } = readVerb('consent', VERBS, options, args)
    return withPlace((place) => run(place, values, positionals))
  },
}

const VERBS: Record<string, (place: Place, values: Values, positionals: string[]) => Promise<ExitCode>> = {
  propose: (place, values) => signForm(place, values, proposalForm(values)),
  answer(place, values, positionals) {
    if (values.accept === values.refuse) throw new ColophonError('usage', 'give either --accept or --refuse')
    const answer = values.accept ? 'accept' : 'refuse'
    return signForm(place, values, { kind: 'answer', proposal: needOne(positionals, 'proposal'), answer })
  },
  'take-back'(place, values, positionals) {
    const side = values['on-behalf-of'] ?? readSigner(needKey(values)).issuer
    const from = values.from ?? ''
    return signForm(place, values, { kind: 'takeBack', proposal: needOne(positionals, 'proposal'), side, from })
  },
  report: (place, values, positionals) =>
    signForm(place, values, { kind: 'report', proposal: needOne(positionals, 'proposal'), report: values.text }),
  mandate: (place, values) =>
    signForm(place, values, {
      kind: 'mandate',
      representative: values.representative ?? '',
      powers: values.power?.join(' ') ?? '',
      from: values.from,
      until: values.until,
    }),
  async list(place, values) {
    const party = values.party ?? readSigner(needKey(values)).issuer
    const consents = await readConsents(place, party)
    for (const each of consents) print(values.json, each, [lineOf(each)])
    if (consents.length === 0 && !values.json) print(false, {}, [words.t('consents.none')])
    return 0
  },
  async show(place, values, positionals) {
    const found = await readThread(place, needOne(positionals, 'proposal'))
    print(values.json, found, [
      ...linesOf(found.consent),
      ...found.thread.map((each) => `  ${lineOf(each)}`),
      ...found.reports.map(
        ({ recordedAt, report }) => `  ${recordedAt.slice(0, 10)} ${words.t('audit.report')}: ${report}`,
      ),
    ])
    return 0
  },
}

function proposalForm(values: Values): Record<string, string | undefined> {
  if (!values.action || !(values.work ?? values['reply-to']))
    throw new ColophonError('usage', 'give --action, and --work or --reply-to')
  const renamed = {
    inReplyTo: values['reply-to'],
    modelFlopExponent: values['model-flop-exponent'],
    answerBy: values['answer-by'],
    for: values.for === undefined || values.for.includes(':') ? values.for : `col:${values.for}`,
  }
  return { kind: 'proposal', ...Object.fromEntries(SAME_NAMES.map((name) => [name, values[name]])), ...renamed }
}

/** Options that are called as the fields of the form. */
// prettier-ignore
const SAME_NAMES = [
  'work', 'licensee', 'action', 'territory', 'until', 'price', 'currency', 'per', 'purpose', 'benefit', 'harm',
] as const

async function readThread({ url, node }: Place, id: string): Promise<Awaited<ReturnType<typeof needThread>>> {
  return node ? needThread(node, id) : ask(url, `/api/consents/${encodeURIComponent(id)}`)
}

async function readConsents({ url, node }: Place, party: string): Promise<Consent[]> {
  if (node) return consentsOfParty(node, party)
  const path = `/api/parties/${encodeURIComponent(party)}/consents`
  return (await ask<{ consents: Consent[] }>(url, path)).consents
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
