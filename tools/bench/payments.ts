import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runPayments, type PaymentsRun } from './paymentsRuns.ts'
import { median, printTable } from './table.ts'

const PAYMENTS = Number(process.env.PAYMENTS ?? 1_000_000)
/** The peer holds the document in memory: a million transfers would take more than most machines have. */
const PEER_PAYMENTS = Math.min(PAYMENTS, 100_000)
const RUNS = 3

/** A million transfers written and checked, each run in a process of its own; the peer is npm `sepa`, with fewer. */
export async function bench(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'colophon-bench-payments-'))
  const path = join(folder, 'run.xml')
  try {
    const writes: PaymentsRun[] = []
    const peers: PaymentsRun[] = []
    for (let run = 0; run < RUNS; run++) {
      writes.push(inProcess('write', path, PAYMENTS))
      peers.push(inProcess('peer', path, PEER_PAYMENTS))
    }
    const check = inProcess('check', path, PAYMENTS)
    const perMillion = (runs: PaymentsRun[], count: number) =>
      (median(runs.map(({ cpuSeconds }) => cpuSeconds)) / count) * 1e6
    const most = (runs: PaymentsRun[]) => Math.max(...runs.map(({ megabytes }) => megabytes))
    const input = `${PAYMENTS.toLocaleString('en')} transfers, ${PEER_PAYMENTS.toLocaleString('en')} for the peer`
    const what = 'write pain.001, CPU for a million'
    printTable([
      {
        what,
        unit: 's',
        target: '≤ 4 s',
        input,
        ours: perMillion(writes, PAYMENTS),
        peer: { name: 'sepa', figure: perMillion(peers, PEER_PAYMENTS) },
      },
      {
        what: 'write pain.001, memory',
        unit: 'MB',
        target: '< 150 MB',
        input,
        ours: most(writes),
        peer: { name: 'sepa', figure: most(peers) },
      },
      { what: 'check pain.001, CPU for a million', ours: perMillion([check], PAYMENTS), unit: 's', input },
      { what: 'check pain.001, memory', ours: check.megabytes, unit: 'MB', input },
    ])
    console.log(`Of our memory ${Math.round(writes[0]!.megabytesBefore)} MB are the program itself, before it begins.`)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function inProcess(kind: string, path: string, count: number): PaymentsRun {
  const module = JSON.stringify(new URL('paymentsRuns.ts', import.meta.url).href)
  const script = `(await import(${module})).${runPayments.name}('${kind}', ${JSON.stringify(path)}, ${count})`
  // As bin/colophon.mjs starts: files are written by the command line alone.
  const flags = ['--disable-warning=ExperimentalWarning', '--input-type=module']
  return JSON.parse(execFileSync(process.execPath, [...flags, '-e', script], { encoding: 'utf8' })) as PaymentsRun
}
