import { globSync } from 'node:fs'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp, { type Sharp } from 'sharp'
import { loadExampleWorks } from '../../examples/works/index.ts'
import {
  SOUND_RATE,
  identifyBytes,
  normalisePassageText,
  passageCodes,
  readWav,
  soundCodes,
  type FileCodes,
} from '../../src/fingerprints/index.ts'
import { hammingDistance, openAudioIndex, openFeatureIndex, openPassageIndex } from '../../src/similarity/index.ts'

/**
 * What is done to copies, and how many are found after it: by the code of the whole picture, by its parts, by passages, by
 * sound. Pictures are those of the example and, when `PICTURES` names a folder, all photographs and paintings in it.
 * Every unrelated pair that is called a match is counted, too.
 */
export async function bench(): Promise<void> {
  console.log(
    '| medium | what was done | found as a whole | found by a part | false matches | of |\n|---|---|---|---|---|---|',
  )
  await benchPictures()
  await benchSounds()
  await benchTexts()
}

type Attack = (image: Sharp, size: { width: number; height: number }) => Sharp

const crop =
  (area: number, x = 0.5, y = 0.5): Attack =>
  (image, { width, height }) => {
    const [w, h] = [width, height].map((side) => Math.round(side * Math.sqrt(area))) as [number, number]
    return image.extract({ left: Math.round((width - w) * x), top: Math.round((height - h) * y), width: w, height: h })
  }

const PICTURE_ATTACKS: Record<string, Attack> = {
  'JPEG quality 20': (image) => image.jpeg({ quality: 20 }),
  'WebP quality 30': (image) => image.webp({ quality: 30 }),
  'a quarter of the size': (image, { width }) => image.resize(Math.round(width / 4)),
  'a tenth of the size': (image, { width }) => image.resize(Math.round(width / 10)),
  mirrored: (image) => image.flop(),
  'turned by 90°': (image) => image.rotate(90),
  'turned by 10°': (image) => image.rotate(10, { background: '#fff' }),
  'turned by 33°': (image) => image.rotate(33, { background: '#000' }),
  grey: (image) => image.greyscale(),
  darker: (image) => image.modulate({ brightness: 0.6 }),
  'stronger contrast': (image) => image.linear(1.5, -60),
  blurred: (image, { width }) => image.blur(Math.max(1, width / 300)),
  'squeezed to three quarters': (image, { width, height }) =>
    image.resize(Math.round(width * 0.75), height, { fit: 'fill' }),
  'crop to 90% of the area': crop(0.9, 0.3, 0.7),
  'crop to 70% of the area': crop(0.7, 0.2, 0.5),
  'crop to 50% of the area': crop(0.5, 0.7, 0.3),
  'crop to 30% of the area': crop(0.3, 0.4, 0.6),
  'crop to 20% of the area': crop(0.2, 0.6, 0.4),
  'border of 15%': (image, { width }) => {
    const side = Math.round(width * 0.15)
    return image.extend({ top: side, bottom: side, left: side, right: side, background: '#224' })
  },
}

interface Picture {
  name: string
  bytes: Uint8Array
  found: FileCodes
}

async function benchPictures(): Promise<void> {
  const pictures = await loadPictures()
  const directory = mkdtempSync(join(tmpdir(), 'colophon-robustness-'))
  const index = openFeatureIndex(directory)
  index.add(pictures.map(({ found }, row) => ({ row, features: found.features! })))
  const related = relatedPairs(pictures, index)
  for (const [name, attack] of Object.entries(PICTURE_ATTACKS)) {
    let [whole, part, wrong] = [0, 0, 0]
    for (const [row, { bytes }] of pictures.entries()) {
      const image = sharp(bytes)
      const { width, height } = await image.metadata()
      const changed = await attack(image, { width, height }).toFormat('jpeg', { quality: 80 }).toBuffer()
      const found = await identifyBytes(new Uint8Array(changed), name)
      const alike = pictures.map((other) => isAlike(found, other.found))
      const parts = new Set(index.search(found.features!).map((hit) => hit.row))
      if (alike[row]) whole++
      if (parts.has(row)) part++
      pictures.forEach((_, other) => {
        if (other !== row && !related.has(`${row} ${other}`) && (alike[other] || parts.has(other))) wrong++
      })
    }
    const share = (count: number) => `${((count / pictures.length) * 100).toFixed(0)}%`
    const pairs = pictures.length * (pictures.length - 1)
    console.log(
      `| picture | ${name} | ${share(whole)} | ${share(part)} | ${wrong} | ${pictures.length} pictures, ${pairs} pairs |`,
    )
  }
  rmSync(directory, { recursive: true, force: true })
}

async function loadPictures(): Promise<Picture[]> {
  const folder = process.env.PICTURES
  const files = folder ? globSync('**/*.{jpg,jpeg,png,webp}', { cwd: folder }).map((file) => join(folder, file)) : []
  const sources = [
    ...(await loadExampleWorks())
      .filter(({ medium }) => medium === 'picture')
      .map((work) => [work.fileName, work.bytes] as const),
    ...files.map((file) => [file, new Uint8Array(readFileSync(file))] as const),
  ]
  const pictures: Picture[] = []
  for (const [name, source] of sources) {
    const image = sharp(source, { limitInputPixels: 300_000_000 }).rotate()
    const bytes = await image
      .resize(1600, 1600, { fit: 'inside', withoutEnlargement: true })
      .flatten({ background: '#fff' })
      .png()
      .toBuffer()
    const found = await identifyBytes(new Uint8Array(bytes), name)
    // Gradients and plain colours have nothing by which anything could tell them.
    if ((found.pdqQuality ?? 0) >= 50 && found.features!.codes.length >= 150 * 32) pictures.push({ name, bytes, found })
  }
  return pictures
}

/** Pictures that show the same before anything was done to them: the same motif in another colour or format. */
function relatedPairs(pictures: Picture[], index: ReturnType<typeof openFeatureIndex>): Set<string> {
  const pairs = new Set<string>()
  pictures.forEach(({ found }, row) => {
    pictures.forEach((other, i) => isAlike(found, other.found) && pairs.add(`${row} ${i}`).add(`${i} ${row}`))
    for (const hit of index.search(found.features!)) pairs.add(`${row} ${hit.row}`).add(`${hit.row} ${row}`)
  })
  return pairs
}

function isAlike(a: FileCodes, b: FileCodes): boolean {
  return (a.pdqQuality ?? 0) >= 50 && a.pdqDihedral!.some((code) => hammingDistance(code, b.codes.pdq!) <= 31)
}

async function benchSounds(): Promise<void> {
  const works = (await loadExampleWorks()).filter(({ medium }) => medium === 'sound')
  const sounds = works.map(({ bytes }) => readWav(bytes, SOUND_RATE, 3600)!)
  const directory = mkdtempSync(join(tmpdir(), 'colophon-robustness-'))
  const index = openAudioIndex(directory)
  index.add(sounds.map((samples, row) => ({ row, items: soundCodes(samples).items })))
  let seed = 1
  const noise = () => (seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fffffff) / 0x7fffffff - 0.5
  const attacks: Record<string, (samples: Float32Array, row: number) => Float32Array> = {
    'a clip of eight seconds': (samples) =>
      samples.subarray(samples.length >> 2, (samples.length >> 2) + 8 * SOUND_RATE),
    'half as loud': (samples) => samples.map((sample) => sample / 2),
    'eight bits': (samples) => samples.map((sample) => Math.round(sample * 127) / 127),
    'noise at −40 dB': (samples) => samples.map((sample) => sample + 0.02 * noise()),
    'mixed with another at a fifth': (samples, row) =>
      samples.map((sample, i) => sample + 0.2 * (sounds[(row + 1) % sounds.length]![i] ?? 0)),
    'dull (low pass)': (samples) =>
      samples.map((sample, i) => (sample + (samples[i - 1] ?? 0) + (samples[i - 2] ?? 0)) / 3),
    'two per cent faster': (samples) =>
      Float32Array.from({ length: Math.floor(samples.length / 1.02) }, (_, i) => samples[Math.round(i * 1.02)]!),
  }
  for (const [name, attack] of Object.entries(attacks)) {
    let [right, wrong] = [0, 0]
    sounds.forEach((samples, row) => {
      for (const hit of index.search(soundCodes(attack(samples, row)).items)) {
        if (hit.row === row) right++
        else if (!(name.startsWith('mixed') && hit.row === (row + 1) % sounds.length)) wrong++
      }
    })
    console.log(
      `| sound | ${name} | – | ${((right / sounds.length) * 100).toFixed(0)}% | ${wrong} | ${sounds.length} sounds |`,
    )
  }
  rmSync(directory, { recursive: true, force: true })
}

async function benchTexts(): Promise<void> {
  const works = (await loadExampleWorks()).filter(({ medium }) => medium === 'text')
  const texts = works.map(({ bytes }) => new TextDecoder().decode(bytes))
  const directory = mkdtempSync(join(tmpdir(), 'colophon-robustness-'))
  const index = openPassageIndex(directory)
  await index.add(texts.map((text, row) => ({ row, text: normalisePassageText(text) })))
  const middle = (text: string, length: number) => text.slice(text.length >> 1, (text.length >> 1) + length)
  const attacks: Record<string, (text: string) => string> = {
    'a quotation of 100 letters': (text) => `so it says ${middle(text, 100)} and no more`,
    'a quotation of 60 letters': (text) => `so it says ${middle(text, 60)} and no more`,
    'capitals, other quotation marks, other lines': (text) =>
      middle(text, 400).toUpperCase().replaceAll(/\s+/g, '\n').replaceAll('"', '»'),
    'without accents': (text) => middle(text, 400).normalize('NFD').replaceAll(/\p{M}/gu, ''),
    'every twentieth word changed': (text) =>
      middle(text, 2000)
        .split(' ')
        .map((word, i) => (i % 20 === 19 ? 'other' : word))
        .join(' '),
    'sentences in another order': (text) =>
      middle(text, 2000)
        .split(/(?<=[.;])\s/)
        .reverse()
        .join(' '),
  }
  for (const [name, attack] of Object.entries(attacks)) {
    let [right, wrong] = [0, 0]
    texts.forEach((text, row) => {
      const query = normalisePassageText(attack(text))
      const rows = new Set(index.search({ codes: passageCodes(query), text: query }).map((hit) => hit.row))
      if (rows.has(row)) right++
      wrong += rows.size - Number(rows.has(row))
    })
    console.log(
      `| text | ${name} | – | ${((right / texts.length) * 100).toFixed(0)}% | ${wrong} | ${texts.length} texts |`,
    )
  }
  rmSync(directory, { recursive: true, force: true })
}
