import type { DocumentLimits, ParserClass } from './libraries.ts'
import { walkMarkup } from './markup.ts'
import type { TextCollector } from './textCollector.ts'

/** What a reader of the page does not see as text. */
const UNSEEN = new Set(
  'title script style template noscript svg math iframe object audio video canvas noframes noembed datalist rp'.split(
    ' ',
  ),
)
/** What begins and ends a line. */
const BLOCKS = new Set(
  (
    'address article aside blockquote body br caption center dd details dialog dir div dl dt fieldset figcaption figure ' +
    'footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol optgroup option p pre search ' +
    'section select summary table tbody tfoot thead tr ul'
  ).split(' '),
)
const CELLS = new Set(['td', 'th'])

/** Adds the text of a page, as it is read, to the collector. Errors: those of `walkMarkup` and of the collector. */
export function addHtmlText(
  markup: string,
  kind: 'html' | 'xhtml',
  collector: TextCollector,
  options: { Parser: ParserClass; most: DocumentLimits },
): void {
  let unseen = 0
  const breakAt = (name: string) => {
    if (BLOCKS.has(name)) collector.line()
    else if (CELLS.has(name)) collector.space()
  }
  const handler = {
    open(name: string) {
      if (UNSEEN.has(name)) unseen++
      breakAt(name)
    },
    close(name: string) {
      if (UNSEEN.has(name)) unseen--
      breakAt(name)
    },
    text(text: string) {
      if (unseen === 0) collector.add(text)
    },
  }
  collector.line()
  walkMarkup(markup, kind, handler, options)
  collector.line()
}
