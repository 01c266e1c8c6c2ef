import { spawn, type ChildProcess } from 'node:child_process'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'

/** The first of the keys that anvil gives money to; everybody knows it. */
export const ANVIL_KEY = '0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80'
export const ANVIL_OTHER_KEY = '0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d'

export const ANVIL_THIRD_KEY = '0x5de4111afa1a4b94908f83103eb1f1706367c2e68ca870fc3fb9a804cdab365a'

export interface Anvil {
  url: string
  stop(): Promise<void>
}

/** A chain on loopback, for one test. */
export async function startAnvil(...args: string[]): Promise<Anvil> {
  const port = await freePort()
  const binary = fileURLToPath(
    new URL('bin/anvil', new URL(import.meta.resolve('@foundry-rs/anvil-linux-amd64/package.json'))),
  )
  const child = spawn(binary, ['--port', String(port), '--silent', ...args], { stdio: ['ignore', 'ignore', 'inherit'] })
  const url = `http://127.0.0.1:${port}`
  await answers(url, child)
  return {
    url,
    async stop() {
      child.kill()
      if (child.exitCode === null) await new Promise((done) => child.once('exit', done))
    },
  }
}

async function answers(url: string, child: ChildProcess): Promise<void> {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'eth_chainId', params: [] })
  for (let tries = 0; tries < 200 && child.exitCode === null; tries++) {
    const answer = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body }).catch(
      () => undefined,
    )
    if (answer?.ok) return
    await new Promise((done) => setTimeout(done, 50))
  }
  throw new Error('anvil does not answer')
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as { port: number }
  await new Promise((done) => server.close(done))
  return port
}
