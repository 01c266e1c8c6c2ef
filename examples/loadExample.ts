import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { buildDatasetIndex, makePreview, type RowContent } from '../src/datasets/index.ts'
import {
  SOUND_RATE,
  identifyBytes,
  readWav,
  soundCodes,
  type DecodedFile,
  type FileCodes,
  type LocalFeatures,
} from '../src/fingerprints/index.ts'
import { dataPath, systemEffects, uuidV7 } from '../src/foundation/index.ts'
import type { Node } from '../src/main.ts'
import { appendStatement, makeStatement, newSigner, signStatement, type Statement } from '../src/statements/index.ts'
import { loadExampleWorks, type ExampleWork } from './works/index.ts'
import { seeded } from './works/seeded.ts'

const PARTIES = {
  archive: { kind: 'organisation', name: 'Example Archive' },
  illustrator: { kind: 'person', name: 'Example Illustrator' },
  musician: { kind: 'person', name: 'Example Musician' },
} as const

const UNRELATED_ROWS = 4000

/**
 * Loads the worked example: three parties declare their works, and one data set is indexed whose rows hold resized,
 * recompressed, cropped and quoted copies of some of them among thousands of unrelated rows.
 */
export async function loadExample(node: Node, say: (line: string) => void): Promise<void> {
  const works = await loadExampleWorks()
  const identified: { work: ExampleWork; found: FileCodes }[] = []
  for (const work of works) identified.push({ work, found: await identifyBytes(work.bytes, work.fileName) })
  say(`Declaring ${works.length} example works …`)
  for (const party of Object.keys(PARTIES) as (keyof typeof PARTIES)[]) {
    await declareAll(
      node,
      party,
      identified.filter(({ work }) => work.party === party),
    )
  }
  say('Indexing the example data set …')
  await indexExampleDataset(node, works)
}

async function declareAll(
  node: Node,
  party: keyof typeof PARTIES,
  works: { work: ExampleWork; found: FileCodes }[],
): Promise<void> {
  const signer = newSigner()
  const state = (...subjects: Statement['credentialSubject']) =>
    appendStatement(node.register, signStatement(makeStatement(signer.issuer, subjects, systemEffects), signer))
  await state({ type: 'Party', id: signer.issuer, ...PARTIES[party] })
  for (const { work, found } of works) {
    const id = `urn:uuid:${uuidV7(systemEffects)}`
    await state({
      type: 'Work',
      id,
      role: work.role,
      title: work.title,
      medium: work.medium,
      fingerprints: found.codes,
      ...(work.language ? { language: work.language } : {}),
      ...(work.rightsStatement ? { rightsStatement: work.rightsStatement } : {}),
      ...(work.role === 'creator'
        ? {
            creators: [
              {
                party: signer.issuer,
                name: PARTIES[party].name,
                role: work.medium === 'sound' ? 'composer' : 'illustrator',
                share: 10_000,
              },
            ],
          }
        : {}),
    })
  }
  // Only what the parties made themselves is reserved: nobody may reserve what is in the public domain.
  if (party !== 'archive') {
    await state({
      type: 'Terms',
      target: { kind: 'party', id: signer.issuer },
      rules: [{ action: 'col:trainAI', decision: 'deny' }],
    })
  }
}

interface Row {
  url: string
  text: string | null
  sha256: string | null
  pdq: string | null
  features?: LocalFeatures
  items?: Uint32Array
  preview?: RowContent['preview']
}

async function indexExampleDataset(node: Node, works: ExampleWork[]): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'colophon-example-'))
  try {
    const path = join(directory, 'rows.jsonl')
    const rows = await exampleRows(works)
    writeFileSync(
      path,
      rows
        .map((row) => JSON.stringify({ ...row, features: undefined, items: undefined, preview: undefined }))
        .join('\n'),
    )
    await buildDatasetIndex({
      name: 'Example web crawl',
      version: '2026-01',
      source: 'made by code for this example',
      contact: 'Example Lab, data@example.org',
      isExample: true,
      inputs: [path],
      columns: { url: 'url', text: 'text', sha256: 'sha256', pdq: 'pdq' },
      contents: rows.map(({ features, items, preview }, row) => ({
        row,
        ...(features ? { features } : {}),
        ...(items ? { items } : {}),
        ...(preview ? { preview } : {}),
      })),
      directory: dataPath(node.config, 'datasets'),
      now: Date.now(),
    })
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

/** Copies first made, then shuffled among unrelated rows, always in the same order. */
async function exampleRows(works: ExampleWork[]): Promise<Row[]> {
  const random = seeded('example data set')
  const rows: Row[] = [
    ...(await pictureRows(works)),
    ...textRows(works),
    ...(await soundRows(works)),
    ...unrelatedRows(UNRELATED_ROWS),
  ]
  return rows
    .map((row) => ({ row, key: random.next() }))
    .sort((a, b) => a.key - b.key)
    .map(({ row }) => row)
}

async function pictureRows(works: ExampleWork[]): Promise<Row[]> {
  const rows: Row[] = []
  const pictures = works.filter(({ medium }) => medium === 'picture')
  for (const [i, work] of pictures.entries()) {
    if (i % 2 === 1) continue
    const copies = [
      { name: 'small', bytes: await sharp(work.bytes).resize(480).jpeg({ quality: 70 }).toBuffer() },
      { name: 'cropped', bytes: await crop(work.bytes, 0.8) },
      { name: 'detail', bytes: await crop(work.bytes, 0.6) },
      ...(i % 4 === 0 ? [{ name: 'same', bytes: Buffer.from(work.bytes) }] : []),
    ]
    for (const { name, bytes } of copies) {
      let decoded: DecodedFile = {}
      const { codes, pdqQuality, features } = await identifyBytes(
        new Uint8Array(bytes),
        work.fileName,
        (made) => (decoded = made),
      )
      const preview = await makePreview(decoded)
      const isComparable = (pdqQuality ?? 0) >= 50
      rows.push({
        url: `https://pictures.example.com/${name}/${work.fileName}`,
        text: null,
        sha256: codes.sha256!,
        pdq: isComparable ? codes.pdq! : null,
        features: features!,
        ...(preview ? { preview } : {}),
      })
    }
  }
  return rows
}

/** The middle of every second sound, at half the rate and a quarter softer. */
async function soundRows(works: ExampleWork[]): Promise<Row[]> {
  const rows: Row[] = []
  const sounds = works.filter(({ medium }) => medium === 'sound')
  for (const [i, work] of sounds.entries()) {
    if (i % 2 === 1) continue
    const whole = readWav(work.bytes, SOUND_RATE, 3600)!
    const middle = whole.subarray(Math.round(whole.length * 0.2), Math.round(whole.length * 0.9))
    const samples = middle.map((sample) => sample * 0.75)
    const { items } = soundCodes(samples)
    const preview = await makePreview({ samples })
    const url = `https://listening.example.net/${work.fileName}.mp3`
    rows.push({ url, text: null, sha256: null, pdq: null, items, ...(preview ? { preview } : {}) })
  }
  return rows
}

/** The middle of a picture, `share` of each side, recompressed. */
export async function crop(bytes: Uint8Array, share: number): Promise<Buffer> {
  const { width, height } = await sharp(bytes).metadata()
  const [cropWidth, cropHeight] = [Math.round(width * share), Math.round(height * share)]
  const area = {
    left: Math.round((width - cropWidth) / 2),
    top: Math.round((height - cropHeight) / 2),
    width: cropWidth,
    height: cropHeight,
  }
  return sharp(bytes).extract(area).jpeg({ quality: 75 }).toBuffer()
}

function textRows(works: ExampleWork[]): Row[] {
  return works
    .filter(({ medium }) => medium === 'text')
    .filter((_, i) => i % 2 === 0)
    .map((work, i) => {
      const text = new TextDecoder().decode(work.bytes)
      const start = Math.floor(text.length / 3)
      const quoted = text.slice(start, start + 600)
      return {
        url: `https://reading.example.net/${work.fileName}.html`,
        text: `${sentence(`before ${i}`)} ${quoted} ${sentence(`after ${i}`)}`,
        sha256: null,
        pdq: null,
      }
    })
}

function unrelatedRows(count: number): Row[] {
  return Array.from({ length: count }, (_, i) => ({
    url: `https://site-${i % 311}.example.org/page/${i}`,
    text: `${sentence(`row ${i}`)} ${sentence(`more ${i}`)}`,
    sha256: null,
    pdq: i % 5 === 0 ? randomCode(`code ${i}`) : null,
  }))
}

const SYLLABLES = [
  'ba',
  'lo',
  'ri',
  'ten',
  'ma',
  'sul',
  'ne',
  'gor',
  'pi',
  'dar',
  'fe',
  'von',
  'ka',
  'tis',
  'el',
  'mur',
]

function sentence(seed: string): string {
  const random = seeded(seed)
  const word = () => Array.from({ length: random.whole(1, 4) }, () => random.pick(SYLLABLES)).join('')
  return `${Array.from({ length: random.whole(8, 22) }, word).join(' ')}.`
}

function randomCode(seed: string): string {
  const random = seeded(seed)
  return Array.from({ length: 64 }, () => random.whole(0, 15).toString(16)).join('')
}
