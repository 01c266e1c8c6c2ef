/** What a file says of itself, in the fields of IPTC, PLUS, XMP Rights and Dublin Core, and in Colophon's own layer. */
export interface MarkProperties {
  /** The code of the disclosure standard, for instance in a line of credits. */
  disclosureCode?: string
  /** The whole disclosure as compact JSON. */
  disclosureStatement?: string
  /** Where the signed statement is: an https address or a URN. */
  statementUrl?: string
  /** A full URI of the IPTC NewsCodes `digitalsourcetype`. */
  digitalSourceType?: string
  aiSystemUsed?: string
  aiSystemVersionUsed?: string
  aiPromptInformation?: string
  aiPromptWriterName?: string
  webStatement?: string
  usageTerms?: string
  marked?: boolean
  licensorName?: string
  licensorUrl?: string
  /** A full URI of the PLUS vocabulary. */
  dataMining?: string
  /** An ODRL policy as JSON-LD. */
  rightsExpression?: string
  title?: string
  creator?: string
  rights?: string
}

export type PropertyName = keyof MarkProperties

export const RDF = 'http://www.w3.org/1999/02/22-rdf-syntax-ns#'
export const PLUS_VOCABULARY = 'http://ns.useplus.org/ldf/vocab/'

/** What an XMP packet may be: pictures that were edited for long bring long histories along. */
export const XMP_LIMITS = { charactersMax: 8 * 1024 * 1024, depthMax: 60, elementsMax: 200_000, attributesMax: 1000 }

/** The namespaces of the fields, by the prefixes that everybody knows them by. */
export const NAMESPACES = {
  colophon: 'https://colophon.example/ns/v1#',
  Iptc4xmpExt: 'http://iptc.org/std/Iptc4xmpExt/2008-02-29/',
  xmpRights: 'http://ns.adobe.com/xap/1.0/rights/',
  plus: 'http://ns.useplus.org/ldf/xmp/1.0/',
  dc: 'http://purl.org/dc/elements/1.1/',
} as const

export interface Name {
  prefix: keyof typeof NAMESPACES
  name: string
}

/** `language`: alternatives by language; `sequence`: a list of one; `address`: http(s); `reference`: https or urn. */
export interface Field extends Name {
  key: Exclude<PropertyName, 'marked'>
  form: 'text' | 'json' | 'address' | 'reference' | 'vocabulary' | 'language' | 'sequence'
}

/** Lengths in UTF-16 units. Longer text is cut when it is read; of longer JSON nothing is read, for half of it is none. */
export const fieldLimits = { textLength: 5000, addressLength: 2000, jsonLength: 40_000 } as const

/** Where Colophon notes which fields it wrote, and what, so that a correction takes back what it had said before. */
export const WRITTEN: Name = { prefix: 'colophon', name: 'Written' }
/** What stood in the file before Colophon put something else in its place: nothing that others have said is removed. */
export const BEFORE: Name = { prefix: 'colophon', name: 'Before' }
export const MARKED: Name = { prefix: 'xmpRights', name: 'Marked' }

export const FIELDS: readonly Field[] = [
  { key: 'disclosureCode', prefix: 'colophon', name: 'DisclosureCode', form: 'text' },
  { key: 'disclosureStatement', prefix: 'colophon', name: 'DisclosureStatement', form: 'json' },
  { key: 'statementUrl', prefix: 'colophon', name: 'Statement', form: 'reference' },
  { key: 'digitalSourceType', prefix: 'Iptc4xmpExt', name: 'DigitalSourceType', form: 'address' },
  { key: 'aiSystemUsed', prefix: 'Iptc4xmpExt', name: 'AISystemUsed', form: 'text' },
  { key: 'aiSystemVersionUsed', prefix: 'Iptc4xmpExt', name: 'AISystemVersionUsed', form: 'text' },
  { key: 'aiPromptInformation', prefix: 'Iptc4xmpExt', name: 'AIPromptInformation', form: 'text' },
  { key: 'aiPromptWriterName', prefix: 'Iptc4xmpExt', name: 'AIPromptWriterName', form: 'text' },
  { key: 'webStatement', prefix: 'xmpRights', name: 'WebStatement', form: 'address' },
  { key: 'usageTerms', prefix: 'xmpRights', name: 'UsageTerms', form: 'language' },
  { key: 'dataMining', prefix: 'plus', name: 'DataMining', form: 'vocabulary' },
  { key: 'title', prefix: 'dc', name: 'title', form: 'language' },
  { key: 'creator', prefix: 'dc', name: 'creator', form: 'sequence' },
  { key: 'rights', prefix: 'dc', name: 'rights', form: 'language' },
]

/** A list of structures, of which one is ours. */
export interface Structure extends Name {
  list: 'Bag' | 'Seq'
  members: readonly Field[]
}

export const LICENSOR: Structure = {
  prefix: 'plus',
  name: 'Licensor',
  list: 'Seq',
  members: [
    { key: 'licensorName', prefix: 'plus', name: 'LicensorName', form: 'text' },
    { key: 'licensorUrl', prefix: 'plus', name: 'LicensorURL', form: 'address' },
  ],
}

export const RIGHTS_EXPRESSION: Structure = {
  prefix: 'Iptc4xmpExt',
  name: 'EmbdEncRightsExpr',
  list: 'Bag',
  members: [{ key: 'rightsExpression', prefix: 'Iptc4xmpExt', name: 'EncRightsExpr', form: 'json' }],
}

/** How the rights expression is written, as IPTC asks for it: a media type, and an identifier of the language. */
export const ENCODING: Name & { value: string } = {
  prefix: 'Iptc4xmpExt',
  name: 'RightsExprEncType',
  value: 'application/ld+json',
}
export const LANGUAGE: Name & { value: string } = {
  prefix: 'Iptc4xmpExt',
  name: 'RightsExprLangId',
  value: 'http://www.w3.org/ns/odrl/2/',
}

/** Whether an element or attribute is the one of this name, whatever its prefix. */
export function isNamed({ namespace, name }: { namespace: string; name: string }, wanted: Name): boolean {
  return name === wanted.name && namespace === NAMESPACES[wanted.prefix]
}

/** The length to which a field may grow. */
export function lengthMax({ form }: Pick<Field, 'form'>): number {
  if (form === 'json') return fieldLimits.jsonLength
  return form === 'address' || form === 'reference' || form === 'vocabulary'
    ? fieldLimits.addressLength
    : fieldLimits.textLength
}

/** Whether a value may stand in this field: what others follow as a link must be one, and nothing that runs. */
export function isFit({ form }: Pick<Field, 'form'>, value: string): boolean {
  if (form === 'address') return isAddress(value, ['http:', 'https:'])
  if (form === 'reference') return isAddress(value, ['https:', 'urn:'])
  if (form === 'vocabulary') return value.startsWith(PLUS_VOCABULARY) && isAddress(value, ['http:'])
  return form !== 'json' || isJson(value)
}

function isAddress(value: string, schemes: readonly string[]): boolean {
  if (!/^[a-z]+:[^\s\p{Cc}<>"]+$/iu.test(value)) return false
  return URL.canParse(value) && schemes.includes(new URL(value).protocol)
}

function isJson(value: string): boolean {
  try {
    JSON.parse(value)
    return true
  } catch {
    return false
  }
}
