import { writePdf, type PdfBlock } from '../../foundation/index.ts'
import type { Entry, SummaryDocument } from './document.ts'
import { howKnown, markedHowKnown } from '../howKnown.ts'

/** The document as one HTML file that needs nothing else: no script, no address outside of it. */
export function toHtml({ title, introduction, sections }: SummaryDocument): string {
  const body = sections
    .map(({ number, heading, entries }) => {
      const level = number.includes('.') ? 'h3' : 'h2'
      return `<section><${level}>${escape(number ? `${number}. ${heading}` : heading)}</${level}>${
        entries.length === 0 ? '' : `<dl>${entries.map(entryHtml).join('')}</dl>`
      }</section>`
    })
    .join('\n')
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${escape(title)}</title>
<style>${STYLE}</style></head>
<body><main><h1>${escape(title)}</h1><p>${escape(introduction)}</p>
${body}
</main></body></html>
`
}

function entryHtml({ label, lines, isList, ...how }: Entry): string {
  const answer =
    lines.length === 0
      ? ''
      : isList
        ? `<ul>${lines.map((line) => `<li>${linked(line)}</li>`).join('')}</ul>`
        : lines.map((line) => `<p>${linked(line)}</p>`).join('')
  return `<div><dt>${escape(label)}</dt><dd>${answer}<p class="known">${escape(howKnown(how))}</p></dd></div>`
}

/** Addresses become links that say nothing to whoever is behind them. */
function linked(text: string): string {
  return escape(text).replace(
    /https?:\/\/[^\s<>"',;)]+/g,
    (url) => `<a href="${url}" rel="noreferrer nofollow">${url}</a>`,
  )
}

const STYLE = `:root{color-scheme:light dark}body{font:1rem/1.55 system-ui,sans-serif;margin:0;background:Canvas;color:CanvasText}main{max-width:48rem;margin:0 auto;padding:1.5rem 1rem 4rem;overflow-wrap:anywhere}h1{font-size:1.7rem;line-height:1.2}h2{margin-top:2.5rem;border-bottom:2px solid}h3{margin-top:2rem}dl{margin:0}dl>div{padding:.75rem 0;border-bottom:1px solid GrayText}dt{font-weight:600}dd{margin:.25rem 0 0}dd p,dd ul{margin:.25rem 0}.known{font-size:.875rem}a{color:LinkText}@media(min-width:40rem){dl>div{display:grid;grid-template-columns:1fr 2fr;gap:1rem}}`

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)
}

/** The document as a tagged PDF. */
export function toPdf({ title, introduction, sections }: SummaryDocument, at: string): Promise<Uint8Array> {
  return writePdf({ title, language: 'en', at }, [
    { heading: title, level: 1 },
    { note: introduction },
    ...sections.flatMap(({ number, heading, entries }): PdfBlock[] => [
      { heading: number ? `${number}. ${heading}` : heading, level: number.includes('.') ? 3 : 2 },
      ...entries.flatMap(({ label, lines, isList, ...how }): PdfBlock[] => [
        { term: `${label}:` },
        ...lines.map((line) => ({ text: isList ? `• ${line}` : line })),
        { note: markedHowKnown(how) },
      ]),
    ]),
  ])
}
