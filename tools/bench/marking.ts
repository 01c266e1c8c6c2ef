import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { openNodeCertificates, readManifests, signFile, type Signer } from '../../src/marking/c2pa/index.ts'
import type { MarkFormat } from '../../src/marking/formats.ts'
import { makeMarkFile } from '../../tests/support/markFiles.ts'
import { median, printTable, type BenchRow } from './table.ts'

const ROUNDS = 15
const FILM_BYTES = 100_000_000

/** What marks cost. */
export async function bench(): Promise<void> {
  printTable(await manifestRows())
  console.log('What watermarks cost and survive, beside the figures that others publish: npm run bench -- watermark')
}

/** Manifests of a picture of 4 MB and of a film of 100 MB; the film first, for memory is counted as the process's most. */
async function manifestRows(): Promise<BenchRow[]> {
  const directory = mkdtempSync(join(tmpdir(), 'colophon-bench-'))
  try {
    const signer = await openNodeCertificates(directory, 'Bench', Date.now)
    return [...(await filmRows(signer)), ...(await pictureRows(signer))]
  } finally {
    rmSync(directory, { recursive: true })
  }
}

async function pictureRows(signer: Signer): Promise<BenchRow[]> {
  const noise = { type: 'gaussian', mean: 128, sigma: 30 } as const
  const picture = sharp({ create: { width: 2950, height: 2200, channels: 3, background: '#888', noise } })
  const bytes = new Uint8Array(await picture.jpeg({ quality: 90 }).toBuffer())
  const input = `JPEG of ${megabytes(bytes)}, median of ${ROUNDS}`
  const times: { sign: number; verify: number }[] = []
  for (let i = 0; i <= ROUNDS; i++) times.push(await signAndVerify(bytes, 'jpeg', signer))
  const [cold, ...warm] = times
  const figure = (name: 'sign' | 'verify') => median(warm.map((each) => each[name]))
  return [
    { what: 'sign a picture', ours: figure('sign'), unit: 'ms', target: '≤ 400', input },
    { what: 'verify a picture', ours: figure('verify'), unit: 'ms', target: '≤ 60', input },
    { what: 'sign and verify the first picture', ours: cold!.sign + cold!.verify, unit: 'ms', input: 'after the film' },
  ]
}

async function filmRows(signer: Signer): Promise<BenchRow[]> {
  const film = await makeMarkFile('mp4')
  const bytes = new Uint8Array(FILM_BYTES)
  bytes.set(film)
  const rest = new DataView(bytes.buffer, film.length)
  rest.setUint32(0, bytes.length - film.length)
  rest.setUint32(4, 0x6d64_6174) // `mdat`: whatever lies in `free` is not hashed.
  const { sign, verify } = await signAndVerify(bytes, 'mp4', signer)
  const input = `MP4 of ${megabytes(bytes)}, with the start of the threads`
  const peak = process.resourceUsage().maxRSS / 1000
  return [
    { what: 'sign a film', ours: sign, unit: 'ms', input },
    { what: 'verify a film', ours: verify, unit: 'ms', input },
    { what: 'memory of the whole process', ours: peak, unit: 'MB', target: '≤ 800', input },
  ]
}

async function signAndVerify(bytes: Uint8Array, format: MarkFormat, signer: Signer) {
  const digitalSourceType = 'http://cv.iptc.org/newscodes/digitalsourcetype/humanEdits'
  const content = { assertions: [], actions: [{ action: 'c2pa.created', digitalSourceType }] }
  const start = performance.now()
  const signed = await signFile(bytes, format, content, signer)
  const between = performance.now()
  const { state } = await readManifests(signed, format, { now: Date.now() })
  if (state !== 'valid-untrusted') throw new Error(`the manifest is ${state}`)
  return { sign: between - start, verify: performance.now() - between }
}

function megabytes(bytes: Uint8Array): string {
  return `${(bytes.length / 1e6).toFixed(1)} MB`
}
