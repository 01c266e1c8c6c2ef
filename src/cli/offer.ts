import { consentsOfParty, fieldsAsProposed, needOffer } from '../api/index.ts'
import { ColophonError, isoTime } from '../foundation/index.ts'
import type { Node } from '../main.ts'
import { audiences, listOffers, listOffersOf, type Offer } from '../offering/index.ts'
import { sayRules, type Consent } from '../rights/index.ts'
import { words } from '../web/index.ts'
import { needOne, print, readArgs, readVerb, withRegister, type Command, type ExitCode } from './command.ts'
import { withPlace } from './place.ts'
import { needKey, signForm, signingOptions } from './signing.ts'
import { readSigner } from './recording.ts'

const options = {
  ...signingOptions,
  title: { type: 'string' },
  description: { type: 'string' },
  audience: { type: 'string' },
  'offer-until': { type: 'string' },
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
  accept: { type: 'boolean' },
  refuse: { type: 'boolean' },
  party: { type: 'string' },
  before: { type: 'string' },
} as const

type Values = ReturnType<typeof readArgs<typeof options>>['values']

const CONDITIONS =
  '[--for PURPOSE] [--territory CODE] [--until DAY] [--price 50 --currency EUR --per once|work|year|use] [--model-flop-exponent N]'

export const offer: Command = {
  forms: [
    `offer make COLLECTION|DID --key KEY.pem --title TITLE --action ACTION [--audience ${audiences.join('|')}] [--description TEXT] [--offer-until DAY] ${CONDITIONS} [-o RECEIPT]`,
    'offer list [--before ENTRY] | --party DID | --key KEY.pem',
    'offer show ID',
    `offer ask ID --key KEY.pem [--name NAME] [--purpose TEXT] [--benefit TEXT] [--harm TEXT] [--answer-by DAY] ${CONDITIONS} [-o RECEIPT]`,
    'offer answer REQUEST --key KEY.pem --accept|--refuse [-o RECEIPT]',
    'offer take-back ID --key KEY.pem [-o RECEIPT]',
  ],
  does: 'Offers a collection, or all works of a party, in the catalogue; lists offers (the open ones, or all of a party); shows one with the requests for it; asks for what is offered, as it is offered or with other conditions; and answers such a request. An offer allows nothing: the answer does. With --on-behalf-of DID by a mandate.',
  async run(args) {
    const { run, values, positionals } = readVerb('offer', VERBS, options, args)
    return run(values, positionals)
  },
}

const VERBS: Record<string, (values: Values, positionals: string[]) => Promise<ExitCode>> = {
  make(values, positionals) {
    const { title, description, audience = 'anyone' } = values
    const scope = needOne(positionals, 'collection or party')
    const about = { scope, title, description, audience, offerUntil: values['offer-until'], action: values.action }
    return sign(values, { kind: 'offer', ...about, ...conditionsOf(values) })
  },
  list,
  show,
  ask,
  answer(values, positionals) {
    if (values.accept === values.refuse) throw new ColophonError('usage', 'give either --accept or --refuse')
    const answer = values.accept ? 'accept' : 'refuse'
    return sign(values, { kind: 'answer', proposal: needOne(positionals, 'request'), answer })
  },
  'take-back': (values, positionals) => sign(values, { kind: 'offerBack', offer: needOne(positionals, 'offer') }),
}

function sign(values: Values, fields: Record<string, string | undefined>): Promise<ExitCode> {
  return withPlace((place) => signForm(place, values, fields))
}

function conditionsOf(values: Values): Record<string, string | undefined> {
  const { territory, until, price, currency, per } = values
  const purpose = values.for === undefined || values.for.includes(':') ? values.for : `col:${values.for}`
  return { for: purpose, territory, until, price, currency, per, modelFlopExponent: values['model-flop-exponent'] }
}

async function list(values: Values): Promise<ExitCode> {
  const party = values.party ?? (values.key === undefined ? undefined : readSigner(needKey(values)).issuer)
  const { offers, next } = await withRegister(({ register }) => {
    const [{ db }, at] = [register.database, isoTime(register.effects.now())]
    if (party !== undefined) return listOffersOf(db, party, at).then((offers) => ({ offers, next: undefined }))
    return listOffers(db, { before: readEntry(values.before), limit: OFFERS_LISTED, at })
  })
  for (const each of offers) print(values.json, each, [lineOf(each)])
  if (offers.length === 0 && !values.json) print(false, {}, [words.t('offer.list.none')])
  if (next !== undefined && !values.json) print(false, {}, [`${words.t('offer.list.older')}: --before ${next}`])
  return 0
}

const OFFERS_LISTED = 50

function readEntry(text: string | undefined): number | undefined {
  if (text === undefined || /^\d{1,15}$/.test(text)) return text === undefined ? undefined : Number(text)
  throw new ColophonError('usage', 'the place of an entry is a number', { where: '--before' })
}

/** One offer, and what was asked for of it: whoever answers needs the ids of the requests. */
async function show(values: Values, positionals: string[]): Promise<ExitCode> {
  const id = needOne(positionals, 'offer')
  const found = await withRegister(async (node) => {
    const offered = await needOffer(node, id)
    return { offer: offered, requests: await requestsFor(node, offered) }
  })
  const { t } = words
  print(values.json, found, [
    lineOf(found.offer),
    ...(found.offer.description === null ? [] : [found.offer.description]),
    ...sayRules(found.offer.rules, words).map((sentence) => `  ${sentence}`),
    t('offer.set.nothing'),
    ...found.requests.map(requestLine),
  ])
  return 0
}

/** What others proposed about the same set to whoever offers it, the newest first. */
async function requestsFor(node: Node, { party, target }: Offer): Promise<Consent[]> {
  const consents = await consentsOfParty(node, party)
  return consents.filter((each) => each.licensor === party && each.proposer !== party && each.target.id === target.id)
}

/** As it is offered, but for what the options say. */
async function ask(values: Values, positionals: string[]): Promise<ExitCode> {
  const id = needOne(positionals, 'offer')
  const { rules } = await withRegister((node) => needOffer(node, id))
  const changed = Object.entries(conditionsOf(values)).filter(([, value]) => value !== undefined)
  if (changed.length > 0 && rules.length > 1)
    throw new ColophonError('usage', 'this offer has several rules: ask for them as they are, or on its page', {
      where: id,
    })
  const { purpose, benefit, harm } = values
  const why = { purpose, benefit, harm, answerBy: values['answer-by'] }
  const own = Object.fromEntries(changed.map(([name, value]) => [`${name}-1`, value]))
  return sign(values, { kind: 'request', offer: id, ...fieldsAsProposed(rules), ...own, ...why })
}

function lineOf({ id, title, partyName, works, audience, state, recordedAt }: Offer): string {
  const { t } = words
  const who = audience.map((each) => t(`offer.for.${each}`)).join(', ')
  const ended = state === 'open' ? '' : ` ${t(`offer.state.${state}`)}`
  return `${recordedAt.slice(0, 10)} ${id}: ${title}, ${partyName}. ${t('works.count', { count: works })} ${t('offer.set.for')}: ${who}.${ended}`
}

function requestLine({ id, proposer, rules, state, recordedAt }: Consent): string {
  const said = sayRules(rules, words).join(' ')
  return `${recordedAt.slice(0, 10)} ${id}: ${proposer}: ${said} ${words.t(`consent.state.${state}`)}`
}
