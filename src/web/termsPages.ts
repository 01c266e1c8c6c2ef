import { html } from 'hono/html'
import { isoTime } from '../foundation/index.ts'
import type { Node } from '../main.ts'
import { findParty, findWork } from '../register/index.ts'
import { listTermsOfStatement, listTermsOfWork, type SpokenTerms } from '../rights/index.ts'
import { exportSection, listExports } from './exportSection.ts'
import { facts, page, type Html } from './layout.ts'
import { isExample } from './pages.ts'
import type { SiteBuilder } from './siteBuilders.ts'
import { t, when } from './text.ts'
import { documentOf, saidOf, sentenceList } from './wizardPages.ts'

/** Recorded terms: what they say, whether they still hold, and what can be put on one's site. */
export async function termsPage(node: Node, id: string, builder: SiteBuilder): Promise<Html | undefined> {
  const found = await readRecorded(node, id)
  if (!found) return undefined
  const { terms, exports } = found
  const { party, target, recordedAt, logIndex } = terms[0]!
  const sentences = saidOf(terms)
  const name = (await findParty(node.register.database.db, party))?.name ?? party
  return page({
    title: t('terms.title'),
    path: '/rights/terms',
    isExample: isExample(node),
    content: html`${terms.every(({ isInForce }) => isInForce) ? '' : html`<p class="note">${t('terms.over')}</p>`}
      ${sentenceList(sentences)}
      ${facts([
        [t('terms.by'), html`<a href="/parties/${encodeURIComponent(party)}">${name}</a>`],
        [t('terms.about'), await targetName(node, target)],
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

/** The terms of a statement and their form in every vocabulary; undefined when nobody may read any. */
export async function readRecorded(node: Node, id: string) {
  const { register } = node
  const terms = await listTermsOfStatement(register.database.db, id, isoTime(register.effects.now()))
  if (terms.length === 0) return undefined
  const { party, target } = terms[0]!
  return { terms, exports: listExports(documentOf(node, id, party, target, terms)) }
}

/** What somebody said about a work, in words, beside the decisions that follow from it. */
export async function termsInWords(node: Node, work: string): Promise<Html | ''> {
  const { register } = node
  const terms = await listTermsOfWork(register.database.db, work, isoTime(register.effects.now()))
  if (terms.length === 0) return ''
  return html`<h3>${t('work.said')}</h3>
    ${spokenList(terms)}`
}

/** Each terms' sentences, with where they stand. */
export function spokenList(terms: readonly SpokenTerms[]): Html {
  return html`<ul class="sentences">
    ${terms.map((each) => {
      const sentences = saidOf([each])
      return html`<li>
        ${sentences.map((sentence) => html`${sentence}<br />`)}
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
  if (kind !== 'work') return id
  const work = await findWork(node.register.database.db, id)
  if (!work || work.is_sealed === 1n) return id
  return html`<a href="/works/${id}">${work.title}</a>`
}
