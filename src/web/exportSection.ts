import { html, raw } from 'hono/html'
import { exportFormats, exportTogether, sayLoss, type RightsDocument, type RightsExport } from '../rights/index.ts'
import type { Html } from './layout.ts'
import { hiddenFields } from './signingForm.ts'
import { SITE_PLACES, isOpen, siteBuilders, type Place, type SiteBuilder } from './siteBuilders.ts'
import { t, words } from './text.ts'

/** Rules that nobody has signed: what names a party or a statement cannot be written for them yet. */
export const DRAFT = { id: 'urn:colophon:draft', party: 'did:web:draft.invalid' }

/** What was said at once about one target, in every vocabulary that has something to write down. */
export function listExports(documents: readonly RightsDocument[], now: number): RightsExport[] {
  return exportFormats
    .map((format) => exportTogether(documents, format, now))
    .filter(({ files, snippets }) => files.length + snippets.length > 0 && !namesDraft(files, snippets))
}

function namesDraft(files: RightsExport['files'], snippets: RightsExport['snippets']): boolean {
  const texts = [...files.map(({ content }) => String(content)), ...snippets.map(({ text }) => text)]
  return texts.some((text) => text.includes(DRAFT.id) || text.includes(DRAFT.party))
}

/**
 * What somebody puts on a web site and into files: for each place the words to copy and where they go with one's site
 * builder, files to download, and what each vocabulary cannot carry. `link` is the address of a file.
 */
export function exportSection(options: {
  exports: readonly RightsExport[]
  sentences: readonly string[]
  builder: SiteBuilder
  path: string
  hidden: Record<string, string>
  link(format: string, file: number): string
  isDraft?: boolean
}): Html {
  const { exports, sentences, builder, path, hidden, link, isDraft = false } = options
  return html`<h2 id="site">${t('export.title')}</h2>
    <p>${t('export.lead')}</p>
    ${isDraft ? html`<p>${t('export.draft')}</p>` : ''}
    <form action="${path}#site" method="get">
      ${hiddenFields(hidden)}
      <label for="builder">${t('export.builder')}</label
      ><select id="builder" name="builder">
        ${siteBuilders.map((name) => html`<option value="${name}" ${name === builder ? raw('selected') : ''}>${t(`builder.${name}`)}</option>`)}
      </select>
      <p><button class="second">${t('export.builder.show')}</button></p>
    </form>
    ${SITE_PLACES.map((place) => placeSection(place, builder, exports))} ${closedAdvice(builder)}
    ${otherSnippets(exports)} ${files(exports, link)} ${losses(exports, sentences)}`
}

function placeSection(place: Place, builder: SiteBuilder, exports: readonly RightsExport[]): Html {
  const reachable = isOpen(builder, 'file') ? exports : exports.map(withoutFileLinks)
  const texts = snippetsFor(reachable, place)
  return html`<section class="place">
    <h3>${t(`place.${place}`)}</h3>
    <p>${isOpen(builder, place) ? t(`builder.${builder}.${place}`) : t('builder.closed')}</p>
    ${isOpen(builder, place) ? snippetBlocks(texts) : ''}
  </section>`
}

/** A line that points to a file is of no use where no file can be put. */
function withoutFileLinks({ snippets, files: own, ...rest }: RightsExport): RightsExport {
  const pointsToFile = (text: string) => own.some(({ path }) => text.includes(`/${path}`))
  return { ...rest, files: own, snippets: snippets.filter(({ text }) => !pointsToFile(text)) }
}

function snippetsFor(exports: readonly RightsExport[], place: Place): { format: string; text: string }[] {
  return exports.flatMap(({ format, snippets }) =>
    snippets.filter((snippet) => snippet.place === place).map(({ text }) => ({ format, text })),
  )
}

function snippetBlocks(texts: readonly { format: string; text: string }[]): Html[] {
  return texts.map(
    ({ format, text }) =>
      html`<figure>
        <pre tabindex="0">${text}</pre>
        <figcaption class="soft">${t('export.format', { format: t(`format.${format}`) })}</figcaption>
      </figure>`,
  )
}

/** What works where the host does not let its users change anything. */
function closedAdvice(builder: SiteBuilder): Html | '' {
  if (SITE_PLACES.every((place) => isOpen(builder, place))) return ''
  return html`<h3>${t('export.instead')}</h3>
    <ul>
      ${(['register', 'metadata', 'ask'] as const).map((way) => html`<li>${t(`export.instead.${way}`)}</li>`)}
      ${builder === 'platform' ? html`<li>${t('builder.platform.ask')}</li>` : ''}
      ${builder === 'squarespace' ? html`<li>${t('builder.squarespace.ask')}</li>` : ''}
    </ul>`
}

function otherSnippets(exports: readonly RightsExport[]): Html[] {
  return (['xmp', 'epub-metadata', 'json'] as const)
    .map((place) => ({ place, texts: snippetsFor(exports, place) }))
    .filter(({ texts }) => texts.length > 0)
    .map(
      ({ place, texts }) =>
        html`<section class="place">
          <h3>${t(`place.${place}`)}</h3>
          ${snippetBlocks(texts)}
        </section>`,
    )
}

function files(exports: readonly RightsExport[], link: (format: string, file: number) => string): Html | '' {
  const all = exports.flatMap(({ format, files: own }) => own.map(({ path }, i) => ({ format, path, i })))
  if (all.length === 0) return ''
  return html`<h3>${t('export.files')}</h3>
    <ul>
      ${all.map(({ format, path, i }) => html`<li><a href="${link(format, i)}" download>${path}</a> <span class="soft">${t('export.format', { format: t(`format.${format}`) })}</span></li>`)}
    </ul>`
}

function losses(exports: readonly RightsExport[], sentences: readonly string[]): Html | '' {
  const lossy = exports.filter(({ losses: own }) => own.length > 0)
  if (lossy.length === 0) return ''
  return html`<h3>${t('export.losses')}</h3>
    <p>${t('export.losses.text')}</p>
    ${lossy.map(
      ({ format, losses: own }) =>
        html`<details>
          <summary>${t(`format.${format}`)}: ${t('export.losses.count', { count: own.length })}</summary>
          <ul>
            ${own.map((loss) => html`<li>${sentences[loss.rule] ?? ''} <span class="soft">${sayLoss(loss, words)}</span></li>`)}
          </ul>
        </details>`,
    )}`
}
