import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { serve } from '@hono/node-server'
import { readConfig, type Config } from '../../src/foundation/index.ts'
import { openNode, type Node } from '../../src/main.ts'
import { createWeb } from '../../src/web/index.ts'
import { openExampleNode } from './exampleNode.ts'

export interface ServedNode {
  node: Node
  config: Config
  url: string
  stop(): Promise<void>
}

/** A whole node in a temporary directory, served on loopback; with the worked example and further settings when asked for. */
export async function serveTestNode(options: {
  withExample: boolean
  env?: Record<string, string>
}): Promise<ServedNode> {
  const dataDir = mkdtempSync(join(tmpdir(), 'colophon-node-'))
  const config = readConfig({ DATA_DIR: dataDir, PORT: '0', PUBLIC_URL: 'http://localhost', ...options.env })
  const node = options.withExample ? await openExampleNode(config) : await openNode(config)
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
