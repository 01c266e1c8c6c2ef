import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { ColophonError, dataPath, parseJson, toHex, writeFileDurably, type Config } from '../foundation/index.ts'
import { TermsContract, grantDigest, watchChain, type Chain, type ChainPlace } from '../contracts/index.ts'
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
  const licensee = readAddress(flags.licensee, '--licensee', 'give it')
  const record = await needRecord(contract, work)
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
    print(flags.json, { record, digest: toHex(digest) }, [`0x${toHex(digest)}`])
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
  const licensee = readAddress(flags.licensee, '--licensee', 'give it')
  const record = await needRecord(contract, needOne(given, 'work'))
  const sent = await contract.revoke(record, licensee, readConsent(flags.consent))
  print(flags.json, { ...asJson(opened, sent), record, licensee }, [`Ended: ${sent.gas} gas, ${sent.transaction}`])
  return 0
}

/** `chain check --work …`: exit code 0 when it is permitted, otherwise 1. */
export async function askPermitted(opened: Chain, config: Config, flags: TermsFlags): Promise<ExitCode> {
  const contract = new TermsContract(opened, termsContractOf(config))
  const licensee = readAddress(flags.licensee, '--licensee', 'give it')
  const record = await needRecord(contract, flags.work!)
  const time = flags.at === undefined ? Math.floor(Date.now() / 1000) : readTime(flags.at, '--at')
  const [use] = readUses(flags.use, '--use')
  const isPermitted = await contract.isPermitted(record, licensee, use!, time, readTerritory(flags.territory))
  print(flags.json, { record, licensee, use, time, isPermitted }, [
    isPermitted ? 'Permitted, by the last final block.' : 'Not permitted, by the last final block.',
  ])
  return isPermitted ? 0 : 1
}

/** `chain watch`: takes over what happened since the last time, as statements of the witness that --key is. */
export const watch: ChainVerb = async (opened, config, flags) => {
  const contract = new TermsContract(opened, termsContractOf(config))
  const signer = readSigner(needKey(flags))
  const path = dataPath(config, 'chain', `${opened.id}-${contract.address}.json`)
  const after =
    flags.from === undefined && existsSync(path)
      ? (parseJson(readFileSync(path, 'utf8'), path) as unknown as ChainPlace)
      : undefined
  const from = readNumber(flags.from, 0, '--from')
  const watched = await withRegister(({ register }) => watchChain(register, contract, signer, { after, from }))
  mkdirSync(dataPath(config, 'chain'), { recursive: true, mode: 0o700 })
  writeFileDurably(path, `${JSON.stringify(watched.place)}\n`)
  print(flags.json, watched, [
    ...watched.granted.map(
      ({ statement, licensee, left }) =>
        `Granted to ${licensee}: ${statement}${left.length > 0 ? `; not taken over, because it would say more: ${left.join(', ')}` : ''}`,
    ),
    ...watched.ended.map(({ statement, licensee }) => `Ended for ${licensee}: ${statement}`),
    `Up to block ${watched.place.block}; ${watched.others} events of other records.`,
  ])
  return 0
}
