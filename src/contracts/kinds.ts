import { z } from 'zod'
import { ColophonError, type Queries } from '../foundation/index.ts'
import { findWork } from '../register/index.ts'
import { findLabels, readReach, requireTarget, subjectIdSchema } from '../rights/index.ts'
import { didSchema, momentSchema, pkhSchema, type StatementKind } from '../statements/index.ts'
import { CHAIN_USES, rulesOfUses } from './uses.ts'
import { chainTerritories, type ChainTerritory } from './words.ts'

declare module '../foundation/tables.ts' {
  interface Tables {
    chain_record: {
      id: string
      party: string
      target_kind: string
      target: string
      chain: string
      contract: string
      record: string
      witness: string
      recorded_at: string
      log_index: bigint
    }
    chain_grant: {
      id: string
      chain_record: string
      licensee: string
      parent: string | null
      said: string
      tx: string
      block: bigint
      recorded_at: string
      log_index: bigint
    }
    chain_anchor: {
      chain: string
      contract: string
      size: bigint
      root: string
      anchored_at: string
      seen_at: string
    }
  }
}

/** CAIP-2: the kind of chain and its number. */
const chainSchema = z.string().regex(/^eip155:[1-9]\d{0,17}$/)
const addressSchema = z.string().regex(/^0x[0-9a-f]{40}$/)
const wordSchema = z.string().regex(/^0x[0-9a-f]{64}$/)

const recordSchema = z.strictObject({
  type: z.literal('ChainRecord'),
  onBehalfOf: didSchema.optional(),
  target: z.strictObject({
    kind: z.enum(['work', 'set']),
    id: z.string().regex(/^urn:(uuid:[0-9a-f-]{36}|colophon:item:[0-9a-f-]{36}:\d{1,7})$/),
  }),
  chain: chainSchema,
  contract: addressSchema,
  record: wordSchema,
  /** Whose word on what stands on the chain counts here. */
  witness: didSchema,
})

/** A rightsholder's word that grants at a record on a chain are grants for this work. Revoked like any other. */
export const chainRecordKind: StatementKind<z.infer<typeof recordSchema>> = {
  type: 'ChainRecord',
  schema: recordSchema,
  tables: ['chain_record'],
  powers: ['grant'],
  async judge({ subject, party, siblings, recordedAt }, rows) {
    const { target } = subject
    await requireTarget(target, siblings, rows)
    const queries = await rows.queries()
    const isDeclaredHere = siblings.some((sibling) => (sibling as { id?: string }).id === target.id)
    if (!isDeclaredHere && !(await hasSay(queries, target, party)))
      throw new ColophonError('not_authorised', 'only who declared it, or is named as its creator, can say so', {
        where: target.id,
      })
    await refuseLabelled(queries, target, recordedAt)
  },
  project({ subject, id, party, recordedAt, logIndex }, rows) {
    const { target, chain, contract, record, witness } = subject
    rows.add('chain_record', {
      id,
      party,
      target_kind: target.kind,
      target: target.id,
      chain,
      contract,
      record,
      witness,
      recorded_at: recordedAt,
      log_index: logIndex,
    })
  },
}

async function hasSay(queries: Queries, target: { kind: string; id: string }, party: string): Promise<boolean> {
  if (target.kind === 'work') {
    const work = await findWork(queries, target.id)
    return work !== undefined && (await readReach(queries, work)).parties.has(party)
  }
  const set = await queries.selectFrom('collection').select('party').where('id', '=', target.id).executeTakeFirst()
  return set?.party === party
}

/** What a community has put a label on does not go on a chain, which takes nothing back. Errors: `not_authorised`. */
export async function refuseLabelled(
  queries: Queries,
  target: { kind: string; id: string },
  at: string,
): Promise<void> {
  const work = target.kind === 'work' ? await findWork(queries, target.id) : undefined
  const targets = work ? (await readReach(queries, work)).targets : [target]
  const [label] = await findLabels(queries, targets, at)
  if (label)
    throw new ColophonError('not_authorised', 'a work under the label of a community does not go on a chain', {
      where: label.id,
    })
}

const grantSchema = z.strictObject({
  type: z.literal('ChainGrant'),
  /** The statement of the record that it was granted at. */
  chainRecord: subjectIdSchema,
  /** Whom it was granted to, as `did:pkh:eip155:…`. */
  licensee: pkhSchema,
  grant: z.strictObject({
    uses: z.array(z.enum(CHAIN_USES)).min(1),
    territory: z.enum(chainTerritories),
    mayBeRevoked: z.boolean(),
    from: momentSchema,
    until: momentSchema,
    /** Whose licence it was taken from. */
    parent: addressSchema.optional(),
  }),
  transaction: wordSchema,
  block: z.int().min(0),
})

export type ChainGrantSubject = z.infer<typeof grantSchema>

/** What a witness saw on a chain: a grant. It counts as a grant of whoever stated the record; ended, it is revoked. */
export const chainGrantKind: StatementKind<ChainGrantSubject> = {
  type: 'ChainGrant',
  schema: grantSchema,
  tables: ['chain_grant'],
  async judge({ subject, issuer, recordedAt }, rows) {
    const queries = await rows.queries()
    const record = await findChainRecord(queries, subject.chainRecord)
    if (!record)
      throw new ColophonError('not_found', 'there is no such record of a chain', { where: subject.chainRecord })
    if (record.witness !== issuer)
      throw new ColophonError('not_authorised', 'only the witness that the record names tells of its grants', {
        where: record.witness,
      })
    if (!subject.licensee.startsWith(`did:pkh:${record.chain}:`))
      throw new ColophonError('invalid_statement', 'the licensee is of another chain', { where: subject.licensee })
    if (record.revoked_from !== null && record.revoked_from <= recordedAt)
      throw new ColophonError('state_not_allowed', 'the record was taken back', { where: subject.chainRecord })
    const known = await queries
      .selectFrom('chain_grant')
      .select('id')
      .where('chain_record', '=', subject.chainRecord)
      .where('licensee', '=', subject.licensee)
      .executeTakeFirst()
    if (known) throw new ColophonError('duplicate_statement', 'this grant was told of before', { where: known.id })
  },
  async project({ subject, id, recordedAt, logIndex }, rows) {
    const { chainRecord, licensee, grant, transaction, block } = subject
    rows.add('chain_grant', {
      id,
      chain_record: chainRecord,
      licensee,
      parent: grant.parent ?? null,
      said: JSON.stringify(grant),
      tx: transaction,
      block,
      recorded_at: recordedAt,
      log_index: logIndex,
    })
    const record = (await findChainRecord(await rows.queries(), chainRecord))!
    const { rules } = rulesOfUses(grant.uses)
    if (rules.length === 0) return
    const territory = TERRITORY[grant.territory]
    rows.add('rights_grant', {
      id,
      licensor: record.party,
      licensee,
      target_kind: record.target_kind,
      target: record.target,
      actions: [...new Set(rules.map(({ action }) => action))].join(' '),
      valid_from: grant.from > recordedAt ? grant.from : recordedAt,
      valid_until: grant.until,
      rules: JSON.stringify(rules.map((rule) => (territory ? { ...rule, territory: [territory] } : rule))),
      proposal: null,
      log_index: logIndex,
    })
  },
}

/** The register has no word for the Council of Europe: the EEA is in it. */
const TERRITORY: Record<ChainTerritory, 'EU' | 'EEA' | undefined> = {
  world: undefined,
  councilOfEurope: 'EEA',
  EEA: 'EEA',
  EU: 'EU',
}

/** A record by its statement, and from when on it is taken back. */
export async function findChainRecord(queries: Queries, id: string) {
  return chainRecords(queries).where('chain_record.id', '=', id).executeTakeFirst()
}

/** All records at a contract, or of a work and the set it is in, the newest first. */
export async function listChainRecords(
  queries: Queries,
  by: { chain: string; contract: string } | { targets: readonly string[] },
) {
  const query = chainRecords(queries).orderBy('log_index', 'desc')
  return 'targets' in by
    ? query.where('target', 'in', by.targets).limit(RECORDS_MAX).execute()
    : query.where('chain', '=', by.chain).where('contract', '=', by.contract).execute()
}

const RECORDS_MAX = 100

function chainRecords(queries: Queries) {
  return queries
    .selectFrom('chain_record')
    .selectAll('chain_record')
    .select((expression) =>
      expression
        .selectFrom('revocation')
        .select(({ fn }) => fn.min<string | null>('effective_from').as('first'))
        .whereRef('revocation.target', '=', 'chain_record.id')
        .as('revoked_from'),
    )
}

/** The grants that are told of at some records, the newest first, with the moment from which they are ended. */
export async function listChainGrants(queries: Queries, records: readonly string[]) {
  if (records.length === 0) return []
  const rows = await queries
    .selectFrom('chain_grant')
    .selectAll('chain_grant')
    .select((expression) =>
      expression
        .selectFrom('revocation')
        .select(({ fn }) => fn.min<string | null>('effective_from').as('first'))
        .whereRef('revocation.target', '=', 'chain_grant.id')
        .as('revoked_from'),
    )
    .where('chain_record', 'in', records)
    .orderBy('log_index', 'desc')
    .execute()
  return rows.map(({ said, ...row }) => ({ ...row, grant: JSON.parse(said) as ChainGrantSubject['grant'] }))
}
