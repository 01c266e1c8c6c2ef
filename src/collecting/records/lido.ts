import type { SourceCreator, SourceRecord } from '../record.ts'
import { addIdentifiers, addresses } from '../values.ts'
import { descendants, textsIn, wholeText, type XmlNode } from './xmlTree.ts'

/** Events in which a work comes to be, by their terms in the languages of those who write LIDO, and by their concepts. */
const MAKING =
  /produc|creation|création|herstell|entwurf|design|schöpfung|schaffung|produzione|producción|vervaardiging|ontwerp|fotograf|photograph|event0*(07|12|224)|lido00(007|012|224)\b/i

/** LIDO (ICOM CIDOC, versions 1.0 and 1.1): what a museum says of an object. */
export function lidoRecord(node: XmlNode, place: string, language?: string): SourceRecord {
  const record: SourceRecord = { place }
  const [id] = textsIn(node, ['lidoRecID'])
  if (id !== undefined) record.id = id
  const [title] = descendants(node, 'titleSet').flatMap((set) => textsIn(set, ['appellationValue'], language))
  if (title !== undefined) record.title = title
  record.kinds = descendants(node, 'objectWorkType', 'classification', 'termMaterialsTech').flatMap((each) =>
    textsIn(each, ['term', 'prefLabel'], language),
  )
  if (record.kinds[0] !== undefined) record.otherTitle = record.kinds[0]
  const creators = creatorsOf(node, language)
  if (creators.length > 0) record.creators = creators
  record.rights = rightsOf(node)
  record.urls = addresses([
    ...textsIn(node, ['recordInfoLink']),
    ...descendants(node, 'resourceRepresentation').flatMap((each) => textsIn(each, ['linkResource']).slice(0, 1)),
  ])
  addIdentifiers(record, textsIn(node, ['workID', 'objectPublishedID']))
  return record
}

function creatorsOf(node: XmlNode, language?: string): SourceCreator[] {
  return descendants(node, 'event')
    .filter((event) => descendants(event, 'eventType').some((type) => MAKING.test(wholeText(type))))
    .flatMap((event) => descendants(event, 'actorInRole'))
    .flatMap((actor) => {
      const [name] = descendants(actor, 'nameActorSet').flatMap((set) => textsIn(set, ['appellationValue'], language))
      const [role] = descendants(actor, 'roleActor').flatMap((each) => textsIn(each, ['term', 'prefLabel'], language))
      return name === undefined ? [] : [{ name, ...(role === undefined ? {} : { role }) }]
    })
}

/** The concept says it outright where there is one; the words beside it are for people. */
function rightsOf(node: XmlNode): string[] {
  return descendants(node, 'rightsType', 'creditLine').flatMap((type) => {
    const concepts = textsIn(type, ['conceptID'])
    return concepts.length > 0 ? concepts : [wholeText(type)]
  })
}
