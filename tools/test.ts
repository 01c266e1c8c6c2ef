import { spawnSync } from 'node:child_process'
import { globSync } from 'node:fs'
import { resolve } from 'node:path'

// Tests start hundreds of processes: what each has compiled the next one reads.
process.env.NODE_COMPILE_CACHE ??= resolve('node_modules/.cache/compiled')

/** Checks types and style, then runs every test on two cores. A pattern given on the command line narrows the tests. */
const patterns = process.argv.slice(2)
const files = globSync(['src/**/*.test.ts', 'tests/**/*.test.ts']).sort()
const chosen =
  patterns.length === 0 ? files : files.filter((file) => patterns.some((pattern) => file.includes(pattern)))

function run(command: string, args: string[]): void {
  const { status } = spawnSync(command, args, { stdio: 'inherit' })
  if (status !== 0) process.exit(status ?? 1)
}

if (chosen.length === 0) {
  console.error('No test file fits: a run that inspects nothing fails.')
  process.exit(1)
}
if (patterns.length === 0) {
  run('node_modules/.bin/tsc', ['-p', '.'])
  run('node_modules/.bin/oxlint', ['--deny-warnings', 'src', 'tests', 'tools', 'examples'])
  run('node_modules/.bin/prettier', ['--check', '--log-level', 'warn', 'src', 'tests', 'tools', 'examples'])
}
run(process.execPath, [
  '--disable-warning=ExperimentalWarning',
  '--import=./tests/support/propertySeed.ts',
  '--test',
  '--test-concurrency=2',
  '--test-timeout=240000',
  ...chosen,
])
