import { findDisclosures, type DisclosureFields, type RecordedDisclosure } from '../disclosure/index.ts'
import { ColophonError, canonicalJson, sha256Hex, type Config } from '../foundation/index.ts'
import type { Node } from '../main.ts'
import { sniffFormat, withoutMarkup } from '../marking/index.ts'
import { findWork, findWorksByCodes } from '../register/index.ts'
import { registerLookup } from './registerLookup.ts'

export type KnownDisclosure = RecordedDisclosure & { title: string }

/**
 * What the maker of a file has recorded about its making, when that is what is to be said; by the file's own SHA-256, or
 * by the work that it is a copy of, which its fingerprint must confirm. Undefined when nothing is on record, or something
 * else than `given`. Errors: `state_not_allowed` where several parties have declared it or where it is no such copy,
 * `not_found` for a work that is not there.
 */
export async function recordedDisclosure(
  node: Node,
  file: { bytes: Uint8Array; where: string; work?: string | undefined },
  given?: DisclosureFields,
): Promise<KnownDisclosure | undefined> {
  const { db } = node.register.database
  const works =
    file.work === undefined
      ? await findWorksByCodes(db, 'sha256', [sha256Hex(file.bytes)])
      : [await needCopyOf(node, file.work, file)]
  const found: KnownDisclosure[] = []
  for (const work of works) {
    const first = (await findDisclosures(db, work.id)).find(({ isByMaker }) => isByMaker)
    const isSame = !given || (first && canonicalJson(given) === canonicalJson(first.fields))
    if (first && isSame) found.push({ ...first, target: { kind: 'work', id: work.id }, title: work.title })
  }
  // Anybody can declare a file first; whose word is to stand in it is not for us to choose.
  if (new Set(works.map(({ party }) => party)).size > 1 && (!given || found.length > 1))
    throw new ColophonError('state_not_allowed', 'several parties have declared this file', {
      where: file.where,
      remedy: given ? 'Only one of them may have said this.' : 'Say what is to stand in it, or name the work.',
    })
  return found[0]
}

/** Nobody's picture is marked as somebody's work because he says so. */
async function needCopyOf(node: Node, id: string, { bytes, where }: { bytes: Uint8Array; where: string }) {
  const work = await findWork(node.register.database.db, id)
  if (!work || work.is_sealed === 1n)
    throw new ColophonError('not_found', 'there is no such public work', { where: id })
  const codes = await node.datasets.identify(bytes, where)
  const alike = await registerLookup(node).byCodes(sniffFormat(bytes) === 'svg' ? withoutMarkup(codes) : codes)
  if (alike.some((found) => found.work === id)) return work
  throw new ColophonError('state_not_allowed', 'the fingerprint of this file is not near that of the work', {
    where,
    remedy: 'Declare the file as a work of its own, and say how it was made.',
  })
}

/** Where a disclosure can be read: a page when it is served to everybody, otherwise the statement by its name. */
export function addressOfDisclosure({ publicUrl }: Config, { id, target }: RecordedDisclosure): string {
  return publicUrl.startsWith('https:') ? `${publicUrl}/works/${target.id}` : id
}
