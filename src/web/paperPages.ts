import { html } from 'hono/html'
import type { Api } from '../api/index.ts'
import type { Node } from '../main.ts'
import { page, type Html } from './layout.ts'
import { isExample } from './pages.ts'
import { makePaperCode, readPaperCode, type PaperKind } from './paperCode.ts'
import { t } from './text.ts'

/** What each form asks: lines to write on, and choices to tick. All of it is in the words of the page for the same. */
const FORMS: Record<PaperKind, { lines: string[]; choices: { legend: string; options: string[] }[]; says: string[] }> =
  {
    reserve: {
      lines: ['reserve.name', 'request.contact', 'paper.works'],
      choices: [
        { legend: 'reserve.role', options: ['reserve.role.creator', 'reserve.role.rightsholder'] },
        {
          legend: 'reserve.what',
          options: ['reserve.all-mining', 'reserve.ai-training', 'reserve.generative-training'],
        },
      ],
      says: ['reserve.entitled', 'reserve.public'],
    },
    check: { lines: ['request.name', 'request.contact', 'paper.works'], choices: [], says: ['paper.check.bring'] },
    removal: {
      lines: ['request.name', 'request.contact', 'request.workTitle', 'paper.found'],
      choices: [
        { legend: 'request.kind', options: ['request.removal', 'request.opt-out', 'request.information'] },
        ...['licensed', 'publicDomain', 'sameSubject', 'quotation'].map((question) => ({
          legend: `request.ask.${question}`,
          options: ['request.answer.yes', 'request.answer.no', 'request.answer.unknown'],
        })),
      ],
      says: ['request.confirm', 'request.goodFaith'],
    },
  }

/** Where a help desk types in what stands on a form. */
const PLACES: Record<PaperKind, string> = { reserve: '/rights/no', check: '/', removal: '/' }

export function addPaperRoutes(web: Api, node: Node): void {
  web.get('/paper', (context) => {
    // Each copy has codes of its own, so none of them is kept for the next reader.
    context.header('cache-control', 'no-store')
    return context.html(paperPage(node))
  })
  web.get('/paper/enter', (context) => {
    const { code } = context.req.query()
    return context.html(enterPage(node, code), code && !readPaperCode(code) ? 400 : 200)
  })
}

function paperPage(node: Node): Html {
  const contact = node.config.operatorContact
  return page({
    title: t('paper.title'),
    path: '/paper',
    isExample: isExample(node),
    content: html`<p class="lead">${t('paper.lead')}</p>
      <p>${t('paper.where')} ${contact === undefined ? t('accessibility.noContact') : contact}</p>
      <p class="screen"><a href="/paper/enter">${t('paper.enter.link')}</a></p>
      ${Object.keys(FORMS).map((kind) => printedForm(kind as PaperKind, makePaperCode(kind as PaperKind, node.register.effects)))}`,
  })
}

function printedForm(kind: PaperKind, code: string): Html {
  const { lines, choices, says } = FORMS[kind]
  return html`<section class="paper" aria-labelledby="paper-${kind}">
    <h2 id="paper-${kind}">${t(`paper.${kind}`)}</h2>
    <p>${t('paper.code')} <span class="code">${code}</span></p>
    ${lines.map((key) => html`<p class="line">${t(key)}</p>`)}
    ${choices.map(
      ({ legend, options }) =>
        html`<p>${t(legend)}</p>
          <ul class="boxes">
            ${options.map((key) => html`<li>${t(key)}</li>`)}
          </ul>`,
    )}
    ${says.map((key) => html`<p>${t(key)}</p>`)}
    <p class="line">${t('paper.signature')}</p>
  </section>`
}

function enterPage(node: Node, code: string | undefined): Html {
  const kind = code === undefined ? undefined : readPaperCode(code)
  return page({
    title: t('paper.enter.title'),
    path: '/paper/enter',
    isExample: isExample(node),
    content: html`<p>${t('paper.enter.lead')}</p>
      <form action="/paper/enter" method="get">
        <label for="code">${t('paper.code')}</label
        ><input
          id="code"
          name="code"
          type="text"
          required
          maxlength="20"
          value="${code ?? ''}"
          autocomplete="off"
          spellcheck="false"
        />
        <button>${t('paper.enter.button')}</button>
      </form>
      ${code !== undefined && kind === undefined ? html`<p role="alert">${t('paper.enter.misread')}</p>` : ''}
      ${
        kind === undefined
          ? ''
          : html`<h2>${t(`paper.${kind}`)}</h2>
              <p>${t(`paper.enter.${kind}`)}</p>
              <p><a class="button" href="${PLACES[kind]}">${t('paper.enter.go')}</a></p>`
      }`,
  })
}
