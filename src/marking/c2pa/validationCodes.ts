import type { C2paCode, C2paFinding, Findings } from './report.ts'

/** One entry of the library's validation results; the codes are those of C2PA 2.4 section 15.2. */
export interface ValidationEntry {
  code: string
  url?: string
  explanation?: string
}

export const UNTRUSTED = 'signingCredential.untrusted'

type Meaning = [pattern: RegExp, code: C2paCode, severity: C2paFinding['severity'], message: string]

/** The first that fits counts. */
const MEANINGS: Meaning[] = [
  [
    /^signingCredential\.untrusted$/,
    'issuer_untrusted',
    'warning',
    'signed by somebody whose issuer is not trusted here',
  ],
  [/^signingCredential\.ocsp\.revoked|revoked$/, 'certificate_revoked', 'error', 'the certificate was revoked'],
  [/^signingCredential\.invalid$/, 'certificate_invalid', 'error', 'the certificate is not one that may sign content'],
  [/^claimSignature\.(?!outsideValidity)/, 'signature_invalid', 'error', 'the signature does not fit what it signs'],
  [/^assertion\.action\./, 'actions_malformed', 'error', 'the actions are not as they must be'],
  [
    /^assertion\.hashedURI\.|^assertion\.(missing|inaccessible)/,
    'assertion_changed',
    'error',
    'an assertion was changed or taken away',
  ],
  [
    /additionalExclusionsPresent$/,
    'bytes_not_covered',
    'note',
    'parts of the file beside the manifest are not covered by its hash',
  ],
  [
    /^assertion\.(data|bmff|boxes|collection|multiAsset)Hash\./,
    'content_changed',
    'error',
    'the content is not the one that was signed',
  ],
  [/^ingredient\./, 'ingredient_invalid', 'error', 'what the file was made from does not fit'],
  [/^algorithm\./, 'algorithm_unsupported', 'error', 'signed or hashed in a way that is not, or no longer, accepted'],
  [/^(claim|assertion|manifest|hashedURI)\b/, 'manifest_malformed', 'error', 'the manifest is not as it must be'],
]

/** Success, what was not asked for (looking up revocations), and what `readStore` judges: certificates' time, time-stamps. */
const SILENT =
  /^timeStamp\.|^signingCredential\.(ocsp\.(skipped|inaccessible|notRevoked)|trusted|expired)|\.(validated|match|insideValidity|outsideValidity)$/

/** Says in our own codes what the library found; a code that nobody knows is never taken for a success. */
export function addValidation(findings: Findings, entries: ValidationEntry[], kind: 'failure' | 'informational'): void {
  for (const { code, url } of entries) {
    const where = placeOf(url)
    const meaning = MEANINGS.find(([pattern]) => pattern.test(code))
    if (meaning) findings.add(meaning[1], kind === 'failure' ? meaning[2] : lighter(meaning[2]), meaning[3], where)
    else if (!SILENT.test(code))
      findings.add(
        'unknown_failure',
        kind === 'failure' ? 'error' : 'note',
        `the library says ${code.slice(0, 100)}`,
        where,
      )
  }
}

function lighter(severity: C2paFinding['severity']): C2paFinding['severity'] {
  return severity === 'error' ? 'warning' : severity
}

/** `self#jumbf=/c2pa/urn:c2pa:…/c2pa.assertions/c2pa.hash.data` → `c2pa.assertions/c2pa.hash.data`. */
function placeOf(url: string | undefined): string | undefined {
  return url?.replace(/^self#jumbf=(\/c2pa\/[^/]+\/)?/, '').slice(0, 200)
}
