import { boilerplateIn, evidenceIn, judgedSentence, namesIn, shorten, weightOf, type Evidence } from './evidence.ts'
import { readDates } from './dates.ts'
import { missing, notApplicable, useful, vague, type Judgement } from './verdict.ts'

/** What a text answer is measured by: what it must give to be of use, in words, and whether it does. */
interface Criterion {
  asks: string
  holds(text: string, evidence: Evidence, known: ReadonlySet<string>): boolean
}

const atLeast = (least: number, asks: string): Criterion => ({
  asks,
  holds: (_text, evidence) => weightOf(evidence) >= least,
})

/** How a set was treated does not say what is in it. */
const contentAtLeast = (least: number, asks: string): Criterion => ({
  asks,
  holds: (_text, evidence) => weightOf({ ...evidence, practices: 0 }) >= least,
})

const CONTACT =
  /\S+@\S+\.\S+|https?:\/\/|\bwww\.|(?:\+|tel\.?:?\s*)\d[\d\s()-]{6,}|\d[^\n]{0,60},[^\n]*\p{Lu}|\p{L}[^\n]*\s\d{1,5}\s*,|\b\d{4,5}\s+\p{Lu}/iu
const SITE_KINDS =
  /\b(?:news|press|blogs?|forums?|social media|social platforms?|communit\w+|encyclop\w+|reference|educational|academic|universit\w+|scientific|government\w*|institutional|museums?|cultural heritage|librar\w+|e-?commerce|photo|image hosts?|streaming|gaming|patents?|legal|code repositor\w+|repositor\w+|podcasts?|music)\b/gi

const CRITERIA: Record<string, Criterion> = {
  version: { asks: 'a number or a date', holds: (text) => /\d/.test(text) },
  provider: { asks: 'a name, and an address, a mail address or a page', holds: (text) => CONTACT.test(text) },
  representative: { asks: 'a name, and an address, a mail address or a page', holds: (text) => CONTACT.test(text) },
  models: { asks: 'a name with a version', holds: (text) => /\p{Lu}|\d/u.test(text) },
  dependencies: {
    asks: 'the name of the base model',
    holds: (text, evidence) => evidence.names + evidence.links > 0 || /\p{Lu}/u.test(text),
  },
  languages: {
    asks: 'names of languages, or how many there are',
    holds: (text, { languages }) =>
      languages > 0 ||
      /\b\d[\d,.]*\+?\s+(?:\p{L}+\s+){0,3}languages?/iu.test(text) ||
      /\bno (?:natural )?language\b/i.test(text),
  },
  characteristics: atLeast(1, 'a region, a group, a number or a measure with a name'),
  publicOthers: contentAtLeast(2, 'names, links, dates, languages or numbers'),
  privateDescription: contentAtLeast(2, 'kinds of content with names, languages, dates or numbers'),
  crawlerNames: {
    asks: 'the name of a crawler',
    holds: (text) => /\p{Lu}|bot\b/iu.test(text) && /\p{L}{3}/u.test(text),
  },
  crawlerPurposes: {
    asks: 'what was collected for what, as training, search or evaluation',
    holds: (text) =>
      /\b(?:train\w*|index\w*|search|retriev\w*|evaluat\w*|research|fine-?tun\w*|benchmark\w*)\b/i.test(text),
  },
  crawlerBehaviour: {
    asks: 'how captchas, passwords, paywalls and robots.txt were treated',
    holds: (_text, { practices }) => practices >= 2,
  },
  crawlPeriod: {
    asks: 'a beginning and an end (MM/YYYY)',
    holds: (text) => readDates(text, Number.MAX_SAFE_INTEGER, true).length >= 2,
  },
  crawlContent: {
    asks: 'kinds of sites, and their languages, regions or numbers',
    holds: (text, { languages, numbers, names, domains }) =>
      new Set((text.match(SITE_KINDS) ?? []).map((kind) => kind.toLowerCase())).size >= 2 &&
      languages + numbers + names + domains > 0,
  },
  userDescription: { asks: 'the names of the services', holds: (_text, { names, links }) => names + links > 0 },
  syntheticMarketed: { asks: 'the names of the models', holds: (text) => namesIn(`the ${text}`).length > 0 },
  syntheticOthers: {
    asks: 'the names of the models',
    holds: (text, { links }, known) => links > 0 || namesIn(text, known).some((name) => /\d|\p{Ll}\p{Lu}/u.test(name)),
  },
  othersDescription: atLeast(1, 'names, numbers, languages or dates'),
  measures: {
    asks: 'the protocols that were honoured, by name, and how',
    holds: (_text, evidence) => evidence.practices >= 1 && weightOf(evidence) >= 2,
  },
  illegalContent: {
    asks: 'the measures by name, as hash matching, lists or classifiers',
    holds: (_text, { practices, links }) => practices + Math.min(links, 1) >= 2,
  },
}

const EMPTY_WORDS =
  /^[\s"“*_.([-]*(?:n\.?\s?\/?\s?a\b\.?|not applicable|does not apply|none|nil|no|–|—|-|tb[adc]\b|to be (?:provided|confirmed|completed|determined|announced|added)|coming soon|not (?:provided|available|known|disclosed|specified)|unknown|undisclosed|confidential|pending|\?+|x+|…|\.{2,}|\[?(?:open|todo|tbd|placeholder|insert)\b[^\]]{0,60})[\s"”*_.)\]-]*$/i
const EMPTY_BEGINNING = /^[\s"“*_([-]*(?:n\.?\s?\/\s?a\b\.?|not applicable)[\s.,;:–—(-]*/i
const PROMISED = /^[\s"“*_.([-]*\[?(?:tb[adc]|to be|coming soon|pending|open|todo|placeholder|insert)\b/i

/** Whether a text stands where an answer should be and is none, as “N/A”, “None” or “TBD”. */
export function isEmptyAnswer(text: string): boolean {
  return EMPTY_WORDS.test(text.slice(0, 200))
}

export function isPromise(text: string): boolean {
  return PROMISED.test(text)
}

/** It says that something is kept back, not that there is nothing. */
const WITHHELD = /\b(?:not (?:provided|available|known|disclosed|specified)|unknown|undisclosed|confidential)\b|^\W*$/i

/** Fields where “none” is a fact that somebody can check, not a gap. */
const MAY_BE_NONE = new Set(['dependencies', 'publicOthers', 'characteristics', 'privateList', 'languages'])

/** Answers that are no sentences: they are judged as a whole. */
const SHORT = new Set([
  'version',
  'provider',
  'representative',
  'models',
  'dependencies',
  'crawlerNames',
  'crawlPeriod',
])

/** Judges a text by what it gives to check; `known` are names that say nothing here, such as the provider's. */
export function judgeText(id: string, text: string, isOptional: boolean, known: ReadonlySet<string>): Judgement {
  if (isEmptyAnswer(text)) return judgeEmpty(id, text, isOptional)
  if (isOptional && id !== 'representative')
    return useful(
      'said in addition',
      judgedSentence(text, () => 0),
    )
  const reason = text.replace(EMPTY_BEGINNING, '')
  if (reason !== text && (isOptional || MAY_BE_NONE.has(id)))
    return notApplicable('said not to apply, with the reason', shorten(text))
  if (reason !== text) return vague('said not to apply where an answer is asked; the reason is given', shorten(text))
  const criterion = CRITERIA[id] ?? atLeast(1, 'names, numbers, links or dates')
  const evidence = evidenceIn(text, known)
  const weigh = (sentence: string) => weightOf(evidenceIn(sentence, known))
  if (criterion.holds(text, evidence, known))
    return SHORT.has(id)
      ? useful(`gives ${criterion.asks}`, shorten(text))
      : useful(`gives ${inWords(evidence) || criterion.asks}`, judgedSentence(text, weigh))
  const phrase = boilerplateIn(text)
  const sentence = judgedSentence(text, (each) => (boilerplateIn(each) ? 1 : 0))
  return vague(`${phrase ? `“${phrase}” fits any model; ` : ''}missing: ${criterion.asks}`, sentence)
}

function judgeEmpty(id: string, text: string, isOptional: boolean): Judgement {
  const sentence = shorten(text)
  if (isPromise(text) && !isOptional) return missing('an answer is promised, not given', sentence)
  if (WITHHELD.test(sentence) && !isOptional) return missing(`“${sentence}” where an answer is asked`, sentence)
  if (id === 'dependencies') return useful('says that there is no base model', sentence)
  if (isOptional || MAY_BE_NONE.has(id)) return notApplicable('said to be none or not to apply', sentence)
  return missing(`“${sentence}” where an answer is asked`, sentence)
}

const KINDS: [keyof Evidence, string][] = [
  ['links', 'links'],
  ['names', 'names'],
  ['numbers', 'numbers'],
  ['dates', 'dates'],
  ['languages', 'languages'],
  ['domains', 'domains'],
  ['practices', 'measures by name'],
]

function inWords(evidence: Evidence): string {
  return KINDS.filter(([kind]) => evidence[kind] > 0)
    .map(([, name]) => name)
    .join(', ')
}
