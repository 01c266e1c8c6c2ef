import { html } from 'hono/html'
import { z } from 'zod'
import type { Api } from '../api/index.ts'
import { ColophonError } from '../foundation/index.ts'
import type { Node } from '../main.ts'
import {
  askFurther,
  enabledAdapters,
  findKeptBack,
  questionOfWork,
  type EnabledAdapter,
  type FurtherAnswer,
  type FurtherHit,
  type FurtherQuestion,
} from '../watching/index.ts'
import { formLimit, parseForm, readForm } from './forms.ts'
import { code, page, type Html } from './layout.ts'
import { isExample } from './pages.ts'
import { t, when } from './text.ts'

/** A person waits for the page: no service has longer to answer. */
const ANSWER_SECONDS_MAX = 30

const listSchema = z.union([z.string(), z.array(z.string())]).transform((value) => [value].flat())

const formSchema = z.object({
  ask: listSchema.default([]),
  words: z.string().trim().max(200).default(''),
  datasets: z.string().max(1000).default(''),
  passage: z.string().trim().max(1000).default(''),
})

/** Looking for a work in what others hold: what would leave is said, nothing is ticked, and nothing is kept. */
export function addFurtherRoutes(web: Api, node: Node): void {
  const adapters = pageAdapters(node)
  web.get('/works/:id/further', async (context) => {
    const question = await questionFor(node, adapters, context.req.param('id'))
    return question ? context.html(furtherPage(node, question, formOf(adapters, question))) : context.notFound()
  })
  web.post('/works/:id/further', formLimit, async (context) => {
    const question = await questionFor(node, adapters, context.req.param('id'))
    if (!question) return context.notFound()
    const form = parseForm(formSchema, await readForm(context.req.parseBody({ all: true })))
    const ticked = adapters.filter(({ adapter }) => form.ask.includes(adapter.id))
    if (ticked.length === 0) {
      const again = html`<p role="alert">${t('further.chooseOne')}</p>
        ${formOf(adapters, question)}`
      return context.html(furtherPage(node, question, again), 400)
    }
    const asked = askedOf(question, form)
    // Words that nobody ticked go nowhere.
    const leaving = new Set(ticked.flatMap(({ adapter }) => adapter.leaves))
    const kept = await findKeptBack(node.register, {
      addresses: [],
      words: leaving.has('words') ? form.words : '',
      passage: leaving.has('passage') ? form.passage : '',
    })
    if (kept.size > 0)
      throw new ColophonError('not_authorised', 'this belongs to a work that this node keeps to itself', {
        remedy: 'Nothing was sent.',
      })
    const answers = await askFurther(node.register, ticked, asked, { secondsMax: ANSWER_SECONDS_MAX })
    return context.html(furtherPage(node, question, answersOf(answers, question.id)))
  })
}

/** The link to the page of a work; nothing where no adapter is switched on, or where the work is not asked about. */
export async function furtherLink(node: Node, work: string): Promise<Html | string> {
  const question = await questionFor(node, pageAdapters(node), work)
  return question ? html`<p><a href="/works/${work}/further">${t('further.link')}</a></p>` : ''
}

type WorkQuestion = FurtherQuestion & { id: string; title: string }

/** Those that need no path or address from whoever visits the page. */
function pageAdapters({ config }: Node): EnabledAdapter[] {
  return enabledAdapters(config.adapters).filter(({ address }) => address !== undefined)
}

async function questionFor(
  { register }: Node,
  adapters: readonly EnabledAdapter[],
  id: string,
): Promise<WorkQuestion | undefined> {
  const question = adapters.length === 0 ? undefined : await questionOfWork(register, id)
  return question && { ...question, id }
}

/** What the work has on record, and what a person wrote; their words are sent only to whom they ticked. */
function askedOf(question: WorkQuestion, form: z.infer<typeof formSchema>): FurtherQuestion {
  const { addresses, hashes } = question
  const datasets = form.datasets.split(/[\s,]+/).filter((name) => name !== '')
  // A form sends lines as CR LF, which no text holds.
  const passage = form.passage.replaceAll('\r\n', '\n')
  return { addresses, hashes, datasets, indexes: [], words: form.words, passage }
}

function furtherPage(node: Node, question: WorkQuestion, content: Html): Html {
  return page({
    title: t('further.title', { title: question.title }),
    path: '/further',
    isExample: isExample(node),
    content: html`<p class="lead">${t('further.lead')}</p>
      ${content}
      <h2>${t('result.notProof')}</h2>
      <p>${t('result.notProof.text')}</p>
      <p>
        <a href="/works/${question.id}/visible">${t('visible.link')}</a> ·
        <a href="/works/${question.id}">${question.title}</a>
      </p>`,
  })
}

function formOf(adapters: readonly EnabledAdapter[], question: WorkQuestion): Html {
  return html`<form action="/works/${question.id}/further" method="post">
    ${adapters.map((each) => adapterFields(each, question))}
    <p class="soft">${t('further.kept')}</p>
    <p><button>${t('further.send')}</button></p>
  </form>`
}

function adapterFields({ adapter, address }: EnabledAdapter, question: WorkQuestion): Html {
  const { id, leaves } = adapter
  const lacks = adapter.lacks(question, address)
  const isAskable = lacks !== 'addresses' && lacks !== 'hashes'
  return html`<fieldset>
    <legend>${t(`further.${id}`)}</legend>
    <p>${t(`further.${id}.leaves`)}</p>
    ${
      leaves.includes('address') && question.addresses.length > 0
        ? html`<ul>
            ${question.addresses.map(({ value }) => html`<li>${code(value)}</li>`)}
          </ul>`
        : ''
    }
    ${isAskable && /^https?:/.test(address!) ? html`<p>${t('further.host', { host: new URL(address!).host })}</p>` : ''}
    ${isAskable ? inputsOf(adapter, question) : html`<p>${t('further.lacksOwn')}</p>`}
  </fieldset>`
}

/** What a person writes for an adapter follows from what it sends. */
function inputsOf({ id, leaves }: EnabledAdapter['adapter'], { words = '' }: WorkQuestion): Html {
  return html`${
    leaves.includes('words')
      ? html`<label for="words">${t('further.words')}</label>
            <input id="words" name="words" type="text" value="${words}" maxlength="200" />`
      : ''
  }
    ${
      leaves.includes('data-set')
        ? html`<label for="datasets">${t('further.datasets')}</label>
            <textarea id="datasets" name="datasets" rows="2" maxlength="1000"></textarea>`
        : ''
    }
    ${
      leaves.includes('passage')
        ? html`<label for="passage">${t('further.passage')}</label>
            <textarea id="passage" name="passage" rows="4" maxlength="1000"></textarea>`
        : ''
    }
    <label class="choice"
      ><input type="checkbox" name="ask" value="${id}" /> ${t('further.choose', { name: t(`further.${id}`) })}</label
    >`
}

function answersOf(answers: readonly FurtherAnswer[], work: string): Html {
  return html`<h2>${t('further.answers')}</h2>
    ${answers.map(answerSection)}
    <p><a href="/works/${work}/further">${t('further.again')}</a></p>`
}

function answerSection({ adapter, outcome, sends, hits, searched, problems, isCut }: FurtherAnswer): Html {
  const places = searched.map(({ where, isPartial }) => (isPartial ? t('further.part', { place: where }) : where))
  return html`<section class="hit">
    <h3>${t(`further.${adapter}`)}</h3>
    <p>
      <strong>${outcome === 'found' ? t('further.found', { count: hits.length }) : t(`further.${outcome}`)}</strong>
      ${places.length > 0 ? t('further.searched', { places: places.join(', ') }) : ''}
    </p>
    ${
      problems.length === 0
        ? ''
        : html`<ul>
            ${problems.map(({ where, what }) => html`<li>${where}: <span lang="en">${what}</span></li>`)}
          </ul>`
    }
    ${
      hits.length === 0
        ? ''
        : html`<ul>
              ${hits.map(hitItem)}
            </ul>
            ${isCut ? html`<p>${t('further.cut')}</p>` : ''}
            <p>${t(`further.${adapter}.means`)}</p>
            <p>${t(`further.${adapter}.wrong`)}</p>`
    }
    ${[...Map.groupBy(sends, ({ to }) => to)].map(
      ([host, values]) =>
        html`<p class="soft">${t('further.sent', { host, values: values.map(({ value }) => value).join(' · ') })}</p>`,
    )}
  </section>`
}

/** Addresses and texts that come from elsewhere are shown, and lead nowhere. */
function hitItem({ match, where, place, url, at, count, isApproximate, excerpt }: FurtherHit): Html {
  return html`<li>
    <strong>${t(`further.match.${match}`)}</strong>: ${where}, ${place}
    ${count === undefined ? '' : html` · ${isApproximate ? '≈ ' : ''}${t('further.count', { count })}`}
    ${at ? html` · ${when(at)}` : ''} ${url ? code(url) : ''} ${excerpt ? html`<q>${excerpt}</q>` : ''}
  </li>`
}
