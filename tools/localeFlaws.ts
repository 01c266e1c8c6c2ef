import { readFileSync } from 'node:fs'
import { IntlMessageFormat } from 'intl-messageformat'

export type Texts = Record<string, string>

export function readTexts(code: string): Texts {
  return JSON.parse(readFileSync(new URL(`../locales/${code}.json`, import.meta.url), 'utf8')) as Texts
}

/**
 * What is wrong with the texts of a language beside the English ones, a line each: keys, grammar of messages (ICU),
 * placeholders and their kinds, the plurals that the language has, and texts that nobody has translated.
 */
export function localeFlaws(code: string, locale: string, texts: Texts, english: Texts): string[] {
  const missing = Object.keys(english).filter((key) => texts[key] === undefined)
  const extra = Object.keys(texts).filter((key) => english[key] === undefined)
  const flaws = [
    ...missing.map((key) => `${key}: is missing`),
    ...extra.map((key) => `${key}: English has no such text`),
  ]
  for (const [key, text] of Object.entries(texts)) {
    const original = english[key]
    if (original === undefined) continue
    const say = (flaw: string) => flaws.push(`${key}: ${flaw}: ${text}`)
    if (text !== text.normalize('NFC')) say('is not in NFC')
    if (text.trim() === '' || edges(text) !== edges(original)) say('differs in the spaces around it')
    if (code !== 'en' && text === original && isSentence(text)) say('is the English text')
    const [own, theirs] = [shapeOf(text, locale), shapeOf(original, 'en')]
    if (own instanceof Error) say(own.message)
    else if (theirs instanceof Error) say(`English: ${theirs.message}`)
    else if (own.placeholders !== theirs.placeholders) say(`has {${own.placeholders}}, not {${theirs.placeholders}}`)
    else for (const flaw of own.plurals) say(flaw)
    for (const mark of ['<', '>', 'https://'])
      if (text.split(mark).length !== original.split(mark).length) say(`${mark} stands there more or less often`)
  }
  return flaws
}

/** Whether a text has words that every language has its own for: three or more, written small. */
function isSentence(text: string): boolean {
  return (text.replace(/\{[^}]*\}/g, '').match(/(?<![\p{L}\d])\p{Ll}{2,}(?![\p{L}\d:/.])/gu) ?? []).length >= 3
}

function edges(text: string): string {
  return `${/^\s*/.exec(text)![0]}|${/\s*$/.exec(text)![0]}`
}

type Element = ReturnType<IntlMessageFormat['getAst']>[number]
/** Kinds of the parts of a message, as the parser numbers them. */
const [LITERAL, PLURAL] = [0, 6]

/** Which values a message takes and how, and the plural forms that it leaves out. */
function shapeOf(text: string, locale: string): { placeholders: string; plurals: string[] } | Error {
  const placeholders = new Set<string>()
  const plurals: string[] = []
  const visit = (elements: Element[]) => {
    for (const element of elements) {
      if (!('value' in element) || element.type === LITERAL) continue
      placeholders.add(`${element.value} (${element.type})`)
      if (!('options' in element)) continue
      if (element.type === PLURAL)
        for (const form of pluralForms(locale))
          if (!(form in element.options)) plurals.push(`{${element.value}} has no plural form “${form}”`)
      for (const { value } of Object.values(element.options)) visit(value)
    }
  }
  try {
    visit(new IntlMessageFormat(text, locale, undefined, { ignoreTag: true }).getAst())
  } catch (error) {
    return error as Error
  }
  return { placeholders: [...placeholders].sort().join(', '), plurals }
}

/** The plural forms that whole numbers up to a few hundred have in a language, and `other`. */
function pluralForms(locale: string): Set<string> {
  const rules = new Intl.PluralRules(locale)
  return new Set([...Array.from({ length: 300 }, (_, count) => rules.select(count)), 'other'])
}
