import { isoTime, type Queries } from '../foundation/index.ts'
import {
  appendStatement,
  makeStatement,
  signStatement,
  type Register,
  type StatementSigner,
} from '../statements/index.ts'
import { readGrantEvents, type ChainPlace, type GrantEvent } from './events.ts'
import { listChainGrants, listChainRecords, type ChainGrantSubject } from './kinds.ts'
import type { TermsContract } from './terms.ts'
import { rulesOfUses, type ChainUse } from './uses.ts'

/** What was taken over from a chain. */
export interface Watched {
  granted: { statement: string; licensee: string; left: ChainUse[] }[]
  ended: { statement: string; licensee: string }[]
  /** Events at records that no statement here speaks of, or that name another witness. */
  others: number
  place: ChainPlace
}

/**
 * Brings what happened on a chain into the register, as statements of a witness: grants as `ChainGrant`, ends as their
 * revocation, for records whose statements name this witness. Run again it takes nothing twice. Errors: those of
 * `readGrantEvents` and of appending; what was appended stays, and the next run goes on.
 */
export async function watchChain(
  register: Register,
  contract: TermsContract,
  signer: StatementSigner,
  options: { after?: ChainPlace | undefined; from?: number },
): Promise<Watched> {
  const { events, place } = await readGrantEvents(contract, options.after, options.from)
  const { db } = register.database
  const chain = `eip155:${contract.chain.id}`
  const now = isoTime(register.effects.now())
  const records = (await listChainRecords(db, { chain, contract: contract.address })).filter(
    ({ witness, revoked_from: revoked }) => witness === signer.issuer && (revoked === null || revoked > now),
  )
  const watched: Watched = { granted: [], ended: [], others: 0, place }
  for (const event of events) {
    const record = records.find((each) => each.record === event.record)
    if (!record) watched.others++
    else if (event.kind === 'granted') await takeGrant(register, signer, record.id, chain, event, watched)
    else await takeEnd(register, signer, record.id, chain, event, watched)
  }
  return watched
}

async function takeGrant(
  register: Register,
  signer: StatementSigner,
  chainRecord: string,
  chain: string,
  event: GrantEvent,
  watched: Watched,
): Promise<void> {
  const licensee = `did:pkh:${chain}:${event.licensee}`
  if (await findGrant(register.database.db, chainRecord, licensee)) return
  const { uses, territory, mayBeRevoked, from, until, parent } = event.grant
  const subject: ChainGrantSubject = {
    type: 'ChainGrant',
    chainRecord,
    licensee,
    grant: {
      uses,
      territory,
      mayBeRevoked,
      from: isoTime(from * 1000),
      until: isoTime(Math.min(until * 1000, LAST_MOMENT)),
      ...(parent ? { parent } : {}),
    },
    transaction: event.transaction,
    block: event.block,
  }
  const statement = await say(register, signer, subject)
  watched.granted.push({ statement, licensee, left: rulesOfUses(uses).left })
}

/** The last moment that has a date of four digits. */
const LAST_MOMENT = Date.parse('9999-12-31T23:59:59Z')

/** A licence that ends takes with it what was taken from it. */
async function takeEnd(
  register: Register,
  signer: StatementSigner,
  chainRecord: string,
  chain: string,
  event: GrantEvent,
  watched: Watched,
): Promise<void> {
  const licensee = `did:pkh:${chain}:${event.licensee}`
  const ended = (await listChainGrants(register.database.db, [chainRecord])).filter(
    (each) => (each.licensee === licensee || each.parent === event.licensee) && each.revoked_from === null,
  )
  for (const { id, licensee: whose } of ended) {
    const effectiveFrom = isoTime(register.effects.now())
    await say(register, signer, { type: 'Revocation', target: id, effectiveFrom })
    watched.ended.push({ statement: id, licensee: whose })
  }
}

async function findGrant(queries: Queries, chainRecord: string, licensee: string): Promise<boolean> {
  return (await listChainGrants(queries, [chainRecord])).some((each) => each.licensee === licensee)
}

async function say(register: Register, signer: StatementSigner, subject: object): Promise<string> {
  const unsigned = makeStatement(signer.issuer, [subject as never], register.effects)
  const statement = signStatement(unsigned, signer)
  await appendStatement(register, statement)
  return statement.id
}
