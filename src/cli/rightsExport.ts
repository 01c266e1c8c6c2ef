import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { ColophonError, limits } from '../foundation/index.ts'
import { exportsOfWork, type WorkExports } from '../api/index.ts'
import {
  exportFormats,
  exportRights,
  parseRightsDocument,
  parseRightsFormat,
  sayLoss,
  sayRules,
  type RightsExport,
  type RightsFormat,
} from '../rights/index.ts'
import { words } from '../web/index.ts'
import { print, readArgs, type ExitCode } from './command.ts'
import { ask, withPlace } from './place.ts'

export const exportForms = [
  'rights export --terms FILE.json [--format NAME|all] [-o DIR]',
  'rights export --work ID [--format NAME|all] [-o DIR]',
]

/**
 * Writes the rules of a file, or what is in force for a work, in one vocabulary or in all of them, and says what each
 * could not hold. With `-o` the files and the lines for existing files go into one folder per format, and for a work into
 * a folder for each terms; nothing that is there is overwritten.
 */
export async function runRightsExport(args: string[]): Promise<ExitCode> {
  const { values } = readArgs(args, {
    terms: { type: 'string' },
    work: { type: 'string' },
    format: { type: 'string' },
    out: { type: 'string', short: 'o' },
  })
  if ((values.terms === undefined) === (values.work === undefined)) {
    throw new ColophonError('usage', 'rights export needs --terms, a JSON file with the rules, or --work', {
      remedy: `The formats are ${exportFormats.join(', ')}.`,
    })
  }
  const isOne = values.format !== undefined && values.format !== 'all'
  const formats = isOne ? [parseRightsFormat(values.format!)] : exportFormats
  if (values.work !== undefined) return exportWork(values.work, formats, values)
  const { document, options } = parseRightsDocument(readTerms(values.terms!), values.terms!)
  const now = Date.now()
  const written = formats.map((format) => exportRights(document, format, now, options))
  const paths = values.out === undefined ? [] : writeFiles(filesOf(values.out, written))
  print(
    values.json,
    { exports: written, paths },
    values.out === undefined ? written.flatMap(asLines) : [...paths, ...written.flatMap(lossLines)],
  )
  return 0
}

async function exportWork(
  work: string,
  formats: readonly RightsFormat[],
  { out, json }: { out?: string | undefined; json?: boolean | undefined },
): Promise<ExitCode> {
  const found = await readWork(work, formats)
  const paths =
    out === undefined
      ? []
      : writeFiles(
          found.inForce.flatMap(({ id, exports }) => filesOf(join(out, id.replaceAll(/[^\w-]/g, '_')), exports)),
        )
  const nothing = found.inForce.length === 0 ? [words.t('exports.nothing')] : []
  print(json, { ...found, paths }, [
    ...nothing,
    ...found.inForce.flatMap(({ exports, ...said }) => [
      ...headingLines(said),
      ...exports.flatMap(out === undefined ? asLines : lossLines),
    ]),
    ...paths,
  ])
  return 0
}

async function readWork(work: string, formats: readonly RightsFormat[]): Promise<WorkExports> {
  const [format] = formats
  const query = formats.length === 1 ? `?format=${format}` : ''
  return withPlace(({ url, node }) =>
    node ? exportsOfWork(node, work, formats) : ask(url, `/api/works/${encodeURIComponent(work)}/exports${query}`),
  )
}

function headingLines(said: Omit<WorkExports['inForce'][number], 'exports'>): string[] {
  const { id, party, partyName, targetKind, leftOut } = said
  return [
    `# ${id}: ${partyName ?? party}, ${words.t(`terms.for.${targetKind}`)}`,
    ...leftOut.map(({ rule, why }) => `# ${sayRules([rule], words).join(' ')} ${words.t(`exports.leftOut.${why}`)}`),
  ]
}

function readTerms(path: string): Uint8Array {
  if (!existsSync(path)) throw new ColophonError('not_found', 'there is no such file', { where: path })
  if (statSync(path).size > limits.jsonBodyBytesMax) {
    throw new ColophonError('too_large', `more than ${limits.jsonBodyBytesMax} bytes`, { where: path })
  }
  return readFileSync(path)
}

interface OutFile {
  path: string
  content: string | Uint8Array
}

function filesOf(directory: string, written: readonly RightsExport[]): OutFile[] {
  return written.flatMap(({ format, files: whole, snippets }) => [
    ...whole.map(({ path, content }) => ({ path: join(directory, format, path), content })),
    ...snippets.map(({ place, text }, index) => ({
      path: join(directory, format, `for-${place}-${index + 1}.txt`),
      content: `${text}\n`,
    })),
  ])
}

function writeFiles(files: readonly OutFile[]): string[] {
  for (const { path } of files) {
    if (existsSync(path)) {
      throw new ColophonError('invalid_input', 'a file of that name is there already', {
        where: path,
        remedy: 'Name an empty folder.',
      })
    }
  }
  for (const { path, content } of files) {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, content, { flag: 'wx' })
  }
  return files.map(({ path }) => path)
}

function asLines(written: RightsExport): string[] {
  const files = written.files.flatMap(({ path, content }) => [
    `# ${written.format}: ${path}`,
    String(content).trimEnd(),
    '',
  ])
  const snippets = written.snippets.flatMap(({ place, text }) => [`# ${written.format}: for ${place}`, text, ''])
  const nothing = files.length + snippets.length === 0 ? [`# ${written.format}: nothing could be written`] : []
  return [...files, ...snippets, ...nothing, ...lossLines(written), '']
}

function lossLines({ format, losses }: RightsExport): string[] {
  return losses.map((loss) => `# ${format} does not hold: rule ${loss.rule}, ${sayLoss(loss, words)}`)
}
