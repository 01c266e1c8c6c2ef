import { spawn } from 'node:child_process'
import { globSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { run } from 'node:test'
import { spec } from 'node:test/reporters'

// Tests start hundreds of processes: what each has compiled the next one reads.
process.env.NODE_COMPILE_CACHE ??= resolve('node_modules/.cache/compiled')

const CORES = 2
const FLAGS = ['--disable-warning=ExperimentalWarning']
const TEST_FLAGS = [...FLAGS, '--import=./tests/support/propertySeed.ts', '--test-timeout=240000']
/** Files that take longest start first, so that no core waits for the last of them. */
const LONGEST = [
  'marking',
  'browser',
  'readme',
  'rightsPages',
  'accessibility',
  'watermarkModel',
  'documents',
  'watermark',
]

/** Checks types and style, then runs every test on two cores. A pattern given on the command line narrows the tests. */
const patterns = process.argv.slice(2)
const files = globSync(['src/**/*.test.ts', 'tests/**/*.test.ts']).sort()
const chosen =
  patterns.length === 0 ? files : files.filter((file) => patterns.some((pattern) => file.includes(pattern)))

if (chosen.length === 0) {
  console.error('No test file fits: a run that inspects nothing fails.')
  process.exit(1)
}
if (patterns.length === 0) {
  await Promise.all([
    checkStyle('sources', ['src']),
    check('node_modules/.bin/tsc', ['-p', '.'])
      .then(() => check('node_modules/.bin/oxlint', ['--deny-warnings', 'src', 'tests', 'tools', 'examples']))
      .then(() => checkStyle('others', ['tests', 'tools', 'examples']))
      .then(makeExample),
  ])
}
runTests()

/** Runs one check beside others; the first that fails ends the run. */
async function check(command: string, args: string[]): Promise<void> {
  const child = spawn(command, args, { stdio: 'inherit' })
  const status = await new Promise<number | null>((done) => child.once('close', done))
  if (status !== 0) process.exit(status ?? 1)
}

/** What was in style before and has not changed is not read again. */
function checkStyle(name: string, folders: string[]): Promise<void> {
  const cache = ['--cache', '--cache-location', `node_modules/.cache/prettier-${name}`]
  return check('node_modules/.bin/prettier', ['--check', '--log-level', 'warn', ...cache, ...folders])
}

/** Makes the worked example once: tests that want it begin with a copy. */
async function makeExample(): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'colophon-example-'))
  process.once('exit', () => rmSync(directory, { recursive: true, force: true }))
  await check(process.execPath, [...FLAGS, 'tests/support/makeExample.ts', directory])
  process.env.COLOPHON_EXAMPLE = directory
}

function runTests(): void {
  const isLong = (file: string) => LONGEST.some((name) => file.endsWith(`/${name}.test.ts`))
  const ordered = [...chosen.filter(isLong), ...chosen.filter((file) => !isLong(file))]
  const tests = run({ files: ordered.map((file) => resolve(file)), concurrency: CORES, execArgv: TEST_FLAGS })
  tests.on('test:fail', () => {
    process.exitCode = 1
  })
  tests.compose(spec).pipe(process.stdout)
}
