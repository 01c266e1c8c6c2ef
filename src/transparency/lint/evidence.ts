import { readDates } from './dates.ts'
import { readDomains, readLinks } from './values.ts'

/**
 * What in a text can be looked up, counted or checked. A sentence without any of it may be true and says nothing:
 * “various publicly available sources” holds for every model. That is the whole criterion; style does not count.
 */
export interface Evidence {
  numbers: number
  links: number
  dates: number
  languages: number
  domains: number
  /** Proper names: of data sets, models, crawlers, services, places. */
  names: number
  /** Protocols and techniques that have a name, as robots.txt or hash matching. */
  practices: number
}

/** Languages of the Union, and others that summaries often name. */
const LANGUAGES =
  /\b(?:Bulgarian|Croatian|Czech|Danish|Dutch|English|Estonian|Finnish|French|German|Greek|Hungarian|Irish|Italian|Latvian|Lithuanian|Maltese|Polish|Portuguese|Romanian|Slovak|Slovene|Slovenian|Spanish|Swedish|Catalan|Basque|Galician|Welsh|Breton|Luxembourgish|Icelandic|Norwegian|Sámi|Sami|Occitan|Frisian|Romani|Albanian|Bosnian|Serbian|Macedonian|Ukrainian|Russian|Belarusian|Turkish|Arabic|Hebrew|Persian|Hindi|Bengali|Urdu|Tamil|Chinese|Mandarin|Cantonese|Japanese|Korean|Vietnamese|Thai|Indonesian|Malay|Swahili|Latin)\b/g

const PRACTICES =
  /robots?\.txt|robots exclusion|\bREP\b|RFC ?9309|\bai\.txt|tdm-?rep(?:\.json)?\b|tdm-reservation|llms\.txt|noai\b|noindex|\bmeta[- ]?tags?|C2PA|http headers?|user-agent|captchas?|paywalls?|password|technological (?:protection )?measures|rate limit|opt(?:ed|ing)?[- ]?out|machine-readable|takedown|(?:black|block|deny)[- ]?list\w*|keyword\w*|classif\w+|hash(?:es|ing)?[- ]?match\w*|PhotoDNA|CSAM|child sexual abuse|NCII|NCMEC|de-?duplicat\w*|\bPII\b|personal data|toxic\w*|malware|phishing|USTR|notorious markets|redact\w*|licen[cs]e (?:filter\w*|compliance)|URL filter\w*|human (?:review|moderation)|manual review/gi

/** Words with a capital that name nothing one could look up. */
const COMMON = new Set(
  (
    'a ai all also an and any api are as at be by common content crawlers data dataset datasets describe description document english ' +
    'eu european for from general gpai guidance however i if in information internet is it its large law laws may model models more most no none not ' +
    'of office on other our policy practice privacy provider provides public please responsible section see some such summary sources tdm text that the their these ' +
    'this training union use used user users version we web where while with yes code commission image images video audio terms service services pii csam act internal own third party parties large small several various other specialised specialized proprietary open source'
  ).split(' '),
)

/** Counts what a text gives to check; words of `known` (the provider's and the model's own names) do not count. */
export function evidenceIn(text: string, known: ReadonlySet<string> = new Set()): Evidence {
  const short = text.slice(0, 200_000)
  const links = readLinks(short)
  const bare = short.replaceAll(/https?:\/\/\S+|\S+@\S+/g, ' ')
  return {
    links: links.length,
    domains: readDomains(bare).length,
    dates: readDates(bare, Number.MAX_SAFE_INTEGER, true).length,
    numbers: countOf(
      bare,
      /(?<![\p{L}\p{N}.])\d[\d.,]*(?:\s?%|\+)?(?=\s?(?:%|percent|hours|tokens|images|languages|datasets|documents|domains|websites|sites|thousand|million|billion|trillion|pages|books|songs|TB|GB|countries|works))/giu,
    ),
    languages: new Set(bare.match(LANGUAGES)).size,
    practices: new Set((bare.match(PRACTICES) ?? []).map((term) => term.toLowerCase().slice(0, 6))).size,
    names: namesIn(bare.split(/\s+/, 9).length <= 8 ? `the ${bare}` : bare, known).length,
  }
}

/** How much there is to check, each kind counted at most three times. */
export function weightOf(evidence: Evidence): number {
  return Object.values(evidence).reduce((sum, count) => sum + Math.min(count, 3), 0)
}

/** Proper names: words with a digit or a capital inside, and capitals that no sentence begins with. */
export function namesIn(text: string, known: ReadonlySet<string> = new Set()): string[] {
  const names = new Set<string>()
  const words = text
    .slice(0, 200_000)
    .matchAll(/(?<![\p{L}\p{N}@./_-])(?<word>\p{L}[\p{L}\p{N}'’.+_-]*[\p{L}\p{N}+])/gu)
  for (const { groups, index } of words) {
    const word = groups!.word!.replace(/['’]s$/, '')
    if (COMMON.has(word.toLowerCase()) || known.has(word.toLowerCase()) || !/\p{Lu}/u.test(word)) continue
    const isMixed = /\p{Ll}\p{Lu}|\p{L}[\d]|\d\p{L}|\p{Lu}{2}\p{Ll}/u.test(word)
    const isInside = /[\p{L}\p{N},;)]\s+$|["“(/]$/u.test(text.slice(Math.max(0, index - 4), index))
    const isAcronym = /^\p{Lu}{3,}$/u.test(word)
    if (isMixed || isInside || isAcronym) names.add(word)
  }
  return [...names]
}

function countOf(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0
}

/** Phrases that any provider could write of any model. */
const BOILERPLATE =
  /\b(?:(?:a )?(?:wide|broad|diverse|large) (?:range|variety|mix(?:ture)?|set)|various|variety of|(?:publicly|freely)[- ](?:available|accessible) (?:data|sources|content|information|internet|web)|and other sources|among others|appropriate measures|industry[- ](?:standard|recogni[sz]ed)\w*|best practices|applicable laws?|in compliance with|state[- ]of[- ]the[- ]art|high[- ]quality|carefully (?:curated|selected)|may (?:use|be used|include)|confidential\w*)\b/i

/** The phrase that makes a text sound like an answer, if there is one. */
export function boilerplateIn(text: string): string | undefined {
  return BOILERPLATE.exec(text)?.[0]
}

/** Sentences and lines of lists, as they stand in the text. */
function sentencesOf(text: string): string[] {
  const flat = text
    .slice(0, 100_000)
    .replaceAll(/\n(?=\s*(?:[-*•◦●▪]|\d{1,2}[.)]\s))/g, '\uFDD1')
    .replaceAll(/\n{2,}/g, '\uFDD1')
  return flat
    .split(/\uFDD1|(?<=[.!?]["”)]?)\s+(?=["“(]?[\p{Lu}\d])/u)
    .map((sentence) => sentence.replaceAll(/\s+/g, ' ').trim())
    .filter(Boolean)
}

const SENTENCE_MAX = 320

/** The sentence that a verdict rests on: the one with most, or least, to check. */
export function judgedSentence(text: string, weigh: (sentence: string) => number): string | undefined {
  const sentences = sentencesOf(text).slice(0, 200)
  const [best] = sentences
    .map((sentence) => ({ sentence, weight: weigh(sentence) }))
    .sort((a, b) => b.weight - a.weight)
  return best ? shorten(best.sentence) : undefined
}

export function shorten(text: string): string {
  const flat = text.replaceAll(/\s+/g, ' ').trim()
  return flat.length <= SENTENCE_MAX ? flat : flat.slice(0, flat.lastIndexOf(' ', SENTENCE_MAX))
}
