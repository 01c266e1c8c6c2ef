import { namingOfSite, requireSiteOwner, type SiteNaming } from '../collecting/index.ts'
import { ColophonError, isoTime } from '../foundation/index.ts'
import type { Register } from '../statements/index.ts'
import { countSites, listSitesToCheck, putSite } from './store.ts'

const SITES_MAX = 50
const CHECK_AGAIN_MS = 7 * 86_400_000

type Reach = Parameters<typeof namingOfSite>[2]

/**
 * Asks a site whether it names a party, and keeps that it does. Only the site itself can say so; who says it of himself
 * says nothing. Errors: `invalid_input` for what is no address, `not_authorised` with what to put where,
 * `too_many_requests`.
 */
export async function proveSite(
  register: Register,
  party: string,
  address: string,
  reach: Reach = {},
): Promise<{ host: string; way: SiteNaming }> {
  const { database, effects } = register
  const site = readSite(address)
  if ((await countSites(database.db, party)) >= SITES_MAX)
    throw new ColophonError('too_many_requests', `an account keeps ${SITES_MAX} sites at most`)
  const way = await requireSiteOwner(site, party, reach)
  await putSite(database.db, { party, host: site.host, way, checked_at: isoTime(effects.now()) })
  return { host: site.host, way }
}

function readSite(text: string): URL {
  const address = /^https?:\/\//i.test(text.trim()) ? text.trim() : `https://${text.trim()}`
  if (URL.canParse(address) && new URL(address).hostname.includes('.')) return new URL(new URL(address).origin)
  throw new ColophonError('invalid_input', 'give the address of your site, such as example.org', { where: 'site' })
}

/** Looks again at sites that were looked at a week ago; one that names the party no longer is kept as such. */
export async function checkSitesAgain(
  register: Register,
  countMax: number,
  reach: Reach = {},
  isAllowed: () => boolean = () => true,
): Promise<number> {
  const { database, effects } = register
  const before = isoTime(effects.now() - CHECK_AGAIN_MS)
  let checked = 0
  for (const { party, host } of await listSitesToCheck(database.db, before, countMax)) {
    if (!isAllowed()) break
    const ask = (scheme: string) => namingOfSite(new URL(`${scheme}://${host}`), party, reach)
    const way = (await ask('https')) ?? (await ask('http')) ?? 'none'
    await putSite(database.db, { party, host, way, checked_at: isoTime(effects.now()) })
    checked++
  }
  return checked
}
