import { shown } from './format.ts'

const TITLES: Record<string, string> = {
  country: 'Country',
  creator: 'Creator',
  culturalDomain: 'Cultural domain',
  domain: 'Site',
  gender: 'Gender, as declared',
  language: 'Language',
  origin: 'Origin',
  licence: 'Licence',
  reservedAtCrawl: 'Reserved when it was collected',
  reservedNow: 'Reserved now',
  script: 'Script',
  state: 'Member state',
  translation: 'Machine-translated',
  year: 'Decade',
  parity: 'Parity (1 = as among speakers)',
  'weight per million': 'Weight per million inhabitants',
}

/** What a column is called for a reader. */
export function columnTitle(label: string): string {
  if (Object.hasOwn(TITLES, label)) return TITLES[label]!
  const name = shown(label)
  return name[0]!.toUpperCase() + name.slice(1)
}

const names = {
  region: new Intl.DisplayNames('en', { type: 'region', fallback: 'none' }),
  script: new Intl.DisplayNames('en', { type: 'script', fallback: 'none' }),
}

/** What a row is called for a reader: codes of countries and scripts get their names, years say that they are decades. */
export function rowName(key: string, name: string): string {
  if (key === 'year' && /^-?\d{1,4}$/.test(name)) return `${name}s`
  const named =
    (key === 'country' || key === 'state') && /^[A-Z]{2}$/.test(name)
      ? names.region.of(name)
      : key === 'script' && /^[A-Z][a-z]{3}$/.test(name)
        ? names.script.of(name)
        : undefined
  return named ? `${named} (${name})` : shown(name)
}
