import { ColophonError } from '../foundation/index.ts'
import { bytesOf, callContract, deploy, hexOf, sendContract } from './abi.ts'
import { finalBlock, type Chain, type Hex, type Sent } from './chain.ts'
import { CHAIN_USES, maskOfUses, type ChainUse } from './uses.ts'
import { chainTerritories, packGrant, packTerms, unpackGrant, unpackTerms } from './words.ts'
import type { ChainGrant, ChainTerms, ChainTerritory } from './words.ts'

/** What a record on a chain says. */
export interface ChainRecord {
  terms: ReturnType<typeof unpackTerms>
  holder: Hex
  /** In the smallest unit of the token; 0 without an offer. */
  price: bigint
  token: Hex
  split: Hex
  resaleReceiver: Hex
}

/** Who shares what is paid, in ten-thousandths that sum to the whole. */
export type ChainShares = readonly { payee: Hex; share: number }[]

const NO_CONSENT: Uint8Array = new Uint8Array()

/** Terms and grants on a chain. Every function waits until it is final; errors: `fetch_failed` with the contract's refusal. */
export class TermsContract {
  readonly chain: Chain
  readonly address: Hex

  constructor(chain: Chain, address: Hex) {
    this.chain = chain
    this.address = address
  }

  /** Puts a new one on a chain: the log whose statements close records, where it is anchored, and who brings them. */
  static async deploy(chain: Chain, anchors: Hex, log: Hex, guardian: Hex): Promise<Sent> {
    return deploy(chain, 'ColophonTerms', { anchors_: anchors, log_: bytesOf(log), guardian_: guardian })
  }

  /** Opens a record. Without `consent` the sender must be the holder. */
  async open(work: Hex, holder: Hex, terms: ChainTerms, consent = NO_CONSENT): Promise<Sent> {
    return this.#send('open', { work: bytesOf(work), holder, terms: packTerms(terms), consent })
  }

  async change(record: Hex, terms: ChainTerms, consent = NO_CONSENT): Promise<Sent> {
    return this.#send('change', { record: bytesOf(record), terms: packTerms(terms), consent })
  }

  async offer(
    record: Hex,
    offer: { token: Hex; price: bigint; shares: ChainShares; resaleReceiver: Hex },
    consent = NO_CONSENT,
  ): Promise<Sent> {
    const { token, price, resaleReceiver } = offer
    return this.#send('offer', {
      record: bytesOf(record),
      token,
      price,
      ...columnsOf(offer.shares),
      resaleReceiver,
      consent,
    })
  }

  async handOn(record: Hex, to: Hex, consent = NO_CONSENT): Promise<Sent> {
    return this.#send('handOn', { record: bytesOf(record), to, consent })
  }

  async grant(record: Hex, licensee: Hex, grant: ChainGrant, consent = NO_CONSENT): Promise<Sent> {
    return this.#send('grantTo', { record: bytesOf(record), licensee, grant: packGrant(grant), consent })
  }

  /** The sender pays; it must have let the contract take the price from its tokens. */
  async grantForPrice(
    record: Hex,
    licensee: Hex,
    grant: ChainGrant,
    payment: { price: bigint; shares: ChainShares },
    consent: Uint8Array,
  ): Promise<Sent> {
    return this.#send('grantForPrice', {
      record: bytesOf(record),
      licensee,
      grant: packGrant(grant),
      price: payment.price,
      ...columnsOf(payment.shares),
      consent,
    })
  }

  /** Buys a grant at the price of the offer, as long as nothing of it changed since the revision. The sender pays. */
  async buy(
    record: Hex,
    licensee: Hex,
    uses: readonly ChainUse[],
    revision: number,
    shares: ChainShares,
  ): Promise<Sent> {
    return this.#send('buy', {
      record: bytesOf(record),
      licensee,
      uses: maskOfUses(uses),
      revision: BigInt(revision),
      ...columnsOf(shares),
    })
  }

  /** Takes a part of another's licence for the sender, with that one's consent. */
  async sublicense(record: Hex, parent: Hex, grant: ChainGrant, consent: Uint8Array): Promise<Sent> {
    return this.#send('sublicense', { record: bytesOf(record), parent, grant: packGrant(grant), consent })
  }

  /** Ends a grant. */
  async revoke(record: Hex, licensee: Hex, consent = NO_CONSENT): Promise<Sent> {
    return this.#send('revoke', { record: bytesOf(record), licensee, consent })
  }

  /** Closes a record by a statement of the anchored log: the place of its entry, its leaf hash and its proof. */
  async close(record: Hex, entry: { leaf: Uint8Array; index: number; proof: readonly Uint8Array[] }): Promise<Sent> {
    const { leaf, index, proof } = entry
    return this.#send('close', { record: bytesOf(record), leaf, index: BigInt(index), proof: [...proof] })
  }

  /** Stops new grants of all records, or lets them go on; the guardian alone may. What was granted holds. */
  async pause(isPaused: boolean): Promise<Sent> {
    return this.#send('pause', isPaused)
  }

  /** Sends a payee what is owed to it. */
  async fetch(token: Hex, payee: Hex): Promise<Sent> {
    return this.#send('fetch', { token, payee })
  }

  /** May this licensee do this, at this time (seconds since 1970)? As of the last final block. */
  async isPermitted(
    record: Hex,
    licensee: Hex,
    use: ChainUse,
    time: number,
    territory: ChainTerritory = 'world',
  ): Promise<boolean> {
    return (await this.#ask('isPermittedIn', {
      record: bytesOf(record),
      licensee,
      use: BigInt(CHAIN_USES.indexOf(use)),
      time: BigInt(time),
      territory: BigInt(chainTerritories.indexOf(territory)),
    })) as boolean
  }

  /** A record as of the last final block; `undefined` when there is none. */
  async record(record: Hex): Promise<ChainRecord | undefined> {
    const held = (await this.#ask('records', bytesOf(record))) as {
      terms: bigint
      holder: Hex
      price: bigint
      token: Hex
      split: Uint8Array
      resaleReceiver: Hex
    }
    if (held.terms === 0n) return undefined
    return { ...held, terms: unpackTerms(held.terms), split: hexOf(held.split) }
  }

  /** The grant of a licensee, at a block (the last final one); `undefined` when there is none. */
  async grantOf(record: Hex, licensee: Hex, block?: Hex): Promise<ReturnType<typeof unpackGrant> | undefined> {
    const word = (await this.#ask('grants', { record: bytesOf(record), licensee }, block)) as bigint
    return word === 0n ? undefined : unpackGrant(word)
  }

  /** What a payee can fetch, in the smallest unit of a token. */
  async owed(token: Hex, payee: Hex): Promise<bigint> {
    return (await this.#ask('owed', { token, payee })) as bigint
  }

  async #ask(method: string, input: unknown, block?: Hex): Promise<unknown> {
    const at = block ?? (await finalBlock(this.chain))
    if ((await this.chain.ask<string>('eth_getCode', [this.address, at])) === '0x')
      throw new ColophonError('not_found', 'there is no contract at this address in the last final block', {
        where: this.address,
      })
    return callContract(this.chain, 'ColophonTerms', this.address, method, input, at)
  }

  #send(method: string, input: unknown): Promise<Sent> {
    return sendContract(this.chain, 'ColophonTerms', this.address, method, input)
  }
}

const columnsOf = (shares: ChainShares) => ({
  payees: shares.map(({ payee }) => payee),
  shares: shares.map(({ share }) => BigInt(share)),
})
