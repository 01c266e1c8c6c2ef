import { ColophonError, dataPath, readConfig, toHex, type Config } from '../foundation/index.ts'
import {
  anchorCheckpoint,
  deployAnchor,
  listAnchors,
  logKey,
  openChain,
  readAnchor,
  type Chain,
} from '../contracts/index.ts'
import { directoryFiles, parseVkey, rootFromFiles, verifyLog } from '../log/index.ts'
import { readNumber, termsForms, termsOptions, type ChainVerb, type TermsFlags } from './chainFlags.ts'
import { askPermitted, grant, revoke, watch } from './chainGrants.ts'
import { runDevChain } from './chainDev.ts'
import { buy, fetchOwed, offer } from './chainMoney.ts'
import { asJson, contractOf, readLog } from './chainPlace.ts'
import { close, deployTerms, noteAnchor, pausing, prove, record } from './chainTerms.ts'
import { print, readVerb, type Command, type ExitCode } from './command.ts'

const options = { contract: { type: 'string' }, ...termsOptions } as const

type Flags = TermsFlags & { contract?: string | undefined }

const pauses = { pause: pausing(true), resume: pausing(false) }

export const chain: Command = {
  forms: [
    'chain dev',
    'chain deploy',
    'chain anchor [--contract ADDRESS]',
    'chain check [--contract ADDRESS] [--from BLOCK]',
    ...termsForms,
  ],
  does: 'Anchors this log on a chain: its size and root, nothing else. With deploy --terms, record, grant, revoke and close the terms of works and grants under them are there, too, for whoever wants that: a chain keeps addresses, prices and keys for ever, so record asks for --visible-forever. watch brings grants back as statements. The chain is CHAIN_URL (JSON-RPC), the key CHAIN_KEY, the contracts CHAIN_CONTRACT and CHAIN_TERMS. check compares what the chain holds, in its last final block, with the whole log, or asks whether something is permitted. dev starts one on this machine to try it on. Nothing here needs a chain.',
  async run(args) {
    const verbs = {
      deploy,
      anchor,
      check,
      record,
      grant,
      revoke,
      offer,
      buy,
      fetch: fetchOwed,
      watch,
      prove,
      close,
      ...pauses,
    }
    if (args[0] === 'dev') return runDevChain(args.includes('--json'))
    const { run, values, positionals } = readVerb<typeof options, ChainVerb>('chain', verbs, options, args)
    const config = readConfig(process.env)
    if (!config.chain)
      throw new ColophonError('usage', 'no chain is set', { where: 'CHAIN_URL', remedy: 'Set CHAIN_URL.' })
    return run(await openChain(config.chain), config, values, positionals)
  },
}

async function deploy(opened: Chain, config: Config, flags: Flags): Promise<ExitCode> {
  if (flags.terms) return deployTerms(opened, contractOf(config, flags), logKey(readLog(config).vkey), flags)
  const sent = await deployAnchor(opened)
  print(flags.json, asJson(opened, sent), [
    `The contract is ${sent.contract} on chain ${opened.id}; it took ${sent.gas} gas.`,
    `Set CHAIN_CONTRACT=${sent.contract}.`,
  ])
  return 0
}

async function anchor(opened: Chain, config: Config, flags: Flags): Promise<ExitCode> {
  const { vkey, checkpoint } = readLog(config)
  const contract = contractOf(config, flags)
  const before = await readAnchor(opened, contract, logKey(vkey))
  if (before && (await differing(config, checkpoint.size, [before])).length > 0)
    throw new ColophonError('log_corrupt', 'the log is another one than what is anchored: nothing was sent', {
      where: `${before.size} entries`,
      remedy: 'Find out who changed it: colophon chain check.',
    })
  if (before?.size === checkpoint.size) {
    print(flags.json, { chain: Number(opened.id), contract, size: before.size, isNew: false }, [
      `${before.size} entries are anchored already.`,
    ])
    return 0
  }
  const sent = await anchorCheckpoint(opened, contract, logKey(vkey), checkpoint)
  await noteAnchor(opened, contract, await readAnchor(opened, contract, logKey(vkey)))
  print(flags.json, { ...asJson(opened, sent), size: checkpoint.size, isNew: true }, [
    `${checkpoint.size} entries are anchored in block ${sent.block} of chain ${opened.id}: ${sent.gas} gas, ${sent.transaction}`,
  ])
  return 0
}

/** Those of some anchored checkpoints that this log does not lead to. */
async function differing(config: Config, published: number, anchors: readonly { size: number; root: Uint8Array }[]) {
  const files = directoryFiles(dataPath(config, 'log'))
  const wrong: number[] = []
  for (const { size, root } of anchors) {
    const own = size > published ? undefined : await rootFromFiles((path) => files.read(path), size, published)
    if (!own || toHex(own) !== toHex(root)) wrong.push(size)
  }
  return wrong
}

async function check(opened: Chain, config: Config, flags: Flags): Promise<ExitCode> {
  if (flags.work !== undefined) return askPermitted(opened, config, flags)
  const { vkey, checkpoint } = readLog(config)
  const contract = contractOf(config, flags)
  const held = await readAnchor(opened, contract, logKey(vkey))
  if (!held) {
    print(flags.json, { chain: Number(opened.id), contract, isAnchored: false }, [
      'Nothing of this log is anchored there.',
    ])
    return 1
  }
  await noteAnchor(opened, contract, held)
  const files = directoryFiles(dataPath(config, 'log'))
  const verdict = await verifyLog((path) => files.read(path), { log: parseVkey(vkey) })
  // The latest one alone could have been anchored after the log was rewritten: all are compared.
  const anchors = await listAnchors(opened, contract, logKey(vkey), readNumber(flags.from, 0, '--from'))
  const wrong = await differing(config, checkpoint.size, [...anchors, held])
  const isSound = verdict.isSound && wrong.length === 0
  print(
    flags.json,
    {
      chain: Number(opened.id),
      contract,
      isAnchored: true,
      ...held,
      root: toHex(held.root),
      anchors: anchors.length,
      differing: wrong,
      verdict,
    },
    [
      `Chain ${opened.id} holds ${held.size} entries, root ${toHex(held.root)}, anchored at ${new Date(held.time * 1000).toISOString()} by ${held.anchorer}.`,
      ...verdict.findings.map(({ severity, code, detail }) => `${severity === 'good' ? '✓' : '✗'} ${code}: ${detail}`),
      ...wrong.map((size) => `✗ the first ${size} entries are others than those that were anchored`),
      isSound
        ? `The log continues all that was anchored: ${anchors.length} checkpoints.`
        : 'NOT sound: the log is another one than what was anchored.',
    ],
  )
  return isSound ? 0 : 1
}
