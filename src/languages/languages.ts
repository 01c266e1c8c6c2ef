/** What a model knows of one language it can name. */
export interface Language {
  /** ISO 639-3. */
  code: string
  /** The tag that CLDR uses for it. */
  tag: string
  name: string
  /** `eu`: official in the Union; `european`: regional, minority and neighbouring languages; `world`: told apart from them. */
  group: 'eu' | 'european' | 'world'
  /** A macrolanguage or a bundle of standards so near to each other that short texts cannot always be told apart. */
  near?: string
}

type Row = readonly [code: string, tag: string, name: string, near?: string]

const EU: readonly Row[] = [
  ['bul', 'bg', 'Bulgarian'],
  ['hrv', 'hr', 'Croatian', 'hbs'],
  ['ces', 'cs', 'Czech'],
  ['dan', 'da', 'Danish', 'scandinavian'],
  ['nld', 'nl', 'Dutch'],
  ['eng', 'en', 'English'],
  ['est', 'et', 'Estonian'],
  ['fin', 'fi', 'Finnish'],
  ['fra', 'fr', 'French'],
  ['deu', 'de', 'German'],
  ['ell', 'el', 'Greek'],
  ['hun', 'hu', 'Hungarian'],
  ['gle', 'ga', 'Irish'],
  ['ita', 'it', 'Italian'],
  ['lav', 'lv', 'Latvian'],
  ['lit', 'lt', 'Lithuanian'],
  ['mlt', 'mt', 'Maltese'],
  ['pol', 'pl', 'Polish'],
  ['por', 'pt', 'Portuguese'],
  ['ron', 'ro', 'Romanian'],
  ['slk', 'sk', 'Slovak'],
  ['slv', 'sl', 'Slovenian'],
  ['spa', 'es', 'Spanish'],
  ['swe', 'sv', 'Swedish'],
]

const EUROPEAN: readonly Row[] = [
  ['ast', 'ast', 'Asturian'],
  ['azj', 'az', 'Azerbaijani'],
  ['bel', 'be', 'Belarusian'],
  ['bos', 'bs', 'Bosnian', 'hbs'],
  ['bre', 'br', 'Breton'],
  ['cat', 'ca', 'Catalan'],
  ['cnr', 'cnr', 'Montenegrin', 'hbs'],
  ['cos', 'co', 'Corsican'],
  ['crh', 'crh', 'Crimean Tatar'],
  ['csb', 'csb', 'Kashubian'],
  ['cym', 'cy', 'Welsh'],
  ['dsb', 'dsb', 'Lower Sorbian', 'wen'],
  ['eus', 'eu', 'Basque'],
  ['fao', 'fo', 'Faroese'],
  ['fkv', 'fkv', 'Kven'],
  ['frp', 'frp', 'Franco-Provençal'],
  ['fry', 'fy', 'West Frisian'],
  ['fur', 'fur', 'Friulian'],
  ['gag', 'gag', 'Gagauz'],
  ['gla', 'gd', 'Scottish Gaelic'],
  ['glg', 'gl', 'Galician'],
  ['glv', 'gv', 'Manx'],
  ['gsw', 'gsw', 'Alemannic'],
  ['hsb', 'hsb', 'Upper Sorbian', 'wen'],
  ['hye', 'hy', 'Armenian'],
  ['isl', 'is', 'Icelandic'],
  ['kat', 'ka', 'Georgian'],
  ['krl', 'krl', 'Karelian'],
  ['lat', 'la', 'Latin'],
  ['lij', 'lij', 'Ligurian'],
  ['lld', 'lld', 'Ladin'],
  ['ltz', 'lb', 'Luxembourgish'],
  ['mkd', 'mk', 'Macedonian'],
  ['mwl', 'mwl', 'Mirandese'],
  ['nds', 'nds', 'Low German'],
  ['nno', 'nn', 'Norwegian Nynorsk', 'scandinavian'],
  ['nob', 'nb', 'Norwegian Bokmål', 'scandinavian'],
  ['oci', 'oc', 'Occitan'],
  ['pcd', 'pcd', 'Picard'],
  ['rgn', 'rgn', 'Romagnol'],
  ['rmn', 'rmn', 'Balkan Romani'],
  ['roh', 'rm', 'Romansh'],
  ['rue', 'rue', 'Rusyn'],
  ['rup', 'rup', 'Aromanian'],
  ['rus', 'ru', 'Russian'],
  ['sco', 'sco', 'Scots'],
  ['sme', 'se', 'Northern Sámi'],
  ['smn', 'smn', 'Inari Sámi'],
  ['sms', 'sms', 'Skolt Sámi'],
  ['sqi', 'sq', 'Albanian'],
  ['src', 'sc', 'Sardinian'],
  ['srp', 'sr', 'Serbian', 'hbs'],
  ['tat', 'tt', 'Tatar'],
  ['tur', 'tr', 'Turkish'],
  ['ukr', 'uk', 'Ukrainian'],
  ['vec', 'vec', 'Venetian'],
  ['vep', 'vep', 'Veps'],
  ['wln', 'wa', 'Walloon'],
  ['ydd', 'yi', 'Eastern Yiddish'],
]

const WORLD: readonly Row[] = [
  ['afr', 'af', 'Afrikaans'],
  ['amh', 'am', 'Amharic'],
  ['arb', 'ar', 'Arabic'],
  ['ben', 'bn', 'Bengali'],
  ['cmn', 'zh', 'Chinese'],
  ['epo', 'eo', 'Esperanto'],
  ['gug', 'gn', 'Guarani'],
  ['guj', 'gu', 'Gujarati'],
  ['hat', 'ht', 'Haitian Creole'],
  ['hau', 'ha', 'Hausa'],
  ['heb', 'he', 'Hebrew'],
  ['hin', 'hi', 'Hindi'],
  ['ibo', 'ig', 'Igbo'],
  ['ina', 'ia', 'Interlingua'],
  ['ind', 'id', 'Indonesian'],
  ['jav', 'jv', 'Javanese'],
  ['jpn', 'ja', 'Japanese'],
  ['kan', 'kn', 'Kannada'],
  ['kaz', 'kk', 'Kazakh'],
  ['khk', 'mn', 'Mongolian'],
  ['khm', 'km', 'Khmer'],
  ['kin', 'rw', 'Kinyarwanda'],
  ['kir', 'ky', 'Kyrgyz'],
  ['kmr', 'ku', 'Northern Kurdish'],
  ['kor', 'ko', 'Korean'],
  ['lao', 'lo', 'Lao'],
  ['lin', 'ln', 'Lingala'],
  ['mal', 'ml', 'Malayalam'],
  ['mar', 'mr', 'Marathi'],
  ['mya', 'my', 'Burmese'],
  ['nep', 'ne', 'Nepali'],
  ['pan', 'pa', 'Punjabi'],
  ['pes', 'fa', 'Persian'],
  ['plt', 'mg', 'Malagasy'],
  ['quz', 'quz', 'Cusco Quechua'],
  ['sin', 'si', 'Sinhala'],
  ['sna', 'sn', 'Shona'],
  ['som', 'so', 'Somali'],
  ['sun', 'su', 'Sundanese'],
  ['swh', 'sw', 'Swahili'],
  ['tam', 'ta', 'Tamil'],
  ['tel', 'te', 'Telugu'],
  ['tgk', 'tg', 'Tajik'],
  ['tgl', 'fil', 'Tagalog'],
  ['tha', 'th', 'Thai'],
  ['tuk', 'tk', 'Turkmen'],
  ['urd', 'ur', 'Urdu'],
  ['uzn', 'uz', 'Uzbek'],
  ['vie', 'vi', 'Vietnamese'],
  ['wol', 'wo', 'Wolof'],
  ['xho', 'xh', 'Xhosa'],
  ['yor', 'yo', 'Yoruba'],
  ['zul', 'zu', 'Zulu'],
]

const rowsOf = (group: Language['group'], rows: readonly Row[]): Language[] =>
  rows.map(([code, tag, name, near]) => ({ code, tag, name, group, ...(near ? { near } : {}) }))

/** Every language the model knows, by ISO 639-3 code. */
export const LANGUAGES: ReadonlyMap<string, Language> = new Map(
  [...rowsOf('eu', EU), ...rowsOf('european', EUROPEAN), ...rowsOf('world', WORLD)].map((each) => [each.code, each]),
)

/** The 24 official languages of the Union. */
export const EU_LANGUAGES: readonly string[] = EU.map(([code]) => code)

/** The tag of a language where CLDR has one; codes of two letters are looked up, others stay. */
export function toIso3(tag: string): string | undefined {
  const primary = tag.trim().toLowerCase().split(/[-_]/)[0]!
  if (LANGUAGES.has(primary)) return primary
  return BY_TAG.get(primary) ?? ALIASES[primary]
}

const BY_TAG: ReadonlyMap<string, string> = new Map([...LANGUAGES.values()].map(({ code, tag }) => [tag, code]))

/** Other codes for the same: macrolanguages, terminological codes, older tags. */
const ALIASES: Record<string, string> = {
  no: 'nob',
  nor: 'nob',
  sh: 'srp',
  als: 'sqi',
  alb: 'sqi',
  aze: 'azj',
  fas: 'pes',
  per: 'pes',
  zho: 'cmn',
  chi: 'cmn',
  msa: 'ind',
  may: 'ind',
  ms: 'ind',
  ara: 'arb',
  swa: 'swh',
  srd: 'src',
  yid: 'ydd',
  kur: 'kmr',
  mon: 'khk',
  grn: 'gug',
  uzb: 'uzn',
  fil: 'tgl',
  tl: 'tgl',
  iw: 'heb',
  in: 'ind',
  mo: 'ron',
  ger: 'deu',
  fre: 'fra',
  dut: 'nld',
  gre: 'ell',
  cze: 'ces',
  slo: 'slk',
  rum: 'ron',
  ice: 'isl',
  wel: 'cym',
  baq: 'eus',
  arm: 'hye',
  geo: 'kat',
  mac: 'mkd',
}
