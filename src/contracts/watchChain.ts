import { ColophonError, isoTime, type Queries } from '../foundation/index.ts'
import {
  appendStatement,
  makeStatement,
  signStatement,
  type Register,
  type StatementSigner,
} from '../statements/index.ts'
import type { Hex } from './chain.ts'
import { readGrantEvents, type ChainPlace, type GrantEvent } from './events.ts'
import { listChainGrants, listChainRecords, type ChainGrantSubject } from './kinds.ts'
import type { TermsContract } from './terms.ts'
import { rulesOfUses, type ChainUse } from './uses.ts'

/** What was taken over from a chain. */
export interface Watched {
  granted: { statement: string; licensee: string; left: ChainUse[] }[]
  ended: { statement: string; licensee: string }[]
  /** Grants that cannot be stated, and why. */
  refused: { licensee: string; why: string }[]
  place: ChainPlace
}

type RecordRow = Awaited<ReturnType<typeof listChainRecords>>[number]

/** The last moment that has a date of four digits. */
const LAST_MOMENT = Date.parse('9999-12-31T23:59:59Z')

/**
 * Brings what happened on a chain into the register, as statements of a witness: grants as `ChainGrant`, for every record
 * whose statement names this witness and stands; ends as their revocation, whatever became of the record. Whether a grant
 * has ended the contract is asked, not the list of events. Run again it takes nothing twice. Errors: those of
 * `readGrantEvents` and of appending; what was appended stays, and the next run goes on.
 */
export async function watchChain(
  register: Register,
  contract: TermsContract,
  signer: StatementSigner,
  options: { after?: ChainPlace | undefined; from?: number },
): Promise<Watched> {
  const { db } = register.database
  const chain = `eip155:${contract.chain.id}`
  const own = (await listChainRecords(db, { chain, contract: contract.address })).filter(
    ({ witness }) => witness === signer.issuer,
  )
  const now = isoTime(register.effects.now())
  const standing = own.filter(({ revoked_from: revoked }) => revoked === null || revoked > now)
  const records = [...new Set(standing.map(({ record }) => record as Hex))]
  const { events, place } = await readGrantEvents(contract, options.after, { from: options.from, records })
  const watched: Watched = { granted: [], ended: [], refused: [], place }
  for (const event of events.filter(({ kind }) => kind === 'granted'))
    for (const { id } of standing.filter(({ record }) => record === event.record))
      await takeGrant(register, signer, id, chain, event, watched)
  await takeEnds(register, signer, contract, own, watched)
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
  // What begins after the last date there is gives nothing to anybody.
  if (from * 1000 >= LAST_MOMENT) return
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
  try {
    const statement = await say(register, signer, subject)
    watched.granted.push({ statement, licensee, left: rulesOfUses(uses).left })
  } catch (error) {
    // One that cannot be stated does not keep all others from being told.
    const isItsOwn = error instanceof ColophonError && REFUSALS.has(error.code)
    if (!isItsOwn) throw error
    watched.refused.push({ licensee, why: error.message })
  }
}

const REFUSALS: ReadonlySet<string> = new Set(['invalid_statement', 'state_not_allowed', 'not_found'])

/** Revokes what the contract holds as ended, or not at all; a licence that ends takes with it what was taken from it. */
async function takeEnds(
  register: Register,
  signer: StatementSigner,
  contract: TermsContract,
  own: readonly RecordRow[],
  watched: Watched,
): Promise<void> {
  const now = isoTime(register.effects.now())
  const grants = await listChainGrants(
    register.database.db,
    own.map(({ id }) => id),
  )
  const block: Hex = `0x${watched.place.block.toString(16)}`
  for (const row of grants) {
    if (row.revoked_from !== null || row.grant.until <= now) continue
    const record = own.find(({ id }) => id === row.chain_record)!.record as Hex
    const whose = [row.licensee.split(':').at(-1) as Hex, ...(row.parent ? [row.parent as Hex] : [])]
    const held = await Promise.all(whose.map((address) => contract.grantOf(record, address, block)))
    const until = Math.min(...held.map((grant) => grant?.until ?? 0))
    if (isoTime(Math.min(until * 1000, LAST_MOMENT)) >= row.grant.until) continue
    await say(register, signer, { type: 'Revocation', target: row.id, effectiveFrom: isoTime(register.effects.now()) })
    watched.ended.push({ statement: row.id, licensee: row.licensee })
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
