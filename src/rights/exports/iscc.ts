import type { RightsDocument, RightsExport, RightsRule } from '../rules.ts'
import { quoted, type RightsFinding, type RightsReading } from './findings.ts'
import { flatten, rulesOfWords, type Said, type Word } from './flatten.ts'
import { isObject, readJson } from './json.ts'
import { TDMREP_WORDS } from './tdmrep.ts'
import { readTdmrepValue } from './tdmrepRead.ts'

const ISCC_VERSION = '0.8.0'

/** The categories of schema 0.5, replaced in 0.6 by the two members of TDMRep; still met in records of that time. */
const OLD_WORDS: Word[] = [
  { name: 'analyze', action: 'tdm:mine', except: 'col:trainAI' },
  { name: 'train', action: 'col:trainAI' },
  { name: 'inference', action: 'col:aiInput' },
  { name: 'search', action: 'odrl:index' },
]

/**
 * The TDM service metadata of the ISCC (schema 0.8.0): TDMRep's reservation and policy, bound to a work by its code. It
 * has no smaller word than all mining.
 *
 * @example JSON.parse(exportIscc(document, Date.now(), 'ISCC:…').files[0].content).tdm_reservation
 */
export function exportIscc(document: RightsDocument, now: number, iscc?: string): RightsExport {
  const { said, losses } = flatten(document.rules, TDMREP_WORDS, now)
  const decision = said.get('tdm-reservation')
  if (!decision) return { format: 'iscc', files: [], snippets: [], losses }
  const record = {
    '@context': `http://purl.org/iscc/context/${ISCC_VERSION}.jsonld`,
    '@type': 'TDM',
    $schema: `http://purl.org/iscc/schema/tdm-${ISCC_VERSION}.json`,
    ...(iscc ? { iscc } : {}),
    tdm_reservation: decision === 'deny' ? 1 : 0,
    ...(document.policyUrl && decision === 'deny' ? { tdm_policy: document.policyUrl } : {}),
  }
  const content = `${JSON.stringify(record, null, 2)}\n`
  return {
    format: 'iscc',
    files: [{ path: 'iscc-tdm.jsonld', mediaType: 'application/ld+json', content }],
    snippets: [],
    losses,
  }
}

/**
 * Reads a TDM record of the ISCC, of schema 0.6 and later or with the categories of 0.5. `derive` of 0.5 means what an
 * AI makes of a work; no action of ours is that alone, so only its reservation is taken over. Never throws.
 */
export function readIscc(input: string | Uint8Array, where: string): RightsReading {
  const { value, findings } = readJson(input, where)
  if (value === undefined) return { rules: [], findings }
  if (!isObject(value)) return { rules: [], findings: [finding('malformed_json', 'not an object', where)] }
  if (value.tdm_reservation !== undefined) {
    const given = value.tdm_reservation
    return readTdmrepValue(typeof given === 'number' ? String(given) : JSON.stringify(given), where)
  }
  const said: Said = new Map()
  for (const name of [...OLD_WORDS.map((word) => word.name), 'derive']) {
    const status = value[name]
    if (status === 'reserved' || status === 'open') said.set(name, status === 'reserved' ? 'deny' : 'allow')
    else if (status !== undefined)
      findings.push(finding('unknown_value', `${name} is ${quoted(JSON.stringify(status))}`, where))
  }
  const reading = rulesOfWords(OLD_WORDS, said, where)
  const derived: RightsRule[] = said.get('derive') === 'deny' ? [{ action: 'odrl:derive', decision: 'deny' }] : []
  return { rules: [...reading.rules, ...derived], findings: [...findings, ...reading.findings] }
}

function finding(code: RightsFinding['code'], what: string, where: string): RightsFinding {
  return { code, severity: 'error', where, what, remedy: 'Write tdm_reservation 1 or 0.' }
}
