import { ColophonError } from '../../foundation/index.ts'
import type { RightsDocument, RightsExport } from '../rules.ts'
import { exportAipref } from './aipref.ts'
import { exportCawg } from './cawg.ts'
import { exportContentSignal } from './contentSignal.ts'
import { exportCreativeCommons } from './creativeCommons.ts'
import type { RightsExportOptions } from './documentSchema.ts'
import { exportIptc } from './iptc.ts'
import { exportIscc } from './iscc.ts'
import { exportLocalContexts } from './localContexts.ts'
import { exportOdrl } from './odrl.ts'
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
  tdmrep: exportTdmrep,
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
  return (EXPORTERS[format] as Exporter)(document, now, options)
}

/** The name of a vocabulary as somebody wrote it; anything else is a `usage` error. */
export function parseRightsFormat(name: string): RightsFormat {
  if (Object.hasOwn(EXPORTERS, name)) return name as RightsFormat
  throw new ColophonError('usage', `there is no format ${name.slice(0, 40)}`, {
    remedy: `Use ${exportFormats.join(', ')}.`,
  })
}

export { parseRightsDocument, type RightsExportOptions } from './documentSchema.ts'
