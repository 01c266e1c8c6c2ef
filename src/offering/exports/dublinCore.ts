import { xmlTag, escapeXml } from '../../rights/index.ts'
import type { DescribedWork } from '../describe.ts'
import { rightsOfWork, termsLinks, type OfferingNode } from '../rightsOf.ts'
import { writeIdentifier } from './identifiers.ts'

/** DCMI types by medium; what is none of them has none. */
export const DCMI_TYPES: Partial<Record<string, string>> = {
  picture: 'StillImage',
  text: 'Text',
  sound: 'Sound',
  video: 'MovingImage',
}

const OAI_DC = 'http://www.openarchives.org/OAI/2.0/oai_dc/'
export const OAI_DC_SCHEMA = 'http://www.openarchives.org/OAI/2.0/oai_dc.xsd'
export const OAI_DC_NAMESPACE = OAI_DC

/**
 * A work as unqualified Dublin Core in the container of OAI-PMH. Identifiers: the work's own first, then its numbers and
 * its addresses; rights: the statement and the terms in words; relation: where the terms stand.
 */
export function writeDublinCore(work: DescribedWork, node: OfferingNode): string {
  const { statement, sentences } = rightsOfWork(work, node)
  const type = DCMI_TYPES[work.medium]
  const fields: [string, string | undefined][] = [
    ['title', work.title],
    ...work.creatorNames.map((name): [string, string] => ['creator', name]),
    ['publisher', work.partyName],
    ['type', type],
    ['language', work.language ?? undefined],
    ['identifier', work.id],
    ...work.identifiers.map((each): [string, string] => ['identifier', writeIdentifier(each)]),
    ...work.urls.map(({ url }): [string, string] => ['identifier', url]),
    ['rights', statement],
    ...sentences.map((sentence): [string, string] => ['rights', sentence]),
    ['relation', termsLinks(work, node).page],
  ]
  const content = fields.flatMap(([name, text]) => (text === undefined ? [] : [textElement(`dc:${name}`, text)]))
  return xmlTag(
    'oai_dc:dc',
    {
      'xmlns:oai_dc': OAI_DC,
      'xmlns:dc': 'http://purl.org/dc/elements/1.1/',
      'xmlns:xsi': 'http://www.w3.org/2001/XMLSchema-instance',
      'xsi:schemaLocation': `${OAI_DC} ${OAI_DC_SCHEMA}`,
    },
    content.join(''),
  )
}

/** An element with text in it. */
export function textElement(name: string, text: string, attributes: Record<string, string> = {}): string {
  return xmlTag(name, attributes, escapeXml(text))
}
