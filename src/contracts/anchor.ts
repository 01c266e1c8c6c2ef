import { ColophonError, sha256Hex } from '../foundation/index.ts'
import { bytesOf, callContract, decodeEvent, deploy, eventTopic, sendContract } from './abi.ts'
import { finalBlock, type Chain, type Hex, type Sent } from './chain.ts'
import { readLogs } from './events.ts'

/** A checkpoint as it stands on a chain. */
export interface ChainAnchor {
  size: number
  root: Uint8Array
  anchorer: string
  /** When it was anchored, in seconds since 1970. */
  time: number
}

/** How a log is called on chains: SHA-256 of its verifier key. */
export function logKey(vkey: string): Hex {
  return `0x${sha256Hex(new TextEncoder().encode(vkey.trim()))}`
}

/** Puts the contract for anchors on a chain. Errors: `usage`, `fetch_failed` with what the chain says. */
export async function deployAnchor(chain: Chain): Promise<Sent> {
  return deploy(chain, 'ColophonAnchor')
}

/** Anchors a checkpoint and waits until it is final. Errors: `fetch_failed`: not the anchorer, not forward, no answer. */
export async function anchorCheckpoint(
  chain: Chain,
  contract: Hex,
  log: Hex,
  { size, root }: { size: number; root: Uint8Array },
): Promise<Sent> {
  return sendContract(chain, 'ColophonAnchor', contract, 'anchor', { log: bytesOf(log), size: BigInt(size), root })
}

/** What a chain holds of a log, as of the last final block; `undefined` when nothing. Errors: `not_found`, `fetch_failed`. */
export async function readAnchor(chain: Chain, contract: Hex, log: Hex): Promise<ChainAnchor | undefined> {
  const block = await finalBlock(chain)
  if ((await chain.ask<string>('eth_getCode', [contract, block])) === '0x')
    throw new ColophonError('not_found', 'there is no contract at this address in the last final block', {
      where: contract,
    })
  const held = (await callContract(chain, 'ColophonAnchor', contract, 'checkpoints', bytesOf(log), block)) as {
    root: Uint8Array
    anchorer: string
    size: bigint
    time: bigint
  }
  if (held.size === 0n) return undefined
  return { size: Number(held.size), root: held.root, anchorer: held.anchorer, time: Number(held.time) }
}

/**
 * Every checkpoint of a log that was ever anchored in a final block, the oldest first: the contract holds the latest one,
 * and its events hold all. With `from` only those since that block. Errors: `fetch_failed`, also when the latest one is
 * left out.
 */
export async function listAnchors(
  chain: Chain,
  contract: Hex,
  log: Hex,
  from = 0,
): Promise<{ size: number; root: Uint8Array }[]> {
  const last = Number(await finalBlock(chain))
  const logs = await readLogs(chain, contract, [[eventTopic('ColophonAnchor', 'Anchored')], [log]], from, last)
  const anchors = logs.map(({ topics, data }) => {
    const { size, root } = decodeEvent('ColophonAnchor', 'Anchored', topics, data) as { size: bigint; root: Uint8Array }
    return { size: Number(size), root }
  })
  const held = await readAnchor(chain, contract, log)
  if (from === 0 && anchors.at(-1)?.size !== held?.size)
    throw new ColophonError('fetch_failed', 'the provider of the chain does not tell of all anchors', {
      where: contract,
      remedy: 'Ask another one: CHAIN_URL.',
    })
  return anchors
}
