import { spawn } from 'node:child_process'
import { createServer } from 'node:net'
import { arch, platform } from 'node:os'
import { fileURLToPath } from 'node:url'
import { ColophonError } from '../foundation/index.ts'
import { openChain } from './chain.ts'

/** A key that Anvil gives money to: it is in its documentation, and good for nothing else. */
export const DEV_KEY = '0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80'

const TRIES = 200
const WAIT_MS = 50

/** A chain on loopback, for as long as it is wanted. */
export interface DevChain {
  url: string
  /** Resolves when it has ended, whoever ended it. */
  ended: Promise<void>
  stop(): Promise<void>
}

/**
 * Starts a chain of one's own and waits until it answers; it ends with this process. Errors: `runtime_missing` where Anvil,
 * a development package, is not installed; `fetch_failed` when it does not answer.
 *
 * @example await startDevChain('--hardfork', 'london')
 */
export async function startDevChain(...args: string[]): Promise<DevChain> {
  const port = await freePort()
  const child = spawn(anvil(), ['--port', String(port), '--silent', ...args], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const kill = () => child.kill()
  process.once('exit', kill)
  const ended = new Promise<void>((done) => child.once('exit', () => done()))
  const stop = async () => {
    process.off('exit', kill)
    kill()
    await ended
  }
  const url = `http://127.0.0.1:${port}`
  for (let tries = 1; ; tries++) {
    try {
      await openChain({ url, depth: 1 })
      return { url, ended, stop }
    } catch (error) {
      if (child.exitCode !== null || tries === TRIES) {
        await stop()
        throw error
      }
      await new Promise((done) => setTimeout(done, WAIT_MS))
    }
  }
}

function anvil(): string {
  const name = `@foundry-rs/anvil-${platform()}-${arch() === 'x64' ? 'amd64' : arch()}`
  try {
    return fileURLToPath(new URL('bin/anvil', new URL(import.meta.resolve(`${name}/package.json`))))
  } catch (cause) {
    throw new ColophonError('runtime_missing', 'Anvil is not installed here', {
      where: name,
      remedy: 'It comes with the development packages: npm ci.',
      cause,
    })
  }
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as { port: number }
  await new Promise((done) => server.close(done))
  return port
}
