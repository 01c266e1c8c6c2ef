import type { DatasetHit } from '../../src/datasets/index.ts'
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

/** A place in a data set that such a letter may be about. */
export const caseHit = {
  dataset: 'set-1',
  datasetName: 'Set',
  datasetVersion: '1',
  row: 7,
  url: null,
  rowCodes: { sha256: 'a'.repeat(64) },
  match: 'exact-file',
  measure: 0,
  status: 'exact',
} as unknown as DatasetHit
