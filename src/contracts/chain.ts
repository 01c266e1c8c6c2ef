import { Transaction, addr } from 'micro-eth-signer'
import { ColophonError } from '../foundation/index.ts'

/** Where a chain is, and how it is spoken to. */
export interface ChainOptions {
  /** JSON-RPC over http or https. */
  url: string
  /** A private key of 32 bytes in hexadecimal; without one nothing can be written. */
  key?: string | undefined
  /** How many blocks, its own included, make a transaction final. */
  depth: number
  /** The number that the chain must have; without one, whatever it says. */
  chainId?: number | undefined
  /** How long an answer is waited for. */
  timeoutMs?: number
}

export type Hex = `0x${string}`

export interface Chain {
  id: bigint
  depth: number
  /** Asks the chain. Errors: `fetch_failed` with what it says. */
  ask<Answer>(method: string, params: unknown[]): Promise<Answer>
  /** The address that sends. Errors: `usage` without a key. */
  sender(): Hex
  /** Sends a transaction and waits until it is final. Errors: `usage` without a key, `fetch_failed`. */
  send(transaction: { to?: Hex; data: Hex }): Promise<Sent>
}

/** What was sent, and what it cost. */
export interface Sent {
  transaction: Hex
  contract: Hex
  gas: bigint
  block: bigint
}

/** The number of the last block that is final, as the chain takes it. */
export async function finalBlock({ ask, depth }: Pick<Chain, 'ask' | 'depth'>): Promise<Hex> {
  const final = BigInt(await ask<string>('eth_blockNumber', [])) - BigInt(depth) + 1n
  return `0x${(final > 0n ? final : 0n).toString(16)}`
}

const TIMEOUT_MS = 15_000
const FINAL_TIMEOUT_MS = 300_000
const POLL_MS = 250
const ANSWER_CHARACTERS_MAX = 4 * 1024 * 1024

/** Opens a chain. Errors: `usage` for settings that cannot be, `fetch_failed` when it does not answer or has another number. */
export async function openChain({ url, key, depth, chainId, timeoutMs = TIMEOUT_MS }: ChainOptions): Promise<Chain> {
  if (!/^https?:\/\//.test(url) || !URL.canParse(url))
    throw new ColophonError('usage', 'CHAIN_URL is no http or https address', { where: 'CHAIN_URL' })
  if (key !== undefined && !/^0x[0-9a-f]{64}$/i.test(key))
    throw new ColophonError('usage', 'CHAIN_KEY is no key: 0x and 64 hexadecimal characters', { where: 'CHAIN_KEY' })
  // An address of a provider often holds a key: errors name its host alone.
  const where = new URL(url).host
  const ask = <Answer>(method: string, params: unknown[]) => askAt<Answer>({ url, where, timeoutMs }, method, params)
  const id = BigInt(await ask<string>('eth_chainId', []))
  if (chainId !== undefined && id !== BigInt(chainId))
    throw new ColophonError('fetch_failed', `the chain says its number is ${id}, and it must be ${chainId}`, { where })
  const sender = () => addr.fromPrivateKey(needKey(key)).toLowerCase() as Hex
  return { id, depth, ask, sender, send: (transaction) => send({ id, depth, ask }, key, transaction) }
}

async function askAt<Answer>(
  { url, where, timeoutMs }: { url: string; where: string; timeoutMs: number },
  method: string,
  params: unknown[],
): Promise<Answer> {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params })
  let answer: { result?: unknown; error?: { message?: unknown; data?: unknown } }
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
      signal: AbortSignal.timeout(timeoutMs),
      redirect: 'error',
    })
    const text = await response.text()
    if (text.length > ANSWER_CHARACTERS_MAX) throw new Error('too long')
    answer = JSON.parse(text) as typeof answer
  } catch (cause) {
    throw new ColophonError('fetch_failed', 'the chain does not answer', { where, cause })
  }
  if (answer.error || answer.result === undefined)
    throw new ColophonError(
      'fetch_failed',
      `the chain refused ${method}: ${String(answer.error?.message).slice(0, 200)}`,
      {
        where,
        cause: answer.error,
      },
    )
  return answer.result as Answer
}

interface Receipt {
  status: Hex
  transactionHash: Hex
  contractAddress: Hex | null
  to: Hex | null
  gasUsed: Hex
  blockNumber: Hex
}

function needKey(key: string | undefined): string {
  if (key !== undefined) return key
  throw new ColophonError('usage', 'no key is set to write with', { where: 'CHAIN_KEY', remedy: 'Set CHAIN_KEY.' })
}

async function send(
  { id, depth, ask }: Pick<Chain, 'id' | 'depth' | 'ask'>,
  key: string | undefined,
  { to, data }: { to?: Hex; data: Hex },
): Promise<Sent> {
  const from = addr.fromPrivateKey(needKey(key))
  // Tried first without sending: what would be refused costs nothing.
  const gasLimit = (BigInt(await ask<string>('eth_estimateGas', [{ from, data, ...(to ? { to } : {}) }])) * 12n) / 10n
  const { baseFeePerGas = '0x0' } = await ask<{ baseFeePerGas?: Hex }>('eth_getBlockByNumber', ['latest', false])
  // Where gas is free, an account without money has to be enough.
  const isFree = BigInt(baseFeePerGas) === 0n
  const tip = isFree ? 0n : BigInt(await ask<string>('eth_maxPriorityFeePerGas', []).catch(() => '0x0'))
  for (let attempt = 1; ; attempt++) {
    const nonce = BigInt(await ask<string>('eth_getTransactionCount', [from, 'pending']))
    const signed = Transaction.prepare(
      {
        type: 'eip1559',
        chainId: id,
        nonce,
        gasLimit,
        maxPriorityFeePerGas: tip,
        maxFeePerGas: 2n * BigInt(baseFeePerGas) + tip,
        to: to ?? '0x',
        value: 0n,
        data,
        accessList: [],
      },
      false,
    ).signBy(needKey(key))
    const hash: Hex = `0x${signed.hash.replace(/^0x/, '')}`
    if (await submit(ask, signed.toHex() as Hex, hash, attempt)) return waitFor({ depth, ask }, hash)
  }
}

const ATTEMPTS_MAX = 4

/**
 * Hands in a signed transaction. The same bytes again are the same transaction, so that one whose answer was lost is not
 * sent twice. False when its number was taken by another one in between, and a new one has to be signed.
 */
async function submit(ask: Chain['ask'], raw: Hex, hash: Hex, attempt: number): Promise<boolean> {
  for (let tries = 1; ; tries++) {
    try {
      await ask<Hex>('eth_sendRawTransaction', [raw])
      return true
    } catch (error) {
      const message = (error as Error).message
      if (/already known|already imported|known transaction/i.test(message)) return true
      if (/nonce too low|nonce is too low|replacement transaction underpriced/i.test(message)) {
        if (await ask<object | null>('eth_getTransactionByHash', [hash]).catch(() => null)) return true
        if (attempt < ATTEMPTS_MAX) return false
      }
      // A refusal is final; an answer that did not come is asked for again.
      const isRefused = (error as { cause?: { message?: unknown; code?: unknown } }).cause?.code !== undefined
      if (isRefused || tries === ATTEMPTS_MAX) throw error
    }
  }
}

async function waitFor({ depth, ask }: Pick<Chain, 'depth' | 'ask'>, hash: Hex): Promise<Sent> {
  for (let waited = 0; waited < FINAL_TIMEOUT_MS; waited += POLL_MS) {
    // A receipt is asked for anew each time: a reorganisation can take it away, or put it into another block.
    const receipt = await ask<Receipt | null>('eth_getTransactionReceipt', [hash]).catch(() => null)
    // One answer that is lost is no reason to forget what was sent.
    const latest = BigInt(await ask<string>('eth_blockNumber', []).catch(() => '0x0'))
    if (receipt && latest - BigInt(receipt.blockNumber) + 1n >= BigInt(depth)) {
      if (receipt.status !== '0x1')
        throw new ColophonError('fetch_failed', 'the chain refused the transaction', { where: hash })
      return {
        transaction: hash,
        contract: (receipt.contractAddress ?? receipt.to)!,
        gas: BigInt(receipt.gasUsed),
        block: BigInt(receipt.blockNumber),
      }
    }
    await new Promise((done) => setTimeout(done, POLL_MS))
  }
  throw new ColophonError('fetch_failed', 'the transaction was sent, and is not final yet', {
    where: hash,
    remedy: 'Look again later: colophon chain check.',
  })
}
