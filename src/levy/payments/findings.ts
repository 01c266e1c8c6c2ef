/** What a check of accounts or of bank files can find; a program may rely on these names. */
export type PaymentFindingCode =
  | 'address_incomplete'
  | 'address_unstructured'
  | 'amount_decimals'
  | 'amount_invalid'
  | 'amount_missing'
  | 'bic_country_differs'
  | 'bic_invalid'
  | 'character_not_permitted'
  | 'characters_lost'
  | 'count_differs'
  | 'count_missing'
  | 'currency_not_euro'
  | 'date_in_the_past'
  | 'date_invalid'
  | 'doctype_refused'
  | 'encoding_refused'
  | 'end_to_end_id_missing'
  | 'end_to_end_id_repeated'
  | 'iban_invalid'
  | 'iban_missing'
  | 'iban_outside_sepa'
  | 'identifier_invalid'
  | 'malformed_xml'
  | 'message_id_missing'
  | 'name_missing'
  | 'no_details'
  | 'remittance_repeated'
  | 'status_unknown'
  | 'sum_differs'
  | 'sum_missing'
  | 'text_too_long'
  | 'too_large'
  | 'version_untested'
  | 'wrong_message'

/** `error`: a bank refuses it, or it would pay wrongly; `warning`: some banks refuse it, or it will be refused later. */
export interface PaymentFinding {
  code: PaymentFindingCode
  severity: 'error' | 'warning'
  /** The payment or the batch, and the element or field in it. */
  where: string
  /** Which payment of the file it concerns, counted from 1. */
  payment?: number
  what: string
  remedy: string
}

/** The bounds of what is read and written here. */
export const paymentLimits = {
  bytesMax: 8 * 1024 ** 3,
  elementsMax: 400_000_000,
  depthMax: 24,
  /** Different paths of elements in one file; the messages read here have a few hundred. */
  pathsMax: 2000,
  textCharactersMax: 4096,
  /** The longest tag, comment or declaration. */
  tokenCharactersMax: 1024 * 1024,
  paymentsMax: 10_000_000,
  outcomesMax: 1_000_000,
  findingsMax: 1000,
} as const

/** Findings of one check: the first ones in full, and how many there are of each code. */
export class FindingList {
  readonly findings: PaymentFinding[] = []
  readonly counts: Partial<Record<PaymentFindingCode, number>> = {}

  add(finding: PaymentFinding): void {
    this.counts[finding.code] = (this.counts[finding.code] ?? 0) + 1
    if (this.findings.length < paymentLimits.findingsMax) this.findings.push(finding)
  }
}

/** Text from outside, shortened so that a finding stays readable; control characters become spaces. */
export function quoted(text: string): string {
  const plain = text.slice(0, 61).replaceAll(/[\p{Cc}\p{Cs}]/gu, ' ')
  return plain.length > 60 ? `“${plain.slice(0, 60)}…”` : `“${plain}”`
}
