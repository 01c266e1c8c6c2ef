import { PDQ_RADIUS } from '../../datasets/index.ts'
import { PASSAGE_RUN_BYTES, differingBits, normalisePassageText, turnedHashes } from '../../fingerprints/index.ts'
import { fromHex } from '../../foundation/index.ts'
import type { WorkEvidence } from '../openCase.ts'
import type { BundleFinding } from './parts.ts'

/** Bits that a code turned by arithmetic may be off from one of the turned picture. */
const TURN_TOLERANCE = 8

/** Computes what was said to agree once more, out of what the evidence holds of both sides. */
export function recheckMatch({ hit, codes, row }: WorkEvidence): BundleFinding {
  const own = codes as Record<string, string | undefined>
  const { match, measure, rowCodes } = hit
  const agrees = (detail: string): BundleFinding => ({ code: 'match_recomputed', severity: 'good', detail })
  const differs = (detail: string): BundleFinding => ({ code: 'match_differs', severity: 'bad', detail })
  const unknown = (detail: string): BundleFinding => ({ code: 'match_not_recomputed', severity: 'open', detail })
  if (match === 'exact-file') {
    if (!rowCodes.sha256 || !own.sha256) return unknown('the data set states no SHA-256 for this row')
    return own.sha256 === rowCodes.sha256 ? agrees(`SHA-256 ${own.sha256} on both sides`) : differs('SHA-256 differs')
  }
  if (match === 'near-picture') {
    if (!rowCodes.pdq || !own.pdq)
      return unknown('the data set states no PDQ for this row; it was computed when indexed')
    const theirs = fromHex(rowCodes.pdq)
    const distances = turnedHashes(own.pdq).map((code) => differingBits(fromHex(code), theirs))
    if (distances[0] === measure && measure <= PDQ_RADIUS) return agrees(`PDQ codes differ in ${measure} of 256 bits`)
    const nearest = Math.min(...distances)
    if (nearest > PDQ_RADIUS + TURN_TOLERANCE)
      return differs(`PDQ codes differ in ${nearest} of 256 bits, as any two do`)
    return Math.abs(nearest - measure) <= TURN_TOLERANCE
      ? agrees(`PDQ codes of a turned or mirrored copy differ in about ${nearest} of 256 bits (${measure} stated)`)
      : differs(`PDQ codes differ in ${nearest} of 256 bits, not ${measure}`)
  }
  if (match === 'passage' && hit.alignment) {
    const shared = normalised(hit.alignment.shared)
    const texts = Object.values(row ?? {}).filter((value) => typeof value === 'string')
    if (texts.length === 0) return unknown('the row holds no text')
    if (shared.length < PASSAGE_RUN_BYTES) return unknown(`the quoted passage has less than ${PASSAGE_RUN_BYTES} bytes`)
    return texts.some((text) => normalised(text).includes(shared))
      ? agrees(`the shared passage stands in the row (${shared.length} bytes of it are quoted)`)
      : differs('the quoted passage does not stand in the row')
  }
  return unknown(`a match of the kind ${match} is recomputed from the files themselves`)
}

/** As the codes of passages see a text: without case, accents and punctuation; one character a byte. */
function normalised(text: string): string {
  return Buffer.from(normalisePassageText(text)).toString('latin1')
}
