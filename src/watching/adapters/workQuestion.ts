import { isoTime } from '../../foundation/index.ts'
import { findWork, findWorksBelow, findWorksNamed, readWorkDetails, titlesInDoubt } from '../../register/index.ts'
import { findPrivateAddresses } from '../../requests/index.ts'
import { findGoneWorks, findHiddenWorks, mayBeGone } from '../../rights/index.ts'
import type { Register } from '../../statements/index.ts'
import { folded, type AskedAddress, type FurtherQuestion } from './adapter.ts'

/**
 * What may be asked elsewhere about a work: its addresses, its title, the digest of its file. Undefined for a work that is
 * not there, that is sealed or taken back, or that a community keeps: of those nothing is ever sent.
 */
export async function questionOfWork(
  register: Register,
  id: string,
): Promise<(FurtherQuestion & { title: string }) | undefined> {
  const { db } = register.database
  const work = await findWork(db, id)
  if (!work || work.is_sealed === 1n) return undefined
  if ((await findGoneWorks(db, [id], isoTime(register.effects.now()))).size > 0) return undefined
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

/**
 * Addresses, words and the passage of a question that belong to sealed works, to works that a community keeps, or to
 * private cases, in whatever writing: with http or https, with a fragment or a slash at the end, in another case or with
 * other spaces. An address that stands for many is kept back when one of those does.
 */
export async function findKeptBack(
  register: Register,
  { addresses, words, passage }: Pick<FurtherQuestion, 'addresses' | 'words' | 'passage'>,
): Promise<Set<string>> {
  const { db } = register.database
  const exact = addresses.filter(({ scope }) => scope === 'exact').map(({ value }) => value)
  const urls = [...new Set(exact.flatMap(writingsOf))]
  const works = await findWorksNamed(db, urls)
  const keptIds = await keptAmong(register, works)
  const kept = new Set([
    ...works.filter(({ id }) => keptIds.has(id)).map(({ name }) => name),
    ...(await findPrivateAddresses(db, urls)),
  ])
  const back = new Set(exact.filter((value) => writingsOf(value).some((writing) => kept.has(writing))))
  for (const asked of addresses)
    if (asked.scope !== 'exact' && (await coversKept(register, asked))) back.add(asked.value)
  const texts = [words, passage].filter((text) => text !== undefined && folded(text) !== '') as string[]
  for (const text of await textsKept(register, texts)) back.add(text)
  return back
}

/** Whether a prefix or a domain takes in an address of a work that is kept back. */
async function coversKept(register: Register, { value, scope }: AskedAddress): Promise<boolean> {
  const { db } = register.database
  const begins = scope === 'prefix' ? schemesOf(value.split('#')[0]!) : []
  const found = await findWorksBelow(db, scope === 'prefix' ? { begins } : { domain: value }, mayBeGone())
  return (await keptAmong(register, found)).size > 0 || (await findPrivateAddresses(db, [], begins)).length > 0
}

/** A title that is shorter may stand in any text. */
const TITLE_CHARACTERS_MIN = 12

/** Texts that are the title of a work that is kept back, or hold it. */
async function textsKept(register: Register, texts: readonly string[]): Promise<string[]> {
  if (texts.length === 0) return []
  const back = new Set<string>()
  for await (const works of titlesInDoubt(register.database.db, mayBeGone())) {
    const holding = works.flatMap((work) => {
      const title = folded(work.name)
      const isIn = (text: string) =>
        folded(text) === title || (title.length >= TITLE_CHARACTERS_MIN && ` ${folded(text)} `.includes(` ${title} `))
      return texts.filter((text) => title !== '' && isIn(text)).map((text) => ({ ...work, text }))
    })
    const kept = await keptAmong(register, holding)
    for (const { id, text } of holding) if (kept.has(id)) back.add(text)
  }
  return [...back]
}

async function keptAmong(
  register: Register,
  works: readonly { id: string; is_sealed: bigint }[],
): Promise<Set<string>> {
  const open = works.filter(({ is_sealed }) => is_sealed === 0n).map(({ id }) => id)
  const hiddenIds = await hidden(register, open)
  return new Set(works.filter(({ id, is_sealed }) => is_sealed === 1n || hiddenIds.has(id)).map(({ id }) => id))
}

/** The ways in which the same address is written. */
function writingsOf(address: string): string[] {
  const all = URL.canParse(address) ? [address, new URL(address).href] : [address]
  const bare = all.flatMap((each) => [each, each.split('#')[0]!]).flatMap((each) => [each, each.replace(/\/+$/, '')])
  return [...new Set(bare.flatMap(schemesOf).flatMap((each) => [each, each.endsWith('/') ? each : `${each}/`]))]
}

function schemesOf(address: string): string[] {
  const rest = /^https?:(.*)$/is.exec(address)?.[1]
  return rest === undefined ? [address] : [address, `http:${rest}`, `https:${rest}`]
}

function hidden({ database, effects }: Register, ids: readonly string[]): Promise<Set<string>> {
  return findHiddenWorks(database.db, ids, isoTime(effects.now()))
}
