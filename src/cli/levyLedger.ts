import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { ColophonError, type Queries } from '../foundation/index.ts'
import { checkLedger, readEntries, toBeancount, toHledger, toJournal } from '../levy/index.ts'
import { print } from './command.ts'
import { withBooks, type LevyVerb } from './levyFlags.ts'

/** `levy ledger check|export`. */
export const ledger: LevyVerb = async ([verb = ''], flags) => {
  if (verb === 'check') {
    const verdict = await withBooks((db) => checkLedger(db))
    print(flags.json, verdict, [
      ...verdict.findings.map((finding) => `NOT SOUND: ${finding}`),
      `${verdict.entries} entries; the last one has the digest ${verdict.digest}`,
    ])
    return verdict.findings.length > 0 ? 1 : 0
  }
  const { format = 'json', out } = flags
  if (verb !== 'export' || !Object.hasOwn(FORMATS, format))
    throw new ColophonError(
      'usage',
      `levy ledger takes check, or export with --format ${Object.keys(FORMATS).join('|')}`,
    )
  const write = FORMATS[format]!
  if (out === undefined) {
    await withBooks((db) => pipeline(Readable.from(write(db)), process.stdout, { end: false }))
    return 0
  }
  await withBooks((db) => pipeline(Readable.from(write(db)), createWriteStream(out, { mode: 0o600 })))
  print(flags.json, { file: out, format }, [`The ledger is in ${out}.`])
  return 0
}

const FORMATS: Record<string, (db: Queries) => AsyncGenerator<string>> = {
  hledger: (db) => toHledger(toJournal(readEntries(db))),
  beancount: (db) => toBeancount(toJournal(readEntries(db))),
  async *json(db) {
    for await (const entry of readEntries(db))
      yield `${JSON.stringify(entry, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value))}\n`
  },
}
