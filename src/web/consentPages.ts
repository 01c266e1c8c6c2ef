import { html } from 'hono/html'
import { consentsOfParty, needThread } from '../api/index.ts'
import type { Node } from '../main.ts'
import { findParty, findWork } from '../register/index.ts'
import type { Consent, UseReport } from '../rights/index.ts'
import { counterForm, proposalForm } from './consentForm.ts'
import { code, facts, page, type Html } from './layout.ts'
import { isExample } from './pages.ts'
import { isPasskey, partyLink, partyName } from './partyNames.ts'
import { choice } from './reservePages.ts'
import { areaField, dayField, textField } from './fields.ts'
import { signingForm } from './signingForm.ts'
import { targetName } from './termsPages.ts'
import { t, when } from './text.ts'
import { saidOf, sentenceList } from './wizardPages.ts'

/** How permission is asked for here, and what an answer means. */
export function consentsPage(node: Node): Html {
  const keys = ['consents.ask', 'consents.answer', 'consents.silence', 'consents.back', 'consents.public']
  return page({
    title: t('consents.title'),
    path: '/consents',
    isExample: isExample(node),
    content: html`<p class="lead">${t('consents.lead')}</p>
      ${keys.map((key) => html`<p>${t(key)}</p>`)}
      <p><a class="button" href="/works">${t('consents.works')}</a></p>
      <p>${t('consents.cli')}</p>
      <pre>npx colophon consent show ID</pre>`,
  })
}

/** Asks for a permission, or answers with other conditions. Undefined when there is nothing to ask about. */
export async function newConsentPage(
  node: Node,
  given: { work?: string | undefined; reply?: string | undefined },
): Promise<Html | undefined> {
  if (given.reply !== undefined) return counterPage(node, (await needThread(node, given.reply)).consent)
  const { db } = node.register.database
  const work = given.work === undefined ? undefined : await findWork(db, given.work)
  if (!work || work.is_sealed === 1n) return undefined
  const party = await findParty(db, work.party)
  return page({
    title: t('ask.title'),
    path: '/consents/new',
    isExample: isExample(node),
    script: 'sign',
    content: html`<p class="lead">
        ${t('ask.lead', { title: work.title, name: party?.name ?? work.party })}
      </p>
      <p>${t('consents.silence')} <a href="/consents">${t('ask.how')}</a></p>
      ${signingForm({ kind: 'proposal', hidden: { work: work.id }, isKnown: false, content: proposalForm('ask') })}`,
  })
}

/** Whoever declared a work offers a permission. Undefined when there is no such public work. */
export async function offerPage(node: Node, id: string | undefined): Promise<Html | undefined> {
  const work = id === undefined ? undefined : await findWork(node.register.database.db, id)
  if (!work || work.is_sealed === 1n) return undefined
  const name = await partyName(node, work.party)
  return page({
    title: t('offer.title'),
    path: '/consents/offer',
    isExample: isExample(node),
    script: 'sign',
    content: html`<p class="lead">${t('offer.lead', { title: work.title, name })}</p>
      <p>${t('offer.nothing')} <a href="/consents">${t('ask.how')}</a></p>
      ${signingForm({
        kind: 'proposal',
        hidden: { work: work.id },
        isKnown: true,
        hasPasskey: isPasskey(work.party),
        content: html`${textField('licensee', t('offer.licensee'), t('offer.licensee.help'))} ${proposalForm('offer')}`,
      })}`,
  })
}

async function counterPage(node: Node, consent: Consent): Promise<Html | undefined> {
  if (consent.state !== 'open') return undefined
  return page({
    title: t('counter.title'),
    path: '/consents/new',
    isExample: isExample(node),
    script: 'sign',
    content: html`<p class="lead">
        ${t('counter.lead', { name: await partyName(node, consent.other), other: await partyName(node, consent.proposer) })}
      </p>
      <p>${t('counter.kept')}</p>
      ${signingForm({
        kind: 'counter',
        hidden: { inReplyTo: consent.id },
        isKnown: true,
        hasPasskey: isPasskey(consent.other),
        content: counterForm(consent.rules),
      })}`,
  })
}

/** One proposal: what is asked, where it stands, what led to it, and what either side can do now. */
export async function consentPage(node: Node, id: string): Promise<Html> {
  const { consent, thread, reports } = await needThread(node, id)
  const names = {
    proposer: await partyName(node, consent.proposer),
    other: await partyName(node, consent.other),
  }
  return page({
    title: t(`consent.title.${consent.state}`),
    path: '/consents',
    isExample: isExample(node),
    script: 'sign',
    content: html`<p class="lead">${t(`consent.lead.${consent.state}`, names)}</p>
      ${sentenceList(saidOf([consent]))} ${await consentFacts(node, consent)} ${threadList(consent, thread)}
      ${consent.state === 'open' ? answerForm(consent, names.other) : ''}
      ${await reportSection(node, consent, reports)} ${takeBackForm(consent, names)}`,
  })
}

async function consentFacts(node: Node, consent: Consent): Promise<Html> {
  const { answer, takenBack, answerBy, validFrom, validUntil } = consent
  const receipt = (logIndex: number, text: string) => html`<a href="/receipts/${logIndex}">${text}</a>`
  return facts([
    [t('consent.target'), await targetName(node, consent.target)],
    [t('consent.licensor'), partyLink(consent.licensor, await partyName(node, consent.licensor))],
    [t('consent.licensee'), partyLink(consent.licensee, await partyName(node, consent.licensee))],
    consent.purpose === null ? undefined : [t('consent.purpose'), consent.purpose],
    consent.benefit === null ? undefined : [t('consent.benefit'), consent.benefit],
    consent.harm === null ? undefined : [t('consent.harm'), consent.harm],
    validFrom > consent.recordedAt ? [t('consent.validFrom'), when(validFrom)] : undefined,
    validUntil === null ? undefined : [t('consent.validUntil'), when(validUntil)],
    answerBy === null ? undefined : [t('consent.answerBy'), when(answerBy)],
    [t('consent.proposed'), receipt(consent.logIndex, when(consent.recordedAt))],
    answer ? [t(`consent.answered.${answer.answer}`), receipt(answer.logIndex, when(answer.recordedAt))] : undefined,
    takenBack ? [t('consent.takenBack'), receipt(takenBack.logIndex, when(takenBack.effectiveFrom))] : undefined,
    [t('consent.id'), code(consent.id)],
  ])
}

function threadList(consent: Consent, thread: readonly Consent[]): Html | '' {
  if (thread.length < 2) return ''
  return html`<h2>${t('consent.thread')}</h2>
    <ol>
      ${thread.map((each) => {
        const text = `${when(each.recordedAt)}: ${saidOf([each]).join(' ')}`
        return html`<li>
          ${each.id === consent.id ? html`<strong>${text}</strong>` : html`<a href="${consentPath(each.id)}">${text}</a>`}
          <span class="soft">${t(`consent.state.${each.state}`)}</span>
        </li>`
      })}
    </ol>`
}

function answerForm(consent: Consent, name: string): Html {
  return html`<h2>${t('answer.title', { name })}</h2>
    <p>${t('answer.text')}</p>
    ${signingForm({
      kind: 'answer',
      hidden: { proposal: consent.id },
      isKnown: true,
      hasPasskey: isPasskey(consent.other),
      content: html`<fieldset>
        <legend>${t('answer.legend')}</legend>
        ${(['accept', 'refuse'] as const).map(
          (value) =>
            html`<label class="choice"
              ><input type="radio" name="answer" value="${value}" required /> ${t(`answer.${value}`)}</label
            >`,
        )}
      </fieldset>`,
    })}
    <p>
      <a href="/consents/new?reply=${encodeURIComponent(consent.id)}">${t('answer.counter')}</a>
    </p>`
}

/** What the licensee has told about the use, and where it tells more; also after the permission was taken back. */
async function reportSection(node: Node, consent: Consent, reports: readonly UseReport[]): Promise<Html | ''> {
  if (consent.answer?.answer !== 'accept') return ''
  const name = await partyName(node, consent.licensee)
  return html`<h2>${t('report.title')}</h2>
    ${
      reports.length === 0
        ? html`<p>${t('report.none', { name })}</p>`
        : html`<ol>
            ${reports.map(
              ({ report, recordedAt, logIndex }) =>
                html`<li><a href="/receipts/${logIndex}">${when(recordedAt)}</a>: ${report}</li>`,
            )}
          </ol>`
    }
    <h3>${t('answer.title', { name })}</h3>
    ${signingForm({
      kind: 'report',
      hidden: { proposal: consent.id },
      isKnown: true,
      hasPasskey: isPasskey(consent.licensee),
      content: html`${areaField('report', t('report.text'), t('report.text.help'), 5000)}`,
    })}`
}

/** Who proposed can take that back before and after it was accepted; who accepted can take the yes back. */
function takeBackForm(consent: Consent, names: { proposer: string; other: string }): Html | '' {
  const { state, takenBack, answer } = consent
  if (takenBack !== null || !['open', 'accepted'].includes(state)) return ''
  const sides = [
    { side: consent.proposer, text: t('takeBack.proposer', { name: names.proposer }) },
    ...(answer ? [{ side: answer.party, text: t('takeBack.other', { name: names.other }) }] : []),
  ]
  return html`<h2>${t('takeBack.title')}</h2>
    <p>${t('takeBack.text')}</p>
    ${signingForm({
      kind: 'takeBack',
      hidden: { proposal: consent.id },
      isKnown: true,
      hasPasskey: sides.some(({ side }) => isPasskey(side)),
      content: html`<fieldset>
          <legend>${t('takeBack.who')}</legend>
          ${sides.map(({ side, text }) => choice('side', side, text, sides.length === 1))}
        </fieldset>
        ${dayField('from', t('takeBack.from'), t('takeBack.from.help'))}`,
    })}`
}

/** On a party's page: what was proposed to it and by it, in the order of time and in no other. */
export async function consentsOf(node: Node, party: string): Promise<Html | ''> {
  const consents = await consentsOfParty(node, party)
  if (consents.length === 0) return ''
  const rows = []
  for (const consent of consents) {
    const isOwn = consent.proposer === party
    const name = await partyName(node, isOwn ? consent.other : consent.proposer)
    rows.push(
      html`<li>
        <a href="${consentPath(consent.id)}">${t(isOwn ? 'consents.by' : 'consents.to', { name })}</a>:
        ${saidOf([consent]).join(' ')}
        <span class="soft">${t(`consent.state.${consent.state}`)}, ${when(consent.recordedAt)}</span>
      </li>`,
    )
  }
  return html`<h2>${t('consents.ofParty')}</h2>
    <ul>
      ${rows}
    </ul>`
}

function consentPath(id: string): string {
  return `/consents/${encodeURIComponent(id)}`
}
