import type { Json } from '../../foundation/index.ts'
import { isObject, listOf, memberOf, readDocument, refusal, textOf } from './document.ts'
import { safeId } from './names.ts'
import { agentOf, describe, finish, link, newDraft, stepOf, type LineageReading } from './reading.ts'

/**
 * A data set out of a document of the Data Provenance Standards 1.0.0 (JSON): what it says of itself, and the sources that
 * it names. Errors: `invalid_input`, `too_large`.
 */
export function importDataProvenance(text: string, at?: string): LineageReading {
  const document = readDocument(text)
  if (!isDataProvenance(document))
    throw refusal(
      'the groups source, provenance and use are not there',
      'document',
      'Give a document of version 1.0.0.',
    )
  const draft = newDraft(text, at)
  const [source, provenance, use] = ['source', 'provenance', 'use'].map((group) => memberOf(document, group))
  const issuers = listOf(memberOf(source, 'issuer'))
  const licences = listOf(memberOf(use, 'license')).flatMap((licence) => textOf(licence) ?? [])
  if (issuers.length > 1) draft.lost.add('issuers after the first')
  if (licences.length > 1)
    draft.lost.add(`several licences, without saying how they go together: ${licences.join(', ')}`)
  const location = textOf(memberOf(source, 'location'))
  const id = safeId(textOf(memberOf(source, 'id')) || location || draft.documentStep)
  const period = memberOf(provenance, 'generation-period')
  describe(draft, id, {
    type: 'Dataset',
    name: memberOf(source, 'title'),
    description: memberOf(source, 'description'),
    url: location,
    licence: licences.length === 1 ? licences[0] : undefined,
    owner: agentOf(undefined, memberOf(issuers[0], 'name')),
    collected: { from: memberOf(period, 'start'), to: memberOf(period, 'end') },
  })
  const date = memberOf(provenance, 'date')
  const sources = (textOf(memberOf(provenance, 'source')) ?? '').split(/\s+/).filter(Boolean).map(safeId)
  for (const from of new Set(sources)) {
    describe(draft, from, { url: /^https?:/i.test(from) ? from : undefined })
    link(draft, stepOf(draft, draft.documentStep, { activity: 'publish', endedAt: date }), id, from)
  }
  const held = [
    'version',
    'title',
    'id',
    'location',
    'issuer',
    'description',
    'source',
    'date',
    'generation-period',
    'license',
  ]
  const others = [source, provenance, use].flatMap((group) =>
    Object.entries(group ?? {}).filter(([key, value]) => value !== null && !held.includes(key)),
  )
  if (others.length > 0) draft.lost.add(`fields: ${others.map(([key]) => key.slice(0, 60)).join(', ')}`)
  return finish(draft, date)
}

/** True for a document with the three groups of the Data Provenance Standards. */
export function isDataProvenance(document: Json): boolean {
  const isThere = (group: string) => isObject(memberOf(document, group))
  return isThere('source') && isThere('provenance') && isThere('use')
}
