import { ADDRESS_FIELDS, checkAddress, type PaymentAccount, type PostalAddress } from './account.ts'
import { eurosOf } from './amounts.ts'
import { toSepaText } from './characters.ts'
import { normaliseIban } from './iban.ts'
import type { CreditTransfer, PaymentBatch, PaymentMessage, PaymentTotals } from './pain001.ts'

/** The group header. Texts pass into the permitted set here, which has no character that XML would need to escape. */
export function headerXml(message: PaymentMessage, totals: PaymentTotals): string {
  const created = `${message.createdAt.toISOString().slice(0, 19)}Z`
  const initiator = toSepaText(message.initiatingParty).text
  return (
    `<GrpHdr><MsgId>${message.id}</MsgId><CreDtTm>${created}</CreDtTm>${totalsXml(totals)}` +
    `<InitgPty><Nm>${initiator}</Nm></InitgPty></GrpHdr>`
  )
}

/** What stands in a batch before its transfers. */
export function batchXml(batch: PaymentBatch, totals: PaymentTotals): string {
  const debtor = accountAsWritten(batch.debtor)
  const agent = debtor.bic ? `<BICFI>${debtor.bic}</BICFI>` : '<Othr><Id>NOTPROVIDED</Id></Othr>'
  return (
    `<PmtInfId>${batch.id}</PmtInfId><PmtMtd>TRF</PmtMtd><BtchBookg>${batch.bookedAsOne ?? true}</BtchBookg>` +
    `${totalsXml(totals)}<PmtTpInf><SvcLvl><Cd>SEPA</Cd></SvcLvl></PmtTpInf>` +
    `<ReqdExctnDt><Dt>${batch.executionDate}</Dt></ReqdExctnDt>` +
    `<Dbtr>${partyXml(debtor)}</Dbtr><DbtrAcct><Id><IBAN>${debtor.iban}</IBAN></Id></DbtrAcct>` +
    `<DbtrAgt><FinInstnId>${agent}</FinInstnId></DbtrAgt><ChrgBr>SLEV</ChrgBr>`
  )
}

/** What of a transfer is written otherwise than it is given. */
export interface WrittenTexts {
  creditor: PaymentAccount
  /** Nothing when there is none. */
  remittance: string
}

/** One transfer. Elements without a value are left out, for the schema allows no empty ones. */
export function transferXml(
  { endToEndId, amountCents, purpose }: CreditTransfer,
  { creditor: account, remittance: text }: WrittenTexts,
): string {
  const bic = account.bic ? `<CdtrAgt><FinInstnId><BICFI>${account.bic}</BICFI></FinInstnId></CdtrAgt>` : ''
  return (
    `<CdtTrfTxInf><PmtId><EndToEndId>${endToEndId}</EndToEndId></PmtId>` +
    `<Amt><InstdAmt Ccy="EUR">${eurosOf(amountCents)}</InstdAmt></Amt>${bic}` +
    `<Cdtr>${partyXml(account)}</Cdtr><CdtrAcct><Id><IBAN>${account.iban}</IBAN></Id></CdtrAcct>` +
    (purpose ? `<Purp><Cd>${purpose}</Cd></Purp>` : '') +
    (text ? `<RmtInf><Ustrd>${text}</Ustrd></RmtInf>` : '') +
    '</CdtTrfTxInf>\n'
  )
}

/** The texts of a transfer that was found sound in the first reading. */
export function asWritten({ creditor, remittance }: CreditTransfer): WrittenTexts {
  return {
    creditor: accountAsWritten(creditor),
    remittance: remittance === undefined ? '' : toSepaText(remittance).text,
  }
}

/**
 * The account as it was found sound in the first reading. Texts pass into the permitted set again, whatever the second
 * reading gives; that its accounts and amounts are the ones that were checked, the writer makes sure at the end.
 */
function accountAsWritten({ name, iban, bic, address }: PaymentAccount): PaymentAccount {
  return {
    name: toSepaText(name).text,
    iban: /^[A-Z0-9]+$/.test(iban) ? iban : normaliseIban(iban),
    ...(bic ? { bic: bic.trim().toUpperCase() } : {}),
    ...(address ? { address: checkAddress(address, '').address } : {}),
  }
}

function totalsXml({ payments, cents }: PaymentTotals): string {
  return `<NbOfTxs>${payments}</NbOfTxs><CtrlSum>${eurosOf(cents)}</CtrlSum>`
}

function partyXml({ name, address }: PaymentAccount): string {
  return `<Nm>${name}</Nm>${address ? addressXml(address) : ''}`
}

function addressXml(address: PostalAddress): string {
  const fields = ADDRESS_FIELDS.map(([field, element]) =>
    address[field] ? `<${element}>${address[field]}</${element}>` : '',
  )
  const lines = (address.lines ?? []).map((line) => `<AdrLine>${line}</AdrLine>`)
  return `<PstlAdr>${fields.join('')}<Ctry>${address.country}</Ctry>${lines.join('')}</PstlAdr>`
}
