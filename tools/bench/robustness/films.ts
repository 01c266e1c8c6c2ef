import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildDatasetIndex, openDatasetChecker, queryOf, type DatasetChecker } from '../../../src/datasets/index.ts'
import { identifyFile } from '../../../src/fingerprints/index.ts'
import { SCENE_SECONDS, drawFilms, hasFfmpeg, recoded, type Film } from './filmSet.ts'
import { FalseMatches, HALVES, Tally, halfOfPair } from './halves.ts'

interface Attack {
  options: readonly string[]
  /** What of the film is kept. */
  cut?: readonly string[]
}

const POOR = ['-crf', '38']
const ATTACKS: Record<string, Attack> = {
  'saved again: smaller, darker, poorly': {
    options: ['-vf', 'eq=brightness=-0.1:contrast=0.9,scale=64:36', ...POOR],
  },
  'a clip of five seconds': { options: POOR, cut: ['-ss', String(SCENE_SECONDS * 1.75), '-t', '5'] },
  mirrored: { options: ['-vf', 'hflip'] },
}
const FILMS = 80

/**
 * Films that a formula draws, each changed and looked for among all, as `check` does: what is found, and which others that
 * have nothing to do with it are called a match, as films that share scenes or as one frame that looks alike.
 */
export async function benchFilms(): Promise<void> {
  if (!hasFfmpeg()) return console.error('films were left out: ffmpeg is not on this machine')
  const directory = mkdtempSync(join(tmpdir(), 'colophon-films-'))
  try {
    const [films, indexes] = [join(directory, 'films'), join(directory, 'indexes')]
    mkdirSync(films)
    const drawn = drawFilms(films, Number(process.env.FILMS ?? FILMS))
    const set = { name: 'Films', version: '1', inputs: [films], columns: {}, withPreviews: false }
    const info = await buildDatasetIndex({ ...set, directory: indexes, now: 0 })
    if (drawn.length < 2 || info.counts.films !== drawn.length)
      throw new Error(`${info.counts.films} of ${drawn.length} films have frames`)
    const checker = openDatasetChecker(indexes)
    await report(drawn, checker, directory)
    await checker.close()
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

async function report(films: Film[], checker: DatasetChecker, directory: string): Promise<void> {
  const sizes = HALVES.map((half) => `${films.filter((film) => film.half === half).length} ${half}`).join(', ')
  console.log(`\nFilms drawn by a formula: ${films.length} (${sizes}).\n`)
  console.log('| what was done | found as a film | false as a film | false as one frame |\n|---|---|---|---|')
  const wrong = { film: new FalseMatches(), 'near-picture': new FalseMatches(), aligned: new FalseMatches() }
  for (const [name, attack] of Object.entries(ATTACKS)) {
    if (!new RegExp(process.env.ATTACKS ?? '').test(name)) continue
    const tally = await attackAll(films, checker, join(directory, 'changed.mp4'), attack, wrong)
    console.log(`| ${name} | ${tally.shares('found')} | ${tally.numbers('film')} | ${tally.numbers('near-picture')} |`)
  }
  console.log(`\n${wrong.film.report('False as a film')}\n\n${wrong['near-picture'].report('False as one frame')}`)
  console.log(`\n${wrong.aligned.report('False, and said to be more than chance')}`)
}

async function attackAll(
  films: Film[],
  checker: DatasetChecker,
  path: string,
  { options, cut }: Attack,
  wrong: Record<'film' | 'near-picture' | 'aligned', FalseMatches>,
): Promise<Tally> {
  const tally = new Tally()
  for (const [row, film] of films.entries()) {
    recoded(film, path, options, cut)
    const { hits } = await checker.check(queryOf(await identifyFile(path)))
    const isFound = (other: number, match: string) => hits.some((hit) => hit.row === other && hit.match === match)
    tally.add('found', film.half, isFound(row, 'film'))
    for (const [other, { half, name }] of films.entries()) {
      if (other === row) continue
      const pair = halfOfPair(film.half, half)
      for (const match of ['film', 'near-picture'] as const) {
        tally.add(match, pair, isFound(other, match))
        wrong[match].add(pair, row, other, isFound(other, match))
      }
      const taken = hits.filter((hit) => hit.row === other)
      wrong.aligned.add(
        pair,
        row,
        other,
        taken.some(({ status }) => status === 'aligned'),
      )
      for (const { match, stretch, measure } of taken)
        console.error(`${film.name} is taken for ${name}: ${match} ${measure}, ${JSON.stringify(stretch)}`)
    }
  }
  return tally
}
