import { spdxIdOf } from '../../rights/index.ts'

/** The page of a licence: an address as it is, an identifier of SPDX at spdx.org; undefined for other words. */
export function licenceUrl(licence: string): string | undefined {
  if (/^https?:\/\//i.test(licence)) return licence
  const id = spdxIdOf(licence)
  return id && `https://spdx.org/licenses/${id}`
}

/** What an address of a licence stands for: the identifier where it is the page of SPDX, else the address itself. */
export function licenceOfUrl(url: string): string {
  const page = /^https?:\/\/(?:www\.)?spdx\.org\/licenses\/([A-Za-z0-9.+-]+?)(?:\.html|\.json)?\/?$/.exec(url)
  return (page && spdxIdOf(page[1]!)) ?? url
}
