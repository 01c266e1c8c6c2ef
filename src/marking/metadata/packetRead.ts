import { readXml, type XmlElement } from '../../rights/index.ts'
import {
  FIELDS,
  LICENSOR,
  MARKED,
  NAMESPACES,
  PLUS_VOCABULARY,
  RDF,
  RIGHTS_EXPRESSION,
  XMP_LIMITS,
  isFit,
  lengthMax,
  type Field,
  type MarkProperties,
  type Name,
  type PropertyName,
  type Structure,
} from './fields.ts'
import type { MetadataFinding } from './findings.ts'
import { readBefore } from './packetBefore.ts'
import { isOdrl, itemsOf, memberOf, textsOf, type LanguageText } from './rdf.ts'

const XMP_BYTES_MAX = 16 * 1024 * 1024

/** A packet as text and as a tree, with the `rdf:RDF` element in it. */
export interface Packet {
  text: string
  rdf: XmlElement
}

/** Reads a packet into a tree. Without `packet` it cannot be understood, and a finding says why. Never throws. */
export function parsePacket(bytes: Uint8Array): { packet?: Packet; findings: MetadataFinding[] } {
  if (bytes.length > XMP_BYTES_MAX) return { findings: [asFinding('too_large', `it has ${bytes.length} bytes`)] }
  const text = decodePacket(bytes)
  if (text === undefined) return { findings: [malformed('it is not written in the Unicode that it claims')] }
  const { root, findings } = readXml(text, 'XMP', XMP_LIMITS)
  if (!root) return { findings: findings.map(({ code, what }) => asFinding(code, what)) }
  const rdf = isRdf(root) ? root : root.children.find(isRdf)
  return rdf ? { packet: { text, rdf }, findings: [] } : { findings: [malformed('there is no RDF in it')] }
}

const isRdf = ({ namespace, name }: XmlElement) => namespace === RDF && name === 'RDF'

function asFinding(code: string, what: string): MetadataFinding {
  if (code === 'doctype_refused') return { code, severity: 'error', message: `The XMP is not read: ${what}.` }
  if (code === 'too_large')
    return { code: 'xmp_too_large', severity: 'error', message: `The XMP is not read: ${what}.` }
  return malformed(what)
}

function malformed(what: string): MetadataFinding {
  return { code: 'malformed_xmp', severity: 'error', message: `The XMP is not read: ${what}.` }
}

/** UTF-8, or UTF-16 when its first characters show it; padding of zeros at the end is nobody's text. */
function decodePacket(bytes: Uint8Array): string | undefined {
  const isLittle = bytes[0] === 0xff || bytes[1] === 0
  const label = bytes[0] === 0xfe || (bytes[0] === 0 && bytes[1] !== 0) ? 'utf-16be' : isLittle ? 'utf-16le' : 'utf-8'
  let end = bytes.length
  while (end > 0 && bytes[end - 1] === 0) end--
  if (label === 'utf-16le') end += end & 1
  try {
    return new TextDecoder(label, { fatal: true }).decode(bytes.subarray(0, end))
  } catch {
    return undefined
  }
}

/** What a packet says, and what it said before others put something else in its place, the earliest first. */
export interface PacketReading {
  properties: MarkProperties
  before?: MarkProperties[]
  findings: MetadataFinding[]
}

/** The fields of a packet. What is too long is cut, what is unfit is left out, and findings say so. Never throws. */
export function readPacket({ rdf }: Packet): PacketReading {
  const findings: MetadataFinding[] = []
  const descriptions = rdf.children.filter(({ namespace }) => namespace === RDF)
  const before = readBefore(descriptions).slice(0, BEFORE_MAX)
  return {
    properties: readDescriptions(descriptions, findings),
    ...(before.length > 0 ? { before: before.map((item) => readDescriptions([item], [])) } : {}),
    findings,
  }
}

/** Every text that stands in one field of a packet. */
export function valuesIn({ rdf }: Packet, key: PropertyName): string[] {
  const descriptions = rdf.children.filter(({ namespace }) => namespace === RDF)
  const field = FIELDS.find((each) => each.key === key)
  return field ? valuesOf(descriptions, field, []).flatMap((texts) => texts.map(({ text }) => text)) : []
}

/** How often a file is read as having said something else before: more than anybody says, and no more than can be shown. */
const BEFORE_MAX = 2000

function readDescriptions(descriptions: XmlElement[], findings: MetadataFinding[]): MarkProperties {
  const properties: MarkProperties = {}
  for (const field of FIELDS) {
    const said = valuesOf(descriptions, field, findings).map((texts) => choose(field, texts))
    keep(properties, field, said, findings)
  }
  readMarked(properties, descriptions, findings)
  for (const structure of [LICENSOR, RIGHTS_EXPRESSION]) {
    const item = ourItem(structure, descriptions)
    if (!item) continue
    for (const member of structure.members) {
      const text = memberOf(item, NAMESPACES[member.prefix], member.name)
      keep(properties, member, text === undefined ? [] : [text], findings)
    }
  }
  return properties
}

/** Every value that the descriptions give to a field; a value that is no text is named. */
function valuesOf(descriptions: XmlElement[], name: Name, findings: MetadataFinding[]): LanguageText[][] {
  return elementsAndAttributes(descriptions, name).flatMap((value) => {
    if (typeof value === 'string') return [[{ text: value }]]
    const texts = textsOf(value)
    if (texts.length > 0) return [texts]
    findings.push({
      code: 'field_not_understood',
      severity: 'warning',
      message: `${qualified(name)} holds no text that could be read.`,
    })
    return []
  })
}

function elementsAndAttributes(descriptions: XmlElement[], { prefix, name }: Name): (string | XmlElement)[] {
  const namespace = NAMESPACES[prefix]
  return descriptions.flatMap((description) => {
    const attribute = description.attributes.get(`{${namespace}}${name}`)
    const elements = description.children.filter((child) => child.name === name && child.namespace === namespace)
    return attribute === undefined ? elements : [attribute, ...elements]
  })
}

function choose({ form }: Field, texts: LanguageText[]): string {
  if (form === 'sequence') return texts.map(({ text }) => text).join('; ')
  return (texts.find(({ language }) => language === 'x-default') ?? texts[0]!).text
}

/** Takes the first value over if it is fit. */
function keep(properties: MarkProperties, field: Field, said: readonly string[], findings: MetadataFinding[]): void {
  const name = qualified(field)
  if (new Set(said).size > 1)
    findings.push({ code: 'said_twice', severity: 'warning', message: `${name} stands there twice, differently.` })
  const isWords = ['text', 'language', 'sequence', 'json'].includes(field.form)
  const given = isWords ? said[0] : said[0]?.trim()
  if (given === undefined || given === '') return
  const value = shorten(field, withNamespace(field, given, findings), findings)
  if (value === undefined) return
  if (isFit(field, value)) properties[field.key] = value
  else if (field.form === 'json')
    findings.push({ code: 'field_not_understood', severity: 'warning', message: `${name} is not JSON.` })
  else
    findings.push({
      code: 'address_refused',
      severity: 'warning',
      message: `${name} is no address that may stand there.`,
    })
}

function withNamespace({ form }: Field, value: string, findings: MetadataFinding[]): string {
  if (form !== 'vocabulary' || !/^DMI-[A-Z-]{1,60}$/.test(value)) return value
  findings.push({ code: 'without_namespace', severity: 'note', message: `${value} is written without its namespace.` })
  return `${PLUS_VOCABULARY}${value}`
}

function shorten(field: Field, value: string, findings: MetadataFinding[]): string | undefined {
  const most = lengthMax(field)
  if (value.length <= most) return value
  const isWords = ['text', 'language', 'sequence'].includes(field.form)
  findings.push({
    code: isWords ? 'field_cut' : 'field_too_long',
    severity: 'warning',
    message: `${qualified(field)} is longer than ${most} characters and is ${isWords ? 'cut' : 'left out'}.`,
  })
  // Half of a surrogate pair would be no character.
  return isWords ? value.slice(0, most).replace(/[\ud800-\udbff]$/, '') : undefined
}

function readMarked(properties: MarkProperties, descriptions: XmlElement[], findings: MetadataFinding[]): void {
  const said = valuesOf(descriptions, MARKED, findings)[0]?.[0]?.text.trim().toLowerCase()
  if (said === 'true' || said === 'false') properties.marked = said === 'true'
  else if (said !== undefined)
    findings.push({
      code: 'field_not_understood',
      severity: 'warning',
      message: `${qualified(MARKED)} is neither True nor False.`,
    })
}

/** Of licensors the first; of rights expressions the first that is ODRL in JSON-LD. */
function ourItem(structure: Structure, descriptions: XmlElement[]): XmlElement | undefined {
  const items = elementsAndAttributes(descriptions, structure).flatMap((value) =>
    typeof value === 'string' ? [] : itemsOf(value),
  )
  return structure === LICENSOR ? items[0] : items.find(isOdrl)
}

const qualified = ({ prefix, name }: Name) => `${prefix}:${name}`
