import { ColophonError } from '../foundation/index.ts'
import { decodeEvent, eventTopic, hexOf } from './abi.ts'
import { finalBlock, type Chain, type Hex } from './chain.ts'
import type { TermsContract } from './terms.ts'
import { unpackGrant } from './words.ts'

/** A grant that was given, or that ended, on a chain. */
export interface GrantEvent {
  kind: 'granted' | 'ended'
  record: Hex
  licensee: Hex
  grant: ReturnType<typeof unpackGrant>
  transaction: Hex
  block: number
}

/** Up to where a chain was looked at. The hash tells whether it is still the same chain. */
export interface ChainPlace {
  block: number
  hash: Hex
}

export interface Log {
  address: string
  topics: string[]
  data: string
  blockNumber: Hex
  blockHash: Hex
  transactionHash: Hex
  removed?: boolean
}

/**
 * All grants that came or ended at some records in final blocks after a place, in the order of the chain, and the place up
 * to where that is. What a provider tells is compared with the headers of its blocks and with what the contract holds; what
 * it leaves out can only be found by asking the contract (`TermsContract.grantOf`). Errors: `fetch_failed` when it
 * contradicts itself; `state_not_allowed` when the place is no longer on the chain.
 */
export async function readGrantEvents(
  contract: TermsContract,
  after: ChainPlace | undefined,
  { from = 0, records }: { from?: number | undefined; records?: readonly Hex[] | undefined } = {},
): Promise<{ events: GrantEvent[]; place: ChainPlace }> {
  const { chain, address } = contract
  const last = Number(await finalBlock(chain))
  if (after && (await hashOf(chain, after.block)) !== after.hash)
    throw new ColophonError('state_not_allowed', `block ${after.block} is another one than it was`, {
      remedy:
        'The chain was rewritten deeper than CHAIN_DEPTH blocks. Raise it, and look again: chain watch --from BLOCK.',
    })
  const topics = [
    [eventTopic('ColophonTerms', 'Granted'), eventTopic('ColophonTerms', 'Ended')],
    ...(records && records.length <= TOPICS_MAX ? [[...records]] : []),
  ]
  const first = after ? after.block + 1 : from
  const logs = records?.length === 0 ? [] : await readLogs(chain, address, topics, first, last)
  const known = records && new Set(records)
  const events = logs.map(eventOf).filter(({ record }) => known?.has(record) ?? true)
  await compareWithState(contract, events, last)
  return { events, place: { block: last, hash: await hashOf(chain, last) } }
}

/** So many records are named when events are asked for; of more all are read. */
const TOPICS_MAX = 500

const numbered = (block: number): Hex => `0x${block.toString(16)}`

async function hashOf(chain: Chain, block: number): Promise<Hex> {
  const header = await chain.ask<{ hash: Hex } | null>('eth_getBlockByNumber', [numbered(block), false])
  if (!header || !/^0x[0-9a-f]{64}$/.test(header.hash))
    throw new ColophonError('fetch_failed', `the chain has no block ${block}`)
  return header.hash
}

/**
 * The events of a contract in some blocks, each in a block that is on the chain. What is too much for a provider at once is
 * asked for in halves. Errors: `fetch_failed`.
 */
export async function readLogs(
  chain: Chain,
  address: Hex,
  topics: readonly (readonly string[])[],
  from: number,
  to: number,
): Promise<Log[]> {
  if (from > to) return []
  let logs: Log[]
  try {
    logs = await chain.ask<Log[]>('eth_getLogs', [
      { address, fromBlock: numbered(from), toBlock: numbered(to), topics },
    ])
  } catch (error) {
    if (from === to) throw error
    const middle = Math.floor((from + to) / 2)
    return [
      ...(await readLogs(chain, address, topics, from, middle)),
      ...(await readLogs(chain, address, topics, middle + 1, to)),
    ]
  }
  if (!Array.isArray(logs)) throw new ColophonError('fetch_failed', 'the chain gives no list of events')
  const hashes = new Map<number, Hex>()
  for (const log of logs) {
    const block = Number(log.blockNumber)
    const isIn = log.address.toLowerCase() === address && block >= from && block <= to && log.removed !== true
    if (!isIn || !topics[0]!.includes(log.topics[0]!))
      throw lied(`it tells of an event that was not asked for, in block ${log.blockNumber}`)
    if (!hashes.has(block)) hashes.set(block, await hashOf(chain, block))
    if (hashes.get(block) !== log.blockHash) throw lied(`it tells of a block ${block} that is not on the chain`)
  }
  return logs
}

function eventOf(log: Log): GrantEvent {
  const kind = log.topics[0] === eventTopic('ColophonTerms', 'Granted') ? 'granted' : 'ended'
  const said = decodeEvent('ColophonTerms', kind === 'granted' ? 'Granted' : 'Ended', log.topics, log.data) as {
    record: Uint8Array
    licensee: Hex
    grant: bigint
  }
  return {
    kind,
    record: hexOf(said.record),
    licensee: said.licensee.toLowerCase() as Hex,
    grant: unpackGrant(said.grant),
    transaction: log.transactionHash,
    block: Number(log.blockNumber),
  }
}

/** The last event of a grant leaves it as the contract has it. */
async function compareWithState(contract: TermsContract, events: readonly GrantEvent[], block: number): Promise<void> {
  const latest = new Map(events.map((event) => [`${event.record} ${event.licensee}`, event]))
  for (const { record, licensee, grant } of latest.values()) {
    const held = await contract.grantOf(record, licensee, numbered(block))
    if (JSON.stringify(held) !== JSON.stringify(grant))
      throw lied(`it tells of a grant to ${licensee} that the contract does not hold`)
  }
}

function lied(what: string): ColophonError {
  return new ColophonError('fetch_failed', `the provider of the chain contradicts itself: ${what}`, {
    remedy: 'Ask another one: CHAIN_URL. Nothing was taken.',
  })
}
