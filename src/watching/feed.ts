import { escapeXml } from '../rights/index.ts'
import type { findFound } from './findFound.ts'

type Finding = Awaited<ReturnType<typeof findFound>>['found'][number]

/** What was found of a party's works as an Atom feed (RFC 4287): one entry for each step that found any, not one for each place. */
export function feedOf(
  findings: readonly Finding[],
  { title, page, at, say }: { title: string; page: string; at: string; say: (works: number, places: number) => string },
): string {
  const entries = [...Map.groupBy(findings, ({ run }) => run)].map(([run, places]) => {
    const works = new Set(places.map(({ work }) => work)).size
    const lines = places.map(
      (each) =>
        `${each.title}: ${each.dataset_name} ${each.dataset_version}, ${each.row_number} (${each.kind}, ${each.status})`,
    )
    return `<entry><id>${escapeXml(`${page}#run-${run}`)}</id><title>${escapeXml(say(works, places.length))}</title><updated>${places[0]!.found_at}</updated><link href="${escapeXml(page)}"/><content type="text">${escapeXml(lines.join('\n'))}</content></entry>`
  })
  return `<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom"><id>${escapeXml(page)}</id><title>${escapeXml(title)}</title><updated>${findings[0]?.found_at ?? at}</updated><author><name>Colophon</name></author><link rel="self" href="${escapeXml(`${page}.atom`)}"/>${entries.join('')}</feed>
`
}
