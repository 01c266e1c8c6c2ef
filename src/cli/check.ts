import { existsSync } from 'node:fs'
import { openDatasetChecker, openEngineChecker, queryOf, type CheckQuery, type DatasetHit } from '../datasets/index.ts'
import { PDQ_QUALITY_MIN, identifyFile } from '../fingerprints/index.ts'
import { ColophonError, dataPath, readConfig } from '../foundation/index.ts'
import { print, readArgs, type Command } from './command.ts'

const LISTED_IS_NOT_TRAINED = 'Listed is not trained: this does not show that a model was trained on the work.'

export const check: Command = {
  forms: [
    'check FILE|URL|DOMAIN… [--index DIRECTORY]',
    'check FILE|URL|DOMAIN… --engine clickhouse://USER:PASSWORD@HOST:PORT/DATABASE [--engine …]',
  ],
  does: 'Says where these works stand in the indexed data sets, with evidence. Works without a connection to anything, or asks a ClickHouse database.',
  async run(args) {
    const { values, positionals } = readArgs(args, {
      index: { type: 'string' },
      engine: { type: 'string', multiple: true },
    })
    if (positionals.length === 0) throw new ColophonError('usage', 'give at least one file, address or domain')
    if (values.index && values.engine) throw new ColophonError('usage', 'give --index or --engine, not both')
    const checker = values.engine
      ? await openEngineChecker(values.engine, process.env)
      : openDatasetChecker(values.index ?? dataPath(readConfig(process.env), 'datasets'))
    let isWhole = true
    try {
      if (checker.list().length === 0)
        throw new ColophonError('not_found', 'no data set is indexed', {
          remedy: values.engine ? 'Push one with: colophon index push' : 'Build one with: colophon index build',
        })
      for (const input of positionals) {
        const query = await queryFor(input)
        const { hits, unasked } = await checker.check(query)
        isWhole &&= unasked.length === 0
        print(values.json, { input, hits, unasked, doesNotProve: LISTED_IS_NOT_TRAINED }, [
          `${input}: ${hits.length === 0 ? 'not found in the data sets indexed here' : `${hits.length} ${hits.length === 1 ? 'place' : 'places'}`}`,
          ...hits.map(describe),
          ...(isFlat(query) ? [FLAT] : []),
          ...(hits.length > 0 ? [`  ${LISTED_IS_NOT_TRAINED}`] : []),
          ...unasked.map(({ name, why }) => `  not asked: ${name} (${why})`),
        ])
      }
      return isWhole ? 0 : 1
    } finally {
      await checker.close()
    }
  },
}

/** Whether there is too little in a picture to tell it from others. */
function isFlat({ pdqDihedral, pdqQuality = 0 }: CheckQuery): boolean {
  return pdqDihedral !== undefined && pdqQuality < PDQ_QUALITY_MIN
}

const FLAT =
  '  There is too little in this picture to know it again by how it looks: only the very same file would have been found.'

/** Names that end like a file of a kind that is looked for: no domain is meant, and one that is not there is a slip. */
const FILE_NAME =
  /\.(jpe?g|png|gif|webp|avif|hei[cf]|jxl|tiff?|bmp|svg|pdf|epub|docx?|odt|rtf|txt|md|html?|xml|json|csv|wav|mp3|flac|ogg|opus|m4a|aac|mp4|mkv|webm|avi)$/i

/** What is looked for: the codes of a file, an address, or a domain. */
export async function queryFor(input: string): Promise<CheckQuery> {
  if (existsSync(input)) return queryOf(await identifyFile(input))
  if (/^https?:\/\//i.test(input) && URL.canParse(input)) return { url: input }
  if (/^([a-z0-9-]+\.)+[a-z]{2,}$/i.test(input) && !FILE_NAME.test(input)) return { domain: input.toLowerCase() }
  throw new ColophonError('unreadable_file', 'there is no such file, and it is no address or domain', { where: input })
}

function describe(hit: DatasetHit): string {
  const { match, measure, datasetName, datasetVersion, row, url, excerpt, alignment } = hit
  const strength = {
    'exact-file': 'the same file',
    sound: `${measure} seconds sound the same`,
    film: `${measure} seconds show the same`,
    'near-text': `alike as a whole, ${measure} of 256 bits differ`,
    'part-of-picture': `${measure} features of a part agree`,
    'near-picture': `alike, ${measure} of 256 bits differ`,
    passage: `${measure} bytes shared${alignment?.isCommon ? ', which many texts share' : ''}`,
    url: 'the same address',
    domain: `${measure} rows of this domain`,
  }[match]
  return `  ${datasetName} ${datasetVersion}, row ${row}: ${match} (${strength}${describeStatus(hit)})${url ? ` ${url}` : ''}${excerpt ? `\n    “${excerpt.slice(0, 120)}”` : ''}`
}

/** How much of it chance alone may explain. */
function describeStatus({ status, expectedByChance }: DatasetHit): string {
  if (expectedByChance === null) return ''
  const expected = `expected by chance here: ${expectedByChance < 1e-6 ? 'below 0.000001' : expectedByChance.toPrecision(2)}`
  return `; ${status === 'candidate' ? 'only a candidate' : 'aligned'}, ${expected}`
}
