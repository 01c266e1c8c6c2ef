import { ColophonError } from '../foundation/index.ts'
import { TermsContract, allowExactly, splitOf, type ChainShares, type Hex } from '../contracts/index.ts'
import { needRecord, readUses, type ChainVerb, type TermsFlags } from './chainFlags.ts'
import { asJson, readAddress, termsContractOf } from './chainPlace.ts'
import { needOne, print } from './command.ts'

const NOBODY: Hex = `0x${'00'.repeat(20)}`
const WHOLE = 10_000

/** `chain offer WORK`: what one bought grant costs, in the units of a token, and who shares it; with --end it ends. */
export const offer: ChainVerb = async (opened, config, flags, given) => {
  const contract = new TermsContract(opened, termsContractOf(config))
  const { record } = await needRecord(contract, needOne(given, 'work'))
  const said = flags.end
    ? { token: NOBODY, price: 0n, shares: [], resaleReceiver: NOBODY }
    : {
        token: readAddress(flags.token, '--token'),
        price: readPrice(flags.price),
        shares: readShares(flags.payee),
        resaleReceiver: flags.resale === undefined ? NOBODY : readAddress(flags.resale, '--resale'),
      }
  const sent = await contract.offer(record, said)
  print(flags.json, { ...asJson(opened, sent), record, price: String(said.price), shares: said.shares }, [
    flags.end ? 'The offer has ended.' : `Offered for ${said.price} units of ${said.token}.`,
    ...(flags.end
      ? []
      : ['Tell buyers the payees and their shares: the chain holds only a hash of them until somebody pays.']),
  ])
  return 0
}

/** `chain buy RECORD|WORK`: pays the price of the offer, exactly, and gets the grant. */
export const buy: ChainVerb = async (opened, config, flags, given) => {
  const contract = new TermsContract(opened, termsContractOf(config))
  const { record } = await needRecord(contract, needOne(given, 'record or work'))
  const licensee = readAddress(flags.licensee, '--licensee')
  const uses = readUses(flags.uses, '--uses')
  const shares = readShares(flags.payee)
  const held = await contract.record(record)
  if (!held || held.price === 0n)
    throw new ColophonError('not_found', 'there is no offer on this record', { where: record })
  if (splitOf(shares) !== held.split)
    throw new ColophonError('usage', 'the payees are others than those of the offer', {
      where: '--payee',
      remedy: 'Ask whoever offers: all payees, in their order, with their shares. Nothing was paid.',
    })
  // Only the price, and only for this: a contract that is let take more could take it later.
  await allowExactly(opened, held.token, contract.address, held.price)
  const sent = await contract.buy(record, licensee, uses, held.terms.revision, shares)
  print(flags.json, { ...asJson(opened, sent), record, licensee, price: String(held.price) }, [
    `Bought for ${held.price} units of ${held.token}: ${sent.gas} gas, ${sent.transaction}`,
  ])
  return 0
}

/** `chain fetch`: sends a payee what is owed to it. */
export const fetchOwed: ChainVerb = async (opened, config, flags) => {
  const contract = new TermsContract(opened, termsContractOf(config))
  const token = readAddress(flags.token, '--token')
  const payee = flags.payee?.length === 1 ? readAddress(flags.payee[0], '--payee') : opened.sender()
  const owed = await contract.owed(token, payee)
  if (owed === 0n) {
    print(flags.json, { payee, owed: '0' }, ['Nothing is owed.'])
    return 0
  }
  const sent = await contract.fetch(token, payee)
  print(flags.json, { ...asJson(opened, sent), payee, owed: String(owed) }, [`${owed} units sent to ${payee}.`])
  return 0
}

function readPrice(text: string | undefined): bigint {
  if (text !== undefined && /^[1-9]\d{0,27}$/.test(text)) return BigInt(text)
  throw new ColophonError('usage', 'a price is a whole number of the smallest units of the token', { where: '--price' })
}

/** Payees with their shares, as `ADDRESS:6667`; one alone may go without. Errors: `usage`. */
function readShares(given: TermsFlags['payee']): ChainShares {
  const shares = (given ?? []).map((each) => {
    const [address, share = given!.length === 1 ? String(WHOLE) : ''] = each.split(':')
    if (!/^[1-9]\d{0,4}$/.test(share))
      throw new ColophonError('usage', 'a payee is written as ADDRESS:SHARE, in ten-thousandths', { where: each })
    return { payee: readAddress(address, '--payee'), share: Number(share) }
  })
  if (shares.reduce((sum, { share }) => sum + share, 0) === WHOLE) return shares
  throw new ColophonError('usage', `the shares do not sum to ${WHOLE}`, { where: '--payee' })
}
