import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ColophonError, readConfig, systemEffects, writeFileDurably } from '../foundation/index.ts'
import {
  gate as runGate,
  gateColumns,
  proveRow,
  rowProofSchema,
  trainingUseOf,
  verifyRowProof,
  type GateColumn,
  type GateReport,
} from '../gate/index.ts'
import { actions, useSchema, type Action } from '../rights/index.ts'
import { makeStatement, signStatement } from '../statements/index.ts'
import { findInputs } from './inputs.ts'
import { print, readArgs, servingUrl, type Command, type ExitCode } from './command.ts'
import { readSigner, recordThere } from './recording.ts'
import { vkeyOf } from './snapshot.ts'

const columnOptions = Object.fromEntries(
  gateColumns.map((name) => [`${name}-column`, { type: 'string' as const }]),
) as Record<`${GateColumn}-column`, { type: 'string' }>

export const gate: Command = {
  forms: [
    `gate MANIFEST… -o FOLDER --snapshot FOLDER --mode opt-out|opt-in ${gateColumns.map((name) => `[--${name}-column NAME]`).join(' ')} [--action ACTION] [--purpose P …] [--territory CODE] [--licensee DID] [--model-flop-exponent N] [--distance BITS] [--turned] [--free-licence SPDX …] [--verified-domains-only] [--max-age-days N] [--vkey KEY] [--previous FOLDER] [--key KEY.pem --name NAME [--record]]`,
    'gate prove MANIFEST… --of FOLDER --row N -o PROOF.json',
    'gate verify PROOF.json [--root HEX]',
  ],
  does: 'Keeps reserved works out of a data set (opt-out), or keeps only what is granted or free (opt-in), by a register snapshot: the rows stay on this machine. Writes the kept rows, the others with reasons, a report and a lineage; with --key a signed statement of it. An interrupted run goes on where it was. --previous FOLDER of an earlier run decides anew only what a newer snapshot says otherwise, and names the rows that have to go now. `prove` shows what was decided of one row (the first is 0) under the root that the statement signs, and of no other; `verify` checks that without the run.',
  async run(args) {
    const { values, positionals } = readArgs(args, {
      ...columnOptions,
      out: { type: 'string', short: 'o' },
      snapshot: { type: 'string' },
      vkey: { type: 'string' },
      mode: { type: 'string' },
      action: { type: 'string', default: 'col:trainGenAI' },
      purpose: { type: 'string', multiple: true },
      territory: { type: 'string' },
      licensee: { type: 'string' },
      'model-flop-exponent': { type: 'string' },
      distance: { type: 'string' },
      turned: { type: 'boolean' },
      'free-licence': { type: 'string', multiple: true },
      'verified-domains-only': { type: 'boolean' },
      'max-age-days': { type: 'string' },
      previous: { type: 'string' },
      key: { type: 'string' },
      name: { type: 'string' },
      record: { type: 'boolean' },
      of: { type: 'string' },
      row: { type: 'string' },
      root: { type: 'string' },
    })
    if (positionals[0] === 'prove' && (values.row !== undefined || values.of !== undefined))
      return prove(positionals.slice(1), values)
    if (positionals[0] === 'verify' && positionals.length === 2) return verify(positionals[1]!, values)
    const { out, snapshot, mode } = values
    if (positionals.length === 0 || !out || !snapshot)
      throw new ColophonError('usage', 'give the manifest, -o and --snapshot')
    if (mode !== 'opt-out' && mode !== 'opt-in') throw new ColophonError('usage', '--mode is opt-out or opt-in')
    if (!actions.includes(values.action as Action))
      throw new ColophonError('usage', `--action is one of ${actions.join(', ')}`)
    if (values.key !== undefined && !values.name)
      throw new ColophonError('usage', '--key goes with --name, what the data set is called')
    const columns = Object.fromEntries(
      gateColumns.flatMap((name) => {
        const column = (values as Record<string, unknown>)[`${name}-column`]
        return typeof column === 'string' ? [[name, column]] : []
      }),
    ) as Partial<Record<GateColumn, string>>
    const report = await runGate({
      inputs: findInputs(positionals),
      columns,
      out,
      snapshot,
      vkey: vkeyOf(snapshot, values.vkey),
      mode,
      use: { action: values.action as Action, at: Date.now(), ...readUse(values) },
      isTurned: values.turned ?? false,
      onlyVerifiedSites: values['verified-domains-only'] ?? false,
      ...(values.distance === undefined ? {} : { pictureDistance: readNumber(values.distance, '--distance', 127) }),
      ...(values['max-age-days'] === undefined
        ? {}
        : { maxAgeDays: readNumber(values['max-age-days'], '--max-age-days', 36_500) }),
      ...(values['free-licence'] === undefined ? {} : { freeLicences: values['free-licence'] }),
      ...(values.previous === undefined ? {} : { previous: values.previous }),
      ...(process.stderr.isTTY ? { tell: (done) => process.stderr.write(`\r${done} rows decided   `) } : {}),
    })
    if (process.stderr.isTTY) process.stderr.write('\n')
    const statement = values.key ? await state(report, { ...values, out }) : undefined
    print(values.json, { ...report, ...(statement ? { statement } : {}) }, linesOf(report, out))
    return 0
  },
}

async function prove(
  inputs: string[],
  { of, row, out, json }: { of?: string; row?: string; out?: string; json?: boolean },
): Promise<ExitCode> {
  if (!of || !out || !/^\d{1,15}$/.test(row ?? '') || inputs.length === 0)
    throw new ColophonError('usage', 'give the manifest, --of the folder of the run, --row and -o')
  const proof = await proveRow(of, findInputs(inputs), Number(row))
  writeFileSync(out, `${JSON.stringify(proof, null, 1)}\n`)
  print(json, proof, [`${proof.leaf}`, `Stands under the root ${proof.root}. Proof: ${out}`])
  return 0
}

function verify(path: string, { root, json }: { root?: string; json?: boolean }): ExitCode {
  const proof = readProof(path)
  const [row, decision, reason, target] = verifyRowProof(proof)
  if (root !== undefined && root !== proof.root)
    throw new ColophonError('invalid_proof', 'the proof is of another root', { where: proof.root })
  print(json, { row, decision, reason, target, root: proof.root }, [
    `Row ${row} of ${proof.rows}: ${decision} (${reason}${target ? `, ${target}` : ''}), under the root ${proof.root}.`,
    ...(root === undefined ? ['Compare this root with that of the signed statement, or give it with --root.'] : []),
  ])
  return 0
}

function readProof(path: string) {
  let document: unknown
  try {
    document = JSON.parse(readFileSync(path, 'utf8'))
  } catch (cause) {
    throw new ColophonError('unreadable_file', 'this is no proof of a row', { where: path, cause })
  }
  const read = rowProofSchema.safeParse(document)
  if (!read.success) throw new ColophonError('invalid_proof', read.error.issues[0]!.message, { where: path })
  return read.data
}

function readUse(values: {
  purpose?: string[]
  territory?: string
  licensee?: string
  'model-flop-exponent'?: string
}): object {
  const read = useSchema.safeParse({
    purposes: values.purpose?.map((name) => (name.includes(':') ? name : `col:${name}`)),
    territory: values.territory,
    licensee: values.licensee,
    modelFlopExponent:
      values['model-flop-exponent'] === undefined
        ? undefined
        : readNumber(values['model-flop-exponent'], '--model-flop-exponent', 60),
  })
  if (read.success) return Object.fromEntries(Object.entries(read.data).filter(([, value]) => value !== undefined))
  const [issue] = read.error.issues
  throw new ColophonError('usage', issue!.message, { where: issue!.path.join('.') })
}

function readNumber(text: string, where: string, max: number): number {
  if (/^\d{1,6}$/.test(text) && Number(text) <= max) return Number(text)
  throw new ColophonError('usage', `a whole number up to ${max} is needed`, { where })
}

/** Signs what was done, and records it where that is asked for. */
async function state(
  report: GateReport,
  { key, name, out, record }: { key?: string; name?: string; out: string; record?: boolean },
): Promise<string> {
  const signer = readSigner(key!)
  const statement = signStatement(
    makeStatement(signer.issuer, [trainingUseOf(name!, out, report) as never], systemEffects),
    signer,
  )
  writeFileDurably(join(out, 'training-use.json'), `${JSON.stringify(statement, null, 1)}\n`)
  if (record) {
    const url = await servingUrl(readConfig(process.env))
    if (!url)
      throw new ColophonError('usage', '--record needs a running node; or use: colophon log append training-use.json')
    const { receipt } = await recordThere(url, statement)
    writeFileSync(join(out, 'training-use.tlog-proof'), receipt)
  }
  return statement.id
}

function linesOf({ says, counts, files, notSeen, mustGo, recheck }: GateReport, out: string): string[] {
  const { rows, kept, dropped, unreadable, reasons, faults } = counts
  return [
    `${rows} rows: ${kept} kept, ${dropped} dropped, ${unreadable} unreadable.`,
    ...Object.entries(reasons).map(([reason, count]) => `  ${reason}: ${count}`),
    ...Object.entries(faults).map(([column, count]) => `  ${count} values of ${column} are none`),
    ...(recheck
      ? [`Said otherwise than in the earlier snapshot: ${recheck.lines}. Rows decided anew: ${recheck.rows}.`]
      : []),
    ...(mustGo
      ? [
          `${mustGo.rows} rows that were kept as of entry ${mustGo.earlier.size} have to go now (${join(out, files.mustGo!)}).`,
          ...Object.entries(mustGo.parties).map(
            ([party, count]) => `  to be told: ${party || 'nobody by name'}: ${count}`,
          ),
        ]
      : []),
    says,
    'It does not see:',
    ...notSeen.map((each) => `  ${each}`),
    `Kept rows: ${join(out, files.kept)}. Others, with reasons: ${join(out, files.dropped)}. All of it: ${join(out, 'report.json')}.`,
  ]
}
