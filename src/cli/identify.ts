import {
  compareUnits,
  ISCC_UNITS,
  compositeOf,
  explainIscc,
  formatIscc,
  identifyFile,
  normaliseIscc,
  parseIscc,
} from '../fingerprints/index.ts'
import { ColophonError, fromHex, toHex } from '../foundation/index.ts'
import { LANGUAGES, languageIdentifier, languageName, type Identified } from '../languages/index.ts'
import { print, readArgs, type Command, type ExitCode } from './command.ts'

export const identify: Command = {
  forms: ['identify FILE…', 'identify --iscc CODE [OTHER]'],
  does: 'Prints the codes of each file: SHA-256, ISCC, PDQ, passages; and the language of a text. With --iscc it explains an ISCC, or compares two.',
  async run(args) {
    const { values, positionals } = readArgs(args, { iscc: { type: 'boolean' } })
    if (positionals.length === 0) throw new ColophonError('usage', 'give at least one file')
    if (values.iscc) return explain(positionals, values.json)
    let exitCode: ExitCode = 0
    for (const file of positionals) {
      try {
        const { passages, passageText, features, items, frames, pdqDihedral, ...found } = await identifyFile(file)
        const iscc = compositeOf(found.codes)
        const language =
          passageText && languageIdentifier().identify(new TextDecoder().decode(passageText.subarray(0, 20_000)))
        const json = {
          file,
          ...found,
          iscc,
          language,
          pdqDihedral,
          passageCount: passages?.high.length,
          featureCount: features && features.codes.length / 32,
          itemCount: items?.length,
          frameCount: frames?.times.length,
        }
        print(values.json, json, [
          `${file}: ${found.mediaType}, ${found.byteLength} bytes`,
          `  iscc: ${iscc}`,
          ...Object.entries(found.codes).map(([name, code]) => `  ${name}: ${written(name, code)}`),
          ...(language ? [`  language: ${languageLine(language)}`] : []),
          ...(found.unread ? [`  not everything was read from inside it: ${found.unread}`] : []),
        ])
      } catch (error) {
        if (!(error instanceof ColophonError)) throw error
        exitCode = 2
        if (values.json) print(true, { file, ...error.toJSON() }, [])
        process.stderr.write(`colophon identify: ${error.toLine()}\n`)
      }
    }
    return exitCode
  },
}

function languageLine({ code, confidence, near, candidates }: Identified): string {
  if (code === 'und') return 'unknown'
  const names = candidates.filter((each, i) => i === 0 || (near && LANGUAGES.get(each.code)?.near === near)).slice(0, 2)
  return `${names.map((each) => languageName(each.code)).join(' or ')} (${Math.min(99, Math.floor(100 * confidence))}% sure)`
}

function written(name: string, code: string): string {
  const unit = ISCC_UNITS[name]
  return unit ? formatIscc(unit.kind, fromHex(code)) : code
}

function explain(texts: string[], isJson: boolean | undefined): ExitCode {
  const codes = texts.map((text) => {
    const units = parseIscc(text)
    if (!units) throw new ColophonError('invalid_input', 'this is no ISCC', { where: text.slice(0, 80) })
    return { iscc: normaliseIscc(text)!, units }
  })
  const [first, second] = codes
  const compared = second
    ? first!.units.flatMap((unit) => {
        const other = second.units.find(({ mainType }) => mainType === unit.mainType)
        const comparison = other && compareUnits(unit, other)
        return comparison ? [{ mainType: unit.mainType, subType: unit.subType, ...comparison }] : []
      })
    : []
  const readable = codes.map(({ iscc, units }) => ({
    iscc,
    units: units.map(({ digest, ...unit }) => ({ ...unit, bits: digest.length * 8, digest: toHex(digest) })),
  }))
  print(isJson, { codes: readable, compared }, [
    ...codes.flatMap(({ iscc, units }) => [
      iscc,
      ...explainIscc(units)
        .split('\n')
        .map((line) => `  ${line}`),
    ]),
    ...compared.map(({ mainType, distance, bits }) => `${mainType}: ${distance} of ${bits} bits differ`),
    ...(second && compared.length === 0 ? ['They have no unit of one kind: they cannot be compared.'] : []),
  ])
  return 0
}
