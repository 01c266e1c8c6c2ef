import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { ColophonError } from '../src/foundation/index.ts'
import { directoryFiles, lockDirectory, makeSigner, openLog, parseVkey, verifyLog } from '../src/log/index.ts'
import { seededRandom } from './support/faultyFiles.ts'

const pem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }) as string
const signer = makeSigner('log.example/crash', pem)

/** Appends a thousand entries at once and says each acknowledged one out loud. */
const WRITER = `
import { directoryFiles, makeSigner, openLog } from ${JSON.stringify(new URL('../src/log/index.ts', import.meta.url).href)}
const log = await openLog({ files: directoryFiles(process.env.LOG_DIR), signer: makeSigner('log.example/crash', process.env.LOG_PEM), publishDelayMs: 1 })
process.stdout.write('open\\n')
for (let i = 0; i < 1000; i++) log.append(Buffer.from(process.env.RUN + '-' + i)).then((index) => process.stdout.write(index + ' ' + process.env.RUN + '-' + i + '\\n'))
`

test('kill -9 at random moments, twenty times over, loses no acknowledged entry', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'colophon-crash-'))
  const random = seededRandom(20)
  const acknowledged = new Map<number, string>()
  for (let run = 0; run < 20; run++) {
    const child = spawn(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', '--input-type=module', '-e', WRITER],
      {
        env: { ...process.env, LOG_DIR: directory, LOG_PEM: pem, RUN: String(run) },
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    )
    let output = ''
    let isDoomed = false
    // Every other one lives until it has acknowledged something, however slow the machine is.
    const linesNeeded = 1 + (run % 2)
    child.stdout.setEncoding('utf8')
    child.stdout.on('data', (text: string) => {
      output += text
      if (isDoomed || output.split('\n').length <= linesNeeded) return
      isDoomed = true
      setTimeout(() => child.kill('SIGKILL'), random() * 25)
    })
    await new Promise((resolve) => child.once('close', resolve))
    for (const line of output.split('\n').slice(1, -1)) {
      const [index, text] = line.split(' ')
      acknowledged.set(Number(index), text!)
    }
  }
  assert.ok(acknowledged.size >= 10, `only ${acknowledged.size} entries were acknowledged before the kills`)
  const log = await openLog({ files: directoryFiles(directory), signer })
  const entries = await log.entries(0, log.size)
  for (const [index, text] of acknowledged) assert.equal(Buffer.from(entries[index]!).toString(), text)
  await log.close()
  const verdict = await verifyLog((path) => directoryFiles(directory).read(path), { log: parseVkey(signer.vkey) })
  assert.ok(verdict.isSound, JSON.stringify(verdict.findings))
  rmSync(directory, { recursive: true, force: true })
})

test('a second process is refused and told who holds the log; the lock ends with its holder', () => {
  const directory = mkdtempSync(join(tmpdir(), 'colophon-lock-'))
  const lock = lockDirectory(directory, { pid: process.pid, since: '2026-11-24T12:00:00Z' })
  const take = `import { lockDirectory } from ${JSON.stringify(new URL('../src/log/index.ts', import.meta.url).href)}
try { lockDirectory(${JSON.stringify(directory)}, { pid: process.pid, since: 'now' }); console.log('taken') } catch (error) { console.log(error.code, error.message) }`
  const other = () =>
    spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', '--input-type=module', '-e', take], {
      encoding: 'utf8',
    }).stdout
  assert.match(other(), new RegExp(`^log_locked .*process ${process.pid} since 2026`))
  assert.throws(
    () => lockDirectory(directory, { pid: 1, since: '' }),
    (error: ColophonError) => error.code === 'log_locked',
  )
  lock.release()
  assert.equal(other(), 'taken\n')
  assert.equal(other(), 'taken\n')
  rmSync(directory, { recursive: true, force: true })
})
