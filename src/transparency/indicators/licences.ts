import { createRequire } from 'node:module'

let ids: Set<string> | undefined

/** Identifiers of the SPDX list, in small letters. */
function spdxIds(): Set<string> {
  ids ??= new Set((createRequire(import.meta.url)('spdx-license-ids') as string[]).map((id) => id.toLowerCase()))
  return ids
}

const STATEMENT = /^https?:\/\/(www\.)?(creativecommons\.org|rightsstatements\.org)\/[^\s/]\S*$/i
/** An expression with more is none that anybody wrote by hand. */
const LENGTH_MAX = 2000

/**
 * Whether a text says a licence that can be looked up: an SPDX identifier, an expression all of whose licences are SPDX
 * identifiers (`CC-BY-4.0 OR MIT`, SPDX 2.3 Annex D), or an address of Creative Commons or rightsstatements.org.
 * `NONE` and `NOASSERTION` are none.
 */
export function isLicence(value: string): boolean {
  if (STATEMENT.test(value)) return true
  if (value.length > LENGTH_MAX) return false
  const known = spdxIds()
  const isId = (word: string) => known.has(word.toLowerCase()) || known.has(word.toLowerCase().replace(/\+$/, ''))
  if (isId(value)) return true
  // An operand and an operator take turns; brackets open before an operand and close after one.
  let [depth, isOperandNext] = [0, true]
  const words = value.match(/[()]|[^\s()]+/g) ?? []
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!
    if (word === '(' || word === ')') {
      if ((word === '(') !== isOperandNext) return false
      depth += word === '(' ? 1 : -1
      if (depth < 0) return false
    } else if (isOperandNext) {
      if (!isId(word)) return false
      isOperandNext = false
    } else if (/^with$/i.test(word)) {
      // What follows is an exception, of another list.
      if (!/^[\w.-]+$/.test(words[++i] ?? '')) return false
    } else if (/^(and|or)$/i.test(word)) isOperandNext = true
    else return false
  }
  return depth === 0 && !isOperandNext
}
