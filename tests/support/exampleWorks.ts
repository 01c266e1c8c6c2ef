import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { deserialize } from 'node:v8'
import { loadExampleWorks, type ExampleWork } from '../../examples/works/index.ts'

/** Where the whole suite runs, the worked example is made once and lies here; a file that runs alone makes its own. */
export const MADE_EXAMPLE = process.env.COLOPHON_EXAMPLE

let works: Promise<ExampleWork[]> | undefined

/** The works of the example; within one process always the same ones. */
export function exampleWorks(): Promise<ExampleWork[]> {
  works ??= MADE_EXAMPLE ? readMade(MADE_EXAMPLE) : loadExampleWorks()
  return works
}

async function readMade(directory: string): Promise<ExampleWork[]> {
  return deserialize(readFileSync(join(directory, 'works'))) as ExampleWork[]
}
