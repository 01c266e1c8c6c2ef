import { asColophonError, ColophonError, parseJson } from '../../foundation/index.ts'
import { fieldOfHeading } from '../tables/headings.ts'
import { isThing } from './linkedRecord.ts'
import { collectingLimits, sleepReally, unreadable, type OpenSource, type Reach, type SourceRecord } from '../record.ts'
import { isAddress, isOfServer, readWhole } from '../sites/reach.ts'
import { addIdentifiers, addresses, textsOf } from '../values.ts'

type Thing = Record<string, unknown>

const PAUSE_MS = 200
const FAILURES_MAX = 5
/** A work holds fifty addresses; a manifest of more pictures is declared in parts, so that each is. */
const IMAGES_PER_WORK = 45

/**
 * Opens a collection or a manifest of the IIIF Presentation API 2 or 3. Collections are followed, each once; of a
 * manifest comes one work with the addresses of its pictures. What cannot be read, or lies where nobody outside reaches
 * it, is refused and the rest goes on.
 */
export function openIiif(where: string, options: IiifOptions): OpenSource {
  // A manifest that was not reached for the limit is not gone.
  const place = { isWhole: false }
  return {
    format: 'IIIF',
    records: iiifRecords(where, options, place),
    get isPartial() {
      return !place.isWhole
    },
  }
}

export interface IiifOptions extends Reach {
  language?: string
  minutesMax?: number
}

async function* iiifRecords(
  where: string,
  { minutesMax = Infinity, ...reach }: IiifOptions,
  place: { isWhole: boolean },
): AsyncGenerator<SourceRecord> {
  const end = performance.now() + minutesMax * 60_000
  const waiting: { where: string; depth: number }[] = [{ where, depth: 0 }]
  const seen = new Set([where])
  const host = isAddress(where) ? new URL(where).host : ''
  let failures = 0
  for (let first = true; waiting.length > 0 && (first || performance.now() < end); first = false) {
    const next = waiting.shift()!
    if (next.depth > 0) await (reach.sleep ?? sleepReally)(PAUSE_MS)
    let thing: Thing
    try {
      thing = await readThing(next.where, { ...reach, host })
      failures = 0
    } catch (error) {
      const failure = asColophonError(error)
      // A server that fails again and again is down, and what comes behind it is not wrong.
      if (isOfServer(failure)) failures++
      if (next.depth === 0 || failure.code === 'internal' || failures >= FAILURES_MAX) throw failure
      const remedy =
        failure.code === 'url_refused' ? 'Publish it where everybody reaches it.' : 'Look whether it can be read.'
      yield { place: next.where, id: next.where, problem: { field: 'manifest', what: failure.message, remedy } }
      continue
    }
    if (typeOf(thing) === 'Manifest') yield* manifestRecords(thing, next.where, reach.language)
    else
      for (const child of membersOf(thing)) {
        if (isThing(child) && isWhole(child)) yield* manifestRecords(child, idOf(child) ?? next.where, reach.language)
        const id = isThing(child) ? (isWhole(child) ? undefined : idOf(child)) : child
        if (typeof id !== 'string' || seen.has(id)) continue
        if (!isAddress(id)) {
          // A document from elsewhere must not lead to a file of this machine.
          const remedy = 'Give the whole address of http or https.'
          yield { place: id.slice(0, 200), problem: { field: 'manifest', what: 'it is no address of the web', remedy } }
          continue
        }
        if (seen.size > collectingLimits.manifestsMax || next.depth >= 20) throw tooMany(next.where)
        seen.add(id)
        waiting.push({ where: id, depth: next.depth + 1 })
      }
  }
  place.isWhole = waiting.length === 0
}

function tooMany(where: string): ColophonError {
  return new ColophonError('too_large', 'there are more manifests, or deeper collections, than are read', {
    where,
    remedy: 'Declare the collections in it one by one.',
  })
}

async function readThing(where: string, reach: Reach & { host: string }): Promise<Thing> {
  const { body } = await readWhole(where, { ...reach, accept: 'application/ld+json, application/json' })
  const thing = parseJson(body, where, collectingLimits.answerBytesMax)
  if (isThing(thing) && ['Manifest', 'Collection'].includes(typeOf(thing))) return thing
  throw unreadable('it is neither a manifest nor a collection of IIIF', where, 'Give the address of one.')
}

/** `Manifest` or `Collection`, in either version. */
function typeOf(thing: Thing): string {
  return String(thing.type ?? thing['@type'] ?? '').replace(/^sc:/, '')
}

function idOf(thing: Thing): string | undefined {
  const id = thing.id ?? thing['@id']
  return typeof id === 'string' ? id : undefined
}

function isWhole(child: Thing): boolean {
  return typeOf(child) === 'Manifest' && (Array.isArray(child.sequences) || Array.isArray(child.items))
}

/** What a collection holds: `items` in version 3; `manifests`, `collections`, `members` and pages in version 2. */
function membersOf(collection: Thing): unknown[] {
  return ['items', 'members', 'collections', 'manifests', 'first', 'next'].flatMap((key) => collection[key] ?? [])
}

function* manifestRecords(manifest: Thing, where: string, language?: string): Generator<SourceRecord> {
  const id = idOf(manifest) ?? where
  const record: SourceRecord = { place: id, id }
  const [title] = textsOf(manifest.label, language)
  if (title !== undefined) record.title = title
  record.rights = ['rights', 'license', 'requiredStatement', 'attribution'].flatMap((key) =>
    statementTexts(manifest[key], language),
  )
  readMetadata(manifest.metadata, record, language)
  const { images, kinds } = contentOf(manifest)
  record.kinds = [...(record.kinds ?? []), ...kinds]
  const pages = ['homepage', 'related']
    .flatMap((key) => [manifest[key]].flat())
    .flatMap((page) => addresses(idsOf(page)))
  const own = addresses([id, ...pages])
  yield { ...record, urls: [...own, ...images.slice(0, IMAGES_PER_WORK)].slice(0, 50) }
  for (let start = IMAGES_PER_WORK; start < images.length; start += IMAGES_PER_WORK) {
    const part = images.slice(start, start + IMAGES_PER_WORK)
    const place = `${id}#${start + 1}-${start + part.length}`
    const name = `${record.title ?? id} [${start + 1}–${start + part.length}]`
    // Numbers of the whole are not those of its parts.
    yield { ...record, place, id: place, title: name, urls: part, identifiers: [] }
  }
}

function idsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  return isThing(value) && idOf(value) !== undefined ? [idOf(value)!] : []
}

/** A required statement is a label with a value; only the value says something. */
function statementTexts(value: unknown, language?: string): string[] {
  const said = isThing(value) && value.value !== undefined ? value.value : value
  return textsOf(said, language).map((text) => withoutTags(text))
}

/** Labels may hold a few tags of HTML; what is longer than any label is not looked at. */
function withoutTags(text: string): string {
  return text.slice(0, 10_000).replaceAll(/<[^<>]{0,500}>/g, ' ')
}

/** Labels with values, for people: those are read that say what a heading of a table would. */
function readMetadata(metadata: unknown, record: SourceRecord, language?: string): void {
  for (const pair of Array.isArray(metadata) ? metadata.slice(0, 200) : []) {
    if (!isThing(pair)) continue
    const field = textsOf(pair.label, language)
      .map(fieldOfHeading)
      .find((each) => each !== undefined)
    const values = textsOf(pair.value, language).map((text) => withoutTags(text).trim())
    if (field === 'creator') (record.creators ??= []).push(...values.map((name) => ({ name })))
    else if (field === 'kind') (record.kinds ??= []).push(...values)
    else if (field === 'language' && values[0] !== undefined) record.language ??= values[0]
    else if (field === 'rights') record.rights!.push(...values)
    else if (field === 'identifier' || field === 'doi' || field === 'isbn' || field === 'issn')
      addIdentifiers(record, values)
  }
}

/** The addresses of what is shown, and what kind of thing it is. */
function contentOf(manifest: Thing): { images: string[]; kinds: string[] } {
  const images = new Set<string>()
  const kinds = new Set<string>()
  const take = (resource: unknown): void => {
    if (!isThing(resource)) return
    if (Array.isArray(resource.items) || Array.isArray(resource.item))
      return [resource.items ?? resource.item].flat().forEach(take)
    if (isThing(resource.default)) return take(resource.default)
    const id = idOf(resource)
    if (id !== undefined && images.size < collectingLimits.manifestsMax) images.add(id)
    kinds.add(String(resource.type ?? resource['@type'] ?? '').replace(/^.*:/, ''))
  }
  const list = (value: unknown): Thing[] => (Array.isArray(value) ? value.filter(isThing) : [])
  for (const canvas of list(manifest.items))
    for (const page of list(canvas.items))
      for (const annotation of list(page.items)) [annotation.body].flat().forEach(take)
  for (const sequence of list(manifest.sequences))
    for (const canvas of list(sequence.canvases)) for (const image of list(canvas.images)) take(image.resource)
  return { images: addresses([...images]), kinds: [...kinds] }
}
