import { z } from 'zod'
import type { RightsDocument, RightsExport } from '../rules.ts'
import { wholeLosses } from './losses.ts'
import { escapeXml, xmlTag } from './xml.ts'

/** A Label that a community has put on a work: named, and linked where the community describes it, never copied. */
export const localContextsLabelSchema = z.strictObject({
  id: z.string().min(1).max(100),
  name: z.string().min(1).max(200),
  url: z
    .url({ protocol: /^https$/, hostname: z.regexes.domain })
    .max(500)
    .optional(),
  community: z.strictObject({
    name: z.string().min(1).max(200),
    url: z
      .url({ protocol: /^https$/ })
      .max(500)
      .optional(),
  }),
})

export type LocalContextsLabel = z.infer<typeof localContextsLabelSchema>

/**
 * Links to Local Contexts Labels. Only a community makes and edits its Labels, so none is ever derived from rules, and
 * neither their icons nor their texts are part of a document of ours: the link leads to both.
 *
 * @example exportLocalContexts(document, []).losses.length // document.rules.length
 */
export function exportLocalContexts(document: RightsDocument, labels: readonly LocalContextsLabel[]): RightsExport {
  // What a Label forbids is said by the Label itself.
  const losses = labels.some(({ id }) => id === document.id) ? [] : wholeLosses(document.rules, 'labelOfCommunity')
  if (labels.length === 0) return { format: 'local-contexts', files: [], snippets: [], losses }
  const content = `${JSON.stringify({ target: document.target, labels }, null, 2)}\n`
  const lines = labels.map(({ name, url, community }) => {
    const text = escapeXml(`${name} (${community.name})`)
    return url === undefined ? xmlTag('span', {}, text) : xmlTag('a', { href: url }, text)
  })
  return {
    format: 'local-contexts',
    files: [{ path: 'local-contexts.json', mediaType: 'application/json', content }],
    snippets: [{ place: 'html-head', text: `<!-- beside the work, visible -->\n${lines.join('\n')}` }],
    losses,
  }
}
