import { existsSync, readFileSync } from 'node:fs'
import { ColophonError, dataPath, type Config } from '../foundation/index.ts'
import type { Chain, Hex, Sent } from '../contracts/index.ts'
import { parseCheckpoint } from '../log/index.ts'

/** What was sent, as a program reads it. */
export const asJson = (opened: Chain, { gas, block, ...sent }: Sent) => ({
  chain: Number(opened.id),
  ...sent,
  gas: Number(gas),
  block: Number(block),
})

/** The contract that holds anchors. */
export function contractOf({ chain }: Config, { contract }: { contract?: string | undefined }): Hex {
  return readAddress(contract ?? chain?.contract, 'CHAIN_CONTRACT', 'give --contract; colophon chain deploy makes one')
}

/** The contract that holds terms and grants. */
export function termsContractOf({ chain }: Config): Hex {
  return readAddress(chain?.terms, 'CHAIN_TERMS', 'make one: colophon chain deploy --terms')
}

/** An address of a chain, in small letters. Errors: `usage`. */
export function readAddress(given: string | undefined, where: string, otherwise = ''): Hex {
  if (given !== undefined && /^0x[0-9a-fA-F]{40}$/.test(given)) return given.toLowerCase() as Hex
  throw new ColophonError('usage', given === undefined ? 'the address is not known' : 'this is no address of a chain', {
    where: given ?? where,
    remedy: where.startsWith('--')
      ? `Give ${where}: 0x and 40 hexadecimal characters.`
      : `Set ${where}, or ${otherwise}.`,
  })
}

/** The key of the log, and the checkpoint that stands in its files. */
export function readLog(config: Config) {
  const [key, checkpoint] = [dataPath(config, 'log', 'vkey'), dataPath(config, 'log', 'checkpoint')]
  for (const path of [key, checkpoint])
    if (!existsSync(path)) throw new ColophonError('unreadable_file', 'there is no log here yet', { where: path })
  return { vkey: readFileSync(key, 'utf8'), checkpoint: parseCheckpoint(readFileSync(checkpoint, 'utf8')) }
}
