import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { test } from 'node:test'
import { SHARED_FINGERPRINTS } from '../src/web/modules.ts'

/** The rooms in the order in which data flows. A room imports only from rooms above it, through their face. */
const ROOMS = [
  'foundation',
  'log',
  'fingerprints',
  'languages',
  'similarity',
  'statements',
  'register',
  'rights',
  'collecting',
  'offering',
  'disclosure',
  'marking',
  'datasets',
  'lineage',
  'gate',
  'transparency',
  'requests',
  'watching',
  'levy',
  'contracts',
  'accounts',
  'operations',
  'api',
  'web',
  'cli',
]

/** What stands above the rooms and puts them together: rooms may name its types, not call it (cli opens the node). */
const HALL = ['src/main.ts', 'src/kinds.ts']

const files = globSync('src/**/*.ts').filter((file) => !file.endsWith('.test.ts') && !file.includes('/assembly/'))

function importsOf(file: string): { target: string; isType: boolean }[] {
  const source = readFileSync(file, 'utf8')
  const statements = source.matchAll(
    /^\s*(?:import|export)\b(\s+type\b)?[^'"]*?\bfrom\s+'(\.[^']+)'|import\('(\.[^']+)'\)/gm,
  )
  return [...statements].map(([, type, from, dynamic]) => ({
    target: normalize(join(dirname(file), (from ?? dynamic)!)),
    isType: type !== undefined,
  }))
}

const roomOf = (file: string) => /^src\/([^/]+)\//.exec(file)?.[1]

test('rooms import only from rooms above them, through their index', () => {
  let seen = 0
  for (const file of files) {
    const room = roomOf(file)
    if (!room) continue
    assert.ok(ROOMS.includes(room), `${file}: the room ${room} is not in the house`)
    for (const { target, isType } of importsOf(file)) {
      seen++
      const other = roomOf(target)
      if (other === room) continue
      if (HALL.includes(target)) {
        assert.ok(isType || room === 'cli', `${file} calls ${target}`)
        continue
      }
      if (room === 'cli' && target.startsWith('examples/')) continue
      // Modules that the browser runs name the pure files themselves: an index would pull in what only a server has.
      if (file.startsWith('src/web/client/') && other === 'fingerprints') continue
      assert.ok(other && ROOMS.indexOf(other) < ROOMS.indexOf(room), `${file} imports ${target}`)
      assert.match(target, /^src\/[^/]+\/(index|tables)\.ts$/, `${file} reaches past the face of ${other}`)
    }
  }
  assert.ok(seen > 200)
})

test('what the browser runs imports nothing that only a server has', () => {
  const shared = SHARED_FINGERPRINTS.map((name) => `src/fingerprints/${name}.ts`)
  for (const file of shared) {
    assert.ok(!/from '(node:|[a-z@])/.test(readFileSync(file, 'utf8')), `${file} imports a package`)
    for (const { target } of importsOf(file)) assert.ok(shared.includes(target), `${file} imports ${target}`)
  }
})

test('files are short, and ARCHITECTURE.md names every room', () => {
  const architecture = readFileSync('ARCHITECTURE.md', 'utf8')
  for (const room of ROOMS)
    assert.match(architecture, new RegExp(`\\b${room}/`), `ARCHITECTURE.md does not name ${room}/`)
  const lengths = files
    .map((file) => ({ file, lines: readFileSync(file, 'utf8').split('\n').length }))
    .sort((a, b) => a.lines - b.lines)
  assert.ok(lengths.at(-1)!.lines <= 300, `${lengths.at(-1)!.file} has ${lengths.at(-1)!.lines} lines`)
})
