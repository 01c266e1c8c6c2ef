import type { Json } from '../../foundation/index.ts'
import type { RightsFinding, RightsReading } from './findings.ts'
import { quoted } from './findings.ts'
import { isObject, readJson } from './json.ts'
import { rulesOfWords, type Said } from './flatten.ts'
import { matchesPattern } from './robotsTxt.ts'
import { RDF_NAMESPACE, TDMREP_TERMS, TDMREP_WORDS, TDMREP_XMP_NAMESPACE } from './tdmrep.ts'
import { readXml, xmpLimits, type XmlElement } from './xml.ts'

const RULES_MAX = 10_000

/** One line of `/.well-known/tdmrep.json` that could be understood. */
export interface TdmrepEntry {
  location: string
  reservation: 0 | 1 | undefined
  policy: string | undefined
}

/**
 * Reads the value of `tdm-reservation` from a header or a tag. Only `0` and `1` have a meaning; all else is unset.
 *
 * @example readTdmrepValue('1', 'header tdm-reservation').rules // [{ action: 'tdm:mine', decision: 'deny' }]
 */
export function readTdmrepValue(value: string, where: string): RightsReading {
  const said: Said = new Map()
  const trimmed = value.trim()
  if (trimmed === '1') said.set('tdm-reservation', 'deny')
  else if (trimmed === '0') said.set('tdm-reservation', 'allow')
  else return { rules: [], findings: [unknownReservation(trimmed, where)] }
  return rulesOfWords(TDMREP_WORDS, said, where)
}

function unknownReservation(value: string, where: string): RightsFinding {
  const what = `tdm-reservation is ${quoted(value)}, which TDMRep treats as nothing said`
  return { code: 'unknown_value', severity: 'error', where, what, remedy: 'Write 1 (reserved) or 0 (not reserved).' }
}

/** Reads the file of a site into its entries, in their order; the first that matches a path counts. */
export function readTdmrepFile(
  input: string | Uint8Array,
  where: string,
): { entries: TdmrepEntry[]; findings: RightsFinding[] } {
  const { value, findings } = readJson(input, where)
  if (value === undefined) return { entries: [], findings }
  if (!Array.isArray(value) || value.length > RULES_MAX) {
    const what = `not a list of at most ${RULES_MAX} entries`
    return {
      entries: [],
      findings: [{ code: 'malformed_json', severity: 'error', where, what, remedy: 'Write a list.' }],
    }
  }
  return { entries: value.flatMap((item, index) => readEntry(item, `${where}[${index}]`, findings)), findings }
}

function readEntry(item: Json, where: string, findings: RightsFinding[]): TdmrepEntry[] {
  if (!isObject(item) || typeof item.location !== 'string') {
    findings.push({
      code: 'malformed_json',
      severity: 'error',
      where,
      what: 'an entry without a location counts for nothing',
      remedy: 'Give it "location": a path, perhaps with * and $.',
    })
    return []
  }
  const given = item['tdm-reservation']
  const reservation = given === 0 || given === 1 ? given : undefined
  if (given === '0' || given === '1') {
    const what = `tdm-reservation is the text ${quoted(given)}; the specification asks for a number`
    findings.push({ code: 'unknown_value', severity: 'error', where, what, remedy: 'Leave the quotation marks out.' })
  } else if (reservation === undefined) {
    findings.push(unknownReservation(JSON.stringify(given ?? null), where))
  }
  const policy = typeof item['tdm-policy'] === 'string' ? item['tdm-policy'] : undefined
  return [{ location: item.location, reservation, policy }]
}

/** What the file of a site says about one path. */
export function readTdmrep(input: string | Uint8Array, path: string, where: string): RightsReading {
  const { entries, findings } = readTdmrepFile(input, where)
  const entry = entries.find(({ location }) => matchesPattern(location, path))
  if (!entry || entry.reservation === undefined) return { rules: [], findings }
  const reading = readTdmrepValue(String(entry.reservation), where)
  return { rules: reading.rules, findings: [...findings, ...reading.findings] }
}

/** Reads `tdm:reservation` from an XMP packet or a part of one, written as an element or as an attribute. */
export function readTdmrepXmp(xmp: string, where: string): RightsReading {
  const { root, findings } = readXml(xmp, where, xmpLimits)
  const values = root ? findProperty(root, TDMREP_XMP_NAMESPACE, 'reservation') : []
  const readings = values.map((value) => readTdmrepValue(value, where))
  return {
    rules: readings.flatMap(({ rules }) => rules),
    findings: [...findings, ...readings.flatMap((reading) => reading.findings)],
  }
}

/** Reads `tdm:reservation` from the package of an EPUB, as a name (EPUB 2) or as a property (EPUB 3). */
export function readTdmrepOpf(opf: string, where: string): RightsReading {
  const { root, findings } = readXml(opf, where, xmpLimits)
  const prefixes = root?.attributes.get('prefix')?.matchAll(/(\S+):\s+(\S+)/g) ?? []
  const own = [...prefixes].flatMap(([, prefix, terms]) => (terms === TDMREP_TERMS ? [`${prefix}:reservation`] : []))
  const values = root ? metaValues(root, ['tdm:reservation', ...own]) : []
  const readings = values.map((value) => readTdmrepValue(value, where))
  return {
    rules: readings.flatMap(({ rules }) => rules),
    findings: [...findings, ...readings.flatMap((reading) => reading.findings)],
  }
}

function metaValues({ name, attributes, text, children }: XmlElement, names: readonly string[]): string[] {
  const below = children.flatMap((child) => metaValues(child, names))
  if (name !== 'meta') return below
  if (names.includes(attributes.get('property') ?? '')) return [text, ...below]
  return names.includes(attributes.get('name') ?? '') ? [attributes.get('content') ?? '', ...below] : below
}

/** Every value of an XMP property: text of an element, `rdf:resource`, `rdf:value`, items of an array, or an attribute. */
export function findProperty(root: XmlElement, namespace: string, name: string): string[] {
  const own = root.attributes.get(`{${namespace}}${name}`)
  const below = root.children.flatMap((child) => findProperty(child, namespace, name))
  if (root.namespace !== namespace || root.name !== name) return own === undefined ? below : [own, ...below]
  const resource = root.attributes.get(`{${RDF_NAMESPACE}}resource`)
  if (resource !== undefined) return [resource]
  return root.children.length === 0 ? [root.text] : leavesOf(root)
}

function leavesOf(element: XmlElement): string[] {
  if (element.children.length === 0) return [element.text]
  return element.children.flatMap(leavesOf)
}
