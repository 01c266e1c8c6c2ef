import type { DatasetHit } from '../datasets/index.ts'
import { isoTime } from '../foundation/index.ts'
import type { Node } from '../main.ts'
import { findWorksByCodes } from '../register/index.ts'
import { isFreeWork } from '../rights/index.ts'
import { nearDeclared } from './declaredCodes.ts'

export interface DeclaredPublicDomain {
  /** Whose picture is alike: one's own, or that of the row. */
  whose: 'own' | 'row'
  work: string
  title: string
  /** Whether it is one's own file, byte for byte, that is declared so. */
  isSameFile: boolean
}

interface MarkedWork {
  id: string
  match: string
  title: string
  collection: string | null
  rights_statement: string | null
}

/**
 * For each place where a picture was found, the work in the public domain that the register declares for it: two pictures
 * of one such work are two works of one subject, and no copy of each other. Undefined for what is no picture.
 */
export async function declaredPublicDomain(
  node: Node,
  own: readonly MarkedWork[],
  hits: readonly DatasetHit[],
): Promise<(DeclaredPublicDomain | null)[]> {
  // Works with the same file stand first.
  const ownMark = await firstFree(node, own)
  const marks: (DeclaredPublicDomain | null)[] = []
  for (const hit of hits) {
    if (hit.match !== 'near-picture' && hit.match !== 'part-of-picture' && hit.match !== 'exact-file') marks.push(null)
    else if (ownMark) marks.push({ whose: 'own', ...markOf(ownMark), isSameFile: ownMark.match === 'exact-file' })
    else marks.push(await markOfRow(node, hit))
  }
  return marks
}

async function markOfRow(node: Node, { rowCodes }: DatasetHit): Promise<DeclaredPublicDomain | null> {
  const { db } = node.register.database
  const same = rowCodes.sha256 ? await findWorksByCodes(db, 'sha256', [rowCodes.sha256]) : []
  const near =
    rowCodes.pdq && /^[0-9a-f]{64}$/.test(rowCodes.pdq) ? await nearDeclared(node, 'pdq', [rowCodes.pdq]) : []
  const mark = await firstFree(node, [...same, ...near])
  // If the row were one's own file, the register would have named that as one's own.
  return mark ? { whose: 'row', ...markOf(mark), isSameFile: false } : null
}

type Marked = Pick<MarkedWork, 'id' | 'collection' | 'rights_statement'>

async function firstFree<Work extends Marked>(node: Node, works: readonly Work[]): Promise<Work | undefined> {
  const { database, effects } = node.register
  const at = isoTime(effects.now())
  for (const work of works) if (await isFreeWork(database.db, work, at)) return work
  return undefined
}

function markOf({ id, title }: { id: string; title: string }) {
  return { work: id, title }
}
