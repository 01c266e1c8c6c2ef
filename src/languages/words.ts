import { TEXT_MAX } from './features.ts'

/** Without one of these in it, a text holds nothing but words and their signs: most are done here. */
const SUSPICIOUS = /[0-9_@<>={}()/\\:;]|[a-z]{3}[A-Z]|\.[a-z]/
const TAG = /<[a-zA-Z/!?][^<>]{0,400}>/g
const ADDRESS = /^\P{L}*(?:https?:|mailto:|www\.)/iu
const ADDRESS_WITHIN = /[a-z]{2,10}:\/\/[!-~]*/gi
/** Letters beside digits, mail, names of hosts and files, paths, placeholders: no words, but texts hold such things. */
const NO_WORD = /[A-Za-z0-9]@[A-Za-z0-9]|[A-Za-z][0-9]|[0-9][A-Za-z]|[A-Za-z0-9]{2}\.[a-z]{2}|\/[^/]*\/|[\\{}$]/
/** What programs are written in. `page(s)` is none, nor is `bhFuil`, which is Irish. */
const CODE =
  /[A-Za-z0-9]_+[A-Za-z0-9]|^\W*__|=|^(?:[<>]|&&|\|\||->)$|[A-Za-z]\((?![A-Za-z-]{1,3}\))|["']:|[{[]["']|^[^A-Za-z]*[a-z]{3,}[A-Z]|::/
const CAPITALS = /^[^A-Za-z]*[A-Z]{2,}[^A-Za-z]*$/
/** From such a share of its parts on a text is a program; one such part says nothing. */
const CODE_SHARE = 0.2
const CODE_MIN = 2

/**
 * A text without what are no words of its language: tags of markup, addresses, names with digits and underscores. Nothing
 * of a text that is a program, or a statement in SQL.
 *
 * @example plainWords('see https://example.org for <b>more</b>') // 'see for  more '
 */
export function plainWords(text: string): string {
  if (!SUSPICIOUS.test(text)) return text
  const bare = text.slice(0, 2 * TEXT_MAX).replace(TAG, ' ')
  const kept: string[] = []
  let [code, capitals] = [0, 0]
  for (const part of bare.split(/\s+/)) {
    if (ADDRESS.test(part)) continue
    // In scripts without spaces a part is a sentence, whatever else is in it.
    if (/[^\0-\x7f]/.test(part)) kept.push(part.replace(ADDRESS_WITHIN, ' '))
    else {
      if (CODE.test(part)) {
        code++
        continue
      }
      if (NO_WORD.test(part)) continue
      if (!/[A-Za-z]/.test(part)) continue
      if (CAPITALS.test(part)) capitals++
      kept.push(part)
    }
  }
  if (code >= CODE_MIN && code >= CODE_SHARE * (code + kept.length)) return ''
  const isStatement = capitals >= 2 && capitals < kept.length && 3 * capitals >= kept.length && /;\s*$/.test(bare)
  return isStatement ? '' : kept.join(' ')
}
