import { randomBytes } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { ColophonError, dataPath, isoTime, toHex, writeFileDurably, type Config } from '../foundation/index.ts'
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
import { asJson, contractOf, readLog, termsContractOf } from './chainPlace.ts'
import { needOne, print, withRegister, type ExitCode } from './command.ts'
import { readSigner } from './recording.ts'
import { needKey } from './signing.ts'

/** What everybody can see from then on, said before anything is sent. */
const WARNING = [
  'A chain is public and keeps everything for ever: the address that holds this record, its terms, prices and shares, every',
  'licensee’s address and when it was granted what. Use an address that is nobody’s name, and another one for each grant.',
  'The work itself is not there: a salted hash of it is, and the salt stays in the data directory.',
]

/** `chain deploy --terms`: the guardian is the address of CHAIN_KEY. */
export async function deployTerms(
  opened: Chain,
  _: Config,
  anchors: Hex,
  log: Hex,
  flags: TermsFlags,
): Promise<ExitCode> {
  const sent = await TermsContract.deploy(opened, anchors, log, opened.sender())
  print(flags.json, asJson(opened, sent), [
    `The contract is ${sent.contract} on chain ${opened.id}; it took ${sent.gas} gas.`,
    `Set CHAIN_TERMS=${sent.contract}.`,
  ])
  return 0
}

/** `chain record WORK`: compiles what is in force for a work, and puts it on the chain once that is confirmed. */
export const record: ChainVerb = async (opened, config, flags, given) => {
  const work = needOne(given, 'work')
  const signer = readSigner(needKey(flags))
  const contract = new TermsContract(opened, termsContractOf(config))
  return withRegister(async (node) => {
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
      return 1
    }
    const holder = opened.sender()
    const known = await findOwnRecord(node, contract, work, signer.issuer)
    const salt = known ? undefined : randomBytes(32)
    const id = known?.record ?? recordOf(chainWorkOf(work, salt!), holder)
    if (salt) keepSalt(config, id, { work, salt: toHex(salt), contract: contract.address })
    const sent = salt ? await contract.open(chainWorkOf(work, salt), holder, terms) : await contract.change(id, terms)
    const subject = {
      type: 'ChainRecord',
      ...(flags['on-behalf-of'] ? { onBehalfOf: flags['on-behalf-of'] } : {}),
      target: { kind: 'work', id: work },
      chain: `eip155:${opened.id}`,
      contract: contract.address,
      record: id,
      witness: signer.issuer,
    }
    const statement = known?.id ?? (await append(node, signer, subject))
    print(flags.json, { ...asJson(opened, sent), record: id, statement, terms, losses }, [
      `${known ? 'Changed' : 'Opened'} record ${id}: ${sent.gas} gas, ${sent.transaction}`,
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
  const record = await needRecord(contract, work)
  const { leaf, index, path } = await proveStatement(opened, config, flags, statement)
  const sent = await contract.close(record, { leaf, index, proof: path })
  print(flags.json, { ...asJson(opened, sent), record, statement }, [`Closed: ${sent.gas} gas, ${sent.transaction}`])
  return 0
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
      .onConflict((conflict) => conflict.columns(['chain', 'contract', 'size']).doNothing())
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

/** Without the salt nobody can show which work a record is of: it is kept before anything is sent. */
function keepSalt(config: Config, record: Hex, said: { work: string; salt: string; contract: Hex }): void {
  mkdirSync(dataPath(config, 'chain'), { recursive: true, mode: 0o700 })
  writeFileDurably(dataPath(config, 'chain', `${record}.salt.json`), `${JSON.stringify(said)}\n`, 0o600)
}
