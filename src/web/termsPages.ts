import { html } from 'hono/html'
import { listSites } from '../accounts/index.ts'
import { isoTime } from '../foundation/index.ts'
import type { Node } from '../main.ts'
import { findScope } from '../offering/index.ts'
import { findParty, findWork } from '../register/index.ts'
import { listTermsOfStatement, ruleCovers, type Action, type decideAll, type SpokenTerms } from '../rights/index.ts'
import { exportSection, listExports } from './exportSection.ts'
import { facts, page, type Html } from './layout.ts'
import { isExample } from './pages.ts'
import type { SiteBuilder } from './siteBuilders.ts'
import { t, when } from './text.ts'
import { documentsOf, saidOf, sentenceList } from './wizardPages.ts'

/** Recorded terms: what they say, whether they still hold, and what can be put on one's site. */
export async function termsPage(node: Node, id: string, builder: SiteBuilder): Promise<Html | undefined> {
  const found = await readRecorded(node, id)
  if (!found) return undefined
  const { terms, name, exports } = found
  const { party, target, recordedAt, logIndex } = terms[0]!
  const sentences = saidOf(terms)
  return page({
    title: t('terms.title'),
    path: '/rights/terms',
    isExample: isExample(node),
    content: html`${terms.every(({ isInForce }) => isInForce) ? '' : html`<p class="note">${t('terms.over')}</p>`}
      ${sentenceList(sentences)}
      ${facts([
        [t('terms.by'), html`<a href="/parties/${encodeURIComponent(party)}">${name}</a>`],
        [t('terms.about'), await targetName(node, target)],
        target.kind === 'domain' ? [t('sites.whose'), await whoseSite(node, target.id, party)] : undefined,
        [t('terms.recorded'), html`<a href="/receipts/${logIndex}">${when(recordedAt)}</a>`],
      ])}
      ${exportSection({
        exports,
        sentences,
        builder,
        path: `/rights/terms/${id}`,
        hidden: {},
        link: (format, file) => `/rights/terms/${id}/files?${new URLSearchParams({ format, file: String(file) })}`,
      })}`,
  })
}

/** Whether a site itself names the party that speaks of it. */
async function whoseSite(node: Node, domain: string, party: string): Promise<string> {
  const sites = await listSites(node.register.database.db, { party })
  const site = sites.find(({ host }) => host === domain || host === `www.${domain}`)
  return site ? t(`sites.way.${site.way}`, { date: when(site.checked_at) }) : t('sites.way.unasked')
}

/** The terms of a statement, and in every vocabulary those about its first target; undefined when nobody may read any. */
export async function readRecorded(node: Node, id: string) {
  const { register } = node
  const terms = await listTermsOfStatement(register.database.db, id, isoTime(register.effects.now()))
  if (terms.length === 0) return undefined
  const { party, target } = terms[0]!
  const known = await findParty(register.database.db, party)
  const name = known?.is_sealed === 0n ? known.name : undefined
  const isSame = (each: SpokenTerms) => each.target.kind === target.kind && each.target.id === target.id
  const documents = documentsOf(node, id, { id: party, name }, terms.filter(isSame))
  return {
    terms: [...terms.filter(isSame), ...terms.filter((each) => !isSame(each))],
    name: name ?? party,
    exports: listExports(documents, register.effects.now()),
  }
}

/**
 * The decisions on AI, which every visitor asks about, and those that follow from something else than terms. What terms
 * say about other uses stands in their own words below.
 */
export function decisionFacts(decisions: Decided, spoken: readonly SpokenTerms[]): Html {
  const told = decisions.filter(
    ({ action, answer }) =>
      AI.includes(action) || answer.reasons.some(({ id }) => spoken.every((terms) => terms.id !== id)),
  )
  return facts(
    told.map(({ action, answer }) => {
      const isConditional = spoken.some(({ rules }) =>
        rules.some((rule) => ruleCovers(rule.action, action) && rule.decision !== answer.decision),
      )
      return [
        t(`work.action.${action}`),
        html`<strong>${t(`work.decision.${answer.decision}`)}</strong>${isConditional ? html` (${t('work.conditions')})` : ''}`,
      ] as const
    }),
  )
}

type Decided = Awaited<ReturnType<typeof decideAll>>
const AI: readonly Action[] = ['tdm:mine', 'col:trainAI', 'col:trainGenAI', 'col:aiInput']

/** What somebody said about a work, in words. */
export function termsInWords(spoken: readonly SpokenTerms[]): Html | '' {
  if (spoken.length === 0) return ''
  return html`<h3>${t('work.said')}</h3>
    ${spokenList(spoken)}`
}

/** Each terms' sentences, with where they stand. */
export function spokenList(terms: readonly SpokenTerms[]): Html {
  return html`<ul class="sentences">
    ${terms.map((each) => {
      return html`<li>
        ${saidOf([each]).map((sentence) => html`<p>${sentence}</p>`)}
        <span class="soft"
          >${t(`terms.for.${each.target.kind}`)},
          <a href="/rights/terms/${each.id.split('#')[0]}">${when(each.recordedAt)}</a></span
        >
      </li>`
    })}
  </ul>`
}

export async function targetName(node: Node, { kind, id }: { kind: string; id: string }): Promise<Html | string> {
  if (kind === 'party') return t('terms.for.party')
  if (kind === 'set') {
    const { database, effects } = node.register
    return (await findScope(database.db, id, isoTime(effects.now())))?.title ?? id
  }
  if (kind !== 'work') return id
  const work = await findWork(node.register.database.db, id)
  if (!work || work.is_sealed === 1n) return id
  return html`<a href="/works/${id}">${work.title}</a>`
}
