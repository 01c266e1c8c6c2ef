import { AsyncLocalStorage } from 'node:async_hooks'
import { existsSync, readFileSync } from 'node:fs'
import { IntlMessageFormat } from 'intl-messageformat'

/** A language that pages are written in. */
interface PageLanguage {
  /** What it calls itself. */
  name: string
  /** The locale that numbers and plurals follow where it is not known by the code itself. */
  format?: string
  /** Who has read all its texts, or `original`; nobody when it is left out. */
  reviewed?: string
}

const FALLBACK = 'en'
const folder = new URL('../../locales/', import.meta.url)
const readTexts = <T>(name: string) => JSON.parse(readFileSync(new URL(`${name}.json`, folder), 'utf8')) as T

/** Every language by its code (ISO 639), in the order of the codes. */
export const languages = Object.fromEntries(
  Object.entries(readTexts<Record<string, PageLanguage>>('languages')).filter(([code]) =>
    existsSync(new URL(`${code}.json`, folder)),
  ),
)
export const languageCodes = Object.keys(languages)

/** What a request wants its pages to be like, for as long as it is answered. */
interface Reader {
  language: string
  /** The address that was asked for, to come back to. */
  place: string
}

const reading = new AsyncLocalStorage<Reader>()
const texts = new Map<string, Record<string, string>>()
const formats = new Map<string, IntlMessageFormat>()

/** Does something for a reader: every text within is in that language. */
export function readAs<T>(reader: Reader, what: () => T): T {
  return reading.run(reader, what)
}

/** The language of whoever reads, by its code. */
export function language(): string {
  return reading.getStore()?.language ?? FALLBACK
}

/** The address that is being answered. */
export function place(): string {
  return reading.getStore()?.place ?? '/'
}

/** A text of the page in the visitor's language, with its values filled in. A key without text is a defect. */
export function t(key: string, values?: Record<string, string | number>): string {
  return textIn(language(), key, values)
}

/** The same in a language that is named; where that has no such text yet, in English. */
export function textIn(code: string, key: string, values?: Record<string, string | number>): string {
  const own = textsOf(code)[key]
  const message = own ?? textsOf(FALLBACK)[key]
  if (message === undefined) throw new Error(`no text for ${key}`)
  if (!values) return message
  const name = `${own === undefined ? FALLBACK : code} ${key}`
  let format = formats.get(name)
  if (!format)
    formats.set(
      name,
      (format = new IntlMessageFormat(message, localeOf(own === undefined ? FALLBACK : code), undefined, {
        ignoreTag: true,
      })),
    )
  return String(format.format(values))
}

function textsOf(code: string): Record<string, string> {
  let known = texts.get(code)
  if (!known) texts.set(code, (known = readTexts<Record<string, string>>(code)))
  return known
}

/** The locale by which a language writes numbers, dates, lists and plurals. */
export function localeOf(code: string): string {
  return languages[code]?.format ?? code
}

/** The same for rooms that put things into words and know no locale of their own. */
export const words = {
  get language() {
    return localeOf(language())
  },
  t,
}

/** A whole number as the reader writes it. */
export function number(value: number): string {
  return value.toLocaleString(words.language)
}

/** A moment as people write it, in UTC. */
export function when(isoTime: string): string {
  return `${isoTime.slice(0, 10)} ${isoTime.slice(11, 16)} UTC`
}

/** The same for letters, in a language that is named: English where that has not all texts of letters yet. */
export function speak(code: string) {
  const isWhole = code in languages && letterKeys().every((key) => textsOf(code)[key] !== undefined)
  const spoken = isWhole ? code : FALLBACK
  const { name, reviewed } = languages[spoken]!
  return {
    code: spoken,
    name,
    isReviewed: reviewed !== undefined,
    language: localeOf(spoken),
    t: (key: string, values?: Record<string, string | number>) => textIn(spoken, key, values),
  }
}

/** Every text that a letter may be made of. */
function letterKeys(): string[] {
  return Object.keys(textsOf(FALLBACK)).filter((key) => /^(letter|escalate)\./.test(key))
}

/** What kind of work it is, in the reader's language. */
export function mediumName(medium: string): string {
  return medium === 'other' ? t('offer.media.other') : t(`rule.media.${medium}`)
}

const CREATOR_ROLES = new Set(
  'author artist photographer composer lyricist performer translator illustrator editor publisher director designer rightsholder contributor'.split(
    ' ',
  ),
)

/** What somebody did for a work, in the reader's language; a role that has no name here stands as it was declared. */
export function roleName(role: string): string {
  return CREATOR_ROLES.has(role) ? t(`work.creator.${role}`) : role.replaceAll('-', ' ')
}
