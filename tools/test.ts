import { spawn } from 'node:child_process'
import { globSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative, resolve } from 'node:path'
import { run } from 'node:test'
import { spec } from 'node:test/reporters'
import { pathToFileURL } from 'node:url'

// Tests start hundreds of processes: what each has compiled the next one reads.
process.env.NODE_COMPILE_CACHE ??= resolve('node_modules/.cache/compiled')

const CORES = 2
const FOLDERS = ['src', 'tests', 'tools', 'examples']
const FLAGS = ['--disable-warning=ExperimentalWarning']
const TEST_FLAGS = [...FLAGS, '--import=./tests/support/propertySeed.ts', '--test-timeout=240000']
/** So many files share a process: most of what a small one takes is loading what the one before it has loaded. */
const FILES_TOGETHER = 6
/** Files that take longest start first and alone, so that no core waits for the last of them. */
const LONGEST = [
  'contractsForge',
  'marking',
  'browser',
  'readme',
  'rightsPages',
  'importPages',
  'fourPeople',
  'markPages',
  'languagePages',
  'accessibility',
  'watermarkModel',
  'documents',
  'watermark',
  'sounds',
]

/** Checks types and style, then runs every test on two cores. A pattern given on the command line narrows the tests. */
const patterns = process.argv.slice(2)
// Those of tests/ come first: they take longer than those of src/.
const files = globSync(['src/**/*.test.ts', 'tests/**/*.test.ts']).sort().reverse()
const chosen =
  patterns.length === 0 ? files : files.filter((file) => patterns.some((pattern) => file.includes(pattern)))

if (chosen.length === 0) {
  console.error('No test file fits: a run that inspects nothing fails.')
  process.exit(1)
}
if (patterns.length === 0) {
  await Promise.all([
    check('node_modules/.bin/tsc', ['-p', '.'])
      .then(() => check('node_modules/.bin/oxlint', ['--deny-warnings', ...FOLDERS]))
      .then(checkStyle),
    makeExample(),
  ])
}
runTests()

/** Runs one check beside others; the first that fails ends the run. */
async function check(command: string, args: string[]): Promise<void> {
  const child = spawn(command, args, { stdio: 'inherit' })
  process.once('exit', () => child.kill())
  const status = await new Promise<number | null>((done) => child.once('close', done))
  if (status !== 0) process.exit(status ?? 1)
}

/** What was in style before and has not changed is not read again. */
function checkStyle(): Promise<void> {
  const cache = ['--cache', '--cache-location', 'node_modules/.cache/prettier']
  return check('node_modules/.bin/prettier', ['--check', '--log-level', 'warn', ...cache, ...FOLDERS])
}

/** Makes the worked example once: tests that want it begin with a copy. */
async function makeExample(): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'colophon-example-'))
  const made = check(process.execPath, [...FLAGS, 'tests/support/makeExample.ts', directory])
  process.once('exit', () => rmSync(directory, { recursive: true, force: true }))
  await made
  process.env.COLOPHON_EXAMPLE = directory
}

/** Runs the chosen files: those that take long alone, the others so many in one process. */
function runTests(): void {
  const directory = mkdtempSync(join(tmpdir(), 'colophon-tests-'))
  process.once('exit', () => rmSync(directory, { recursive: true, force: true }))
  const isLong = (file: string) => LONGEST.some((name) => file.endsWith(`/${name}.test.ts`))
  const groups = inGroups(chosen.filter((file) => !isLong(file))).map((files, i) => {
    const program = join(directory, `together-${i + 1}.mjs`)
    const runner = pathToFileURL(resolve('tests/support/runTogether.ts')).href
    writeFileSync(program, `import { runTogether } from '${runner}'\nrunTogether(${JSON.stringify(files)})\n`)
    return program
  })
  const programs = [...chosen.filter(isLong).map((file) => resolve(file)), ...groups]
  const tests = run({ files: programs, concurrency: CORES, execArgv: TEST_FLAGS })
  tests.on('test:fail', () => {
    process.exitCode = 1
  })
  everyFileTests(tests)
  tests.compose(spec).pipe(process.stdout)
}

function inGroups(files: string[]): string[][] {
  const size = Math.min(FILES_TOGETHER, Math.ceil(files.length / CORES))
  const count = size === 0 ? 0 : Math.ceil(files.length / size)
  return Array.from({ length: count }, (_, i) => files.slice(i * size, (i + 1) * size))
}

/** A file that does not run to its end, or in which nothing is tested, fails the run, however its process ended. */
function everyFileTests(tests: ReturnType<typeof run>): void {
  const untold = new Set(chosen)
  let within = 0
  const onTest = ({ nesting, name }: { nesting: number; name: string }) => {
    if (nesting > 0) within++
    else {
      // In a group the outermost tests are the files.
      if (within > 0) untold.delete(name)
      within = 0
    }
  }
  tests.on('test:pass', onTest)
  tests.on('test:fail', onTest)
  tests.on('test:summary', ({ file, counts }) => {
    if (file !== undefined && counts.tests > 0) untold.delete(relative('.', file))
  })
  process.once('exit', () => {
    for (const file of untold) console.error(`${file} did not run to its end, or tests nothing.`)
    if (untold.size > 0) process.exitCode = 1
  })
}
