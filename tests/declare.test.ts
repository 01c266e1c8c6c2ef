import assert from 'node:assert/strict'
import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { after, before, test } from 'node:test'
import { runCommandsIn } from './support/commandLine.ts'

const directory = mkdtempSync(join(tmpdir(), 'colophon-declare-'))
const env = { ...process.env, DATA_DIR: join(directory, 'data'), PORT: '0', PUBLIC_URL: 'http://localhost' }
const flags = ['--disable-warning=ExperimentalWarning', resolve('src/cli/colophon.ts')]
let server: ChildProcess

before(async () => {
  server = spawn(process.execPath, [...flags, 'serve', '--empty'], { env, stdio: ['ignore', 'pipe', 'inherit'] })
  await new Promise((ready) => server.stdout!.on('data', (text) => String(text).includes('ready') && ready(null)))
})

after(async () => {
  server.kill()
  await new Promise((resolve) => server.once('exit', resolve))
  rmSync(directory, { recursive: true, force: true })
})

const commands = runCommandsIn(directory, env)
after(() => commands.end())

async function colophon(...args: string[]): Promise<{ status: number | null; output: string }> {
  const { status, output, errors } = await commands.run(...args)
  return { status, output: output + errors }
}

const file = (name: string, text: string) => writeFileSync(join(directory, name), text)

test('a collection is declared through the node that runs, and each file has a proof that stands alone', async () => {
  const names = ['one.txt', 'two.txt', 'three.txt']
  for (const name of names) file(name, `The ${name} of a kingfisher over the weir. `.repeat(5))
  const declared = await colophon('declare', ...names, '--key', 'me.pem', '--collection', 'Birds', '--terms', 'mining')
  assert.equal(declared.status, 0, declared.output)
  const vkey = readFileSync(join(directory, 'data', 'log', 'vkey'), 'utf8').trim()
  for (const [position, name] of names.entries()) {
    const verified = await colophon('verify', `${name}.item-proof`, '--vkey', vkey)
    assert.equal(verified.status, 0, verified.output)
    assert.match(verified.output, new RegExp(`work ${position + 1} of 3`))
    assert.match(verified.output, /file_is_the_item/)
  }
  file('two.txt', 'something else')
  assert.match((await colophon('verify', 'two.txt.item-proof', '--vkey', vkey)).output, /file_is_another[^]*NOT sound/)
  const path = join(directory, 'three.txt.item-proof')
  writeFileSync(path, readFileSync(path, 'utf8').replace('three', 'THREE'))
  const changed = await colophon('verify', 'three.txt.item-proof', '--vkey', vkey)
  assert.equal(changed.status, 1)
  assert.match(changed.output, /item_not_in_collection/)
  const first = join(directory, 'one.txt.item-proof')
  const whole = readFileSync(first, 'utf8')
  for (const tampered of [whole.replace('"count": 3', '"count": 4'), whole.replace(/"path": \[\s*"/, '$&zz'), 'null']) {
    assert.notEqual(tampered, whole)
    writeFileSync(first, tampered)
    const refused = await colophon('verify', 'one.txt.item-proof', '--vkey', vkey)
    assert.ok(refused.status === 1 || refused.status === 2, refused.output)
    assert.doesNotMatch(refused.output, /internal|\nSound/)
  }
})

test('a sealed work is declared through the node that runs, and only its holder can open it', async () => {
  file('diary.txt', 'Nobody but me has read this yet. '.repeat(10))
  const declared = await colophon('declare', 'diary.txt', '--key', 'me.pem', '--sealed')
  assert.equal(declared.status, 0, declared.output)
  const receipt = readFileSync(join(directory, 'diary.txt.tlog-proof'), 'utf8')
  const entry = Buffer.from(receipt.split('\n').join(''), 'latin1').toString()
  assert.ok(!entry.includes('diary'))
  const opened = await colophon('log', 'verify', 'diary.txt.tlog-proof', '--seal', 'diary.txt.seal.json')
  assert.equal(opened.status, 0, opened.output)
  assert.match(opened.output, /seal_opened/)
})
