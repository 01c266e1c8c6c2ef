import { ColophonError, sha256Hex } from '../../foundation/index.ts'
import { escapeXml, xmlTag, type XmlElement } from '../../rights/index.ts'
import {
  BEFORE,
  ENCODING,
  FIELDS,
  LANGUAGE,
  LICENSOR,
  MARKED,
  NAMESPACES,
  RDF,
  RIGHTS_EXPRESSION,
  WRITTEN,
  isFit,
  isNamed,
  lengthMax,
  type Field,
  type MarkProperties,
  type Name,
  type PropertyName,
  type Structure,
} from './fields.ts'
import { beforeItems } from './packetBefore.ts'
import { readPacket, type Packet } from './packetRead.ts'
import { isOdrl, itemsOf, standAlone, textsOf, type LanguageText } from './rdf.ts'

const ABOUT = `{${RDF}}about`
const STRUCTURES = [LICENSOR, RIGHTS_EXPRESSION]
const KEYS_OF: readonly (readonly [Name, readonly PropertyName[]])[] = [
  ...FIELDS.map((field) => [field, [field.key]] as const),
  [MARKED, ['marked']],
  ...STRUCTURES.map((structure) => [structure, structure.members.map(({ key }) => key)] as const),
]

/** Errors: `invalid_input` for what is too long, is not JSON, or is no address although others will follow it. */
export function checkProperties(properties: MarkProperties): void {
  for (const field of [...FIELDS, ...STRUCTURES.flatMap(({ members }) => members)]) {
    const value = properties[field.key]
    if (value === undefined) continue
    const most = lengthMax(field)
    if (value.length > most)
      throw new ColophonError('invalid_input', `${field.key} is longer than ${most} characters`, { where: field.key })
    if (value !== '' && !isFit(field, value))
      throw new ColophonError('invalid_input', `${field.key} is not what may stand there`, {
        where: field.key,
        remedy: 'Give JSON where JSON stands, and whole addresses: https, a URN, a word of the vocabulary.',
      })
  }
}

/**
 * A packet with these fields. Of a packet that exists everything else stays as it is, to the letter; a field that is
 * given replaces the one that stood there, and a field that Colophon wrote before and that is not given now is taken
 * back. What others had said in its place is kept beside (\`colophon:Before\`). Other languages of a text, and rights expressions in other languages, stay.
 */
export function writePacket(existing: Packet | undefined, properties: MarkProperties): string {
  const given = givenKeys(properties)
  if (!existing) return wrap(describe('', properties, given, [], []))
  const { text, rdf } = existing
  const descriptions = rdf.children.filter(({ namespace, name }) => namespace === RDF && name === 'Description')
  const said = readPacket(existing).properties
  const ours = oursAmong(said, writtenBefore(descriptions))
  const replaced = KEYS_OF.filter(([, keys]) => {
    const isTakenBack =
      keys.some((key) => ours.has(key)) && keys.every((key) => said[key] === undefined || ours.has(key))
    return isTakenBack || keys.some((key) => given.includes(key))
  })
  const kept = keptValues(descriptions, replaced)
  const cuts = descriptions.flatMap((description) => cutsIn(description, replaced))
  const about = descriptions.map(({ attributes }) => attributes.get(ABOUT)).find((value) => value) ?? ''
  const before = beforeItems(descriptions, replaced, { said, given: properties, ours })
  const description = describe(about, properties, given, kept, before)
  return withoutPadding(insert(text, rdf, cuts, description))
}

function givenKeys(properties: MarkProperties): PropertyName[] {
  return KEYS_OF.flatMap(([, keys]) => keys).filter((key) => properties[key] !== undefined && properties[key] !== '')
}

function writtenBefore(descriptions: XmlElement[]): string {
  const namespace = NAMESPACES[WRITTEN.prefix]
  return descriptions
    .flatMap(({ attributes, children }) => [
      attributes.get(`{${namespace}}${WRITTEN.name}`) ?? '',
      ...children
        .filter((child) => child.namespace === namespace && child.name === WRITTEN.name)
        .map(({ text }) => text),
    ])
    .join(' ')
}

/** The fields that still say what Colophon wrote: another program may have changed one since, and then it is not ours. */
function oursAmong(said: MarkProperties, written: string): ReadonlySet<PropertyName> {
  const notes = new Set(written.split(/\s+/))
  return new Set(
    KEYS_OF.flatMap(([, keys]) => keys).filter((key) => said[key] !== undefined && notes.has(noteOf(key, said))),
  )
}

/** A field's name and the beginning of the SHA-256 of what was written into it. */
function noteOf(key: PropertyName, properties: MarkProperties): string {
  return `${key}:${sha256Hex(Buffer.from(String(properties[key]))).slice(0, 16)}`
}

interface Kept {
  name: Name
  languages: LanguageText[]
  items: string[]
}

/** What a replaced field says beside what replaces it. */
function keptValues(
  descriptions: XmlElement[],
  replaced: readonly (readonly [Name, readonly PropertyName[]])[],
): Kept[] {
  return replaced.map(([name]) => {
    const elements = descriptions.flatMap(({ children }) => children.filter((child) => isNamed(child, name)))
    const isByLanguage = 'form' in name && name.form === 'language'
    const texts = isByLanguage ? elements.flatMap(textsOf) : []
    const foreign = name === RIGHTS_EXPRESSION ? elements.flatMap(itemsOf).filter((item) => !isOdrl(item)) : []
    return {
      name,
      languages: texts.filter(({ language }) => language !== undefined && language !== 'x-default'),
      items: foreign.map(standAlone),
    }
  })
}

type Range = readonly [start: number, end: number]

/** What goes from a description: fields that are replaced, and our own notes; all of it, if nothing else is in it. */
function cutsIn(description: XmlElement, replaced: readonly (readonly [Name, readonly PropertyName[]])[]): Range[] {
  const isReplaced = (namespace: string, name: string) =>
    [BEFORE, WRITTEN, ...replaced.map(([wanted]) => wanted)].some((wanted) => isNamed({ namespace, name }, wanted))
  const elements = description.children.filter(({ namespace, name }) => isReplaced(namespace, name))
  const attributes = [...description.attributeRanges].filter(([key]) => {
    const [, namespace, name] = /^\{(.*)\}([^}]*)$/s.exec(key) ?? []
    return namespace !== undefined && isReplaced(namespace, name!)
  })
  const isAll =
    elements.length + attributes.length > 0 &&
    elements.length === description.children.length &&
    [...description.attributes.keys()].filter((key) => key !== ABOUT).length === attributes.length
  if (isAll) return [[description.start, description.end]]
  return [...attributes.map(([, range]) => range), ...elements.map(({ start, end }): Range => [start, end])]
}

function insert(text: string, rdf: XmlElement, cuts: readonly Range[], ours: string): string {
  const closesItself = rdf.contentStart === rdf.end
  const insertAt = closesItself ? rdf.end : text.lastIndexOf('<', rdf.end - 1)
  let out = ''
  let at = 0
  for (const [start, end] of cuts.toSorted(([a], [b]) => a - b)) {
    out += text.slice(at, start)
    at = end
  }
  out += text.slice(at, insertAt)
  if (!closesItself) return `${out}${ours}${text.slice(insertAt)}`
  const tag = /^<([^\s/>]+)/.exec(text.slice(rdf.start, rdf.end))![1]!
  return `${out.replace(/\/>$/, '>')}${ours}</${tag}>${text.slice(insertAt)}`
}

/** Room that others left for changes in place serves nobody where the packet is written anew. */
function withoutPadding(text: string): string {
  const trailer = text.lastIndexOf('<?xpacket')
  return trailer <= 0 ? text : `${text.slice(0, trailer).trimEnd()}\n${text.slice(trailer).trimEnd()}`
}

function wrap(description: string): string {
  const rdf = xmlTag('rdf:RDF', { 'xmlns:rdf': RDF }, description)
  const meta = xmlTag('x:xmpmeta', { 'xmlns:x': 'adobe:ns:meta/' }, rdf)
  return `<?xpacket begin="\u{feff}" id="W5M0MpCehiHzreSzNTczkc9d"?>\n${meta}\n<?xpacket end="w"?>`
}

function describe(
  about: string,
  properties: MarkProperties,
  given: readonly PropertyName[],
  kept: readonly Kept[],
  before: readonly string[],
): string {
  const namespaces = Object.entries(NAMESPACES).map(([prefix, namespace]) => [`xmlns:${prefix}`, namespace] as const)
  const content = KEYS_OF.flatMap(([name, keys]) => {
    const others = kept.find((value) => value.name === name)
    const isSaid = keys.some((key) => given.includes(key))
    return isSaid || (others && others.languages.length + others.items.length > 0)
      ? property(name, properties, others)
      : []
  })
  const note = given.length > 0 ? [simple(WRITTEN, given.map((key) => noteOf(key, properties)).join(' '))] : []
  const all = [...content, ...note, ...(before.length > 0 ? [listOf(BEFORE, 'Seq', before.join(''))] : [])]
  if (all.length === 0) return ''
  return xmlTag(
    'rdf:Description',
    { 'xmlns:rdf': RDF, ...Object.fromEntries(namespaces), 'rdf:about': about },
    all.join(''),
  )
}

const simple = (name: Name, text: string) => xmlTag(`${name.prefix}:${name.name}`, {}, escapeXml(text))

function property(name: Name, properties: MarkProperties, others: Kept | undefined): string {
  if (name === MARKED) return simple(MARKED, properties.marked ? 'True' : 'False')
  if (name === LICENSOR || name === RIGHTS_EXPRESSION) return structure(name as Structure, properties, others)
  const field = name as Field
  const value = properties[field.key]
  if (field.form === 'sequence') return listOf(field, 'Seq', xmlTag('rdf:li', {}, escapeXml(value ?? '')))
  if (field.form !== 'language') return simple(field, value ?? '')
  const languages = [...(value ? [{ language: 'x-default', text: value }] : []), ...(others?.languages ?? [])]
  return listOf(
    field,
    'Alt',
    languages.map(({ language, text }) => xmlTag('rdf:li', { 'xml:lang': language }, escapeXml(text))).join(''),
  )
}

function listOf(name: Name, list: 'Alt' | 'Bag' | 'Seq', items: string): string {
  return xmlTag(`${name.prefix}:${name.name}`, {}, xmlTag(`rdf:${list}`, {}, items))
}

function structure(name: Structure, properties: MarkProperties, others: Kept | undefined): string {
  const members = name.members.flatMap((member) => {
    const value = properties[member.key]
    return value ? [simple(member, value)] : []
  })
  if (members.length > 0 && name === RIGHTS_EXPRESSION)
    members.push(simple(ENCODING, ENCODING.value), simple(LANGUAGE, LANGUAGE.value))
  const ours = members.length > 0 ? xmlTag('rdf:li', { 'rdf:parseType': 'Resource' }, members.join('')) : ''
  return listOf(name, name.list, `${ours}${others?.items.join('') ?? ''}`)
}
