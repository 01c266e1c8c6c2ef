import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import {
  ColophonError,
  dataPath,
  parseJson,
  sha256Hex,
  toHex,
  writeFileDurably,
  type Config,
} from '../foundation/index.ts'
import {
  TermsContract,
  grantDigest,
  listChainRecords,
  revokeDigest,
  watchChain,
  type Chain,
  type ChainPlace,
} from '../contracts/index.ts'
import {
  needRecord,
  readConsent,
  readGrant,
  readNumber,
  readTerritory,
  readTime,
  readUses,
  type ChainVerb,
  type TermsFlags,
} from './chainFlags.ts'
import { asJson, readAddress, termsContractOf } from './chainPlace.ts'
import { needOne, print, withRegister, type ExitCode } from './command.ts'
import { readSigner } from './recording.ts'
import { needKey } from './signing.ts'

/** `chain grant WORK`: with --digest it says what a holder with another key signs, with --consent it sends what was signed. */
export const grant: ChainVerb = async (opened, config, flags, given) => {
  const work = needOne(given, 'work')
  const contract = new TermsContract(opened, termsContractOf(config))
  const licensee = readAddress(flags.licensee, '--licensee')
  const { record } = await needRecord(contract, work)
  const said = readGrant(flags)
  if (flags.digest) {
    const held = await contract.record(record)
    if (!held) throw new ColophonError('not_found', 'the record is not on the chain', { where: record })
    const digest = grantDigest(
      { chainId: opened.id, contract: contract.address },
      record,
      licensee,
      said,
      held.terms.revision,
    )
    print(flags.json, { record, licensee, grant: said, digest: toHex(digest) }, [`0x${toHex(digest)}`])
    return 0
  }
  const sent = await contract.grant(record, licensee, said, readConsent(flags.consent))
  print(flags.json, { ...asJson(opened, sent), record, licensee, grant: said }, [
    `Granted to ${licensee}: ${sent.gas} gas, ${sent.transaction}`,
    'colophon chain watch brings it into the register.',
  ])
  return 0
}

/** `chain revoke WORK`. */
export const revoke: ChainVerb = async (opened, config, flags, given) => {
  const contract = new TermsContract(opened, termsContractOf(config))
  const licensee = readAddress(flags.licensee, '--licensee')
  const { record } = await needRecord(contract, needOne(given, 'work'))
  if (flags.digest) {
    const digest = revokeDigest({ chainId: opened.id, contract: contract.address }, record, licensee)
    print(flags.json, { record, licensee, digest: toHex(digest) }, [`0x${toHex(digest)}`])
    return 0
  }
  const sent = await contract.revoke(record, licensee, readConsent(flags.consent))
  print(flags.json, { ...asJson(opened, sent), record, licensee }, [`Ended: ${sent.gas} gas, ${sent.transaction}`])
  return 0
}

/** `chain check --work …`: exit code 0 when it is permitted, otherwise 1. */
export async function askPermitted(opened: Chain, config: Config, flags: TermsFlags): Promise<ExitCode> {
  const contract = new TermsContract(opened, termsContractOf(config))
  const licensee = readAddress(flags.licensee, '--licensee')
  const { record } = await needRecord(contract, flags.work!)
  const time = flags.at === undefined ? Math.floor(Date.now() / 1000) : readTime(flags.at, '--at')
  const [use] = readUses(flags.use, '--use')
  const isPermitted = await contract.isPermitted(record, licensee, use!, time, readTerritory(flags.territory))
  print(flags.json, { record, licensee, use, time, isPermitted }, [
    isPermitted ? 'Permitted, by the last final block.' : 'Not permitted, by the last final block.',
  ])
  return isPermitted ? 0 : 1
}

/** Up to where a witness has looked, for which records. */
interface Kept {
  place: ChainPlace
  records: string[]
}

/** `chain watch`: takes over what happened since the last time, as statements of the witness that --key is. */
export const watch: ChainVerb = async (opened, config, flags) => {
  const contract = new TermsContract(opened, termsContractOf(config))
  const signer = readSigner(needKey(flags))
  // Of this witness: another one has seen other things.
  const name = `${opened.id}-${contract.address}-${sha256Hex(Buffer.from(signer.issuer)).slice(0, 16)}.json`
  const path = dataPath(config, 'chain', name)
  const from = readNumber(flags.from, 0, '--from')
  const { watched, records } = await withRegister(async ({ register }) => {
    const own = (
      await listChainRecords(register.database.db, { chain: `eip155:${opened.id}`, contract: contract.address })
    ).filter(({ witness }) => witness === signer.issuer)
    const stated = own.map(({ id }) => id).sort()
    const kept = existsSync(path) ? (parseJson(readFileSync(path, 'utf8'), path) as unknown as Kept) : undefined
    // What was granted before a record was stated is told, too: then all is read again.
    const isNew = !kept || stated.some((id) => !kept.records.includes(id))
    const after = flags.from === undefined && !isNew ? kept!.place : undefined
    return { watched: await watchChain(register, contract, signer, { after, from }), records: stated }
  })
  mkdirSync(dataPath(config, 'chain'), { recursive: true, mode: 0o700 })
  writeFileDurably(path, `${JSON.stringify({ place: watched.place, records } satisfies Kept)}\n`)
  print(flags.json, watched, [
    ...watched.granted.map(
      ({ statement, licensee, left }) =>
        `Granted to ${licensee}: ${statement}${left.length > 0 ? `; not taken over, because it would say more: ${left.join(', ')}` : ''}`,
    ),
    ...watched.ended.map(({ statement, licensee }) => `Ended for ${licensee}: ${statement}`),
    ...watched.refused.map(({ licensee, why }) => `Not taken over, for ${licensee}: ${why}`),
    `Up to block ${watched.place.block}.`,
  ])
  return 0
}
