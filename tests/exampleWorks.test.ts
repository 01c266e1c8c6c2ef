import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { before, describe, it } from 'node:test'
import sharp from 'sharp'
import { loadExampleWorks, loadUnrelatedPictures, type ExampleWork } from '../examples/works/index.ts'

describe('the works of the example', () => {
  let works: ExampleWork[] = []
  before(async () => {
    works = await loadExampleWorks()
  })

  it('are at least 44, by at least three parties, in three media', () => {
    assert.ok(works.length >= 44, `${works.length} works`)
    assert.ok(new Set(works.map((work) => work.party)).size >= 3)
    assert.deepEqual([...new Set(works.map((work) => work.medium))].sort(), ['picture', 'sound', 'text'])
  })

  it('have titles, file names and bytes that are nobody else’s', () => {
    for (const values of [
      works.map((work) => work.title),
      works.map((work) => work.fileName),
      works.map((work) => sha256(work.bytes)),
    ]) {
      assert.equal(new Set(values).size, works.length)
    }
  })

  it('say that the archive keeps what is in the public domain and that the others made their works', () => {
    for (const work of works) {
      assert.equal(work.role, work.rightsStatement ? 'custodian' : 'creator', work.fileName)
      assert.equal(work.party === 'archive', work.role === 'custodian', work.fileName)
    }
  })

  it('include pictures that decode, the drawn ones at 1024 pixels or more', async () => {
    const pictures = works.filter((work) => work.medium === 'picture')
    assert.ok(pictures.filter((work) => work.party === 'illustrator').length >= 10)
    for (const picture of pictures) {
      const { format, width, height } = await sharp(picture.bytes).metadata()
      assert.equal(`image/${format}`, picture.mediaType, picture.fileName)
      assert.ok(Math.max(width, height) >= 1024, `${picture.fileName}: ${width} × ${height}`)
      const { channels } = await sharp(picture.bytes).stats()
      assert.ok(
        channels.every((channel) => channel.stdev > 10),
        `${picture.fileName} is nearly blank`,
      )
    }
  })

  it('include texts in UTF-8, in at least ten languages', () => {
    const texts = works.filter((work) => work.medium === 'text')
    for (const text of texts) {
      const characters = new TextDecoder('utf-8', { fatal: true }).decode(text.bytes)
      assert.ok(characters.length >= 1000, text.fileName)
      assert.doesNotMatch(characters, /<[a-z]+>|&[a-z]+;/, text.fileName)
    }
    assert.ok(new Set(texts.map((text) => text.language)).size >= 10)
  })

  it('include sounds of 10 to 20 seconds that are heard and do not clip', () => {
    const sounds = works.filter((work) => work.medium === 'sound')
    assert.ok(sounds.length >= 4)
    for (const { bytes, fileName } of sounds) {
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
      assert.equal(Buffer.from(bytes.subarray(0, 4)).toString(), 'RIFF')
      assert.equal(Buffer.from(bytes.subarray(8, 16)).toString(), 'WAVEfmt ')
      assert.equal(view.getUint32(4, true), bytes.length - 8)
      assert.deepEqual([view.getUint16(20, true), view.getUint16(22, true), view.getUint16(34, true)], [1, 1, 16])
      assert.equal(view.getUint32(24, true), 22050)
      assert.equal(view.getUint32(40, true), bytes.length - 44)
      const seconds = (bytes.length - 44) / 2 / 22050
      assert.ok(seconds >= 10 && seconds <= 20, `${fileName}: ${seconds} s`)
      const peak = peakOf(view)
      assert.ok(peak > 20000 && peak < 32767, `${fileName}: ${peak}`)
    }
  })

  it('are the same bytes when they are loaded again', async () => {
    const again = await loadExampleWorks()
    assert.deepEqual(
      again.map((work) => sha256(work.bytes)),
      works.map((work) => sha256(work.bytes)),
    )
  })
})

describe('the unrelated pictures', () => {
  it('decode, differ from each other, and do not depend on how many are asked for', async () => {
    const [few, many] = [await loadUnrelatedPictures(6), await loadUnrelatedPictures(36)]
    assert.equal(many.length, 36)
    assert.deepEqual(
      few.map((picture) => sha256(picture.bytes)),
      many.slice(0, 6).map((picture) => sha256(picture.bytes)),
    )
    assert.equal(new Set(many.map((picture) => sha256(picture.bytes))).size, 36)
    for (const picture of many) assert.equal((await sharp(picture.bytes).metadata()).format, 'jpeg', picture.fileName)
  })
})

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

function peakOf(view: DataView): number {
  let peak = 0
  for (let offset = 44; offset < view.byteLength; offset += 2)
    peak = Math.max(peak, Math.abs(view.getInt16(offset, true)))
  return peak
}
