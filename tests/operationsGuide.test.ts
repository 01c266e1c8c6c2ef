import assert from 'node:assert/strict'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { after, test } from 'node:test'
import { openCommandLine } from './support/commandLine.ts'

const guide = readFileSync('docs/operations.md', 'utf8')
const commands = openCommandLine()
after(commands.close)

test('the commands of the guide run as they stand', async () => {
  await commands.declareText('poem', 'A poem that is long enough.', '--key', 'k.pem', '--creator', 'Maria Muster')
  const blocks = [...guide.matchAll(/<!-- example: (\w+) -->\n```sh\n([\s\S]*?)```/g)]
  assert.deepEqual(
    blocks.map(([, name]) => name),
    ['backup', 'restore'],
  )
  for (const line of blocks.flatMap(([, , block]) => block!.trim().split('\n'))) {
    const [npx, colophon, ...args] = line.split(' ')
    assert.deepEqual([npx, colophon], ['npx', 'colophon'])
    const { status, output, errors } = await commands.run(...args)
    assert.equal(status, 0, `${line}\n${output}${errors}`)
  }
})

test('the guide names every setting that is read, and no other', () => {
  const source = ['src/foundation/config.ts', 'src/cli/serve.ts'].map((path) => readFileSync(path, 'utf8')).join()
  const read = [...source.matchAll(/env\.([A-Z][A-Z_]+)/g)].map(([, name]) => name!)
  const rows = guide.split('\n').filter((line) => line.startsWith('| `'))
  const named = rows.flatMap((row) => [...row.split('|')[1]!.matchAll(/`([A-Z][A-Z_]+)`/g)].map(([, name]) => name!))
  assert.ok(read.length > 10)
  assert.deepEqual([...new Set(named)].sort(), [...new Set(read)].sort())
})

test('what the metrics table names is counted', () => {
  const source = globSync('src/operations/*.ts').map((path) => readFileSync(path, 'utf8'))
  const names = new Set(Array.from(guide.matchAll(/`(colophon_[a-z_]+)/g), ([, name]) => name!))
  assert.ok(names.size >= 4)
  for (const name of names)
    assert.ok(
      source.some((text) => text.includes(name)),
      name,
    )
})

test('image and unit name files that are there, run as no superuser, and start the node itself', () => {
  const image = readFileSync('Dockerfile', 'utf8')
  const copied = Array.from(image.matchAll(/^COPY (?!--from)(.+) \S+$/gm), ([, names]) => names!.split(' ')).flat()
  assert.ok(copied.includes('src') && copied.includes('migrations'))
  for (const name of copied) assert.ok(existsSync(name), name)
  const sent = readFileSync('.dockerignore', 'utf8')
  for (const name of copied) assert.ok(sent.includes(`!${name}\n`), `${name} is not sent to the builder`)
  // Folders that the code reads beside its own.
  for (const path of globSync('src/**/*.ts').filter((file) => !file.endsWith('.test.ts')))
    for (const [, folder] of readFileSync(path, 'utf8').matchAll(/new URL\('(?:\.\.\/)+((?!node_modules)[a-z]+)\//g))
      if (existsSync(folder!)) assert.ok(copied.includes(folder!), `${path} reads ${folder}`)
  assert.ok(image.lastIndexOf('\nUSER node') > image.lastIndexOf('\nFROM '))
  const unit = readFileSync('deploy/colophon.service', 'utf8')
  for (const text of [image, unit]) {
    const [entry] = /src\/cli\/colophon\.ts/.exec(text) ?? []
    assert.ok(entry && existsSync(entry))
  }
  for (const line of ['User=colophon', 'NoNewPrivileges=yes', 'ProtectSystem=strict', 'CapabilityBoundingSet='])
    assert.ok(unit.split('\n').includes(line), line)
})
