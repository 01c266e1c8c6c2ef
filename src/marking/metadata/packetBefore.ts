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
 * already, as they are, and one with what is replaced now, if it says anything else than what replaces it.
 */
export function beforeItems(
  descriptions: readonly XmlElement[],
  replaced: readonly Replaced[],
  { said, given, written }: { said: MarkProperties; given: MarkProperties; written: ReadonlySet<string> },
): string[] {
  const earlier = descriptions
    .flatMap(({ children }) => children.filter((child) => isNamed(child, BEFORE)))
    .flatMap(itemsOf)
    .map(standAlone)
  const members = replaced.flatMap(([name, keys]) => {
    const isOthers = !keys.some((key) => written.has(key) && !KEPT_OF_OURS.has(key))
    const isGiven = keys.some((key) => given[key] !== undefined)
    const values = valuesOf(descriptions, name)
    const isSame = keys.every((key) => given[key] === said[key]) && !values.some(({ isList }) => isList)
    // A structure holds a field once; the first is the one that counted.
    return isOthers && isGiven && !isSame ? values.slice(0, 1).map(({ xml }) => xml) : []
  })
  if (members.length === 0) return earlier
  const item = xmlTag('rdf:li', { 'xmlns:rdf': RDF, 'rdf:parseType': 'Resource' }, members.join(''))
  // Read and written again it has the form in which it will be found and kept the next time.
  const { root } = readXml(item, 'XMP', XMP_LIMITS)
  return root ? [...earlier, standAlone(root)] : earlier
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
