import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findParts } from '../../../src/datasets/compare.ts'
import { identifyBytes } from '../../../src/fingerprints/index.ts'
import { openFeatureIndex, type FeatureIndex } from '../../../src/similarity/index.ts'
import { FalseMatches, HALVES, Tally, halfOfPair } from './halves.ts'
import { PICTURE_ATTACKS, type Attack } from './pictureAttacks.ts'
import { isAlike, loadPictures, relatedPairs, type Picture } from './pictureSet.ts'
import { randomFrom } from './random.ts'

/**
 * What is done to pictures, how many are found after it, and which others are called a match. `ATTACKS` (a regular expression) limits it;
 * `EVERY=2` does each thing to every second picture, another half each time, and looks for it among all.
 */
export async function benchPictures(): Promise<void> {
  const pictures = await loadPictures()
  const directory = mkdtempSync(join(tmpdir(), 'colophon-robustness-'))
  const index = openFeatureIndex(directory)
  index.add(pictures.map(({ found }, row) => ({ row, features: found.features! })))
  const related = relatedPairs(pictures, index)
  const sizes = HALVES.map((half) => `${pictures.filter((picture) => picture.half === half).length} ${half}`).join(', ')
  console.log(
    `\nPictures: ${pictures.length} (${sizes}); ${related.size / 2} pairs show the same motif to begin with.\n`,
  )
  console.log(
    '| what was done | found as a whole: calibration · held out | by a part | false by whole | false by part |\n|---|---|---|---|---|',
  )
  const wrong = { whole: new FalseMatches(), part: new FalseMatches() }
  const every = Number(process.env.EVERY ?? 1)
  for (const [turn, [name, attack]] of Object.entries(PICTURE_ATTACKS).entries()) {
    if (!new RegExp(process.env.ATTACKS ?? '').test(name)) continue
    const rows = [...pictures.keys()].filter((row) => (row + turn) % every === 0)
    const tally = await attackAll(pictures, rows, index, related, name, attack, wrong)
    console.log(
      `| ${name} | ${tally.shares('whole')} | ${tally.shares('part')} | ${tally.numbers('false whole')} | ${tally.numbers('false part')} |`,
    )
  }
  console.log(`\n${wrong.whole.report('False by the whole')}\n${wrong.part.report('False by a part')}`)
  rmSync(directory, { recursive: true, force: true })
}

async function attackAll(
  pictures: Picture[],
  rows: number[],
  index: FeatureIndex,
  related: Set<string>,
  name: string,
  attack: Attack,
  wrong: { whole: FalseMatches; part: FalseMatches },
): Promise<Tally> {
  const tally = new Tally()
  for (const row of rows) {
    const picture = pictures[row]!
    const companions = [1, 2, 3].map((step) => (row + step * 7) % pictures.length)
    const others = companions.map((companion) => pictures[companion]!.bytes)
    const changed = await attack({ ...picture, others, random: randomFrom(row + 1) })
    const found = await identifyBytes(new Uint8Array(changed), name)
    const parts = new Map(findParts(index, found.features!).map((hit) => [hit.row, hit.inliers]))
    const isPresent = (other: number) =>
      name.includes('collage') &&
      companions.some((companion) => companion === other || related.has(`${companion} ${other}`))
    for (const [other, { half, name: otherName, found: otherFound }] of pictures.entries()) {
      const alike = isAlike(found, otherFound)
      if (other === row) {
        tally.add('whole', half, alike)
        tally.add('part', half, parts.has(row))
      } else if (!isPresent(other) && !related.has(`${row} ${other}`)) {
        const halves = halfOfPair(picture.half, half)
        tally.add('false whole', halves, alike)
        tally.add('false part', halves, parts.has(other))
        wrong.whole.add(halves, row, other, alike)
        wrong.part.add(halves, row, other, parts.has(other))
        if (alike || parts.has(other))
          console.error(`${name}: ${picture.name} is taken for ${otherName} (${parts.get(other) ?? 'as a whole'})`)
      }
    }
  }
  return tally
}
