import { createContract, decodeError } from 'micro-eth-signer/abi.js'
import { ColophonError, sha256Hex } from '../foundation/index.ts'
import { artefactOf } from './artefacts.ts'
import type { Chain, Hex, Sent } from './chain.ts'

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
  return chain.send({ data: artefactOf('ColophonAnchor').bytecode })
}

/** Anchors a checkpoint and waits until it is final. Errors: `fetch_failed`: not the anchorer, not forward, no answer. */
export async function anchorCheckpoint(
  chain: Chain,
  contract: Hex,
  log: Hex,
  { size, root }: { size: number; root: Uint8Array },
): Promise<Sent> {
  const data = encode('anchor', { log: bytes(log), size: BigInt(size), root })
  try {
    return await chain.send({ to: contract, data })
  } catch (error) {
    throw refusalOf(error)
  }
}

/** What a chain holds of a log, as of the last final block; `undefined` when nothing. Errors: `not_found`, `fetch_failed`. */
export async function readAnchor(chain: Chain, contract: Hex, log: Hex): Promise<ChainAnchor | undefined> {
  const latest = BigInt(await chain.ask<string>('eth_blockNumber', []))
  const final = latest - BigInt(chain.depth) + 1n
  const block = `0x${(final > 0n ? final : 0n).toString(16)}`
  if ((await chain.ask<string>('eth_getCode', [contract, block])) === '0x')
    throw new ColophonError('not_found', 'there is no contract at this address in the last final block', {
      where: contract,
    })
  const held = (await call(chain, contract, 'checkpoints', bytes(log), block)) as {
    root: Uint8Array
    anchorer: string
    size: bigint
    time: bigint
  }
  if (held.size === 0n) return undefined
  return { size: Number(held.size), root: held.root, anchorer: held.anchorer, time: Number(held.time) }
}

/** Asks a function of the contract that changes nothing. Errors: `fetch_failed`, with the name of the contract's refusal. */
export async function call(
  chain: Chain,
  contract: Hex,
  name: string,
  input: unknown,
  block = 'latest',
): Promise<unknown> {
  try {
    const answer = await chain.ask<Hex>('eth_call', [{ to: contract, data: encode(name, input) }, block])
    return methods()[name]!.decodeOutput(bytes(answer))
  } catch (error) {
    throw refusalOf(error)
  }
}

type Methods = Record<string, { encodeInput(input: unknown): Uint8Array; decodeOutput(bytes: Uint8Array): unknown }>

const methods = () => createContract(artefactOf('ColophonAnchor').abi as never) as unknown as Methods

function encode(name: string, input: unknown): Hex {
  return `0x${Buffer.from(methods()[name]!.encodeInput(input)).toString('hex')}`
}

const bytes = (hex: string) => new Uint8Array(Buffer.from(hex.slice(2), 'hex'))

/** The contract's own word for why it refuses, where a chain hands it on. */
function refusalOf(error: unknown): unknown {
  const data = (error as { cause?: { data?: unknown } }).cause?.data
  if (!(error instanceof ColophonError) || typeof data !== 'string') return error
  try {
    const { name } = decodeError(data, artefactOf('ColophonAnchor').abi as never) as unknown as { name: string }
    return new ColophonError('fetch_failed', `the contract refuses: ${name}`, { cause: error })
  } catch {
    return error
  }
}
