import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { ColophonError, limits } from '../foundation/index.ts'
import {
  exportFormats,
  exportRights,
  parseRightsDocument,
  parseRightsFormat,
  type RightsExport,
} from '../rights/index.ts'
import { print, readArgs, type ExitCode } from './command.ts'

export const exportForm = 'rights export --terms FILE.json [--format NAME|all] [-o DIR]'

/**
 * Writes the rules of a file in one vocabulary or in all of them, and says what each could not hold. With `-o` the files
 * and the lines for existing files go into one folder per format; nothing that is there is overwritten.
 */
export async function runRightsExport(args: string[]): Promise<ExitCode> {
  const { values } = readArgs(args, {
    terms: { type: 'string' },
    format: { type: 'string' },
    out: { type: 'string', short: 'o' },
  })
  if (!values.terms) {
    throw new ColophonError('usage', 'rights export needs --terms, a JSON file with the rules', {
      remedy: `The formats are ${exportFormats.join(', ')}.`,
    })
  }
  const formats = !values.format || values.format === 'all' ? exportFormats : [parseRightsFormat(values.format)]
  const { document, options } = parseRightsDocument(readTerms(values.terms), values.terms)
  const now = Date.now()
  const written = formats.map((format) => exportRights(document, format, now, options))
  const paths = values.out === undefined ? [] : writeFiles(values.out, written)
  print(
    values.json,
    { exports: written, paths },
    values.out === undefined ? written.flatMap(asLines) : [...paths, ...written.flatMap(lossLines)],
  )
  return 0
}

function readTerms(path: string): Uint8Array {
  if (!existsSync(path)) throw new ColophonError('not_found', 'there is no such file', { where: path })
  if (statSync(path).size > limits.jsonBodyBytesMax) {
    throw new ColophonError('too_large', `more than ${limits.jsonBodyBytesMax} bytes`, { where: path })
  }
  return readFileSync(path)
}

function writeFiles(directory: string, written: readonly RightsExport[]): string[] {
  const files = written.flatMap(({ format, files: whole, snippets }) => [
    ...whole.map(({ path, content }) => ({ path: join(directory, format, path), content })),
    ...snippets.map(({ place, text }, index) => ({
      path: join(directory, format, `for-${place}-${index + 1}.txt`),
      content: `${text}\n`,
    })),
  ])
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
  return losses.map(({ rule, what, why }) => `# ${format} does not hold: rule ${rule}, ${what} (${why})`)
}
