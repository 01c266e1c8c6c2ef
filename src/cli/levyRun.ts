import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ColophonError, fromHex, parseJson, systemEffects } from '../foundation/index.ts'
import {
  bookRun,
  formatCents,
  listRuns,
  proveLines,
  readLines,
  readRun,
  runDistribution,
  verifyLine,
  type LineProof,
  type RunReport,
} from '../levy/index.ts'
import { needOne, print } from './command.ts'
import {
  confidenceOf,
  day,
  filesOf,
  need,
  onePlan,
  readGivenPlan,
  recordSubject,
  withBooks,
  type LevyFlags,
  type LevyVerb,
} from './levyFlags.ts'

/** `levy distribute`: a run as a folder of files; nothing is booked or published. */
export const distributeFiles: LevyVerb = async (_, flags) => {
  const plan = await readGivenPlan(onePlan(flags))
  const files = filesOf(flags, { hasWorks: plan.distribution.groups.rightsholders > 0 })
  const period = { from: day(flags, 'from'), to: day(flags, 'to') }
  if (period.to < period.from) throw new ColophonError('usage', '--to is before --from')
  const folder = need(flags, 'out')
  const report = await runDistribution({
    plan,
    files,
    period,
    asOf: day(flags, 'as-of', period.to),
    attributionConfidencePpm: confidenceOf(flags),
    secret: secretOf(flags),
    withAllocations: !flags['no-allocations'],
    folder,
  })
  print(flags.json, { folder, ...report }, linesOf(folder, report))
  return 0
}

function secretOf({ secret }: LevyFlags): Uint8Array {
  if (secret === undefined) return systemEffects.randomBytes(32)
  const bytes = fromHex(readFileSync(secret, 'utf8').trim())
  if (bytes.length === 32) return bytes
  throw new ColophonError('invalid_input', 'a secret has 64 hexadecimal characters', { where: secret })
}

function linesOf(folder: string, report: RunReport): string[] {
  const money = (cents: string) => formatCents(BigInt(cents), report.currency)
  return [
    `${money(report.grossCents)} by ${report.scheme}, version ${report.version}:`,
    `  reserve ${money(report.reserveCents)}, fee ${money(report.feeCents)}`,
    ...Object.entries(report.groups).map(([name, cents]) => `  ${name} ${money(cents)}`),
    ...report.sectors.map(({ sector, works, cents }) => `    ${sector}: ${money(cents)} for ${works} works`),
    ...report.held.map(({ reason, count, cents }) => `  held, ${reason}: ${money(cents)} (${count})`),
    `${report.payees} payees, ${report.institutions} institutions, ${report.lines} lines. Root ${report.root}`,
    `The run is in ${folder}. Publish it: colophon levy publish ${folder} --key KEY.pem`,
  ]
}

/** `levy rerun RUN`: distributes the same tables again by the plan and the secret of the run, and compares the roots. */
export const rerun: LevyVerb = async (given, flags) => {
  const { report, plan, secret } = readRun(needOne(given, 'run'))
  const stage = mkdtempSync(join(tmpdir(), 'colophon-rerun-'))
  try {
    const { period, asOf, attributionConfidencePpm } = report
    const again = await runDistribution({
      plan,
      files: filesOf(flags, { hasWorks: plan.distribution.groups.rightsholders > 0 }),
      period,
      asOf,
      attributionConfidencePpm,
      secret,
      withAllocations: false,
      folder: join(stage, 'run'),
    })
    const changed = report.inputs
      .filter(({ sha256 }) => !again.inputs.some((each) => each.sha256 === sha256))
      .map(({ table }) => table)
    const isSame = again.root === report.root
    print(flags.json, { isSame, root: again.root, published: report.root, changed }, [
      isSame ? `The same root: ${again.root}` : `Another root: ${again.root}, and the run says ${report.root}.`,
      ...(changed.length > 0 ? [`Other files than those of the run: ${changed.join(', ')}`] : []),
    ])
    return isSame ? 0 : 1
  } finally {
    rmSync(stage, { recursive: true, force: true })
  }
}

/** `levy publish RUN --key KEY.pem`: the report of a run as a statement on the log. */
export const publish: LevyVerb = async (given, flags) => {
  const folder = needOne(given, 'run')
  const { report } = readRun(folder)
  await readLines(folder)
  const { id, receipt } = await recordSubject(flags, {
    type: 'LevyRun',
    ...(flags.corrects ? { corrects: flags.corrects } : {}),
    report,
  } as { type: string })
  writeFileSync(join(folder, 'run.tlog-proof'), receipt)
  print(flags.json, { id, root: report.root }, [
    `The run stands on the log: ${id}`,
    `Book it: colophon levy book ${folder}`,
  ])
  return 0
}

/** `levy book RUN`. */
export const book: LevyVerb = async (given, flags) => {
  const report = await withBooks((db, books) =>
    bookRun(db, needOne(given, 'run'), { ...books, now: systemEffects.now() }),
  )
  print(flags.json, { root: report.root, lines: report.lines }, [`Booked: ${report.lines} lines. Root ${report.root}`])
  return 0
}

/** `levy prove RUN --payee ID`: a payee's lines with their proofs, for whoever has the root from the log. */
export const prove: LevyVerb = async (given, flags) => {
  const folder = needOne(given, 'run')
  const { report, salts } = readRun(folder)
  const payee = need(flags, 'payee')
  const proofs = await proveLines(await readLines(folder), salts, payee)
  if (proofs.length === 0) throw new ColophonError('not_found', 'the run has no line of this payee', { where: payee })
  const document = { type: 'LevyRunProof', root: report.root, scheme: report.scheme, period: report.period, proofs }
  if (flags.out) writeFileSync(flags.out, `${JSON.stringify(document, null, 1)}\n`, { mode: 0o600 })
  print(flags.json || !flags.out, document, [`${proofs.length} proofs are in ${flags.out}`])
  return 0
}

/** `levy verify PROOF.json`: whether lines belong to a run that stands on the log, or to the root that is given. */
export const verify: LevyVerb = async (given, flags) => {
  const path = needOne(given, 'proof')
  if (!existsSync(path)) throw new ColophonError('unreadable_file', 'there is no such file', { where: path })
  const document = parseJson(readFileSync(path, 'utf8'), path) as unknown as {
    type?: string
    root?: string
    proofs?: LineProof[]
  } | null
  if (document?.type !== 'LevyRunProof' || !Array.isArray(document.proofs) || typeof document.root !== 'string')
    throw new ColophonError('invalid_proof', 'this is no proof of a line of a run', { where: path })
  const root = flags.root ?? document.root
  const runs =
    flags.root === undefined
      ? await withBooks((db, { fund }) => listRuns(db, { root, ...(fund ? { party: fund } : {}) }))
      : []
  const isPublished = flags.root !== undefined || runs.length > 0
  const verdicts = document.proofs.map((proof) => ({ line: proof.line, isSound: verifyLine(proof, root) }))
  const isSound = isPublished && verdicts.length > 0 && verdicts.every((each) => each.isSound)
  print(flags.json, { isSound, isPublished, root, lines: verdicts }, [
    ...verdicts.map(
      ({ line, isSound: sound }) => `${sound ? 'sound' : 'NOT SOUND'}: ${line?.account} ${line?.owner} ${line?.cents}`,
    ),
    ...runs.map(
      ({ party, report }) => `published by ${party}: ${report.scheme}, ${report.period.from} to ${report.period.to}`,
    ),
    isPublished
      ? `Root ${root}`
      : `No run with the root ${root} is on this log: give --root as you have it from the fund’s log.`,
  ])
  return isSound ? 0 : 1
}
