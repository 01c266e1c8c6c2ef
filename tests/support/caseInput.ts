import type { RequestInput } from '../../src/requests/index.ts'

/** What somebody says who has compared and may send a letter. */
export const caseInput: RequestInput = {
  kind: 'removal',
  senderName: 'Maria Muster',
  senderContact: 'maria@example.org',
  workTitle: 'Boats',
  isConfirmed: true,
  licensed: 'no',
  publicDomain: 'no',
  sameSubject: 'no',
  quotation: 'no',
  isInGoodFaith: true,
  isIntimate: false,
  isOwnPersonalData: false,
}
