import { ColophonError, type Json } from '../../foundation/index.ts'
import type { Lineage } from '../graph.ts'
import { withoutOddAddresses } from './addresses.ts'
import { exportCroissant } from './croissant.ts'
import { importCroissant, isCroissant } from './croissantRead.ts'
import { exportDataProvenance } from './dataProvenance.ts'
import { importDataProvenance, isDataProvenance } from './dataProvenanceRead.ts'
import { exportDcat } from './dcat.ts'
import { importDcat } from './dcatRead.ts'
import { checkSize, readDocument, refusal } from './document.ts'
import type { Written } from './formats.ts'
import { exportHuggingFace } from './huggingFace.ts'
import { importHuggingFace, isHuggingFace } from './huggingFaceRead.ts'
import { NAMESPACE } from './names.ts'
import { exportOpenLineage } from './openLineage.ts'
import { importOpenLineage, isOpenLineage } from './openLineageRead.ts'
import { exportProv } from './prov.ts'
import { importProv } from './provRead.ts'
import type { LineageReading } from './reading.ts'
import { exportSpdx } from './spdx.ts'
import { importSpdx, isSpdx } from './spdxRead.ts'
import { upstreamOf, type Upstream } from './upstream.ts'

/** Every format that a lineage is written in and read from, the lossless one first. */
export const lineageFormats = [
  'prov',
  'croissant',
  'openlineage',
  'spdx',
  'dcat-ap',
  'data-provenance-standards',
  'huggingface',
] as const
export type LineageFormat = (typeof lineageFormats)[number]

export interface LineageExportOptions {
  /** When the document is made: a moment in UTC. */
  at: string
  /** Who makes it, as a URI. */
  producer?: string
}

export interface LineageExport {
  text: string
  mediaType: string
  /** In plain words, what of this lineage does not fit the format. */
  lost: string[]
  /** What the format asks for and nobody has said; it is left out, never made up. */
  missing: string[]
}

interface Format {
  mediaType: string
  /** Kinds of entity that the format has no document for. */
  refuses?: readonly string[]
  write: (upstream: Upstream, producer: string, at: string) => Written
  read: (text: string, at?: string) => LineageReading
}

const JSON_LD = 'application/ld+json'
const FORMATS: Record<LineageFormat, Format> = {
  prov: {
    mediaType: JSON_LD,
    write: (upstream) => ({ text: exportProv(upstream), lost: [], missing: [] }),
    read: importProv,
  },
  croissant: {
    mediaType: `${JSON_LD}; profile="http://mlcommons.org/croissant/1.1"`,
    refuses: ['Model'],
    write: exportCroissant,
    read: importCroissant,
  },
  openlineage: { mediaType: 'application/x-ndjson', write: exportOpenLineage, read: importOpenLineage },
  spdx: { mediaType: JSON_LD, write: exportSpdx, read: importSpdx },
  'dcat-ap': { mediaType: JSON_LD, refuses: ['Model'], write: exportDcat, read: importDcat },
  'data-provenance-standards': {
    mediaType: 'application/json',
    refuses: ['Model'],
    write: exportDataProvenance,
    read: importDataProvenance,
  },
  huggingface: { mediaType: 'text/markdown', write: exportHuggingFace, read: importHuggingFace },
}

/**
 * One entity of a lineage, and what it was made from, as a document of one format. Errors: `invalid_input` where the
 * lineage does not know the entity, or the format has no document for a model.
 *
 * @example exportLineage(lineage, 'corpus-2', 'croissant', { at: '2026-11-01T00:00:00Z' }).missing
 */
export function exportLineage(
  lineage: Lineage,
  entityId: string,
  format: LineageFormat,
  { at, producer = NAMESPACE }: LineageExportOptions,
): LineageExport {
  const upstream = upstreamOf(lineage, entityId)
  const { mediaType, refuses, write } = FORMATS[format]
  if (refuses?.includes(upstream.root.type))
    throw new ColophonError('invalid_input', `${format} describes data sets, no models`, {
      where: entityId,
      remedy: 'Use prov, openlineage, spdx or huggingface for a model.',
    })
  const { sound, lost } = withoutOddAddresses(upstream)
  const written = write(sound, producer, at)
  return { mediaType, ...written, lost: [...written.lost, ...lost] }
}

/**
 * The steps that a document of one of the formats describes; without a format it is recognised. What the document says is
 * attested: somebody said it. Only what this project wrote as PROV keeps the certainty that it names. What nobody said
 * stays out, except for the time of a step, which is then that of the reading and is named in `lost`. Nothing is fetched.
 * Errors: `invalid_input` for what is no such document or no lineage, `too_large`.
 *
 * @example importLineage(readFileSync('croissant.json', 'utf8'), undefined).steps
 */
export function importLineage(
  text: string,
  format: LineageFormat | undefined,
  options: { at?: string } = {},
): LineageReading {
  checkSize(text)
  return FORMATS[format ?? recognise(text)].read(text, options.at)
}

function recognise(text: string): LineageFormat {
  if (isHuggingFace(text)) return 'huggingface'
  const first = text.trimStart().split('\n', 1)[0]!
  // Events stand one a line, so that the whole is no JSON.
  if (/^\{.*\}\s*$/.test(first) && isOpenLineage(readDocument(first, 'line 1'))) return 'openlineage'
  const document = readDocument(text)
  const recognisers: [LineageFormat, (document: Json) => boolean][] = [
    ['openlineage', isOpenLineage],
    ['spdx', isSpdx],
    ['croissant', isCroissant],
    ['data-provenance-standards', isDataProvenance],
    ['dcat-ap', (value) => JSON.stringify(value).includes('http://www.w3.org/ns/dcat#')],
    ['prov', (value) => JSON.stringify(value).includes('http://www.w3.org/ns/prov#')],
  ]
  const found = recognisers.find(([, isIt]) => isIt(document))
  if (found) return found[0]
  throw refusal('this is a document of none of the formats', 'document', `Give one of ${lineageFormats.join(', ')}.`)
}

export type { LineageReading }
