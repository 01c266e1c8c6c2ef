import { formatIscc, identifyFile } from '../fingerprints/index.ts'
import { ColophonError, fromHex } from '../foundation/index.ts'
import { print, readArgs, type Command } from './command.ts'

const ISCC_KINDS = {
  'iscc-data-v0': 'data',
  'iscc-instance-v0': 'instance',
  'iscc-text-v0': 'text',
  'iscc-image-v0': 'image',
} as const

export const identify: Command = {
  forms: ['identify FILE…'],
  does: 'Prints the codes of each file: SHA-256, ISCC units, PDQ, passages.',
  async run(args) {
    const { values, positionals } = readArgs(args, {})
    if (positionals.length === 0) throw new ColophonError('usage', 'give at least one file')
    let exitCode: 0 | 2 = 0
    for (const file of positionals) {
      try {
        const { passages, passageText: _, pdqDihedral, ...found } = await identifyFile(file)
        const written = Object.entries(found.codes).map(([name, code]) => {
          const kind = ISCC_KINDS[name as keyof typeof ISCC_KINDS]
          return `  ${name}: ${kind ? formatIscc(kind, fromHex(code)) : code}`
        })
        const json = { file, ...found, pdqDihedral, passageCount: passages?.high.length }
        print(values.json, json, [
          `${file}: ${found.mediaType}, ${found.byteLength} bytes`,
          ...written,
          ...(found.textUnread ? [`  no text was read: ${found.textUnread}`] : []),
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
