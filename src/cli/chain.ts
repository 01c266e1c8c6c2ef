import { existsSync, readFileSync } from 'node:fs'
import { ColophonError, dataPath, fromHex, readConfig, toHex, type Config } from '../foundation/index.ts'
import {
  anchorCheckpoint,
  deployAnchor,
  logKey,
  openChain,
  readAnchor,
  type Chain,
  type Sent,
} from '../contracts/index.ts'
import { directoryFiles, parseCheckpoint, parseVkey, verifyLog } from '../log/index.ts'
import { print, readVerb, type Command, type ExitCode } from './command.ts'

const options = { contract: { type: 'string' } } as const

interface Flags {
  json?: boolean | undefined
  contract?: string | undefined
}

export const chain: Command = {
  forms: ['chain deploy', 'chain anchor [--contract ADDRESS]', 'chain check [--contract ADDRESS]'],
  does: 'Anchors this log on a chain: its size and root, nothing else. The chain is CHAIN_URL (JSON-RPC), the key CHAIN_KEY, the contract CHAIN_CONTRACT. check compares what the chain holds, in its last final block, with the whole log. Nothing here needs a chain.',
  async run(args) {
    const verbs = { deploy, anchor, check }
    const { run, values } = readVerb('chain', verbs, options, args)
    const config = readConfig(process.env)
    if (!config.chain)
      throw new ColophonError('usage', 'no chain is set', { where: 'CHAIN_URL', remedy: 'Set CHAIN_URL.' })
    return run(await openChain(config.chain), config, values)
  },
}

async function deploy(opened: Chain, _: Config, flags: Flags): Promise<ExitCode> {
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
  if (before?.size === checkpoint.size) {
    print(flags.json, { chain: Number(opened.id), contract, size: before.size, isNew: false }, [
      `${before.size} entries are anchored already.`,
    ])
    return 0
  }
  const sent = await anchorCheckpoint(opened, contract, logKey(vkey), checkpoint)
  print(flags.json, { ...asJson(opened, sent), size: checkpoint.size, isNew: true }, [
    `${checkpoint.size} entries are anchored in block ${sent.block} of chain ${opened.id}: ${sent.gas} gas, ${sent.transaction}`,
  ])
  return 0
}

async function check(opened: Chain, config: Config, flags: Flags): Promise<ExitCode> {
  const { vkey, checkpoint } = readLog(config)
  const contract = contractOf(config, flags)
  const held = await readAnchor(opened, contract, logKey(vkey))
  if (!held) {
    print(flags.json, { chain: Number(opened.id), contract, isAnchored: false }, [
      'Nothing of this log is anchored there.',
    ])
    return 1
  }
  const files = directoryFiles(dataPath(config, 'log'))
  const earlier = { origin: checkpoint.origin, size: held.size, root: held.root, note: { text: '', signatures: [] } }
  const verdict = await verifyLog((path) => files.read(path), { log: parseVkey(vkey), earlier })
  print(
    flags.json,
    { chain: Number(opened.id), contract, isAnchored: true, ...held, root: toHex(held.root), verdict },
    [
      `Chain ${opened.id} holds ${held.size} entries, root ${toHex(held.root)}, anchored at ${new Date(held.time * 1000).toISOString()} by ${held.anchorer}.`,
      ...verdict.findings.map(({ severity, code, detail }) => `${severity === 'good' ? '✓' : '✗'} ${code}: ${detail}`),
      verdict.isSound
        ? 'The log continues what is anchored.'
        : 'NOT sound: the log is another one than what is anchored.',
    ],
  )
  return verdict.isSound ? 0 : 1
}

const asJson = (opened: Chain, { gas, block, ...sent }: Sent) => ({
  chain: Number(opened.id),
  ...sent,
  gas: Number(gas),
  block: Number(block),
})

function contractOf({ chain: settings }: Config, { contract }: Flags): `0x${string}` {
  const given = contract ?? settings?.contract
  if (given !== undefined && /^0x[0-9a-fA-F]{40}$/.test(given)) return `0x${toHex(fromHex(given.slice(2)))}`
  throw new ColophonError(
    'usage',
    given === undefined ? 'the contract is not known' : 'this is no address of a contract',
    {
      where: given ?? 'CHAIN_CONTRACT',
      remedy: 'Set CHAIN_CONTRACT, or give --contract; colophon chain deploy makes one.',
    },
  )
}

/** The key of the log, and the checkpoint that stands in its files. */
function readLog(config: Config) {
  const [key, checkpoint] = [dataPath(config, 'log', 'vkey'), dataPath(config, 'log', 'checkpoint')]
  for (const path of [key, checkpoint])
    if (!existsSync(path)) throw new ColophonError('unreadable_file', 'there is no log here yet', { where: path })
  return { vkey: readFileSync(key, 'utf8'), checkpoint: parseCheckpoint(readFileSync(checkpoint, 'utf8')) }
}
