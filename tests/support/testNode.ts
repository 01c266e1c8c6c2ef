import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { serve } from '@hono/node-server'
import { loadExample } from '../../examples/loadExample.ts'
import { readConfig, type Config } from '../../src/foundation/index.ts'
import { openNode, type Node } from '../../src/main.ts'
import { createWeb } from '../../src/web/index.ts'

export interface ServedNode {
  node: Node
  config: Config
  url: string
  stop(): Promise<void>
}

/**
 * A whole node in a temporary directory, served on loopback; with the worked example and further settings when asked for.
 * The example is a copy of the one that COLOPHON_EXAMPLE_NODE names, where the whole suite runs, and is loaded here otherwise.
 */
export async function serveTestNode(options: {
  withExample: boolean
  env?: Record<string, string>
}): Promise<ServedNode> {
  const dataDir = mkdtempSync(join(tmpdir(), 'colophon-node-'))
  const config = readConfig({ DATA_DIR: dataDir, PORT: '0', PUBLIC_URL: 'http://localhost', ...options.env })
  const made = process.env.COLOPHON_EXAMPLE_NODE
  if (options.withExample && made) cpSync(made, dataDir, { recursive: true })
  const node = await openNode(config)
  if (options.withExample && !made) await loadExample(node, () => {})
  const server = serve({ fetch: createWeb(node).fetch, port: 0, hostname: '127.0.0.1' })
  await new Promise<void>((resolve) => server.once('listening', () => resolve()))
  const { port } = server.address() as { port: number }
  return {
    node,
    config,
    url: `http://localhost:${port}`,
    async stop() {
      await new Promise<void>((resolve) => {
        server.close(() => resolve())
        if ('closeAllConnections' in server) server.closeAllConnections()
      })
      await node.close()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}
