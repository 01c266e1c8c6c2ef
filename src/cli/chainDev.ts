import { spawn } from 'node:child_process'
import { createServer } from 'node:net'
import { arch, platform } from 'node:os'
import { fileURLToPath } from 'node:url'
import { ColophonError, readConfig, systemEffects, toHex } from '../foundation/index.ts'
import { TermsContract, deployAnchor, logKey, openChain } from '../contracts/index.ts'
import { readLog } from './chainPlace.ts'
import { print, type ExitCode } from './command.ts'

/** A key that a chain of one's own gives money to: it is in the documentation of Anvil, and good for nothing else. */
const DEV_KEY = '0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80'
const TRIES = 100
const WAIT_MS = 100

/**
 * `chain dev`: a chain on this machine with both contracts on it, until it is stopped; prints what to set. For trying and
 * developing. Errors: `runtime_missing` where Anvil, which is for development, is not installed.
 */
export async function runDevChain(isJson: boolean | undefined): Promise<ExitCode> {
  const port = await freePort()
  const child = spawn(anvil(), ['--port', String(port), '--silent', '--hardfork', 'osaka'], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const stop = () => child.kill()
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)
  process.once('exit', stop)
  const ended = new Promise<void>((done) => child.once('exit', () => done()))
  try {
    const url = `http://127.0.0.1:${port}`
    const chain = await answering(
      () => openChain({ url, key: DEV_KEY, depth: 1 }),
      () => child.exitCode === null,
    )
    const anchors = (await deployAnchor(chain)).contract
    const terms = (await TermsContract.deploy(chain, anchors, ownLog(), chain.sender())).contract
    const settings = {
      CHAIN_URL: url,
      CHAIN_KEY: DEV_KEY,
      CHAIN_CONTRACT: anchors,
      CHAIN_TERMS: terms,
      CHAIN_DEPTH: '1',
    }
    print(isJson, settings, [
      ...Object.entries(settings).map(([name, value]) => `export ${name}=${value}`),
      '# A chain of your own, until you stop this command; nothing of it is kept.',
    ])
    await ended
    return 0
  } finally {
    stop()
  }
}

/** The log of this data directory; without one, a name that no log has. */
function ownLog() {
  try {
    return logKey(readLog(readConfig(process.env)).vkey)
  } catch (error) {
    if (!(error instanceof ColophonError && error.code === 'unreadable_file')) throw error
    return logKey(toHex(systemEffects.randomBytes(32)))
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

async function answering<Answer>(ask: () => Promise<Answer>, isRunning: () => boolean): Promise<Answer> {
  for (let tries = 1; ; tries++) {
    try {
      return await ask()
    } catch (error) {
      if (!isRunning() || tries === TRIES) throw error
      await new Promise((done) => setTimeout(done, WAIT_MS))
    }
  }
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as { port: number }
  await new Promise((done) => server.close(done))
  return port
}
