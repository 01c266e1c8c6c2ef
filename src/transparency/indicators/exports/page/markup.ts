/** Markup that is finished: a template puts it in as it is. Everything else is a text, and is escaped. */
export interface Markup {
  readonly markup: string
}

type Part = Markup | string | number | undefined | readonly Markup[]

/** A template of HTML or SVG whose texts are escaped, for elements and for quoted attributes. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return { markup: strings.map((each, i) => each + (i < parts.length ? markupOf(parts[i]) : '')).join('') }
}

function markupOf(part: Part): string {
  if (part === undefined) return ''
  if (typeof part === 'string') return escape(part)
  if (typeof part === 'number') return String(part)
  return 'markup' in part ? part.markup : part.map(({ markup }) => markup).join('')
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character]!)
}
