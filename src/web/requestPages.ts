import { html } from 'hono/html'
import type { CheckResult } from '../api/index.ts'
import {
  QUESTIONS,
  REQUEST_KINDS,
  deadlinesOf,
  letterOf,
  letterText,
  listEvents,
  nextStates,
  sentAtOf,
  type CaseState,
  type Question,
} from '../requests/index.ts'
import type { Node } from '../main.ts'
import { areaField, countryField, selectField, textField } from './fields.ts'
import { answersSection, escalateSection, formSection, sendSection } from './caseActions.ts'
import { hitDetails } from './hits.ts'
import { code, facts, page, type Html } from './layout.ts'
import { isExample } from './pages.ts'
import { sayState } from './sayings.ts'
import { choice } from './reservePages.ts'
import { language, languages, speak, t, when } from './text.ts'

export function newRequestPage(node: Node, result: CheckResult, hitIndex: number): Html {
  const hit = result.hits[hitIndex]!
  return page({
    title: t('request.title'),
    path: '/requests/new',
    isExample: isExample(node),
    script: 'result',
    content: html`<p><strong>${t(`result.${hit.match}`)}</strong></p>
      ${hitDetails(result, hitIndex)}
      ${
        hit.status === 'candidate'
          ? html`<p class="lead">${t('request.candidate')}</p>
              <p><a href="/results/${result.id}">${t('request.back')}</a></p>`
          : html`<p class="lead">${t('request.compare')}</p>
              ${requestForm(`/requests?result=${result.id}&hit=${hitIndex}`)}`
      }`,
  })
}

function requestForm(action: string): Html {
  return html`<form action="${action}" method="post">
    <fieldset>
      <legend>${t('request.kind')}</legend>
      ${REQUEST_KINDS.map((kind, i) => choice('kind', kind, t(`request.${kind}`), i === 0))}
    </fieldset>
    ${QUESTIONS.map(question)}
    <label for="senderName">${t('request.name')}</label
    ><input id="senderName" name="senderName" type="text" required maxlength="200" autocomplete="name" />
    <label for="senderContact">${t('request.contact')}</label
    ><input id="senderContact" name="senderContact" type="text" required maxlength="320" autocomplete="email" />
    <label for="workTitle">${t('request.workTitle')}</label
    ><input id="workTitle" name="workTitle" type="text" required maxlength="500" />
    ${languageField('senderLanguage', t('request.senderLanguage'), language())}
    ${languageField('recipientLanguage', t('request.recipientLanguage'), 'en')}
    ${countryField('recipientCountry', t('request.recipientCountry'))}
    ${textField('model', t('request.model'))}
    ${areaField('grounds', t('request.grounds'), undefined, 2000)}
    <label class="choice"
      ><input type="checkbox" name="isOwnPersonalData" value="yes" /> ${t('request.ownData')}</label
    >
    <label class="choice"
      ><input type="checkbox" name="isConfirmed" value="yes" required /> ${t('request.confirm')}</label
    >
    <label class="choice"
      ><input type="checkbox" name="isInGoodFaith" value="yes" required /> ${t('request.goodFaith')}</label
    >
    <label class="choice"><input type="checkbox" name="isIntimate" value="yes" /> ${t('request.intimate')}</label>
    <p><button>${t('request.open')}</button></p>
  </form>`
}

function languageField(name: string, label: string, chosen: string): Html {
  const options = Object.entries(languages).map(([code, { name: own }]) => [code, own] as const)
  return selectField(name, label, options, chosen)
}

/** A question with three answers, none of them given beforehand. */
function question(name: Question): Html {
  return html`<fieldset aria-describedby="${name}-help">
    <legend>${t(`request.ask.${name}`)}</legend>
    <p id="${name}-help" class="soft">${t(`request.help.${name}`)}</p>
    <div class="answers">
      ${(['yes', 'no', 'unknown'] as const).map(
        (value) =>
          html`<label class="choice"
            ><input type="radio" name="${name}" value="${value}" required /> ${t(`request.answer.${value}`)}</label
          >`,
      )}
    </div>
  </fieldset>`
}

/** No letter, and kindly why. */
export function noLetterPage(node: Node, result: CheckResult, reason: Question | 'candidate'): Html {
  return page({
    title: t('request.noLetter'),
    path: '/requests/new',
    isExample: isExample(node),
    content: html`<p class="lead" role="alert">${t(`request.against.${reason}`)}</p>
      <p>${t('request.noLetter.text')}</p>
      <p><a href="/results/${result.id}">${t('request.back')}</a></p>`,
  })
}

export async function casePage(
  node: Node,
  found: Parameters<typeof letterOf>[0] & { state: string; is_private: bigint },
  accessKey: string,
): Promise<Html> {
  const events = await listEvents(node.register.database.db, found.id)
  const letter = letterOf(found, node.datasets.list())
  const sentAt = sentAtOf(events)
  const sentAtMs = sentAt ? Date.parse(sentAt) : node.register.effects.now()
  const link = `/requests/${found.id}/letter`
  return page({
    title: t('case.title', { id: found.id }),
    path: '/request',
    isExample: isExample(node),
    content: html`<p class="lead">${t('case.link')}</p>
      ${facts([
        [t('case.state'), sayState(found.state)],
        [
          t('case.next'),
          nextStates(found.state as CaseState)
            .map(sayState)
            .join(', '),
        ],
        [t('case.hash'), code(found.evidence_hash)],
      ])}
      <p>
        ${found.is_private === 1n ? t('case.private') : letter.commitmentIndex === null ? '' : html`<a href="/receipts/${letter.commitmentIndex}">${t('case.commitment', { index: letter.commitmentIndex })}</a>`}
      </p>
      ${answersGiven(letter.evidence.confirmation)}
      <h2>${t('case.letter')}</h2>
      <p>
        <a href="${link}.txt?key=${accessKey}">${t('case.letter.text')}</a> ·
        <a href="${link}.pdf?key=${accessKey}">${t('case.letter.pdf')}</a>
      </p>
      <pre>${letterText(letter, speak)}</pre>
      ${found.is_private === 1n ? '' : formSection(letter)} ${await sendSection(node, found, accessKey)} ${await answersSection(node, found)} ${bundleSection(found, accessKey)}
      ${escalateSection(found, accessKey)}
      <h2>${sentAt ? t('case.deadlinesSent', { date: when(sentAt) }) : t('case.deadlines')}</h2>
      <p>${t('case.holidays')} ${t('case.overdue')}</p>
      ${facts(deadlinesOf(found.kind, letter.details, sentAtMs).map(({ due, name }) => [due, t(`deadline.${name}`)] as const))}
      <h2>${t('case.history')}</h2>
      <ul>
        ${events.map((event) => html`<li>${when(event.recorded_at)}: ${sayState(event.state)} <span lang="en">${event.note}</span></li>`)}
      </ul>`,
  })
}

/** Everything as one file for somebody else, made when it is asked for. */
function bundleSection({ id, is_private }: { id: string; is_private: bigint }, accessKey: string): Html {
  return html`<h2>${t('bundle.make')}</h2>
    ${
      is_private === 1n
        ? html`<p>${t('bundle.make.private')}</p>`
        : html`<p>${t('bundle.make.lead')}</p>
            <form action="/requests/${id}/bundle?key=${accessKey}" method="post">
              <label class="choice"
                ><input type="checkbox" name="capture" value="yes" /> ${t('bundle.make.capture')}</label
              >
              <p><button>${t('bundle.make.button')}</button></p>
            </form>`
    }`
}

/** What the person answered, as it stands in the frozen evidence. */
function answersGiven(confirmation: ReturnType<typeof letterOf>['evidence']['confirmation']): Html | '' {
  if (!confirmation) return ''
  return html`<h2>${t('case.answers')}</h2>
    ${facts(QUESTIONS.map((name) => [t(`request.ask.${name}`), t(`request.answer.${confirmation[name]}`)] as const))}`
}
