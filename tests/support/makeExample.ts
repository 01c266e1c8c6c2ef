import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { serialize } from 'node:v8'
import { readConfig } from '../../src/foundation/index.ts'
import { loadExampleWorks } from '../../examples/works/index.ts'
import { openExampleNode } from './exampleNode.ts'

/** Makes the works of the example and a node with them in a directory, which COLOPHON_EXAMPLE then names. */
const [directory] = process.argv.slice(2)
writeFileSync(join(directory!, 'works'), serialize(await loadExampleWorks()))
const config = readConfig({ DATA_DIR: join(directory!, 'node'), PUBLIC_URL: 'http://localhost' })
await (await openExampleNode(config)).close()
