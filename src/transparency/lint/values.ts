import { modalities, type Modality } from '../template.ts'
import { ANY_MARK, readOptions } from './marks.ts'

/** What an answer to a yes-or-no question says: silence is `none`, and never a no. */
export type ChoiceAnswer = 'yes' | 'no' | 'both' | 'outside' | 'unmarked' | 'none'
export interface Choice {
  answer: ChoiceAnswer
  /** The only option that is printed has an empty box beside it. */
  isOnlyOption?: true
}

const CHOICES = {
  yes: /^(?:(?<x>[xX]) )?(?:yes|true)\b/i,
  no: /^(?:(?<x>[xX]) )?(?:no|false)\b(?! longer)/i,
  other: /^other\b/i,
}

/** Reads the answer to a question that takes yes or no, with or without boxes. */
export function readChoice(text: string): Choice {
  if (text.trim() === '') return { answer: 'none' }
  const bare = text.replaceAll(ANY_MARK, ' ').trim()
  const options = readOptions(text.slice(0, 2000), CHOICES).filter(({ name, start, mark }) =>
    isPrinted(text, name, start, mark !== undefined),
  )
  const has = (name: 'yes' | 'no' | 'other') =>
    options.some((option) => option.name === name && option.mark === 'ticked')
  if (has('yes') && has('no')) return { answer: 'both' }
  if (has('yes')) return { answer: 'yes' }
  if (has('no')) return { answer: 'no' }
  if (has('other')) return { answer: 'outside' }
  const names = new Set(options.map(({ name }) => name).filter((name) => name !== 'other'))
  const isBegun = /^[\s"“*_-]*(?:yes|no|true|false)\b/i.test(bare)
  if (names.size > 1 && /^[\s"“*_-]*(?:yes|no)\W{1,6}(?:yes|no)\b/i.test(bare)) return { answer: 'unmarked' }
  if (names.size > 1 && options.some(({ mark }) => mark === 'empty')) return { answer: 'unmarked' }
  if (!isBegun) return statement(bare)
  const answer = /^[\s"“*_-]*(?:yes|true)\b/i.test(bare) ? 'yes' : 'no'
  return options[0]?.mark === 'empty' ? { answer, isOnlyOption: true } : { answer }
}

/** “No” and “Other” also come in sentences; as an option they stand at the beginning or beside a box. */
function isPrinted(text: string, name: string, start: number, isMarked: boolean): boolean {
  return (
    isMarked ||
    (name !== 'other' &&
      text
        .slice(0, start)
        .replaceAll(ANY_MARK, '')
        .replaceAll(/yes|no\b|[^\p{L}]/giu, '') === '')
  )
}

const NEGATED =
  /\b(?:(?:have|has|did|was|were|do|does) not|haven['’]t|didn['’]t|wasn['’]t|weren['’]t|never)\b[^.]{0,80}\b(?:used?|crawl\w*|scraped?|conclud\w*|obtain\w*|collect\w*|creat\w*|sign\w*|a signatory|train\w*)\b|\b(?:no|none of)\b[^.]{0,160}\b(?:used|crawled|scraped|concluded|obtained|collected|created|identified)\b/i
const AFFIRMED =
  /^(?:\W*(?:we|our model|the model|the provider|a part|a portion|some|parts|\p{Lu}\w+))\b[^.]{0,100}\b(?:used|uses|was trained on|were used|was used|consists? of|obtained|concluded|crawled|created|(?:is|are) a signatory)\b/iu

/** A sentence in place of an option, as “We have not crawled any site ourselves”. */
function statement(text: string): Choice {
  if (/^\W*not provided\W*(\n|$)/i.test(text)) return { answer: 'none' }
  return { answer: NEGATED.test(text.slice(0, 400)) ? 'no' : 'outside' }
}

/**
 * What is said under a heading, or in place of a question, without the question: yes, no, or nothing. A question that
 * is left there is no answer to itself.
 */
export function readStatement(text: string): 'yes' | 'no' | 'none' {
  const first = text
    .slice(0, 700)
    .replaceAll(/[^.!?\n]*\?/g, ' ')
    .trim()
  const begun = /^\W{0,6}(?:A:\s*)?(yes|no)\b\s*(?:[.,;:–-]|$|\n)/i.exec(first)
  if (begun) return begun[1]!.toLowerCase() as 'yes' | 'no'
  if (NEGATED.test(first.slice(0, 400))) return 'no'
  return AFFIRMED.test(first) && !/(?<!-)\b(?:only|solely|exclusively)\b/i.test(first.split('.')[0]!) ? 'yes' : 'none'
}

const MODALITY_NAMES: Record<Modality, RegExp> = {
  text: /^(?:(?<x>[xX]) )?text(?:ual|s)?\b/i,
  image: /^(?:(?<x>[xX]) )?(?:images?|visual)\b/i,
  audio: /^(?:(?<x>[xX]) )?(?:audio|speech)\b/i,
  video: /^(?:(?<x>[xX]) )?videos?\b/i,
  other: /^(?:(?<x>[xX]) )?other\b/i,
}

/** The kinds of content that are ticked or named; `unmarked` where all are printed and none is marked. */
export function readModalities(text: string): Modality[] | 'unmarked' {
  const options = readOptions(text.slice(0, 4000), MODALITY_NAMES)
  const ticked = options.filter(({ mark }) => mark === 'ticked').map(({ name }) => name)
  if (ticked.length > 0) return unique(ticked)
  const unmarked = options.filter(({ mark }) => mark === undefined).map(({ name }) => name)
  const isForm = modalities.every((name) => options.some((option) => option.name === name))
  if (isForm && unmarked.length === options.length && !/[,;]|\band\b/.test(text)) return 'unmarked'
  if (options.some(({ mark }) => mark === 'empty') && options.length > 1) return []
  return unique(options.map(({ name }) => name))
}

function unique<Item>(items: Item[]): Item[] {
  return [...new Set(items)]
}

/** Names of domains as they stand in lists: hosts, without what an address has after them. */
export function readDomains(text: string): string[] {
  const found = text.matchAll(
    /(?<![\p{L}\p{N}@./-])(?:https?:\/\/)?((?:[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?\.){1,8}(?:xn--[a-z\d-]{2,59}|[a-z]{2,24}))(?![\p{L}\p{N}@])/giu,
  )
  return unique(
    [...found]
      .map(([, host]) => host!.toLowerCase())
      .filter((host) => !/\.(?:txt|pdf|html?|csv|json|zip|xml|md|docx?|js|py)$/.test(host)),
  )
}

/** Addresses, with the pieces that a line's end divides put together where they end in a sign of an address. */
export function readLinks(text: string): string[] {
  const joined = text.replaceAll(/(https?:\/\/[^\s<>"')\]]*[/_=-]|https?:\/\/)\s*\n\s*(?=[\w%])/g, '$1')
  return unique(joined.match(/https?:\/\/[^\s<>"')\]|]+[^\s<>"')\]|.,;:]|\bdoi:\S+|\b10\.\d{4,9}\/\S+/g) ?? [])
}

/** Items of a list: lines that begin with a sign, else lines, else what commas divide. */
export function readItems(text: string): string[] {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)
  const marked = text
    .split(/(?:^|\n)\s*(?:[-*•◦●▪‣]|\d{1,3}[.)])\s+/)
    .map((item) => item.replaceAll(/\s+/g, ' ').trim())
    .filter(Boolean)
  const items = marked.length > 1 ? marked : lines.length > 1 ? lines : text.split(/[,;]\s+/)
  return items.map((item) => item.replace(/^(?:[-*•◦●▪‣]|\d{1,3}[.)])\s+/, '').trim()).filter(Boolean)
}
