import { readFileSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { readable, readerOf, withDuckDb } from '../datasets/index.ts'
import { isoTime, sha256Hex, sha256OfFile } from '../foundation/index.ts'
import type { Edge, Entity, LineageStep } from '../lineage/index.ts'
import type { GateReport } from './gate.ts'
import { toldRows } from './parts.ts'
import type { GateRun } from './runGate.ts'
import type { GateOutputs } from './writeOutputs.ts'

/** More rows than these are not listed one by one. */
const LISTED_MAX = 1_000_000

/** What a gate did, as a step of a pipeline: what it kept of what, row by row, and which reservations it looked at. */
export async function lineageStepOf(run: GateRun, report: GateReport, outputs: GateOutputs): Promise<LineageStep> {
  const { files } = JSON.parse(readFileSync(join(run.out, 'run.json'), 'utf8')) as {
    files: { path: string; sha256: string; bytes: number }[]
  }
  const [rows, gone] = await withDuckDb(async (connection) => {
    const counts: number[] = []
    for (const path of run.inputs) {
      const read = await readable([path], () => connection.runAndReadAll(`SELECT count(*) FROM ${readerOf([path])}`))
      counts.push(Number(read.getRows()[0]![0]))
    }
    const told = await connection.runAndReadAll(
      `SELECT row FROM ${toldRows(run.out)} WHERE decision <> 'kept' ORDER BY row LIMIT ${LISTED_MAX + 1}`,
    )
    return [counts, told.getRows().map(([row]) => Number(row))] as const
  })
  const sources = files.map(({ path, sha256, bytes }, i) => ({
    id: `urn:sha256:${sha256}`,
    type: 'File' as const,
    name: basename(path),
    sha256,
    weights: { rows: rows[i]!, bytes },
  }))
  const { whole, edges } = together(sources)
  const reservations = {
    at: report.snapshot.createdAt,
    method: `register snapshot ${report.snapshot.sha256} of ${report.snapshot.origin}, entry ${report.snapshot.size}; ${run.rules.mode}`,
  }
  const made = [
    await outputOf(outputs.kept, report.counts.kept),
    await outputOf(outputs.dropped, report.counts.dropped + report.counts.unreadable),
  ]
  const isListed = gone.length <= LISTED_MAX
  const maps: Edge['rows'][] = isListed
    ? [
        { kind: 'without', rows: gone },
        { kind: 'from', rows: gone },
      ]
    : []
  return {
    type: 'LineageStep',
    id: `urn:sha256:${sha256Hex(readFileSync(join(run.out, 'run.json')))}`,
    activity: 'filter',
    name: `gate, ${run.rules.mode}`,
    endedAt: isoTime(Date.now()),
    tool: { name: 'colophon gate' },
    parameters: { mode: run.rules.mode, action: run.rules.action, snapshot: report.snapshot.sha256 },
    // The kept rows and the others come last.
    entities: uniqueById([...sources, ...(whole ? [whole] : []), ...made]),
    edges: [
      ...edges,
      ...made
        .map((entity, i): Edge => ({
          to: entity.id,
          from: (whole ?? sources[0]!).id,
          weights: { rows: entity.weights.rows },
          known: 'measured',
          reservations,
          ...(maps.length > 0 ? { rows: maps[i] } : {}),
        }))
        // What is kept whole may be the same file.
        .filter(({ to, from }) => to !== from),
    ],
  }
}

/** Several files are one manifest, their rows one after the other. */
function together(sources: (Entity & { weights: { rows: number } })[]): { whole?: Entity; edges: Edge[] } {
  if (sources.length === 1) return { edges: [] }
  const whole: Entity = {
    id: `urn:sha256:${sha256Hex(new TextEncoder().encode(sources.map(({ id }) => id).join('\n')))}`,
    type: 'Dataset',
    name: 'manifest',
    weights: { rows: sources.reduce((sum, { weights }) => sum + weights.rows, 0) },
  }
  let at = 0
  const edges = sources.map(({ id, weights: { rows } }): Edge => {
    const edge: Edge = {
      to: whole.id,
      from: id,
      weights: { rows },
      known: 'measured',
      rows: { kind: 'at', at, count: rows },
    }
    at += rows
    return edge
  })
  return { whole, edges }
}

async function outputOf(path: string, rows: number) {
  const sha256 = await sha256OfFile(path)
  return {
    id: `urn:sha256:${sha256}`,
    type: 'File' as const,
    name: basename(path),
    sha256,
    weights: { rows, bytes: statSync(path).size },
  }
}

/** A gate that keeps everything writes what it read: one file is one entity. */
function uniqueById(entities: Entity[]): Entity[] {
  return [...new Map(entities.map((entity) => [entity.id, entity])).values()]
}
