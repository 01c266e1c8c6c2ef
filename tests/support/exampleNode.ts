import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { loadExample } from '../../examples/loadExample.ts'
import type { Config } from '../../src/foundation/index.ts'
import { openNode, type Node } from '../../src/main.ts'
import { MADE_EXAMPLE } from './exampleWorks.ts'

/** A node in a data directory that is empty, with the worked example in it. */
export async function openExampleNode(config: Config): Promise<Node> {
  if (MADE_EXAMPLE) cpSync(join(MADE_EXAMPLE, 'node'), config.dataDir, { recursive: true })
  const node = await openNode(config)
  if (!MADE_EXAMPLE) await loadExample(node, () => {})
  return node
}
