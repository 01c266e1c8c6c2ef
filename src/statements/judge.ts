import { ColophonError, asColophonError, type Queries } from '../foundation/index.ts'
import type { Power, RowBatch, StatedSubject, StatementKind } from './kinds.ts'
import type { Register } from './register.ts'
import { parseDidKey } from './didKey.ts'
import type { Statement } from './schema.ts'
import { findMandates, findPartyKey, partyHasKeys, revokedFrom } from './store.ts'

export interface JudgedStatement {
  statement: Statement
  /** The did:key that signed. */
  didKey: string
  recordedAt: string
  logIndex: bigint
  isSealed: boolean
}

export type JudgedSubject = { kind: StatementKind<never>; stated: StatedSubject<never> }

/**
 * Judges a statement, whose signature has been verified, against the state of the register at its place in the log:
 * the key, the mandates, and what each kind asks. Throws the ColophonError that speaks against it.
 */
export async function judgeStatement(
  register: Register,
  judged: JudgedStatement,
  rows: RowBatch,
): Promise<JudgedSubject[]> {
  const { statement, didKey, recordedAt } = judged
  await requireKey(register, judged, rows)
  const siblings = statement.credentialSubject.map((subject, place) => readSubject(register, subject, place))
  refuseTwins(siblings.map(({ subject }) => subject))
  const subjects: JudgedSubject[] = []
  for (const [place, { kind, subject }] of siblings.entries()) {
    const onBehalfOf = (subject as { onBehalfOf?: string }).onBehalfOf
    const party = onBehalfOf ?? statement.issuer
    if (party !== statement.issuer) await requireMandate(statement.issuer, party, kind, recordedAt, rows)
    const ownId = place === 0 ? statement.id : `${statement.id}#${place}`
    const stated: StatedSubject<never> = {
      subject: subject as never,
      id: kind.isNamedByStatement ? ownId : ((subject as { id?: string }).id ?? ownId),
      issuer: statement.issuer,
      party,
      didKey,
      recordedAt,
      logIndex: judged.logIndex,
      isSealed: judged.isSealed,
      siblings: siblings.map((sibling) => sibling.subject as { type: string }),
    }
    await kind.judge?.(stated, rows)
    subjects.push({ kind, stated })
  }
  return subjects
}

/** Two subjects of one statement cannot be the same thing: each would be judged as if the other were not there. */
function refuseTwins(subjects: readonly object[]): void {
  const seen = new Set<string>()
  for (const subject of subjects) {
    const { id, commitment, target, type } = subject as {
      id?: string
      commitment?: string
      target?: unknown
      type: string
    }
    const revoked = type === 'Revocation' ? `revokes ${String(target)}` : undefined
    // Two answers to one proposal, approvals of one label, or withdrawals from one collection are judged as if the other
    // were not there.
    const { proposal, label, collection } = subject as { proposal?: string; label?: string; collection?: string }
    const about = [
      proposal && `answers ${proposal}`,
      label && `approves ${label}`,
      collection && `takes back from ${collection}`,
    ]
    for (const name of [id, commitment, revoked, ...about]) {
      if (name === undefined) continue
      if (seen.has(name))
        throw new ColophonError('duplicate_statement', 'two subjects of one statement are the same', { where: name })
      seen.add(name)
    }
  }
}

function readSubject(register: Register, subject: { type: string }, place: number) {
  const kind = register.kinds.get(subject.type)
  const where = `credentialSubject.${place}`
  if (!kind)
    throw new ColophonError('invalid_statement', `statements of the type ${subject.type} are not known`, { where })
  const result = kind.schema.safeParse(subject)
  if (!result.success) {
    const issue = result.error.issues[0]!
    throw new ColophonError('invalid_statement', issue.message, { where: [where, ...issue.path].join('.') })
  }
  return { kind, subject: result.data as object }
}

/** The signing key must speak for the issuer: be its own key, or one that its party statements name, and not be revoked. */
async function requireKey(
  register: Register,
  { statement, didKey, recordedAt }: JudgedStatement,
  rows: RowBatch,
): Promise<void> {
  const cacheKey = `${statement.issuer} ${didKey}`
  let state = register.keyCache.get(cacheKey)
  if (state === undefined) {
    state = await readKeyState(statement, didKey, rows)
    if (state !== 'new') register.keyCache.set(cacheKey, state)
  }
  if (state === 'unknown') {
    throw new ColophonError('unknown_key', 'this key does not speak for the issuer', {
      where: didKey,
      remedy: 'Sign with a key that the party has named, or name this key in a party statement first.',
    })
  }
  if (state.startsWith('revoked ') && state.slice('revoked '.length) <= recordedAt) {
    throw new ColophonError('revoked_key', `this key has been revoked from ${state.slice('revoked '.length)}`, {
      where: didKey,
      remedy: 'Sign with another key of the party.',
    })
  }
}

async function readKeyState(statement: Statement, didKey: string, rows: RowBatch): Promise<string> {
  const queries = await rows.queries()
  const revoked =
    (await revokedFrom(queries, didKey)) ?? (await revokedFrom(queries, keyOfParty(statement.issuer, didKey)))
  if (revoked) return `revoked ${revoked}`
  if (statement.issuer === didKey) return 'known'
  if (await findPartyKey(queries, statement.issuer, didKey)) return 'known'
  return namesItself(statement, didKey) && !(await partyHasKeys(queries, statement.issuer)) ? 'new' : 'unknown'
}

/** Whether a key speaks for a party at a moment: it is the party, or one that the party named, and was not revoked. */
export async function keySpeaksFor(queries: Queries, party: string, didKey: string, at: string): Promise<boolean> {
  for (const target of [didKey, keyOfParty(party, didKey)]) {
    const revoked = await revokedFrom(queries, target)
    if (revoked !== undefined && revoked <= at) return false
  }
  return party === didKey || (await findPartyKey(queries, party, didKey)) !== undefined
}

/** A party can take a key from itself only; what the key says for others, and for itself, is not the party's to end. */
export function keyOfParty(party: string, didKey: string): string {
  return `${party} ${didKey}`
}

/** A first party statement introduces its own keys. Only an organisation's domain can be introduced this way. */
function namesItself(statement: Statement, didKey: string): boolean {
  if (!statement.issuer.startsWith('did:web:')) return false
  return statement.credentialSubject.some((subject) => {
    const { type, id, keys } = subject as { type: string; id?: unknown; keys?: unknown }
    return type === 'Party' && id === statement.issuer && Array.isArray(keys) && keys.includes(didKey)
  })
}

async function requireMandate(
  representative: string,
  principal: string,
  kind: StatementKind<never>,
  at: string,
  rows: RowBatch,
): Promise<void> {
  const refusal = new ColophonError(
    'not_authorised',
    `${representative} has no mandate in force to state this for ${principal}`,
    {
      remedy: 'Ask the party for a mandate statement, or state it in your own name.',
    },
  )
  const { powers = [] } = kind
  if (powers.length === 0 || !(await hasMandate(await rows.queries(), representative, principal, at, powers)))
    throw refusal
}

/** Whether a party lets another speak for it at a moment, with one of these powers or, where none is named, with any. */
export async function hasMandate(
  queries: Queries,
  representative: string,
  principal: string,
  at: string,
  powers?: readonly Power[],
): Promise<boolean> {
  for (const mandate of await findMandates(queries, representative, principal)) {
    const isInForce = mandate.valid_from <= at && (mandate.valid_until === null || at < mandate.valid_until)
    if (!isInForce || (powers && !mandate.powers.split(' ').some((power) => powers.includes(power as Power)))) continue
    const revoked = await revokedFrom(queries, mandate.id)
    if (!revoked || at < revoked) return true
  }
  return false
}

/** Checks that a did:key is well formed, as a kind's own check may need it. */
export function requireDidKey(didKey: string): void {
  try {
    parseDidKey(didKey)
  } catch (error) {
    throw new ColophonError('invalid_statement', asColophonError(error).message, { where: didKey })
  }
}
