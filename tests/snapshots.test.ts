import assert from 'node:assert/strict'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import type { GateReport, SnapshotHeader } from '../src/gate/index.ts'
import { readOwner } from '../src/log/index.ts'
import { openCommandLine } from './support/commandLine.ts'

const { directory, run, json, vkey, declareText, whileServing, close } = openCommandLine()
after(close)

const text = 'The ferry leaves at dawn, and the harbour is asleep. '.repeat(20)
const columns = ['--url-column', 'url', '--text-column', 'text']

function manifest(): string {
  const path = join(directory, 'rows.csv')
  writeFileSync(
    path,
    `url,text\nhttps://a.example/1,"${text}"\nhttps://b.example/2,"Something else. ${'Of other things. '.repeat(20)}"\n`,
  )
  return path
}

async function gateWith(out: string, ...more: string[]): Promise<GateReport> {
  return json('gate', 'rows.csv', '-o', out, '--snapshot', 'snapshot', '--mode', 'opt-out', ...columns, ...more)
}

test('a snapshot is got from a node, refreshed by what changed, and decides rows without asking', async () => {
  manifest()
  await declareText('first', 'Nothing to do with it. '.repeat(20), '--key', 'maker.pem', '--terms', 'mining')
  await whileServing(async () => {
    const address = readOwner(join(directory, 'data', 'log'))!.url!
    const first = await json<SnapshotHeader>('snapshot', 'get', address, '-o', 'snapshot')
    assert.equal(readFileSync(join(directory, 'snapshot', 'vkey'), 'utf8').trim(), vkey())
    assert.equal((await gateWith('before', '--key', 'lab.pem', '--name', 'Set', '--record')).counts.kept, 2)
    assert.ok(existsSync(join(directory, 'before', 'training-use.tlog-proof')))
    assert.match((await run('log', 'verify', 'before/training-use.tlog-proof')).output, /Sound/)

    await declareText('ferry', text, '--key', 'maker.pem', '--terms', 'generative-training')
    const second = await json<SnapshotHeader>('snapshot', 'get', address, '-o', 'snapshot')
    assert.deepEqual([second.size > first.size, second.lines > first.lines], [true, true])
    const delta = await fetch(`${address}/snapshots/${first.sha256}/to/${second.sha256}`)
    const whole = await fetch(`${address}/snapshots/${second.sha256}`)
    assert.deepEqual([delta.status, whole.status], [200, 200])
    assert.equal((await fetch(`${address}/snapshots/${'0'.repeat(64)}`)).status, 404)
    assert.equal((await fetch(`${address}/snapshots/..%2f..%2fkeys`)).status, 404)
    assert.match((await run('snapshot', 'info', 'snapshot')).output, new RegExp(second.sha256))
    const other = await run('snapshot', 'get', address, '-o', 'other', '--vkey', 'log.example+00000000+AAAA')
    assert.equal(other.status, 2)
  })
  // The server is gone: nothing is asked any more.
  const report = await gateWith('after', '--previous', 'before')
  assert.deepEqual([report.counts.kept, report.counts.matches, report.mustGo!.rows], [1, { text: 1 }, 1])
  assert.match(readFileSync(join(directory, 'after', 'must-go.csv'), 'utf8'), /https:\/\/a\.example\/1/)
  const made = await json<SnapshotHeader>('snapshot', 'make', '-o', 'own')
  assert.equal(made.lines, 4)
  const header = join(directory, 'snapshot', 'snapshot.note')
  writeFileSync(header, readFileSync(header, 'utf8').replace(/\n\d+\n/, '\n999\n'))
  const changed = await run(
    'gate',
    'rows.csv',
    '-o',
    'changed',
    '--snapshot',
    'snapshot',
    '--mode',
    'opt-out',
    ...columns,
  )
  assert.match(changed.errors, /invalid_proof: the snapshot is not signed by this log/)
})

test('wrong usage of the gate says what is missing', async () => {
  for (const [args, message] of [
    [['rows.csv', '-o', 'x', '--mode', 'opt-out'], /--snapshot/],
    [['rows.csv', '-o', 'x', '--snapshot', 'own', '--mode', 'all'], /--mode is opt-out or opt-in/],
    [['nothing-*.csv', '-o', 'x', '--snapshot', 'own', '--mode', 'opt-in'], /no such file/],
    [
      ['rows.csv', '-o', 'x', '--snapshot', 'own', '--mode', 'opt-in', '--distance', '-1', ...columns],
      /number|argument/,
    ],
    [['rows.csv', '-o', 'x', '--snapshot', 'own', '--mode', 'opt-in', '--key', 'k.pem', ...columns], /--name/],
  ] as const) {
    const { status, errors } = await run('gate', ...args)
    assert.equal(status, 2, args.join(' '))
    assert.match(errors, message)
  }
})
