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

interface Log {
  address: string
  topics: string[]
  data: string
  blockNumber: Hex
  blockHash: Hex
  transactionHash: Hex
  removed?: boolean
}

const BLOCKS_AT_ONCE = 2000

/**
 * All grants that came or ended in final blocks after a place, in the order of the chain, and the place up to where that
 * is. What a provider tells is compared with the headers of its blocks and with what the contract holds. Errors:
 * `fetch_failed` when it contradicts itself; `state_not_allowed` when the place is no longer on the chain.
 */
export async function readGrantEvents(
  contract: TermsContract,
  after: ChainPlace | undefined,
  from = 0,
): Promise<{ events: GrantEvent[]; place: ChainPlace }> {
  const { chain } = contract
  const last = Number(await finalBlock(chain))
  if (after && (await hashOf(chain, after.block)) !== after.hash)
    throw new ColophonError('state_not_allowed', `block ${after.block} is another one than it was`, {
      remedy:
        'The chain was rewritten deeper than CHAIN_DEPTH blocks. Raise it, and look again: chain watch --from BLOCK.',
    })
  const events: GrantEvent[] = []
  const first = after ? after.block + 1 : from
  for (let start = first; start <= last; start += BLOCKS_AT_ONCE)
    events.push(...(await readRange(contract, start, Math.min(last, start + BLOCKS_AT_ONCE - 1))))
  await compareWithState(contract, events, last)
  return { events, place: { block: last, hash: await hashOf(chain, last) } }
}

const numbered = (block: number): Hex => `0x${block.toString(16)}`

async function hashOf(chain: Chain, block: number): Promise<Hex> {
  const header = await chain.ask<{ hash: Hex } | null>('eth_getBlockByNumber', [numbered(block), false])
  if (!header || !/^0x[0-9a-f]{64}$/.test(header.hash))
    throw new ColophonError('fetch_failed', `the chain has no block ${block}`)
  return header.hash
}

async function readRange({ chain, address }: TermsContract, from: number, to: number): Promise<GrantEvent[]> {
  const topics = [[eventTopic('ColophonTerms', 'Granted'), eventTopic('ColophonTerms', 'Ended')]]
  const logs = await chain.ask<Log[]>('eth_getLogs', [
    { address, fromBlock: numbered(from), toBlock: numbered(to), topics },
  ])
  if (!Array.isArray(logs)) throw new ColophonError('fetch_failed', 'the chain gives no list of events')
  const hashes = new Map<number, Hex>()
  const events: GrantEvent[] = []
  for (const log of logs) {
    const block = Number(log.blockNumber)
    const isIn = log.address.toLowerCase() === address && block >= from && block <= to && log.removed !== true
    if (!isIn) throw lied(`it tells of an event that was not asked for, in block ${log.blockNumber}`)
    if (!hashes.has(block)) hashes.set(block, await hashOf(chain, block))
    if (hashes.get(block) !== log.blockHash) throw lied(`it tells of a block ${block} that is not on the chain`)
    const kind = log.topics[0] === topics[0]![0] ? 'granted' : 'ended'
    const said = decodeEvent('ColophonTerms', kind === 'granted' ? 'Granted' : 'Ended', log.topics, log.data) as {
      record: Uint8Array
      licensee: Hex
      grant: bigint
    }
    events.push({
      kind,
      record: hexOf(said.record),
      licensee: said.licensee.toLowerCase() as Hex,
      grant: unpackGrant(said.grant),
      transaction: log.transactionHash,
      block,
    })
  }
  return events
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
