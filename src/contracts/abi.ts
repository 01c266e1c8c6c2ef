import { keccak_256 } from '@noble/hashes/sha3.js'
import { createContract, decodeError, deployContract, events } from 'micro-eth-signer/abi.js'
import { ColophonError } from '../foundation/index.ts'
import { artefactOf, type ContractName } from './artefacts.ts'
import type { Chain, Hex, Sent } from './chain.ts'

type Methods = Record<string, { encodeInput(input: unknown): Uint8Array; decodeOutput(bytes: Uint8Array): unknown }>
type Events = Record<string, { decode(topics: string[], data: string): Record<string, unknown> }>

const made = new Map<ContractName, { methods: Methods; events: Events }>()

function interfaceOf(name: ContractName) {
  const known = made.get(name)
  if (known) return known
  const { abi } = artefactOf(name)
  const both = {
    methods: createContract(abi as never) as unknown as Methods,
    events: events(abi as never) as unknown as Events,
  }
  made.set(name, both)
  return both
}

export const bytesOf = (hex: string) => new Uint8Array(Buffer.from(hex.slice(2), 'hex'))
export const hexOf = (bytes: Uint8Array): Hex => `0x${Buffer.from(bytes).toString('hex')}`

/** Puts a contract on a chain. Errors: `usage`, `fetch_failed` with what the chain says. */
export async function deploy(chain: Chain, name: ContractName, input?: Record<string, unknown>): Promise<Sent> {
  const { abi, bytecode } = artefactOf(name)
  const data = input ? (deployContract(abi as never, bytecode, input) as Hex) : bytecode
  return chain.send({ data })
}

/** Asks a function of a contract that changes nothing. Errors: `fetch_failed`, with the name of the contract's refusal. */
export async function callContract(
  chain: Chain,
  name: ContractName,
  contract: Hex,
  method: string,
  input: unknown,
  block = 'latest',
): Promise<unknown> {
  const { methods } = interfaceOf(name)
  const data = hexOf(methods[method]!.encodeInput(input))
  try {
    const answer = await chain.ask<Hex>('eth_call', [{ to: contract, data }, block])
    return methods[method]!.decodeOutput(bytesOf(answer))
  } catch (error) {
    throw refusalOf(error, name)
  }
}

/** Sends a call of a contract and waits until it is final. Errors: as above; `usage` without a key. */
export async function sendContract(
  chain: Chain,
  name: ContractName,
  contract: Hex,
  method: string,
  input: unknown,
): Promise<Sent> {
  try {
    return await chain.send({ to: contract, data: hexOf(interfaceOf(name).methods[method]!.encodeInput(input)) })
  } catch (error) {
    throw refusalOf(error, name)
  }
}

/** The topic under which a chain lists an event. */
export function eventTopic(name: ContractName, event: string): Hex {
  const found = artefactOf(name).abi.find((each) => (each as { type: string; name?: string }).name === event)
  const { inputs } = found as { inputs: { type: string }[] }
  return hexOf(keccak_256(new TextEncoder().encode(`${event}(${inputs.map(({ type }) => type).join(',')})`)))
}

/** What an event of a contract says. Throws when it is another event. */
export function decodeEvent(
  name: ContractName,
  event: string,
  topics: string[],
  data: string,
): Record<string, unknown> {
  return interfaceOf(name).events[event]!.decode(topics, data)
}

/** The contract's own word for why it refuses, where a chain hands it on. */
function refusalOf(error: unknown, name: ContractName): unknown {
  const data = (error as { cause?: { data?: unknown } }).cause?.data
  if (!(error instanceof ColophonError) || typeof data !== 'string') return error
  try {
    const refusal = decodeError(data, artefactOf(name).abi as never) as unknown as { name: string }
    const remedy = REMEDIES[refusal.name]
    return new ColophonError('fetch_failed', `the contract refuses: ${refusal.name}`, {
      cause: error,
      ...(remedy ? { remedy } : {}),
    })
  } catch {
    return error
  }
}

/** What can be done about the refusals that people meet. */
const REMEDIES: Record<string, string> = {
  NotWithinTerms:
    'The record does not let this be granted so: see what it says, or change it (chain record … --by-grant USE,…).',
  NoConsent: 'Neither the sender nor a signature is the holder’s: use the holder’s key, or --digest and --consent.',
  AlreadyThere: 'It is there already; a licensee has one grant of a record: take another address.',
  NotForward: 'A log is only anchored forward.',
  NotTheAnchorer: 'Another address anchors this log.',
  RecordClosed: 'The record is closed: make another one.',
  GrantsPaused: 'The guardian has stopped new grants for now.',
  NotRevocable: 'It was granted for good; the licensee alone can give it back.',
}
