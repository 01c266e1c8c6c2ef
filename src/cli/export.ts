import { createWriteStream, existsSync } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { ColophonError } from '../foundation/index.ts'
import { exportWorks, parseWorkFormat, workFormats } from '../offering/index.ts'
import { words } from '../web/index.ts'
import { readSigner } from './recording.ts'
import { needKey } from './signing.ts'
import { needOne, print, readArgs, withRegister, type Command, type ExitCode } from './command.ts'

/** Named so because `export` is a word of the language. */
export const exportCommand: Command = {
  forms: [`export COLLECTION|PARTY --as ${workFormats.join('|')} [-o FILE]`, 'export --key KEY.pem --as … [-o FILE]'],
  does: 'Writes a declared collection, or all public works of a party (of a key: its own), with their terms, into a file or to the standard output: EDM and Dublin Core as XML, IIIF and schema.org with every work, DCAT-AP for the set alone. Works that are sealed, taken back or kept by a community are left out.',
  async run(args) {
    const { values, positionals } = readArgs(args, {
      as: { type: 'string' },
      key: { type: 'string' },
      out: { type: 'string', short: 'o' },
    })
    if (values.key !== undefined && !existsSync(values.key))
      throw new ColophonError('not_found', 'there is no such key', { where: values.key })
    const own = values.key === undefined ? [] : [readSigner(needKey(values)).issuer]
    const id = needOne([...positionals, ...own], 'collection or party')
    if (values.as === undefined)
      throw new ColophonError('usage', 'say with --as what it is written as', {
        remedy: `Use ${workFormats.join(', ')}.`,
      })
    const format = parseWorkFormat(values.as)
    const { out, json } = values
    if (json && out === undefined)
      throw new ColophonError('usage', '--json tells about a file: give -o, or leave --json out')
    if (out !== undefined && existsSync(out))
      throw new ColophonError('invalid_input', 'a file of that name is there already', {
        where: out,
        remedy: 'Give another name.',
      })
    return withRegister(async ({ register, config }): Promise<ExitCode> => {
      let works = 0
      const node = { base: config.publicUrl, words, now: register.effects.now() }
      const pieces = exportWorks(register.database.db, id, format, node, () => works++)
      // What is not there is said before a file is made.
      const first = await pieces.next()
      const whole = (async function* () {
        yield String(first.value ?? '')
        yield* pieces
      })()
      if (out === undefined) await pipeline(Readable.from(whole), process.stdout, { end: false })
      else {
        await pipeline(Readable.from(whole), createWriteStream(out, { flags: 'wx' }))
        print(
          json,
          { path: out, format, works },
          format === 'dcat' ? [out] : [`${out}: ${words.t('works.count', { count: works })}`],
        )
      }
      return 0
    })
  },
}
