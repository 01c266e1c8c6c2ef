import { spawnSync } from 'node:child_process'
import { existsSync, globSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Where packages are kept between two runs: `BENCH_CACHE`, or a folder of the machine's own for what is temporary. */
const cache = process.env.BENCH_CACHE ?? join(tmpdir(), 'colophon-bench')

/**
 * The files of Debian packages, unpacked and not installed; each package is fetched once. What this machine's Debian does
 * not have is said and left out. Undefined where there is no Debian.
 */
export function debianFolders(
  packages: readonly string[],
  what: string,
): { name: string; folder: string }[] | undefined {
  if (!isThere('apt-get') || !isThere('dpkg')) {
    console.error(
      `${what} come from Debian packages, and there is no apt-get or no dpkg here: only those of the example`,
    )
    return undefined
  }
  return packages.flatMap((name) => {
    const folder = unpacked(name)
    return folder ? [{ name, folder }] : []
  })
}

/** Whether this command can be run. */
export function isThere(command: string, question = '--version'): boolean {
  return spawnSync(command, [question], { stdio: 'ignore' }).error === undefined
}

function unpacked(name: string): string | undefined {
  const folder = join(cache, name)
  if (existsSync(folder)) return folder
  mkdirSync(cache, { recursive: true })
  const work = mkdtempSync(join(cache, '.fetching-'))
  try {
    console.error(`fetching ${name}`)
    const fetched = spawnSync('apt-get', ['download', name], { cwd: work, encoding: 'utf8' })
    const [archive] = globSync('*.deb', { cwd: work })
    if (fetched.status !== 0 || !archive) {
      console.error(`${name} cannot be fetched: ${(fetched.stderr ?? '').trim().split('\n').at(-1)}`)
      return undefined
    }
    const unpack = spawnSync('dpkg', ['-x', archive, 'files'], { cwd: work, encoding: 'utf8' })
    if (unpack.status !== 0) throw new Error(`${archive} cannot be unpacked: ${unpack.stderr}`)
    renameSync(join(work, 'files'), folder)
    return folder
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}
