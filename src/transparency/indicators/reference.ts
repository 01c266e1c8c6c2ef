import { createRequire } from 'node:module'
import { toIso3 } from '../../languages/index.ts'

interface Territory {
  _population: string
  languagePopulation?: Record<string, { _populationPercent: string }>
}

const require = createRequire(import.meta.url)
let territories: Record<string, Territory> | undefined

function territoryInfo(): Record<string, Territory> {
  return (territories ??= (
    require('cldr-core/supplemental/territoryInfo.json') as {
      supplemental: { territoryInfo: Record<string, Territory> }
    }
  ).supplemental.territoryInfo)
}

/** Member states of the Union, ISO 3166-1. */
export const EU_TERRITORIES = 'AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK'.split(
  ' ',
)

/** What the reference is, in words, with its source. */
export const SPEAKERS_SOURCE =
  'Unicode CLDR territoryInfo: speakers of each language in the 27 member states, first and second language together (L1+L2); it has no figures for first languages alone'

/** Speakers of each language (ISO 639-3) in some territories: first and second language together. */
export function speakers(of: readonly string[] = EU_TERRITORIES): Map<string, number> {
  const counts = new Map<string, number>()
  for (const code of of) {
    const { _population: population, languagePopulation = {} } = territoryInfo()[code] ?? { _population: '0' }
    for (const [tag, { _populationPercent: percent }] of Object.entries(languagePopulation)) {
      const language = toIso3(tag)
      if (language) counts.set(language, (counts.get(language) ?? 0) + (Number(percent) / 100) * Number(population))
    }
  }
  return counts
}

/** People of a territory; undefined for what is none. */
export function population(territory: string): number | undefined {
  const count = Number(territoryInfo()[territory]?._population)
  return count > 0 ? count : undefined
}

let places: { names: Map<string, string>; codes: Map<string, string> } | undefined

/** Names that are those of two places, one of which is a part of another country. */
const AMBIGUOUS = new Set(['georgia'])
/** Regions by NUTS (`DE212`, `EL30`): a country that has them, and what follows has a digit or is one of its larger parts. */
const NUTS =
  /^(AL|AT|BE|BG|CH|CY|CZ|DE|DK|EE|EL|ES|FI|FR|HR|HU|IE|IS|IT|LI|LT|LU|LV|ME|MK|MT|NL|NO|PL|PT|RO|RS|SE|SI|SK|TR|UK)(?=[0-9A-Z]{0,2}\d|[A-Z]$)[0-9A-Z]{1,3}$/
const OTHERWISE: Record<string, string> = { EL: 'GR', UK: 'GB' }

/**
 * The ISO 3166-1 code of a territory that is given by code of two or three letters, by its English name, or by a NUTS code;
 * a place may stand before a name (`London, United Kingdom`), but not before a code: `Wilmington, DE` is in Delaware.
 * `Georgia` alone is the country, after a place it may be either. Undefined where it is none of these: nothing is guessed.
 */
export function toTerritory(text: string): string | undefined {
  const { names, codes } = (places ??= territoryNames())
  const whole = text.trim()
  const known = codes.get(whole.toLowerCase()) ?? names.get(whole.toLowerCase())
  if (known) return known
  if (!whole.includes(',')) {
    const region = NUTS.exec(whole)?.[1]
    return region && (OTHERWISE[region] ?? region)
  }
  const last = whole.split(',').at(-1)!.trim().toLowerCase()
  return AMBIGUOUS.has(last) ? undefined : names.get(last)
}

function territoryNames() {
  const english = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' })
  const [names, codes] = [new Map<string, string>(), new Map<string, string>()]
  const { codeMappings } = (
    require('cldr-core/supplemental/codeMappings.json') as {
      supplemental: { codeMappings: Record<string, { _alpha3?: string }> }
    }
  ).supplemental
  for (const code of Object.keys(territoryInfo())) {
    if (!/^[A-Z]{2}$/.test(code)) continue
    codes.set(code.toLowerCase(), code)
    const alpha3 = codeMappings[code]?._alpha3
    if (alpha3) codes.set(alpha3.toLowerCase(), code)
    const name = english.of(code)
    if (name) names.set(name.toLowerCase(), code)
  }
  names.set('czech republic', 'CZ').set('turkey', 'TR')
  codes.set('uk', 'GB').set('usa', 'US').set('el', 'GR')
  return { names, codes }
}

const SCRIPTS: readonly [RegExp, string][] = [
  'Latin Latn',
  'Cyrillic Cyrl',
  'Greek Grek',
  'Armenian Armn',
  'Georgian Geor',
  'Hebrew Hebr',
  'Arabic Arab',
  'Han Hani',
  'Hiragana Jpan',
  'Hangul Hang',
  'Devanagari Deva',
  'Thai Thai',
  'Bengali Beng',
  'Tamil Taml',
].map((line) => {
  const [name, code] = line.split(' ') as [string, string]
  return [new RegExp(`\\p{Script=${name}}`, 'gu'), code]
})

/** The script that most letters of a text are in, ISO 15924; `Zyyy` where it has none of those that are looked for. */
export function scriptOf(text: string): string {
  const sample = text.slice(0, 400)
  let [best, most] = ['Zyyy', 0]
  for (const [pattern, code] of SCRIPTS) {
    const count = sample.match(pattern)?.length ?? 0
    if (count > most) [best, most] = [code, count]
    // What has no letters of its own of another script needs no further look.
    if (most > sample.length / 2) break
  }
  return best
}
