import { html } from 'hono/html'
import type { z } from 'zod'
import type { policySchema } from '../api/index.ts'
import type { Node } from '../main.ts'
import {
  rulesOfAnswers,
  sayRules,
  termsOfRules,
  type RightsDocument,
  type RightsExport,
  type TermsSubject,
} from '../rights/index.ts'
import { DRAFT, exportSection, listExports } from './exportSection.ts'
import { dayField, selectField, territoryField, textField } from './fields.ts'
import { page, type Html } from './layout.ts'
import { isExample } from './pages.ts'
import { choice } from './reservePages.ts'
import { signingForm } from './signingForm.ts'
import type { SiteBuilder } from './siteBuilders.ts'
import { t, words } from './text.ts'

const AI_ANSWERS = ['no', 'no-generative', 'research', 'paid', 'yes'] as const
const USES = ['promote', 'change', 'translate', 'commercial'] as const
const REPLIES = ['unsaid', 'yes', 'named', 'no'] as const

/** Three questions, in words for somebody who has never heard of robots.txt. */
export function wizardPage(node: Node, given: { work?: string | undefined; result?: string | undefined }): Html {
  return page({
    title: t('wizard.title'),
    path: '/rights/new',
    isExample: isExample(node),
    content: html`<p class="lead">${t('wizard.lead')}</p>
      <p>${t('wizard.never')}</p>
      <form action="/rights/preview" method="get">
        ${aboutQuestion(given)} ${aiQuestion()} ${useQuestions()}
        <p><button>${t('wizard.preview')}</button></p>
      </form>
      <p><a href="/rights/no">${t('wizard.no')}</a></p>
      <p class="soft">${t('reserve.exceptions')}</p>`,
  })
}

function aboutQuestion({ work, result }: { work?: string | undefined; result?: string | undefined }): Html {
  return html`<fieldset>
    <legend>${t('wizard.about')}</legend>
    ${
      result === undefined
        ? ''
        : html`<input type="hidden" name="result" value="${result}" />${choice('about', 'file', t('wizard.about.file'), true)}`
    }
    ${choice('about', 'work', t('wizard.about.work'), work !== undefined)}
    ${textField('work', t('wizard.work'), t('wizard.work.help'), work)}
    ${choice('about', 'domain', t('wizard.about.domain'), false)}
    ${textField('domain', t('wizard.domain'), t('wizard.domain.help'))}
    ${choice('about', 'party', t('wizard.about.party'), work === undefined && result === undefined)}
    <p class="soft">${t('wizard.about.party.help')}</p>
  </fieldset>`
}

function aiQuestion(): Html {
  return html`<fieldset>
    <legend>${t('wizard.ai')}</legend>
    ${AI_ANSWERS.map(
      (answer) =>
        html`<label class="choice"
          ><input type="radio" name="ai" value="${answer}" required /> ${t(`wizard.ai.${answer}`)}</label
        >`,
    )}
    <div class="row">
      ${textField('price', t('wizard.price'), t('wizard.price.help'))} ${currencyField()}
      ${selectField(
        'per',
        t('wizard.per'),
        (['work', 'year', 'use', 'once'] as const).map((per) => [per, t(`duty.per.${per}`)]),
      )}
    </div>
    ${textField('credit', t('wizard.credit'), t('wizard.credit.help'))}
  </fieldset>`
}

const CURRENCIES = ['EUR', 'BGN', 'CHF', 'CZK', 'DKK', 'GBP', 'HUF', 'NOK', 'PLN', 'RON', 'SEK', 'UAH', 'USD']

export function currencyField(chosen = 'EUR', name = 'currency'): Html {
  const listed = CURRENCIES.includes(chosen) ? CURRENCIES : [...CURRENCIES, chosen]
  return selectField(
    name,
    t('wizard.currency'),
    listed.map((code) => [code, code]),
    chosen,
  )
}

/** What others may do with it, and where and when a yes to that holds. */
export function useQuestions(legend = t('wizard.uses')): Html {
  return html`<fieldset>
    <legend>${legend}</legend>
    ${USES.map((use) =>
      selectField(
        use,
        t(`wizard.${use}`),
        REPLIES.map((reply) => [reply, t(`wizard.reply.${reply}`)]),
      ),
    )}
    <p>${t('wizard.window')}</p>
    ${territoryField()}
    <div class="row">${dayField('from', t('wizard.from'))} ${dayField('until', t('wizard.until'))}</div>
    <p class="soft">${t('wizard.window.help')}</p>
  </fieldset>`
}

export type Policy = z.infer<typeof policySchema>

/** What the answers come to, in words; then the signature, then what can be put on one's site. */
export function previewPage(node: Node, policy: Policy, form: Record<string, string>, builder: SiteBuilder): Html {
  const target = draftTarget(policy)
  const terms = termsOfRules(rulesOfAnswers(policy), target, [])
  const sentences = saidOf(terms)
  const { builder: _, ...hidden } = form
  return page({
    title: t('preview.title'),
    path: '/rights/new',
    isExample: isExample(node),
    script: 'sign',
    content: html`<p class="lead">${t(`preview.about.${policy.about}`, { id: policy.domain ?? '' })}</p>
      ${policy.about === 'work' ? html`<p><a href="/works/${policy.work}">${t('preview.work')}</a></p>` : ''}
      ${sentenceList(sentences)}
      <p>${t('wizard.never')}</p>
      <p><a href="/rights/new">${t('preview.again')}</a></p>
      <h2>${t('preview.sign')}</h2>
      <p>${t('preview.sign.text')}</p>
      ${policy.about === 'domain' ? html`<p>${t('preview.domain')}</p>` : ''}
      ${signingForm({ kind: 'terms', hidden, isKnown: false, content: policy.about === 'file' ? workFields() : html`` })}
      ${exportSection({
        exports: previewExports(node, policy),
        sentences,
        builder,
        isDraft: true,
        path: '/rights/preview',
        hidden,
        link: (format, file) =>
          `/rights/preview/files?${new URLSearchParams({ ...hidden, format, file: String(file) })}`,
      })}`,
  })
}

/** What the vocabularies would say of a policy that nobody has signed yet. */
export function previewExports(node: Node, policy: Policy): RightsExport[] {
  const target = draftTarget(policy)
  const terms = termsOfRules(rulesOfAnswers(policy), target, [])
  const drafts = terms.map((each) => ({ ...each, id: DRAFT.id }))
  return listExports(documentsOf(node, DRAFT.id, { id: DRAFT.party }, drafts), node.register.effects.now())
}

function workFields(): Html {
  return html`${textField('title', t('reserve.workTitle'))}
    <fieldset>
      <legend>${t('reserve.role')}</legend>
      ${choice('role', 'creator', t('reserve.role.creator'), true)}${choice('role', 'rightsholder', t('reserve.role.rightsholder'), false)}
    </fieldset>`
}

export function sentenceList(sentences: readonly string[]): Html {
  return html`<ul class="sentences">
    ${sentences.map((sentence) => html`<li>${sentence}</li>`)}
  </ul>`
}

/** What terms say, a sentence for each rule. */
export function saidOf(
  terms: readonly { rules: TermsSubject['rules']; conflict?: string | null | undefined }[],
): string[] {
  return terms.flatMap(({ rules, conflict }) => sayRules(rules, words, conflict))
}

/** Before it is signed nobody knows whose it is, and what is checked is not declared yet. */
function draftTarget({ about, work, domain }: Policy): TermsSubject['target'] {
  if (about === 'domain') return { kind: 'domain', id: domain! }
  if (about === 'work') return { kind: 'work', id: work! }
  return about === 'file' ? { kind: 'work', id: 'urn:uuid:draft' } : { kind: 'party', id: 'did:key:draft' }
}

/** A document for each terms of one statement. */
export function documentsOf(
  node: Node,
  statement: string,
  party: { id: string; name?: string | undefined },
  terms: readonly (Pick<TermsSubject, 'rules'> & {
    id: string
    target: { kind: string; id: string }
    conflict?: string | null
  })[],
): RightsDocument[] {
  const policyUrl = `${node.config.publicUrl}/rights/terms/${statement}`
  return terms.map(({ id, target, rules, conflict }) => ({
    id,
    party: party.id,
    ...(party.name === undefined ? {} : { partyName: party.name }),
    ...(policyUrl.startsWith('https:') && statement !== DRAFT.id ? { policyUrl } : {}),
    target: target as RightsDocument['target'],
    rules,
    ...(conflict === 'perm' ? { conflict } : {}),
  }))
}

/** The right to say no, and one button for it. */
export function noPage(node: Node): Html {
  return page({
    title: t('no.title'),
    path: '/rights/no',
    isExample: isExample(node),
    script: 'sign',
    content: html`<p class="lead">${t('no.lead')}</p>
      <p>${t('no.silence')}</p>
      <p>${t('no.never')}</p>
      <p>${t('wizard.never')}</p>
      <h2>${t('no.declare')}</h2>
      <p>${t('no.declare.text')}</p>
      ${signingForm({ kind: 'no', isKnown: false, content: html`` })}
      <p><a href="/rights/new">${t('no.more')}</a></p>`,
  })
}
