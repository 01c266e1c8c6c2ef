import { escapeXml, xmlTag, type XmlElement } from '../../rights/index.ts'
import { ENCODING, LANGUAGE, NAMESPACES, RDF } from './fields.ts'

export interface LanguageText {
  text: string
  language?: string
}

const XML = 'http://www.w3.org/XML/1998/namespace'
const LISTS = new Set(['Alt', 'Bag', 'Seq'])

/**
 * The texts of a property in any of the forms that RDF/XML gives them (ISO 16684-1, 7): plain, as a resource, with
 * qualifiers beside `rdf:value`, or in a list. A structure has none.
 */
export function textsOf(property: XmlElement): LanguageText[] {
  const list = property.children.find(isList)
  const values = list ? list.children.filter(({ namespace, name }) => namespace === RDF && name === 'li') : [property]
  return values.flatMap((value) => {
    const text = textOf(value)
    const language = value.attributes.get(`{${XML}}lang`)
    return text === undefined ? [] : [language === undefined ? { text } : { text, language }]
  })
}

/** The structures of a property: itself, or the items of its list. */
export function itemsOf(property: XmlElement): XmlElement[] {
  const list = property.children.find(isList)
  return list ? list.children.filter(({ namespace, name }) => namespace === RDF && name === 'li') : [property]
}

/** Whether a rights expression is in the language in which Colophon writes them. */
export function isOdrl(item: XmlElement): boolean {
  const language = memberOf(item, NAMESPACES[LANGUAGE.prefix], LANGUAGE.name)?.trim()
  const encoding = memberOf(item, NAMESPACES[ENCODING.prefix], ENCODING.name)?.trim()
  return language === LANGUAGE.value && encoding === ENCODING.value
}

/** The text of a structure's member, which may be an attribute, an element, or one within an `rdf:Description`. */
export function memberOf(item: XmlElement, namespace: string, name: string): string | undefined {
  const node = descriptionIn(item) ?? item
  const attribute = node.attributes.get(`{${namespace}}${name}`)
  if (attribute !== undefined) return attribute
  const element = node.children.find((child) => child.name === name && child.namespace === namespace)
  return element && textsOf(element)[0]?.text
}

function isList({ namespace, name }: XmlElement): boolean {
  return namespace === RDF && LISTS.has(name)
}

function textOf(value: XmlElement): string | undefined {
  const resource = value.attributes.get(`{${RDF}}resource`) ?? value.attributes.get(`{${RDF}}value`)
  if (resource !== undefined) return resource
  if (value.children.length === 0) return value.text
  const node = descriptionIn(value) ?? value
  const inner = node.children.find(({ namespace, name }) => namespace === RDF && name === 'value')
  return inner?.children.length === 0 ? inner.text : node.attributes.get(`{${RDF}}value`)
}

function descriptionIn(value: XmlElement): XmlElement | undefined {
  return value.children.find(({ namespace, name }) => namespace === RDF && name === 'Description')
}

/** An element as XML that stands on its own: it declares each namespace itself, wherever it is put. */
export function standAlone(element: XmlElement): string {
  const declared: Record<string, string> = {}
  const prefixes = new Map([[XML, 'xml']])
  const named = (namespace: string, name: string) => {
    if (namespace === '') return name
    let prefix = prefixes.get(namespace)
    if (prefix === undefined) {
      prefix = namespace === RDF ? 'rdf' : `n${prefixes.size}`
      prefixes.set(namespace, prefix)
      declared[`xmlns:${prefix}`] = namespace
    }
    return `${prefix}:${name}`
  }
  const tag = named(element.namespace, element.name)
  const attributes = [...element.attributes].map(([key, value]) => {
    const [, namespace, name] = /^(?:\{(.*)\})?([^}]*)$/s.exec(key)!
    return [named(namespace ?? '', name!), value] as const
  })
  const isStructure = element.children.length > 0
  const content = isStructure ? element.children.map(standAlone).join('') : escapeXml(element.text)
  return xmlTag(tag, { ...declared, ...Object.fromEntries(attributes) }, content)
}
