import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import {
  ColophonError,
  dataPath,
  fromHex,
  isoTime,
  parseJson,
  toHex,
  writeFileDurably,
  type Config,
} from '../foundation/index.ts'
import {
  CHAIN_USES,
  TermsContract,
  chainWorkOf,
  compileTerms,
  listChainRecords,
  logKey,
  readAnchor,
  recordOf,
  refuseLabelled,
  type Chain,
  type ChainAnchor,
  type Hex,
} from '../contracts/index.ts'
import { directoryFiles, proveFromFiles } from '../log/index.ts'
import type { Node } from '../main.ts'
import { readEffectiveTerms } from '../rights/index.ts'
import { appendStatement, findStatement, makeStatement, signStatement } from '../statements/index.ts'
import { needRecord, readNumber, readUses, type ChainVerb, type TermsFlags } from './chainFlags.ts'
import { asJson, contractOf, readAddress, readLog, termsContractOf } from './chainPlace.ts'
import { needOne, print, withRegister, type ExitCode } from './command.ts'
import { readSigner } from './recording.ts'
import { needKey } from './signing.ts'

/** What everybody can see from then on, said before anything is sent. */
const WARNING = [
  'A chain is public and keeps everything for ever: the address that holds this record, its terms, prices and shares, every',
  'licensee’s address and when it was granted what. Use an address that is nobody’s name, and another one for each grant.',
  'The work itself is not there: a salted hash of it is, and the salt stays in the data directory.',
]

/** `chain deploy --terms`: the guardian is the address of CHAIN_KEY, unless another one is given. */
export async function deployTerms(opened: Chain, anchors: Hex, log: Hex, flags: TermsFlags): Promise<ExitCode> {
  const guardian = flags.guardian === undefined ? opened.sender() : readAddress(flags.guardian, '--guardian')
  const sent = await TermsContract.deploy(opened, anchors, log, guardian)
  print(flags.json, { ...asJson(opened, sent), guardian }, [
    `The contract is ${sent.contract} on chain ${opened.id}; it took ${sent.gas} gas.`,
    `Its guardian is ${guardian}: keep that key apart from the one that holds records, so that a lost one can be made good.`,
    `Set CHAIN_TERMS=${sent.contract}.`,
  ])
  return 0
}

/** `chain record WORK`: compiles what is in force for a work, and puts it on the chain once that is confirmed. */
export const record: ChainVerb = async (opened, config, flags, given) => {
  const work = needOne(given, 'work')
  const signer = readSigner(needKey(flags))
  const contract = new TermsContract(opened, termsContractOf(config))
  return withRegister<ExitCode>(async (node) => {
    const { terms, losses } = await compileWork(node, work, flags)
    const lines = losses.map(({ use, rule, what }) => `  ${use}${rule === undefined ? '' : `, rule ${rule}`}: ${what}`)
    const modes = CHAIN_USES.map((use) => `  ${use}: ${terms.modes[use]}`)
    if (!flags['visible-forever']) {
      print(flags.json, { terms, losses, warning: WARNING.join(' ') }, [
        'Nothing was sent. These terms would be on the chain:',
        ...modes,
        ...(lines.length > 0 ? ['What they cannot hold:', ...lines] : []),
        ...WARNING,
        'If you want that, add --visible-forever.',
      ])
      return 0
    }
    const holder = opened.sender()
    const known = await findOwnRecord(node, contract, work, signer.issuer)
    const salt = known ? readSalt(config, known.record) : newSalt(config, work, contract, holder)
    const id = known?.record ?? recordOf(chainWorkOf(work, salt!), holder)
    // The register first: what it refuses is not sent, and what was not sent to the end is sent the next time.
    const statement =
      known?.id ??
      (await append(node, signer, {
        type: 'ChainRecord',
        ...(flags['on-behalf-of'] ? { onBehalfOf: flags['on-behalf-of'] } : {}),
        target: { kind: 'work', id: work },
        chain: `eip155:${opened.id}`,
        contract: contract.address,
        record: id,
        witness: signer.issuer,
      }))
    const isThere = known !== undefined && (await contract.record(id)) !== undefined
    if (!isThere && !salt)
      throw new ColophonError('not_found', 'the salt of this record is not in the data directory', {
        where: id,
        remedy: 'Restore it from a backup, or take the statement of the record back and record anew.',
      })
    const sent = isThere
      ? await contract.change(id, terms)
      : await contract.open(chainWorkOf(work, salt!), holder, terms)
    print(flags.json, { ...asJson(opened, sent), record: id, statement, terms, losses }, [
      `${isThere ? 'Changed' : 'Opened'} record ${id}: ${sent.gas} gas, ${sent.transaction}`,
      `Statement ${statement}`,
      ...(lines.length > 0 ? ['What the terms there cannot hold:', ...lines] : []),
    ])
    return 0
  })
}

async function compileWork({ register }: Node, work: string, flags: TermsFlags) {
  const now = register.effects.now()
  const { db } = register.database
  const effective = await readEffectiveTerms(db, work, isoTime(now))
  if (!effective) throw new ColophonError('not_found', 'there is no such public work', { where: work })
  // Before anything is sent: a chain takes nothing back.
  await refuseLabelled(db, { kind: 'work', id: work }, isoTime(now))
  const options = {
    grantsMayBeRevoked: !flags.final,
    licenseesMaySublicense: flags.sublicence === true,
    boughtDays: readNumber(flags['bought-days'], 365, '--bought-days'),
    share: readNumber(flags.share, 0, '--share'),
  }
  const compiled = compileTerms(
    effective.flatMap(({ rules }) => rules),
    options,
    now,
  )
  // A no to everybody is no obstacle to a yes to somebody, where the holder says that it is to be possible.
  for (const use of flags['by-grant'] === undefined ? [] : readUses(flags['by-grant'], '--by-grant'))
    if (compiled.terms.modes[use] === 'no') compiled.terms.modes[use] = 'byGrant'
  return compiled
}

/** `chain prove STATEMENT`: what a contract, or anybody, needs to see that the statement stands in the anchored log. */
export const prove: ChainVerb = async (opened, config, flags, given) => {
  const proof = await proveStatement(opened, config, flags, needOne(given, 'statement'))
  const [leaf, ...path] = [proof.leaf, ...proof.path].map((hash) => `0x${toHex(hash)}`)
  print(flags.json, { ...proof, leaf, path }, [
    `isInLog(${proof.log}, ${leaf}, ${proof.index}, [${path.join(', ')}])`,
    `asks ${proof.contract} on chain ${opened.id}, which holds ${proof.size} entries.`,
  ])
  return 0
}

async function proveStatement(opened: Chain, config: Config, flags: { contract?: string | undefined }, id: string) {
  const { vkey, checkpoint } = readLog(config)
  const contract = contractOf(config, flags)
  const log = logKey(vkey)
  const held = await readAnchor(opened, contract, log)
  if (!held) throw new ColophonError('not_found', 'nothing of this log is anchored there', { where: contract })
  const found = await withRegister(({ register }) => findStatement(register.database.db, id))
  if (!found) throw new ColophonError('not_found', 'there is no such statement', { where: id })
  const index = Number(found.log_index)
  if (index >= held.size)
    throw new ColophonError('state_not_allowed', 'the statement is not anchored yet', {
      where: id,
      remedy: 'Anchor the log first: colophon chain anchor.',
    })
  const files = directoryFiles(dataPath(config, 'log'))
  const entry = { index, size: held.size, published: checkpoint.size }
  return { contract, log, index, size: held.size, ...(await proveFromFiles((path) => files.read(path), entry)) }
}

/** `chain close WORK STATEMENT`: what the log says goes before what the chain says. */
export const close: ChainVerb = async (opened, config, flags, given) => {
  const contract = new TermsContract(opened, termsContractOf(config))
  const [work = '', statement] = given
  if (!statement) throw new ColophonError('usage', 'give the work, and the statement that closes its record')
  const { record, id } = await needRecord(contract, work, { revoked: true })
  if (id === '') throw new ColophonError('usage', 'close takes the work of a record, not the record', { where: work })
  await requireAbout(statement, id)
  const { leaf, index, path } = await proveStatement(opened, config, flags, statement)
  const sent = await contract.close(record, { leaf, index, proof: path })
  print(flags.json, { ...asJson(opened, sent), record, statement }, [`Closed: ${sent.gas} gas, ${sent.transaction}`])
  return 0
}

/** `chain pause` and `chain resume`: the guardian stops new grants while something is wrong, and lets them go on. */
export const pausing =
  (isPaused: boolean): ChainVerb =>
  async (opened, config, flags) => {
    const sent = await new TermsContract(opened, termsContractOf(config)).pause(isPaused)
    print(flags.json, { ...asJson(opened, sent), isPaused }, [
      isPaused ? 'No new grants from now on; what was granted holds.' : 'New grants are possible again.',
    ])
    return 0
  }

/** The contract takes any statement of the log: that it speaks of this record is seen to here. Errors: `usage`. */
async function requireAbout(statement: string, record: string): Promise<void> {
  const isAbout =
    statement === record ||
    (await withRegister(({ register }) =>
      register.database.db
        .selectFrom('revocation')
        .select('id')
        .where('target', '=', record)
        .where((where) => where.or([where('id', '=', statement), where('id', 'like', `${statement}#%`)]))
        .executeTakeFirst(),
    )) !== undefined
  if (!isAbout)
    throw new ColophonError('usage', 'this statement does not speak of the record', {
      where: statement,
      remedy: `Name the statement that takes ${record} back, or that one itself. A closed record stays closed.`,
    })
}

/** Keeps what the chain says of the log where the pages can read it. */
export async function noteAnchor(opened: Chain, contract: Hex, held: ChainAnchor | undefined): Promise<void> {
  if (!held) return
  await withRegister(({ register }) =>
    register.database.db
      .insertInto('chain_anchor')
      .values({
        chain: `eip155:${opened.id}`,
        contract,
        size: BigInt(held.size),
        root: toHex(held.root),
        anchored_at: isoTime(held.time * 1000),
        seen_at: isoTime(register.effects.now()),
      })
      .onConflict((conflict) =>
        conflict.columns(['chain', 'contract', 'size']).doUpdateSet((excluded) => ({
          root: excluded.ref('excluded.root'),
          anchored_at: excluded.ref('excluded.anchored_at'),
          seen_at: excluded.ref('excluded.seen_at'),
        })),
      )
      .execute(),
  )
}

async function findOwnRecord({ register }: Node, contract: TermsContract, work: string, witness: string) {
  const records = await listChainRecords(register.database.db, { targets: [work] })
  return records.find(
    (each) =>
      each.contract === contract.address &&
      each.chain === `eip155:${contract.chain.id}` &&
      each.witness === witness &&
      each.revoked_from === null,
  ) as { id: string; record: Hex } | undefined
}

async function append({ register }: Node, signer: ReturnType<typeof readSigner>, subject: object): Promise<string> {
  const statement = signStatement(makeStatement(signer.issuer, [subject as never], register.effects), signer)
  await appendStatement(register, statement)
  return statement.id
}

const saltFile = (config: Config, record: Hex) => dataPath(config, 'chain', `${record}.salt.json`)

/** Without the salt nobody can show which work a record is of: it is kept before anything is sent. */
function newSalt(config: Config, work: string, contract: TermsContract, holder: Hex): Uint8Array {
  const salt = new Uint8Array(randomBytes(32))
  mkdirSync(dataPath(config, 'chain'), { recursive: true, mode: 0o700 })
  const said = { work, salt: toHex(salt), contract: contract.address }
  const record = recordOf(chainWorkOf(work, salt), holder)
  writeFileDurably(saltFile(config, record), `${JSON.stringify(said)}\n`, 0o600)
  return salt
}

function readSalt(config: Config, record: Hex): Uint8Array | undefined {
  const path = saltFile(config, record)
  if (!existsSync(path)) return undefined
  return fromHex((parseJson(readFileSync(path, 'utf8'), path) as { salt: string }).salt)
}
