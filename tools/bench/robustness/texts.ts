import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { normalisePassageText, passageCodes } from '../../../src/fingerprints/index.ts'
import { openPassageIndex, type PassageHit, type PassageIndex } from '../../../src/similarity/index.ts'
import { HALVES, Tally, halfOfPair, upperRate } from './halves.ts'
import { loadTexts, type Text } from './textSet.ts'

const middle = (text: string, length: number) => text.slice(text.length >> 1, (text.length >> 1) + length)

const ATTACKS: Record<string, (text: string) => string> = {
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

/** What is done to texts, how many are found after it, and how many texts share a passage with another that is not theirs. */
export async function benchTexts(): Promise<void> {
  const texts = loadTexts()
  const directory = mkdtempSync(join(tmpdir(), 'colophon-robustness-'))
  const index = openPassageIndex(directory)
  await index.add(texts.map(({ text }, row) => ({ row, text: normalisePassageText(text) })))
  const families = Object.entries(Object.groupBy(texts, ({ family }) => family))
  const sizes = families.map(([family, list]) => `${list.length} ${family}`).join(', ')
  console.log(`\nTexts: ${texts.length} (${sizes}).\n`)
  console.log('| what was done | found: calibration · held out |\n|---|---|')
  for (const [name, attack] of Object.entries(ATTACKS)) {
    const tally = new Tally()
    texts.forEach(({ text, half }, row) =>
      tally.add(
        'found',
        half,
        search(index, attack(text)).some((hit) => hit.row === row),
      ),
    )
    console.log(`| ${name} | ${tally.shares('found')} |`)
  }
  countShared(texts, index)
  rmSync(directory, { recursive: true, force: true })
}

function search(index: PassageIndex, text: string): PassageHit[] {
  const query = normalisePassageText(text)
  return index.search({ codes: passageCodes(query), text: query })
}

/** Passages between two different texts, counted once for each pair: common ones, and others. */
function countShared(texts: Text[], index: PassageIndex): void {
  const tally = new Tally()
  const lengths: number[] = []
  for (const [row, own] of texts.entries()) {
    const hits = Map.groupBy(search(index, own.text), (hit) => hit.row)
    for (const [other, { family, half, name }] of texts.entries()) {
      if (other <= row) continue
      const kind = family === own.family ? family : 'two families'
      const found = hits.get(other) ?? []
      const rare = found.filter((hit) => !hit.isCommon)
      tally.add(`common ${kind}`, halfOfPair(own.half, half), found.length > rare.length && rare.length === 0)
      tally.add(`rare ${kind}`, halfOfPair(own.half, half), rare.length > 0)
      if (rare.length === 0) continue
      const longest = rare.reduce((best, hit) => (hit.length > best.length ? hit : best))
      lengths.push(longest.length)
      console.error(`${kind}: ${own.name}, ${name}: ${longest.length} bytes: ${longest.excerpt.shared.slice(0, 90)}`)
    }
  }
  console.log(
    '\n| pairs of different texts | pairs: calibration · held out | share a common passage only | share another passage | at most (95%) |\n|---|---|---|---|---|',
  )
  for (const kind of ['novel', 'address', 'declaration', 'two families']) {
    const rare = HALVES.map((half) => tally.get(`rare ${kind}`, half))
    const pairs = rare.map(({ of }) => of).join(' · ')
    const most = rare.map(({ yes, of }) => upperRate(yes, of).toExponential(1)).join(' · ')
    console.log(
      `| ${kind} | ${pairs} | ${tally.numbers(`common ${kind}`)} | ${tally.numbers(`rare ${kind}`)} | ${most} |`,
    )
  }
  const sorted = lengths.toSorted((a, b) => a - b)
  const share = (part: number) => sorted[Math.floor((sorted.length - 1) * part)]
  console.log(
    `\nThe longest passage of each such pair: half have at most ${share(0.5)} bytes, nine of ten at most ${share(0.9)}.`,
  )
}
