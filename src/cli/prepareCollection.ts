import { copyFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  DeclaredState,
  OutcomeSink,
  collect,
  preview,
  type Batch,
  type Defaults,
  type OpenSource,
  type PreparedCollection,
  type PreparedSource,
} from '../collecting/index.ts'
import { ColophonError, dataPath, readConfig, writeFileDurably } from '../foundation/index.ts'
import { openBeside } from '../main.ts'
import { makeManifest } from '../register/index.ts'
import { refusePublicDomain } from '../api/index.ts'
import { print, type ExitCode } from './command.ts'

/** Works that one signature may name in each of its collections. */
const WORKS_PER_COLLECTION = 10_000

/**
 * Makes ready what a source would declare, for somebody to sign elsewhere: manifests, outcomes, what is to be remembered,
 * and `prepared.json`. Nothing is signed or recorded.
 */
export async function prepareCollection(
  open: (state?: DeclaredState) => Promise<OpenSource>,
  { folder, party, state: path, defaults, isJson }: PrepareOptions,
): Promise<ExitCode> {
  mkdirSync(join(folder, 'manifests'), { recursive: true })
  const shown = await preview(await open(), defaults)
  const copy = join(folder, 'state')
  if (path !== undefined && existsSync(path)) copyFileSync(path, copy)
  const state = new DeclaredState(copy, party)
  const outcomes = new OutcomeSink(join(folder, 'outcomes.csv'))
  const config = readConfig(process.env)
  // Without a node here nobody has said what is in the public domain.
  const node = existsSync(dataPath(config, 'log', 'origin')) ? openBeside(config) : undefined
  const collections: PreparedCollection[] = []
  try {
    // What an earlier run has prepared and nobody has signed is no work that was declared.
    await state.settle(async () => false)
    const record = async ({ works, collection: id, role, rightsStatement, mayBeReserved }: Batch) => {
      if (mayBeReserved && node) await refusePublicDomain(node, works.map(codesOf))
      const { bytes, ...signed } = await makeManifest(works)
      writeFileSync(join(folder, 'manifests', signed.manifest), bytes)
      collections.push({ id, role, mayBeReserved, ...(rightsStatement ? { rightsStatement } : {}), ...signed })
      // There is no statement yet.
      return ''
    }
    const worksPerStatement = WORKS_PER_COLLECTION
    const report = await collect(await open(state), { defaults, state, outcomes, record, worksPerStatement })
    const { counts, examples } = outcomes
    const interrupted = report.interrupted?.toJSON().error
    const prepared: PreparedSource = {
      ...shown,
      counts,
      examples,
      collections,
      ...(interrupted ? { interrupted } : {}),
    }
    writeFileDurably(join(folder, 'prepared.json'), `${JSON.stringify(prepared)}\n`, 0o600)
    print(isJson, prepared, [`${collections.length} collections are ready in ${folder}. Nothing was signed.`])
    return 0
  } finally {
    outcomes.close()
    state.close()
    await node?.close()
  }
}

export interface PrepareOptions {
  folder: string
  /** Who will sign (DID). */
  party: string
  /** What was declared before. */
  state: string | undefined
  defaults: Defaults
  isJson: boolean | undefined
}

function codesOf({ fingerprints }: Batch['works'][number]) {
  return { codes: (fingerprints ?? {}) as { sha256?: string } }
}

/** Errors: `usage` when it is not said who will sign. */
export function needParty(party: string | undefined): string {
  if (party?.startsWith('did:')) return party
  throw new ColophonError('usage', '--prepare needs --party: the DID of whoever will sign')
}
