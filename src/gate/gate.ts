import { existsSync, readFileSync } from 'node:fs'
import { basename, extname, join } from 'node:path'
import { literal, readable, readerOf, withDuckDb } from '../datasets/index.ts'
import { ColophonError, sha256Hex, toHex, writeFileDurably } from '../foundation/index.ts'
import { buildLineage, exportLineage, type LineageStep } from '../lineage/index.ts'
import type { GateColumn, GateMode, GateRules } from './decideRows.ts'
import { lineageStepOf } from './gateStep.ts'
import { describeUse, type GateUse } from './gateIndex.ts'
import { rootOfParts, toldRows, type GateCounts } from './parts.ts'
import { decideAllRows, type GateRun } from './runGate.ts'
import { readSnapshotHeader, type SnapshotHeader } from './snapshotFile.ts'
import type { TrainingUse } from './trainingUse.ts'
import { writeOutputs, type GateOutputs } from './writeOutputs.ts'

export interface GateOptions {
  inputs: string[]
  columns: Partial<Record<GateColumn, string>>
  out: string
  /** The folder of a snapshot, and the key of the log that it is of. */
  snapshot: string
  vkey: string
  mode: GateMode
  use: GateUse
  pictureDistance?: number
  freeLicences?: readonly string[]
  onlyVerifiedSites?: boolean
  /** A snapshot that is older is refused, in days. */
  maxAgeDays?: number
  isCommitted?: boolean
  /** Whether pictures are compared in all eight positions; they are compared as they stand without it. */
  isTurned?: boolean
  /** The folder of an earlier run over the same files: what was kept there and is not any more is named. */
  previous?: string
  partRows?: number
  tell?: (done: number) => void
}

export interface GateReport {
  /** What being kept means, and what it does not. */
  says: string
  mode: GateMode
  use: Record<string, unknown>
  snapshot: SnapshotHeader
  counts: GateCounts
  domains: GateOutputs['domains']
  languages: GateOutputs['languages']
  notSeen: string[]
  files: { kept: string; dropped: string; mustGo?: string }
  /** Of an earlier run: rows that were kept and have to go, and who has said so. */
  mustGo?: { rows: number; parties: Record<string, number>; earlier: SnapshotHeader }
  /** Where only what a newer snapshot concerns was decided anew: lines that changed in it, and rows decided for them. */
  recheck?: { lines: number; rows: number }
  /** Of the decisions on all rows, where they are committed to. */
  root?: string
}

const PART_ROWS = 262_144
const DAY_MS = 86_400_000
const MAX_AGE_DAYS = 7
const PICTURE_DISTANCE = 31
/** Of 256 bits of ISCC Text-Codes: as data sets are searched. */
const TEXT_DISTANCE = 48
/** What may be used by everybody for everything; whoever adds others keeps to their conditions himself. */
const FREE_LICENCES = ['CC0-1.0', 'CC-PDM-1.0', 'PDDL-1.0']

/**
 * Keeps out of a data set what a register says may not be used, or keeps in what it says may be; nothing of the data set
 * leaves the machine. Writes the kept rows, the others with reasons, and a report. Errors: those of the inputs;
 * `invalid_proof` for a snapshot that is not what was signed, `state_not_allowed` for one that is too old.
 */
export async function gate(options: GateOptions): Promise<GateReport> {
  const run = runOf(options)
  const { counts, index, recheck } = await decideAllRows(run)
  if (counts.rows !== counts.kept + counts.dropped + counts.unreadable)
    throw new ColophonError('internal', 'the rows do not add up')
  const outputs = await writeOutputs(run, counts)
  const mustGo = options.previous === undefined ? undefined : await findMustGo(run, options.previous)
  const root = run.isCommitted ? toHex(rootOfParts(run.out, run.partRows)) : undefined
  const { snapshot, use, rules } = run
  const report: GateReport = {
    says: `A kept row was not reserved ${rules.mode === 'opt-in' ? 'and is granted or free ' : ''}as of entry ${snapshot.header.size} of ${snapshot.header.origin}. It is not cleared.`,
    mode: rules.mode,
    use: describeUse(use),
    snapshot: snapshot.header,
    counts,
    domains: outputs.domains,
    languages: outputs.languages,
    notSeen: notSeen(options.columns, index.worksWithoutKeys, rules),
    files: {
      kept: basename(outputs.kept),
      dropped: basename(outputs.dropped),
      ...(mustGo ? { mustGo: basename(mustGo.path) } : {}),
    },
    ...(mustGo ? { mustGo: { rows: mustGo.rows, parties: mustGo.parties, earlier: mustGo.earlier } } : {}),
    ...(recheck ? { recheck } : {}),
    ...(root === undefined ? {} : { root }),
  }
  writeFileDurably(join(run.out, 'report.json'), `${JSON.stringify(report, null, 1)}\n`)
  const step = await lineageStepOf(run, report, outputs)
  writeFileDurably(join(run.out, 'step.json'), `${JSON.stringify(step)}\n`)
  const { text } = exportLineage(buildLineage([step]), keptOf(step), 'prov', { at: step.endedAt })
  writeFileDurably(join(run.out, 'lineage.json'), text)
  return report
}

function runOf(options: GateOptions): GateRun {
  const { inputs, columns, out, snapshot, vkey, mode, use, maxAgeDays = MAX_AGE_DAYS } = options
  const header = readSnapshotHeader(snapshot, vkey)
  if (!header)
    throw new ColophonError('unreadable_file', 'there is no snapshot in this folder', {
      where: snapshot,
      remedy: 'Get one with: colophon snapshot get URL -o FOLDER',
    })
  const ageDays = (use.at - Date.parse(header.createdAt)) / DAY_MS
  if (ageDays > maxAgeDays)
    throw new ColophonError('state_not_allowed', `the snapshot is ${Math.floor(ageDays)} days old`, {
      where: snapshot,
      remedy: 'Refresh it with: colophon snapshot get URL -o FOLDER; or say --max-age-days.',
    })
  return {
    inputs,
    columns,
    out,
    snapshot: { folder: snapshot, header },
    // The moment of the snapshot, so that the same run decides the same whenever it is repeated.
    use: { ...use, at: Date.parse(header.createdAt) },
    rules: {
      mode,
      action: use.action,
      pictureDistance: options.pictureDistance ?? PICTURE_DISTANCE,
      textDistance: TEXT_DISTANCE,
      isTurned: options.isTurned ?? false,
      freeLicences: new Set(options.freeLicences ?? FREE_LICENCES),
      onlyVerifiedSites: options.onlyVerifiedSites ?? false,
    },
    isCommitted: options.isCommitted ?? true,
    partRows: options.partRows ?? PART_ROWS,
    ...(options.previous === undefined ? {} : { previous: options.previous }),
    ...(options.tell ? { tell: options.tell } : {}),
  }
}

/** What such a run cannot know, so that nobody takes silence for a yes. */
function notSeen(columns: GateOptions['columns'], worksWithoutKeys: number, { mode, isTurned }: GateRules): string[] {
  const content = (['sha256', 'iscc', 'pdq', 'text'] as const).filter((column) => columns[column] !== undefined)
  return [
    ...(content.length === 0
      ? ['The content of rows: no column holds a code or a text; copies at other addresses pass.']
      : []),
    ...(columns.pdq === undefined ? ['Pictures that look alike: there is no column of PDQ codes.'] : []),
    ...(columns.pdq === undefined
      ? []
      : isTurned
        ? [
            'Some turned and mirrored pictures: their codes are computed out of the code alone, some bits off; and strongly cropped ones.',
          ]
        : [
            'Turned, mirrored and strongly cropped pictures: PDQ codes are compared as they stand; --turned compares all eight positions.',
          ]),
    ...(columns.signals === undefined
      ? ['What sites said when they were crawled: there is no column of signals.']
      : []),
    ...(worksWithoutKeys > 0
      ? [
          `${worksWithoutKeys} works without public codes or addresses; they are reached by their domain and party only.`,
        ]
      : []),
    'Works that nobody has declared in this register.',
    ...(mode === 'opt-out'
      ? [
          'Reservations under Article 4 of Directive (EU) 2019/790 that are made elsewhere; research under Article 3 needs none of this.',
        ]
      : []),
  ]
}

/** Rows that an earlier run over the same files kept and this one does not. */
async function findMustGo(run: GateRun, previous: string) {
  const earlierRun = join(previous, 'run.json')
  if (!existsSync(earlierRun))
    throw new ColophonError('unreadable_file', 'there is no earlier run in this folder', { where: previous })
  const [earlier, now] = [earlierRun, join(run.out, 'run.json')].map(
    (path) => JSON.parse(readFileSync(path, 'utf8')) as { files: { sha256: string }[]; snapshot: SnapshotHeader },
  ) as [{ files: { sha256: string }[]; snapshot: SnapshotHeader }, { files: { sha256: string }[] }]
  const digests = ({ files }: { files: { sha256: string }[] }) => files.map(({ sha256 }) => sha256).join()
  if (digests(earlier) !== digests(now))
    throw new ColophonError('invalid_input', 'the earlier run was over other files', { where: previous })
  const extension = extname(run.inputs[0]!).toLowerCase()
  const path = join(run.out, `must-go${extension}`)
  const gone = (out: string) => `(SELECT * FROM ${toldRows(out)} WHERE decision <> 'kept')`
  const format =
    extension === '.parquet'
      ? 'FORMAT parquet'
      : extension === '.csv' || extension === '.tsv'
        ? 'FORMAT csv, HEADER'
        : 'FORMAT json'
  return withDuckDb(async (connection) => {
    const fresh = `(SELECT now.* FROM ${gone(run.out)} AS now ANTI JOIN ${gone(previous)} AS before USING (row))`
    await readable(run.inputs, () =>
      connection.run(
        `COPY (SELECT rows.* EXCLUDE (gate_row), fresh.reason AS gate_reason, fresh.target AS gate_target, fresh.party AS gate_party, fresh.statement AS gate_statement FROM (SELECT row_number() OVER () - 1 AS gate_row, * FROM ${readerOf(run.inputs)}) AS rows JOIN ${fresh} AS fresh ON fresh.row = rows.gate_row ORDER BY rows.gate_row) TO ${literal(path)} (${format})`,
      ),
    )
    const counted = await connection.runAndReadAll(
      `SELECT coalesce(party, ''), count(*) FROM ${fresh} GROUP BY ALL ORDER BY count(*) DESC, 1`,
    )
    const parties = Object.fromEntries(counted.getRows().map(([party, count]) => [String(party), Number(count)]))
    return {
      path,
      parties,
      rows: Object.values(parties).reduce((sum, each) => sum + each, 0),
      earlier: earlier.snapshot,
    }
  })
}

/** What a finished run comes to as a statement. */
export function trainingUseOf(
  name: string,
  out: string,
  { counts, snapshot, mode, use, root }: GateReport,
): TrainingUse {
  const { rows, kept, dropped, unreadable } = counts
  return {
    type: 'TrainingUse',
    name,
    action: use.action as TrainingUse['action'],
    mode,
    register: {
      origin: snapshot.origin,
      size: snapshot.size,
      root: snapshot.root,
      snapshot: snapshot.sha256,
      createdAt: snapshot.createdAt,
    },
    run: sha256Hex(readFileSync(join(out, 'run.json'))),
    rows,
    kept,
    dropped,
    unreadable,
    root: root!,
  }
}

/** The kept rows, as the step names them. */
function keptOf({ entities }: LineageStep): string {
  return entities.find(({ name }) => name?.startsWith('kept.'))!.id
}
