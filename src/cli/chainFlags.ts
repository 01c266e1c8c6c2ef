import { ColophonError, isoTime, type Config } from '../foundation/index.ts'
import {
  CHAIN_USES,
  chainTerritories,
  listChainRecords,
  type Chain,
  type ChainGrant,
  type ChainTerritory,
  type ChainUse,
  type Hex,
  type TermsContract,
} from '../contracts/index.ts'
import { findWork } from '../register/index.ts'
import { readReach } from '../rights/index.ts'
import { withRegister, type ExitCode } from './command.ts'

export const termsOptions = {
  terms: { type: 'boolean' },
  key: { type: 'string' },
  'on-behalf-of': { type: 'string' },
  'visible-forever': { type: 'boolean' },
  'by-grant': { type: 'string' },
  'bought-days': { type: 'string' },
  share: { type: 'string' },
  final: { type: 'boolean' },
  sublicence: { type: 'boolean' },
  work: { type: 'string' },
  licensee: { type: 'string' },
  uses: { type: 'string' },
  use: { type: 'string' },
  at: { type: 'string' },
  from: { type: 'string' },
  until: { type: 'string' },
  territory: { type: 'string' },
  digest: { type: 'boolean' },
  guardian: { type: 'string' },
  token: { type: 'string' },
  price: { type: 'string' },
  payee: { type: 'string', multiple: true },
  resale: { type: 'string' },
  end: { type: 'boolean' },
  consent: { type: 'string' },
} as const

export interface TermsFlags {
  json?: boolean | undefined
  terms?: boolean | undefined
  final?: boolean | undefined
  sublicence?: boolean | undefined
  digest?: boolean | undefined
  'visible-forever'?: boolean | undefined
  key?: string | undefined
  'on-behalf-of'?: string | undefined
  'by-grant'?: string | undefined
  'bought-days'?: string | undefined
  share?: string | undefined
  work?: string | undefined
  licensee?: string | undefined
  uses?: string | undefined
  use?: string | undefined
  at?: string | undefined
  from?: string | undefined
  until?: string | undefined
  territory?: string | undefined
  consent?: string | undefined
  guardian?: string | undefined
  token?: string | undefined
  price?: string | undefined
  payee?: string[] | undefined
  resale?: string | undefined
  end?: boolean | undefined
}

export type ChainVerb = (
  opened: Chain,
  config: Config,
  flags: TermsFlags & { contract?: string | undefined },
  given: string[],
) => Promise<ExitCode>

export const termsForms = [
  'chain deploy --terms [--guardian ADDRESS]',
  'chain record WORK --key KEY.pem --visible-forever [--by-grant USE,…] [--bought-days N] [--share TEN-THOUSANDTHS] [--final] [--sublicence] [--on-behalf-of DID]',
  'chain grant WORK --licensee ADDRESS --uses USE,… --until DAY [--from DAY] [--territory GROUP] [--final] [--sublicence] [--digest | --consent HEX]',
  'chain revoke WORK --licensee ADDRESS [--digest | --consent HEX]',
  'chain check --work WORK --licensee ADDRESS --use USE [--at TIME] [--territory GROUP]',
  'chain offer WORK --token ADDRESS --price UNITS --payee ADDRESS:SHARE … [--resale ADDRESS] | --end',
  'chain buy RECORD|WORK --licensee ADDRESS --uses USE,… --payee ADDRESS:SHARE …',
  'chain fetch --token ADDRESS [--payee ADDRESS]',
  'chain watch --key KEY.pem [--from BLOCK]',
  'chain prove STATEMENT',
  'chain close WORK STATEMENT',
  'chain pause',
  'chain resume',
]

/**
 * The newest record of a work at this contract, of somebody who has a say over the work: anybody can state one. `revoked`
 * also takes one that was taken back. Errors: `not_found`.
 */
export async function needRecord(contract: TermsContract, work: string, options: { revoked?: boolean } = {}) {
  // Whoever buys or asks need not know the register: a record goes by its own name, too.
  if (/^0x[0-9a-f]{64}$/.test(work)) return { record: work as Hex, id: '' }
  return withRegister(async ({ register }) => {
    const queries = register.database.db
    const now = isoTime(register.effects.now())
    const found = await findWork(queries, work)
    const { parties } = found ? await readReach(queries, found) : { parties: new Set<string>() }
    const record = (await listChainRecords(queries, { targets: [work] })).find(
      (each) =>
        parties.has(each.party) &&
        each.contract === contract.address &&
        each.chain === `eip155:${contract.chain.id}` &&
        (options.revoked || each.revoked_from === null || each.revoked_from > now),
    )
    if (record) return { ...record, record: record.record as Hex }
    throw new ColophonError('not_found', 'the work has no record at this contract', {
      where: work,
      remedy: 'Make one: colophon chain record.',
    })
  })
}

export function readGrant(flags: TermsFlags): ChainGrant {
  if (flags.until === undefined) throw new ColophonError('usage', 'give --until, the day or time at which it ends')
  // What is signed and what is sent have to be the same, and now is another time each time.
  if (flags.from === undefined && (flags.digest || flags.consent !== undefined))
    throw new ColophonError('usage', 'give --from, too: what is signed names when it begins')
  return {
    uses: readUses(flags.uses, '--uses'),
    mayBeRevoked: !flags.final,
    maySublicense: flags.sublicence === true,
    territory: readTerritory(flags.territory),
    from: flags.from === undefined ? Math.floor(Date.now() / 1000) : readTime(flags.from, '--from'),
    until: readTime(flags.until, '--until'),
  }
}

export function readUses(text: string | undefined, where: string): ChainUse[] {
  const uses = (text ?? '').split(',').map((each) => each.trim()) as ChainUse[]
  const wrong = uses.find((use) => !CHAIN_USES.includes(use))
  if (wrong === undefined) return [...new Set(uses)]
  throw new ColophonError('usage', `${where} takes ${CHAIN_USES.join(', ')}`, { where: wrong })
}

export function readTerritory(text: string | undefined): ChainTerritory {
  if (text === undefined) return 'world'
  if (chainTerritories.includes(text as ChainTerritory)) return text as ChainTerritory
  throw new ColophonError('usage', `--territory takes ${chainTerritories.join(', ')}`, { where: text })
}

export function readTime(text: string, where: string): number {
  const time = Date.parse(text)
  if (Number.isNaN(time)) throw new ColophonError('usage', 'this is no day and no time', { where: `${where} ${text}` })
  return Math.floor(time / 1000)
}

export function readNumber(text: string | undefined, otherwise: number, where: string): number {
  if (text === undefined) return otherwise
  if (/^\d{1,12}$/.test(text)) return Number(text)
  throw new ColophonError('usage', 'a whole number is needed', { where: `${where} ${text}` })
}

export function readConsent(text: string | undefined): Uint8Array | undefined {
  if (text === undefined) return undefined
  if (/^0x([0-9a-fA-F]{2}){65,2000}$/.test(text)) return new Uint8Array(Buffer.from(text.slice(2), 'hex'))
  throw new ColophonError('usage', '--consent is no signature: 0x and at least 65 bytes in hexadecimal')
}
