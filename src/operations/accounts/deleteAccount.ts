import { sql } from 'kysely'
import { eraseAccount, eraseImports } from '../../accounts/index.ts'
import { ColophonError, canonicalJson, sha256Hex, type OpenDatabase } from '../../foundation/index.ts'
import type { Node } from '../../main.ts'
import { dropCodes, eraseSubscriptions } from '../../watching/index.ts'
import { eraseManySealed, makeStatement, signStatement, type Statement } from '../../statements/index.ts'
import { recordAction } from '../auditLog.ts'
import { eraseCase } from '../store.ts'
import { publicOf, readHoldings, sealedOf } from './holdings.ts'
import type { AccountRequest } from './signedRequest.ts'

/** What a deletion takes away and what it cannot, told before anybody signs. */
export interface DeletionPlan {
  party: string
  log: string
  erases: {
    /** Sealed statements: body and salt go; a commitment that nobody can open stays on the log. */
    sealed: { id: string; logIndex: number }[]
    cases: string[]
  }
  stays: {
    /** Public statements, under the party's key, as everybody can read and has maybe copied them. */
    statements: { id: string; logIndex: number; kinds: string }[]
    /** How many public statements of others name the party. */
    about: number
  }
}

export interface PlannedDeletion {
  plan: DeletionPlan
  /** SHA-256 of the plan: what a deletion is signed with. */
  agreed: string
}

export async function planDeletion(
  node: Node,
  { party, cases }: Omit<AccountRequest, 'agreed'>,
): Promise<PlannedDeletion> {
  const holdings = await readHoldings(node.register, party, cases)
  const plan: DeletionPlan = {
    party,
    log: node.register.log.origin,
    erases: {
      sealed: sealedOf(holdings).map(({ id, log_index }) => ({ id, logIndex: Number(log_index) })),
      cases: holdings.cases.map(({ id }) => id),
    },
    stays: {
      statements: publicOf(holdings).map(({ id, log_index, kinds }) => ({ id, logIndex: Number(log_index), kinds })),
      about: holdings.about.length,
    },
  }
  return { plan, agreed: sha256Hex(Buffer.from(canonicalJson(plan))) }
}

/** The plan in words. */
export function describePlan({ party, erases, stays }: DeletionPlan): string[] {
  return [
    `Party: ${party}`,
    `Is erased here: ${erases.sealed.length} sealed statements (what they say, and the salt that could prove it), ${erases.cases.length} cases (your name, how to reach you, the work, the evidence, the notes, the key).`,
    `Stays on the public log: ${stays.statements.length} public statements, signed with your key, and a commitment for each sealed one that nobody can open any more. Nobody can take an entry out of the log, and others may have copied it. Names that you wrote into public statements stay readable.`,
    `Stays: ${stays.about} public statements of others that name this key.`,
    'Terms and permissions that you stated stay in force until you take them back: do that first, if you want it.',
    'What you keep with your account goes, too: your mail address, passkeys’ names, sites, inboxes, imports with their files, webhooks that are told what is found, codes of the parts of your works, and that you are signed in. Where works that stay public were found stays on record.',
    'Applications for support that are not decided go wholly. Of an award your key, name and amount stay, because books must be kept; the texts go.',
    'Backups of this node hold what was erased until they are thrown away. Cases stay that are not kept in the account and of which you did not bring the key.',
    'None of this can be undone.',
  ]
}

/**
 * Erases what can be erased, when what was agreed to is still what is there, and answers a receipt that the node signs: it
 * lists what is gone and what stays. Errors: `confirmation_required` when the plan is another by now.
 */
export async function deleteAccount(node: Node, request: AccountRequest): Promise<Statement> {
  const { register } = node
  const { plan, agreed } = await planDeletion(node, request)
  if (request.agreed !== agreed)
    throw new ColophonError('confirmation_required', 'what would be erased and what stays is not what was agreed to', {
      where: 'agreed',
      remedy: 'Ask for the plan again, read it, and sign for it.',
    })
  const { db } = register.database
  await overwriteErased(register.database)
  await db.transaction().execute(async (queries) => {
    for (const id of plan.erases.cases) await eraseCase(queries, id)
    await eraseAccount(queries, plan.party)
    await eraseSubscriptions(queries, plan.party)
    await dropCodes(queries, plan.party)
  })
  eraseImports(node, plan.party)
  await eraseManySealed(
    register,
    plan.erases.sealed.map(({ id }) => id),
  )
  await emptyWriteAheadLog(register.database)
  const subject = { type: 'AccountDeletion', ...plan, agreed }
  const details = { sealed: plan.erases.sealed.length, cases: plan.erases.cases.length }
  await recordAction(node.config, { action: 'account delete', subject: plan.party, details }, register.effects.now)
  return signStatement(makeStatement(node.signer.issuer, [subject], register.effects), node.signer)
}

/** SQLite leaves what was deleted in free pages unless it is told to write zeroes over it. */
async function overwriteErased({ db, dialect }: OpenDatabase): Promise<void> {
  if (dialect === 'sqlite') await sql`PRAGMA secure_delete = on`.execute(db)
}

/** Its write-ahead log holds pages as they were. */
async function emptyWriteAheadLog({ db, dialect }: OpenDatabase): Promise<void> {
  if (dialect !== 'sqlite') return
  await sql`PRAGMA wal_checkpoint(TRUNCATE)`.execute(db)
  await sql`PRAGMA secure_delete = off`.execute(db)
}
