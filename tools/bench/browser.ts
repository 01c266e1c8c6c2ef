import sharp from 'sharp'
import { openBrowser } from '../../tests/support/browser.ts'
import { serveTestNode } from '../../tests/support/testNode.ts'
import { median, printTable, type BenchRow } from './table.ts'

const ROUNDS = 3
const SIZES = [
  { name: '12 MP', width: 4000, height: 3000, count: 12 },
  { name: '2 MP', width: 1632, height: 1224, count: 40 },
] as const

/** Codes of pictures in a real browser, with one and two workers; the peer is the same code on the page's own thread. */
export async function bench(): Promise<void> {
  const served = await serveTestNode({ withExample: false })
  const browser = await openBrowser()
  try {
    const page = await browser.newPage()
    await page.goto(`${served.url}/collection`)
    const rows: BenchRow[] = []
    for (const { name, width, height, count } of SIZES) {
      const pictures = await Promise.all(Array.from({ length: 4 }, (_, i) => drawn(i, width, height)))
      const files = Array.from({ length: count }, (_, i) => ({
        name: `${i}.jpg`,
        mimeType: 'image/jpeg',
        buffer: pictures[i % pictures.length]!,
      }))
      await page.reload()
      await page.evaluate(() =>
        document.querySelector('#files')!.replaceWith(document.querySelector('#files')!.cloneNode()),
      )
      await page.locator('#files').setInputFiles(files)
      const rounds: Record<'here' | 'one' | 'two', number>[] = []
      // One round before, in which everything is compiled and nothing is counted.
      for (let round = 0; round <= ROUNDS; round++) {
        const figures = await page.evaluate(measure)
        if (round > 0) rounds.push(figures)
      }
      const of = (side: 'here' | 'one' | 'two') => median(rounds.map((round) => round[side]))
      const megabytes = pictures.reduce((sum, { length }) => sum + length, 0) / pictures.length / 1e6
      for (const [workers, side] of [
        ['1 worker', 'one'],
        ['2 workers', 'two'],
      ] as const)
        rows.push({
          what: `pictures coded in the browser, ${name}, ${workers}`,
          ours: of(side),
          unit: '/s',
          peer: { name: 'the same on the page’s thread', figure: of('here') },
          target: '≥ 8 a core',
          input: `${count} JPEG of ${megabytes.toFixed(1)} MB, median of ${ROUNDS}`,
        })
    }
    printTable(rows)
  } finally {
    await browser.close()
    await served.stop()
  }
}

/** In the page: pictures a second on the page's thread, in one worker and in two, one after the other. */
async function measure(): Promise<Record<'here' | 'one' | 'two', number>> {
  const path = '/modules/web/client/'
  const { openCoders, codeHere } = (await import(`${path}coders.ts`)) as typeof import('../../src/web/client/coders.ts')
  const chosen = [...document.querySelector<HTMLInputElement>('#files')!.files!]
  const sources = chosen.map((file) => ({ path: file.name, bytes: file.size, state: 0, file }))
  const perSecond = async (run: () => Promise<unknown>) => {
    const start = performance.now()
    await run()
    return (sources.length / (performance.now() - start)) * 1000
  }
  const inWorkers = async (count: number) => {
    const coders = await openCoders(count)
    const work = async (queue: Iterator<(typeof sources)[number]>) => {
      for (let next = queue.next(); !next.done; next = queue.next()) await coders.code(next.value)
    }
    // Each worker codes one picture first, so that its kernels are compiled.
    await Promise.all(Array.from({ length: count }, () => coders.code(sources[0]!)))
    const queue = sources.values()
    const figure = await perSecond(() => Promise.all(Array.from({ length: count }, () => work(queue))))
    coders.close()
    return figure
  }
  const here = await perSecond(async () => {
    for (const source of sources) await codeHere(source)
  })
  return { here, one: await inWorkers(1), two: await inWorkers(2) }
}

/** A picture with surfaces, edges and grain, as a camera would see them, drawn by code. */
async function drawn(seed: number, width: number, height: number): Promise<Buffer> {
  const shapes = Array.from({ length: 60 }, (_, i) => {
    const at = (step: number, size: number) => ((i + 1) * step * (seed + 7)) % size
    return `<circle cx="${at(613, width)}" cy="${at(347, height)}" r="${40 + at(29, width / 8)}" fill="hsl(${at(47, 360)} 60% ${20 + at(13, 60)}%)" fill-opacity="0.7"/>`
  })
  const drawing = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><rect width="100%" height="100%" fill="hsl(${seed * 80} 40% 70%)"/>${shapes.join('')}</svg>`
  const side = 512
  let state = seed + 1
  const grain = Buffer.from(
    Array.from({ length: side * side * 3 }, () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
      return 112 + (state >>> 27)
    }),
  )
  const tile = await sharp(grain, { raw: { width: side, height: side, channels: 3 } })
    .png()
    .toBuffer()
  return sharp(Buffer.from(drawing))
    .composite([{ input: tile, tile: true, blend: 'soft-light' }])
    .jpeg({ quality: 88 })
    .toBuffer()
}
