import { escapeXml, readXml, xmlTag, type XmlElement } from '../../rights/index.ts'
import {
  BEFORE,
  RIGHTS_EXPRESSION,
  NAMESPACES,
  RDF,
  XMP_LIMITS,
  isNamed,
  type Field,
  type MarkProperties,
  type Name,
  type PropertyName,
} from './fields.ts'
import { isOdrl, itemsOf, standAlone, textsOf } from './rdf.ts'

/** A field, or a list of structures, that is about to be replaced, and the keys of what it says. */
type Replaced = readonly [Name, readonly PropertyName[]]

/** Of what Colophon wrote itself only this is kept: how it was made. Anything else is a correction that leaves no trace. */
const KEPT_OF_OURS = new Set<PropertyName>(['disclosureCode', 'statementUrl'])

/**
 * What a packet said before, one structure for each time that something else was put in its place: those that are there
 * already, as they are, and one with what is replaced now, if it says anything else than what replaces it; several where
 * a field stands there more than once. `ours` are the fields that say what Colophon wrote.
 */
export function beforeItems(
  descriptions: readonly XmlElement[],
  replaced: readonly Replaced[],
  { said, given, ours }: { said: MarkProperties; given: MarkProperties; ours: ReadonlySet<PropertyName> },
): string[] {
  const earlier = descriptions
    .flatMap(({ children }) => children.filter((child) => isNamed(child, BEFORE)))
    .flatMap(itemsOf)
    .map(standAlone)
  const members = replaced.flatMap(([name, keys]) => {
    const values = valuesOf(descriptions, name)
    const isOurs = values.length === 1 && keys.every((key) => said[key] === undefined || ours.has(key))
    const isKept = !isOurs || keys.some((key) => KEPT_OF_OURS.has(key))
    const isGiven = keys.some((key) => given[key] !== undefined)
    const isSame =
      values.length === 1 && keys.every((key) => given[key] === said[key]) && !values.some(({ isList }) => isList)
    return isKept && isGiven && !isSame ? [values.map(({ xml }) => xml)] : []
  })
  const count = Math.max(0, ...members.map(({ length }) => length))
  const made = Array.from({ length: count }, (_, i) => members.flatMap((values) => values[i] ?? []).join(''))
  return [...earlier, ...made.flatMap(inFinalForm)]
}

/** Read and written again it has the form in which it will be found and kept the next time. */
function inFinalForm(members: string): string[] {
  const item = xmlTag('rdf:li', { 'xmlns:rdf': RDF, 'rdf:parseType': 'Resource' }, members)
  const { root } = readXml(item, 'XMP', XMP_LIMITS)
  return root ? [standAlone(root)] : []
}

/** Everything that a field says and that would be lost. Texts in other languages, and rights in others, stay in their place. */
function valuesOf(descriptions: readonly XmlElement[], name: Name): { xml: string; isList: boolean }[] {
  const space = { [`xmlns:${name.prefix}`]: NAMESPACES[name.prefix] }
  const inWords = (text: string) => ({
    xml: xmlTag(`${name.prefix}:${name.name}`, space, escapeXml(text)),
    isList: false,
  })
  const attributes = descriptions.flatMap(({ attributes }) => {
    const value = attributes.get(`{${NAMESPACES[name.prefix]}}${name.name}`)
    return value === undefined ? [] : [inWords(value)]
  })
  const elements = descriptions.flatMap(({ children }) => children.filter((child) => isNamed(child, name)))
  if ((name as Field).form === 'language') {
    const texts = elements.flatMap(textsOf).filter(({ language = 'x-default' }) => language === 'x-default')
    return [...attributes, ...texts.map(({ text }) => inWords(text))]
  }
  if (name === RIGHTS_EXPRESSION) {
    const ours = elements.flatMap(itemsOf).filter(isOdrl)
    const list = xmlTag('rdf:Bag', {}, ours.map(standAlone).join(''))
    return ours.length > 0 ? [{ xml: xmlTag(`${name.prefix}:${name.name}`, space, list), isList: ours.length > 1 }] : []
  }
  return [...attributes, ...elements.map((each) => ({ xml: standAlone(each), isList: itemsOf(each).length > 1 }))]
}

/** The structures of a packet that say what it said before, each to be read as a description. */
export function readBefore(descriptions: readonly XmlElement[]): XmlElement[] {
  return descriptions
    .flatMap(({ children }) => children.filter((child) => isNamed(child, BEFORE)))
    .flatMap(itemsOf)
    .map((item) => item.children.find((child) => child.namespace === RDF && child.name === 'Description') ?? item)
}
