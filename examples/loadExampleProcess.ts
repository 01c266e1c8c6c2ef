import { readConfig } from '../src/foundation/index.ts'
import { openNode } from '../src/main.ts'
import { loadExample } from './loadExample.ts'

const node = await openNode(readConfig(process.env))
await loadExample(node, (line) => console.error(line))
await node.close()
