import { describeManifest } from './describeManifest.ts'
import { describeCertificate, type Evidence } from './evidence.ts'
import { readIngredients } from './ingredients.ts'
import { Findings, type ActiveManifest, type C2paReport } from './report.ts'
import type { StoreDescription, ValidationResults } from './storeDescription.ts'
import { Tidier } from './tidy.ts'
import { UNTRUSTED, addValidation, type ValidationEntry } from './validationCodes.ts'

const EXPIRED = /^signingCredential\.expired$|^claimSignature\.outsideValidity$/
const CLOCK_SKEW_MS = 5 * 60_000

/** Turns what the library says of a store into a report, and judges what the library does not. */
export function readStore(store: StoreDescription, evidence: Evidence, nowMs: number): C2paReport {
  const findings = new Findings()
  const tidier = new Tidier(findings)
  const results = store.validation_results?.activeManifest ?? {}
  const failures = results.failure ?? []
  const isExpired = failures.some(({ code }) => EXPIRED.test(code))
  // Of a certificate out of its time the library says that it is untrusted, too.
  addValidation(findings, isExpired ? failures.filter(({ code }) => code !== UNTRUSTED) : failures, 'failure')
  addValidation(findings, results.informational ?? [], 'informational')
  for (const { validationDeltas } of store.validation_results?.ingredientDeltas ?? [])
    addValidation(findings, validationDeltas?.failure ?? [], 'informational')
  const label = store.active_manifest
  const manifest = label === undefined ? undefined : store.manifests?.[label]
  if (label === undefined || !manifest) {
    findings.add('manifest_malformed', 'error', 'no manifest speaks for this file')
    return { state: 'invalid', findings: findings.list }
  }
  const timeStamp = judgeTimeStamp(results, evidence, nowMs, findings)
  judgeCertificate(evidence, timeStamp === 'trusted' ? evidence.stampedMs! : nowMs, isExpired, findings)
  const isStamped = timeStamp === 'trusted' || timeStamp === 'untrusted'
  const active: ActiveManifest = {
    ...describeManifest(label, manifest, tidier, findings),
    ingredients: readIngredients(label, store, tidier, findings),
    ...(evidence.certificate ? { signedBy: describeCertificate(evidence.certificate, tidier) } : {}),
    ...(isStamped ? { signedAt: new Date(evidence.stampedMs!).toISOString() } : {}),
    timeStamp,
  }
  return { state: stateOf(store, failures, findings), active, findings: findings.list }
}

function judgeTimeStamp(
  { success, informational, failure }: ValidationResults,
  { hasTimeStamp, stampedMs }: Evidence,
  nowMs: number,
  findings: Findings,
): ActiveManifest['timeStamp'] {
  if (!hasTimeStamp) return 'none'
  const codes = new Set([success, informational, failure].flatMap((entries) => entries ?? []).map(({ code }) => code))
  // The library calls one untrusted, too, whose signature is wrong; but only a sound one validated.
  if (!codes.has('timeStamp.validated') || stampedMs === undefined) {
    findings.add('time_stamp_invalid', 'warning', 'the time-stamp is not sound', 'c2pa.signature')
    return 'invalid'
  }
  if (stampedMs > nowMs + CLOCK_SKEW_MS) {
    findings.add('time_stamp_in_future', 'warning', 'the time-stamp is of the future', 'c2pa.signature')
    return 'invalid'
  }
  // The library only informs about it: nothing but this word makes a time-stamp trusted.
  if (codes.has('timeStamp.trusted')) return 'trusted'
  findings.add(
    'time_stamp_untrusted',
    'warning',
    'the time-stamp is of an authority that is not trusted here',
    'c2pa.signature',
  )
  return 'untrusted'
}

/** Without a trusted time-stamp a certificate must be valid now (C2PA 2.4 section 15.8). */
function judgeCertificate({ certificate }: Evidence, atMs: number, isExpired: boolean, findings: Findings): void {
  if (certificate && certificate.validFromDate.getTime() > atMs)
    findings.add('certificate_not_yet_valid', 'error', 'the certificate was not valid yet', 'c2pa.signature')
  else if (isExpired || (certificate && certificate.validToDate.getTime() < atMs))
    findings.add('certificate_expired', 'error', 'the certificate was not valid any more', 'c2pa.signature')
}

function stateOf(store: StoreDescription, failures: ValidationEntry[], findings: Findings): C2paReport['state'] {
  const isFailed =
    failures.some(({ code }) => code !== UNTRUSTED) || findings.list.some(({ severity }) => severity === 'error')
  if (isFailed || !['Valid', 'Trusted'].includes(store.validation_state ?? '')) return 'invalid'
  const isUntrusted = failures.some(({ code }) => code === UNTRUSTED)
  return store.validation_state === 'Trusted' && !isUntrusted ? 'valid-trusted' : 'valid-untrusted'
}
