import { html } from 'hono/html'
import { needOffer, pathOfOffer } from '../api/index.ts'
import { isoTime } from '../foundation/index.ts'
import { languageName } from '../languages/index.ts'
import type { Node } from '../main.ts'
import { audiences, findScope, listCollectionsOf, listOffers, type Offer } from '../offering/index.ts'
import { counterForm, ruleForm } from './consentForm.ts'
import { areaField, dayField, selectField, textField } from './fields.ts'
import { code, facts, page, type Html } from './layout.ts'
import { isExample } from './pages.ts'
import { isPasskey, partyLink } from './partyNames.ts'
import { signingForm } from './signingForm.ts'
import { mediumName, number, t, when, words } from './text.ts'
import { saidOf, sentenceList } from './wizardPages.ts'

const OFFERS_ON_PAGE = 30
const LANGUAGES_SHOWN = 10

/** What holders offer, the newest first: never ranked by price or by who offers. */
export async function catalogPage(node: Node, before: number | undefined): Promise<Html> {
  const { database, effects } = node.register
  const asked = { before, limit: OFFERS_ON_PAGE, at: isoTime(effects.now()) }
  const { offers, next } = await listOffers(database.db, asked)
  return page({
    title: t('offer.list.title'),
    path: '/catalog',
    isExample: isExample(node),
    content: html`<p class="lead">${t('offer.list.lead')}</p>
      ${offers.length === 0 ? html`<p>${t('offer.list.none')}</p>` : ''}
      ${offers.map(
        (offer) =>
          html`<section class="hit">
            <h2><a href="${pathOfOffer(offer.id)}">${offer.title}</a></h2>
            ${offerFacts(offer, false)} ${sentenceList(saidOf([offer]))}
          </section>`,
      )}
      ${next === undefined ? '' : html`<p><a href="/catalog?before=${next}">${t('offer.list.older')}</a></p>`}
      <p>${t('offer.list.how')}</p>
      <p><a href="/catalog.jsonld">${t('offer.list.machine')}</a></p>`,
  })
}

/** One offer: what it holds, the terms in words, and how it is asked for. */
export async function offeredPage(node: Node, id: string): Promise<Html> {
  const offer = await needOffer(node, id)
  const path = pathOfOffer(offer.id)
  return page({
    title: offer.title,
    path: '/catalog/offer',
    isExample: isExample(node),
    script: 'sign',
    content: html`${offer.description === null ? '' : html`<p class="lead">${offer.description}</p>`}
      ${offer.state === 'open' ? '' : html`<p role="note"><strong>${t(`offer.state.${offer.state}`)}</strong></p>`}
      ${offerFacts(offer, true)}
      <h2>${t('offer.set.terms')}</h2>
      ${sentenceList(saidOf([offer]))}
      <p>${t('offer.set.nothing')}</p>
      ${
        offer.state === 'open'
          ? html`<p>
              <a class="button" href="/consents/new?offer=${encodeURIComponent(offer.id)}">${t('offer.set.ask')}</a>
            </p>`
          : ''
      }
      <h2>${t('offer.set.records')}</h2>
      <ul>
        <li><a href="/iiif/collections/${encodeURIComponent(offer.scope.id)}.json">IIIF</a></li>
        <li><a href="/oai?verb=Identify">OAI-PMH</a></li>
        <li><a href="${path}/dataset.jsonld">schema.org</a></li>
        <li><a href="${path}/policy.jsonld">ODRL</a></li>
      </ul>
      ${offer.state === 'withdrawn' ? '' : takeBackForm(offer)}`,
  })
}

function offerFacts(offer: Offer, isWhole: boolean): Html {
  const { works, media, languages, audience, validUntil, logIndex } = offer
  const list = (texts: string[]) => new Intl.ListFormat(words.language, { type: 'unit' }).format(texts)
  const spoken = languages.slice(0, LANGUAGES_SHOWN).map(({ name }) => nameOfLanguage(name))
  return facts([
    [t('offer.set.holder'), partyLink(offer.party, offer.partyName)],
    [t('offer.set.holds'), t('works.count', { count: works })],
    media.length === 0
      ? undefined
      : [t('offer.set.media'), list(media.map(({ name, count }) => `${mediumName(name)} (${number(count)})`))],
    spoken.length === 0 ? undefined : [t('offer.set.languages'), list(spoken)],
    [t('offer.set.for'), list(audience.map((each) => t(`offer.for.${each}`)))],
    validUntil === null ? undefined : [t('offer.set.until'), when(validUntil)],
    isWhole ? [t('consent.proposed'), html`<a href="/receipts/${logIndex}">${when(offer.recordedAt)}</a>`] : undefined,
    isWhole ? [t('consent.id'), code(offer.id)] : undefined,
  ])
}

function nameOfLanguage(tag: string): string {
  return new Intl.DisplayNames(words.language, { type: 'language' }).of(tag) ?? languageName(tag) ?? tag
}

function takeBackForm({ id, party, partyName }: Offer): Html {
  return html`<h2>${t('answer.title', { name: partyName })}</h2>
    <p>${t('offer.back.text')}</p>
    ${signingForm({
      kind: 'offerBack',
      hidden: { offer: id },
      isKnown: true,
      hasPasskey: isPasskey(party),
      content: html``,
    })}`
}

/** Offers a collection, or all works of a party. Undefined when nothing of it may be shown. */
export async function newOfferPage(node: Node, id: string | undefined): Promise<Html | undefined> {
  const { database, effects } = node.register
  const scope = id === undefined ? undefined : await findScope(database.db, id, isoTime(effects.now()))
  if (!scope) return undefined
  return page({
    title: t('offer.new.title'),
    path: '/catalog/new',
    isExample: isExample(node),
    script: 'sign',
    content: html`<p class="lead">
        ${t(`offer.new.${scope.kind}`, { title: scope.title, name: scope.partyName })}
      </p>
      <p>${t('offer.set.nothing')}</p>
      ${signingForm({
        kind: 'offer',
        hidden: { scope: scope.id },
        isKnown: true,
        hasPasskey: isPasskey(scope.party),
        content: html`${textField('title', t('offer.new.name'), undefined, scope.title)}
        ${areaField('description', t('offer.new.description'), t('ask.purpose.help'), 3000)}
        ${selectField(
          'audience',
          t('offer.set.for'),
          audiences.map((each) => [each, t(`offer.for.${each}`)] as const),
        )}
        ${ruleForm('offer')} ${dayField('offerUntil', t('offer.set.until'), t('ask.until.help'))}`,
      })}`,
  })
}

/** Asks for what is offered: every rule of the offer is filled in, and may be changed. */
export async function requestOfferPage(node: Node, id: string): Promise<Html | undefined> {
  const offer = await needOffer(node, id)
  if (offer.state !== 'open') return undefined
  return page({
    title: t('offer.ask.title'),
    path: '/consents/new',
    isExample: isExample(node),
    script: 'sign',
    content: html`<p class="lead">${t('offer.ask.lead', { title: offer.title, name: offer.partyName })}</p>
      <p>${t('consents.silence')} <a href="/consents">${t('ask.how')}</a></p>
      ${signingForm({
        kind: 'request',
        hidden: { offer: offer.id },
        isKnown: false,
        entitled: t('sign.entitled.proposal'),
        content: counterForm(offer.rules, 'ask'),
      })}`,
  })
}

/** On a party's page: the ways to offer what it declared. */
export async function offerLinks(node: Node, party: string): Promise<Html> {
  const { database, effects } = node.register
  const collections = await listCollectionsOf(database.db, party, isoTime(effects.now()))
  const link = (id: string) => `/catalog/new?scope=${encodeURIComponent(id)}`
  return html`${
    collections.length === 0
      ? ''
      : html`<h2>${t('offer.party.collections')}</h2>
          <ul>
            ${collections.map(
              ({ id, title }) =>
                html`<li>${title}: <a href="${link(id)}">${t('offer.party.offer')}</a> ${code(id)}</li>`,
            )}
          </ul>`
  }
    <p><a href="${link(party)}">${t('offer.party.all')}</a></p>`
}
