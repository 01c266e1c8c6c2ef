import type { RightsRule } from './rules.ts'

/**
 * Traditional Knowledge and Biocultural Labels of Local Contexts, by their codes, and the notices that institutions may
 * apply. Names are for telling them apart; icons and template texts are theirs, and are linked, never copied.
 * Source: localcontexts.org, Labels and Notices.
 */
// prettier-ignore
export const labelCodes = [
  'tka', 'tkcl', 'tkf', 'tkmc', 'tkcv', 'tkcr', 'tkv', 'tknv', 'tks', 'tkwg', 'tkmg', 'tkmr', 'tkwr', 'tkcs',
  'tkss', 'tkoc', 'tknc', 'tkco', 'tko', 'tkcb',
  'bcp', 'bcmc', 'bccb', 'bcoc', 'bcr', 'bccv', 'bccnv', 'bccl', 'bco', 'bcnc',
] as const

export const noticeCodes = [
  'attribution_incomplete',
  'biocultural',
  'traditional_knowledge',
  'open_to_collaborate',
] as const

/** What is secret, for men or women only, or for the community only: neither shown nor found by its codes. */
export const RESTRICTED: ReadonlySet<string> = new Set(['tkss', 'tkmr', 'tkwr', 'tkco'])

const USES = [
  'tdm:mine',
  'col:aiInput',
  'odrl:reproduce',
  'odrl:derive',
  'odrl:distribute',
  'odrl:display',
  'odrl:present',
  'odrl:digitize',
] as const

/** What a label says in rules: only what it forbids. A label allows nothing by itself. */
export function rulesOfLabel(code: string, seasons: RightsRule['seasons']): RightsRule[] {
  const denyAll = (more: Partial<RightsRule>) =>
    USES.map((action): RightsRule => ({ action, decision: 'deny', ...more }))
  if (RESTRICTED.has(code)) return [...denyAll({}), { action: 'odrl:index', decision: 'deny' }]
  if (code === 'tknc' || code === 'bcnc') return denyAll({ purposes: ['col:commercial'] })
  if (code === 'tks' && seasons) {
    const closed = closedSeasons(seasons)
    return closed.length > 0 ? denyAll({ seasons: closed }) : []
  }
  // What may be sensitive, and what its community wants to be asked about, waits for a yes.
  if (code === 'tkcs' || code === 'bccnv' || code === 'tknv') return denyAll({ purposes: ['col:commercial'] })
  return []
}

/** The days of the year on which none of the seasons is open, as seasons. */
export function closedSeasons(open: NonNullable<RightsRule['seasons']>): NonNullable<RightsRule['seasons']> {
  const isOpen = DAYS.map((day) =>
    open.some(({ from, until }) => (from <= until ? from <= day && day <= until : day >= from || day <= until)),
  )
  const closed: { from: string; until: string }[] = []
  DAYS.forEach((day, i) => {
    if (isOpen[i]) return
    if (i > 0 && !isOpen[i - 1]) closed.at(-1)!.until = day
    else closed.push({ from: day, until: day })
  })
  return closed
}

const DAYS = Array.from({ length: 366 }, (_, i) => new Date(Date.UTC(2024, 0, 1 + i)).toISOString().slice(5, 10))
