import { createRequire } from 'node:module'

/** The list of SPDX; JSON modules are not erasable syntax everywhere, so that it is required. */
const require = createRequire(import.meta.url)
const ids = [...(require('spdx-license-ids') as string[]), ...(require('spdx-license-ids/deprecated.json') as string[])]
const byLowerCase = new Map(ids.map((id) => [id.toLowerCase(), id]))

/** The identifier of SPDX in its own spelling, or undefined for what is none. */
export function spdxIdOf(text: string): string | undefined {
  return byLowerCase.get(text.toLowerCase())
}

/** True for an identifier or an expression of SPDX whose every licence is on the list. Exceptions are not looked up. */
export function isSpdxExpression(text: string): boolean {
  const words = text.replaceAll(/[()]/g, ' ').trim().split(/\s+/)
  // Licences and operators take turns, and a licence stands at the end.
  if (words.length % 2 === 0) return false
  return words.every((word, at) => {
    if (at % 2 === 1) return /^(AND|OR|WITH)$/.test(word)
    if (words[at - 1] === 'WITH') return /^[A-Za-z0-9.-]+$/.test(word)
    return byLowerCase.has(word.replace(/\+$/, '').toLowerCase()) || /^LicenseRef-[A-Za-z0-9.-]+$/.test(word)
  })
}

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
