import { ColophonError } from '../../foundation/index.ts'
import { ruleCovers } from '../actions.ts'
import type { RightsDocument, RightsExport, RightsRule } from '../rules.ts'
import { exportAipref } from './aipref.ts'
import { exportCawg } from './cawg.ts'
import { exportContentSignal } from './contentSignal.ts'
import { exportCreativeCommons } from './creativeCommons.ts'
import type { RightsExportOptions } from './documentSchema.ts'
import { exportIptc } from './iptc.ts'
import { exportIscc } from './iscc.ts'
import { exportLocalContexts } from './localContexts.ts'
import type { RightsLoss } from './losses.ts'
import { exportOdrl } from './odrl.ts'
import { isPart } from './paths.ts'
import { exportPil } from './pil.ts'
import { exportRightsStatement } from './rightsStatements.ts'
import { exportRobotsAgents } from './robotsAgents.ts'
import { exportRsl } from './rsl.ts'
import { exportSchemaOrg } from './schemaOrg.ts'
import { exportTdmrep } from './tdmrep.ts'

type Exporter = (document: RightsDocument, now: number, options: RightsExportOptions) => RightsExport

/** One writer per vocabulary, the lossless one first. */
const EXPORTERS = {
  odrl: exportOdrl,
  tdmrep: (document, now, { exceptions }) => exportTdmrep(document, now, exceptions),
  aipref: exportAipref,
  rsl: exportRsl,
  'content-signal': exportContentSignal,
  'robots-agents': exportRobotsAgents,
  iptc: exportIptc,
  cawg: exportCawg,
  iscc: (document, now, { iscc }) => exportIscc(document, now, iscc),
  'schema-org': exportSchemaOrg,
  rightsstatements: (document, _now, { rightsStatement }) => exportRightsStatement(document, rightsStatement),
  'creative-commons': exportCreativeCommons,
  'story-pil': exportPil,
  'local-contexts': (document, _now, { labels }) => exportLocalContexts(document, labels ?? []),
} as const satisfies Record<string, Exporter>

/** Vocabularies that have no word for a path. Each speaks about all of the work or the site that it is put to. */
const WITHOUT_PATHS: readonly string[] = [
  'iptc',
  'cawg',
  'iscc',
  'schema-org',
  'rightsstatements',
  'creative-commons',
  'story-pil',
]

export type RightsFormat = keyof typeof EXPORTERS

/** Every vocabulary that rules can be written in. */
export const exportFormats = Object.keys(EXPORTERS) as RightsFormat[]

/**
 * Rules in one vocabulary at one moment (milliseconds): files, lines for what exists already, and what could not be
 * said. What is written is never wider than the rules, and no denial is left out without being named.
 *
 * @example exportRights(document, 'tdmrep', Date.now()).losses
 */
export function exportRights(
  document: RightsDocument,
  format: RightsFormat,
  now: number,
  options: RightsExportOptions = {},
): RightsExport {
  return exportTogether([document], format, now, options)
}

/**
 * What a party said at once about one target, in one vocabulary. Only ODRL can say for each document what wins where its
 * rules contradict each other, so there each is a policy of its own; elsewhere every no counts, whatever document it is
 * from, and the exceptions are losses. Losses count the rules through all documents.
 */
export function exportTogether(
  documents: readonly RightsDocument[],
  format: RightsFormat,
  now: number,
  options: RightsExportOptions = {},
): RightsExport {
  if (format === 'odrl') {
    const files = documents.flatMap((document) => exportOdrl(document).files)
    return { format, files: files.map(numbered), snippets: [], losses: [] }
  }
  const rules = documents.flatMap((document) => document.rules)
  const exceptions = exceptionsOf(documents)
  const undenied = new Set(exceptions.filter(({ isFinal }) => isFinal).map(({ rule }) => rule))
  const write = WITHOUT_PATHS.includes(format) && isPart(documents[0]!) ? writeDenials : EXPORTERS[format]
  const written = write({ ...documents[0]!, rules }, now, { ...options, exceptions: undenied }, format)
  const named = new Set(written.losses.map(({ rule }) => rule))
  const lost = exceptions.filter(({ rule }) => !named.has(rule))
  return {
    ...written,
    losses: [
      ...written.losses,
      ...lost.map(({ rule }): RightsLoss => ({ rule, what: 'exception', why: 'noGoesFirst' })),
    ],
  }
}

/** What is allowed for a part is not written where it would hold for the whole; what is denied is, and named. */
function writeDenials(
  document: RightsDocument,
  now: number,
  options: RightsExportOptions,
  format: RightsFormat,
): RightsExport {
  const denials = document.rules.flatMap(({ decision }, rule) => (decision === 'deny' ? [rule] : []))
  const rules = denials.map((rule) => document.rules[rule]!)
  const written = (EXPORTERS[format] as Exporter)({ ...document, rules }, now, { ...options, exceptions: new Set() })
  const losses = written.losses.map((loss) => ({ ...loss, rule: denials[loss.rule]! }))
  const isWhole = (rule: number) => losses.some((loss) => loss.rule === rule && loss.what === 'whole')
  const unsaid = document.rules.flatMap(({ decision }, rule): RightsLoss[] =>
    isWhole(rule) ? [] : [{ rule, what: decision === 'allow' ? 'whole' : 'paths', why: 'noPaths' }],
  )
  return { ...written, losses: [...losses, ...unsaid] }
}

function numbered<File extends { path: string }>(file: File, place: number): File {
  return place === 0 ? file : { ...file, path: file.path.replace('.', `-${place + 1}.`) }
}

/** The permissions that their own document puts before a prohibition; `isFinal` where no other document denies them. */
function exceptionsOf(documents: readonly RightsDocument[]): { rule: number; isFinal: boolean }[] {
  let first = 0
  return documents.flatMap((document) => {
    const start = first
    first += document.rules.length
    if (document.conflict !== 'perm') return []
    const others = documents.filter((other) => other !== document)
    return document.rules.flatMap((rule, place) =>
      rule.decision === 'allow' && isDenied(rule, document)
        ? [{ rule: start + place, isFinal: !others.some((other) => isDenied(rule, other)) }]
        : [],
    )
  })
}

function isDenied({ action }: RightsRule, { rules }: RightsDocument): boolean {
  const touches = (other: RightsRule) => ruleCovers(other.action, action) || ruleCovers(action, other.action)
  return rules.some((other) => other.decision === 'deny' && touches(other))
}

/** The name of a vocabulary as somebody wrote it; anything else is a `usage` error. */
export function parseRightsFormat(name: string): RightsFormat {
  if (Object.hasOwn(EXPORTERS, name)) return name as RightsFormat
  throw new ColophonError('usage', `there is no format ${name.slice(0, 40)}`, {
    remedy: `Use ${exportFormats.join(', ')}.`,
  })
}

export { sayLoss } from './losses.ts'
export { parseRightsDocument, type RightsExportOptions } from './documentSchema.ts'
