import { writeFileSync } from 'node:fs'
import { prepareDraft } from '../api/index.ts'
import { ColophonError } from '../foundation/index.ts'
import { signStatement, type UnsignedStatement } from '../statements/index.ts'
import { print, type ExitCode } from './command.ts'
import { ask, type Place } from './place.ts'
import { readSigner, recordHere, recordThere } from './recording.ts'

/** What every form takes that signs. */
export const signingOptions = {
  key: { type: 'string' },
  out: { type: 'string', short: 'o' },
  name: { type: 'string' },
  'on-behalf-of': { type: 'string' },
} as const

interface SigningValues {
  key?: string | undefined
  out?: string | undefined
  name?: string | undefined
  'on-behalf-of'?: string | undefined
  json?: boolean | undefined
}

export function needKey(values: SigningValues): string {
  if (!values.key) throw new ColophonError('usage', 'give --key, the file with the key that signs')
  return values.key
}

/**
 * Lets the register put a form into words, signs them with the key file, records them, and writes the receipt. Who runs
 * the command says it of his own accord: there is no box to tick.
 */
export async function signForm(
  place: Place,
  values: SigningValues,
  fields: Record<string, string | undefined>,
): Promise<ExitCode> {
  const signer = readSigner(needKey(values))
  const given = Object.entries({
    name: values.name,
    onBehalfOf: values['on-behalf-of'],
    ...fields,
    isEntitled: 'yes',
  })
  const form = Object.fromEntries(given.filter(([, value]) => value !== undefined)) as Record<string, string>
  const { statement } = place.node
    ? await prepareDraft(place.node, signer.issuer, form)
    : await ask<{ statement: UnsignedStatement }>(place.url, '/api/drafts/prepare', {
        party: signer.issuer,
        draft: form,
      })
  if (statement.issuer !== signer.issuer)
    throw new ColophonError('not_authorised', 'this is not for your key to sign', { where: statement.issuer })
  const signed = signStatement(statement, signer)
  const { receipt } = place.node ? await recordHere(place.node, signed) : await recordThere(place.url, signed)
  const path = values.out ?? `${statement.id.slice('urn:uuid:'.length)}.tlog-proof`
  writeFileSync(path, receipt)
  print(values.json, { statement: statement.id, receipt: path }, [`Recorded ${statement.id}`, `Receipt: ${path}`])
  return 0
}
