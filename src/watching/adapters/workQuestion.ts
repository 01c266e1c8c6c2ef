import { isoTime } from '../../foundation/index.ts'
import { findWork, findWorksNamed, readWorkDetails } from '../../register/index.ts'
import { findPrivateAddresses } from '../../requests/index.ts'
import { findHiddenWorks } from '../../rights/index.ts'
import type { Register } from '../../statements/index.ts'
import type { FurtherQuestion } from './adapter.ts'

/**
 * What may be asked elsewhere about a work: its addresses, its title, the digest of its file. Undefined for a work that is
 * not there, that is sealed, or that a community keeps: of those nothing is ever sent.
 */
export async function questionOfWork(
  register: Register,
  id: string,
): Promise<(FurtherQuestion & { title: string }) | undefined> {
  const { db } = register.database
  const work = await findWork(db, id)
  if (!work || work.is_sealed === 1n || (await hidden(register, [id])).size > 0) return undefined
  const { urls, fingerprints } = await readWorkDetails(db, id)
  const asked: FurtherQuestion = {
    addresses: urls.map(({ url }) => ({ value: url, scope: 'exact' as const })),
    hashes: fingerprints
      .filter(({ algorithm }) => algorithm === 'sha256')
      .map(({ code }) => ({ algorithm: 'sha256' as const, value: code })),
    datasets: [],
    indexes: [],
  }
  // What this work shares with one that is kept back does not leave either.
  const kept = await findKeptBack(register, { ...asked, words: work.title })
  return {
    ...asked,
    title: work.title,
    addresses: asked.addresses.filter(({ value }) => !kept.has(value)),
    ...(kept.has(work.title) ? {} : { words: work.title }),
  }
}

/** Addresses and words of a question that belong to sealed works, to works that a community keeps, or to private cases. */
export async function findKeptBack(
  register: Register,
  { addresses, words }: Pick<FurtherQuestion, 'addresses' | 'words'>,
): Promise<Set<string>> {
  const { db } = register.database
  const values = addresses.map(({ value }) => value)
  const urls = [...new Set(values.flatMap(writingsOf))]
  const works = await findWorksNamed(db, urls, words)
  const ids = works.map(({ id }) => id)
  const hiddenIds = await hidden(register, ids)
  const kept = new Set([
    ...works.filter(({ id, is_sealed }) => is_sealed === 1n || hiddenIds.has(id)).map(({ name }) => name),
    ...(await findPrivateAddresses(db, urls)),
  ])
  const asked = words === undefined ? values : [...values, words]
  return new Set(asked.filter((value) => writingsOf(value).some((writing) => kept.has(writing))))
}

function writingsOf(address: string): string[] {
  return URL.canParse(address) ? [...new Set([address, new URL(address).href])] : [address]
}

function hidden({ database, effects }: Register, ids: readonly string[]): Promise<Set<string>> {
  return findHiddenWorks(database.db, ids, isoTime(effects.now()))
}
