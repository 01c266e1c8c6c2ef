import { createRequire } from 'node:module'

/** The list of SPDX, what is deprecated in it too; it is JSON, so it is required and not imported. */
const require = createRequire(import.meta.url)
const ids = [...(require('spdx-license-ids') as string[]), ...(require('spdx-license-ids/deprecated.json') as string[])]
const byLowerCase = new Map(ids.map((id) => [id.toLowerCase(), id]))

/** The identifier of SPDX in its own spelling, or undefined for what is none. */
export function spdxIdOf(text: string): string | undefined {
  return byLowerCase.get(text.toLowerCase())
}

/** A longer expression is none that anybody wrote by hand. */
const LENGTH_MAX = 2000

/**
 * Whether a text is an identifier, or an expression all of whose licences are on the list (SPDX 2.3 Annex D):
 * `CC-BY-4.0 OR (MIT AND Apache-2.0)`. Exceptions are not looked up; references of one's own (`LicenseRef-…`) count where
 * they are asked for. `NONE` and `NOASSERTION` are none.
 */
export function isSpdxExpression(text: string, areReferencesAllowed = false): boolean {
  if (text.length > LENGTH_MAX) return false
  const isLicence = (word: string) =>
    byLowerCase.has(word.toLowerCase()) ||
    byLowerCase.has(word.toLowerCase().replace(/\+$/, '')) ||
    (areReferencesAllowed && /^LicenseRef-[A-Za-z0-9.-]+$/.test(word))
  // A licence and an operator take turns; brackets open before a licence and close after one.
  let [depth, isLicenceNext] = [0, true]
  const words = text.match(/[()]|[^\s()]+/g) ?? []
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!
    if (word === '(' || word === ')') {
      if ((word === '(') !== isLicenceNext) return false
      depth += word === '(' ? 1 : -1
      if (depth < 0) return false
    } else if (isLicenceNext) {
      if (!isLicence(word)) return false
      isLicenceNext = false
    } else if (/^with$/i.test(word)) {
      if (!/^[\w.-]+$/.test(words[++i] ?? '')) return false
    } else if (/^(and|or)$/i.test(word)) isLicenceNext = true
    else return false
  }
  return depth === 0 && !isLicenceNext
}
