import { X509Certificate } from 'node:crypto'
import { CborTag, X5CHAIN, decodeCbor, type Cbor, type CborKey } from './cbor.ts'
import { findInStore } from './jumbf.ts'
import type { SigningCertificate } from './report.ts'
import type { Tidier } from './tidy.ts'
import { readTimeStamp } from './timeStampToken.ts'

/** What stands in a signature beside what the library says about it. */
export interface Evidence {
  certificate?: X509Certificate
  hasTimeStamp: boolean
  /** By the word of its time-stamp, whose soundness the library judges. */
  stampedMs?: number
}

/** Reads the signature of one manifest in a store. */
export function readEvidence(store: Uint8Array, manifestLabel: string): Evidence {
  const decoded = decodeCbor(findInStore(store, ['c2pa', manifestLabel, 'c2pa.signature']) ?? new Uint8Array())
  const parts = decoded instanceof CborTag ? decoded.value : decoded
  if (!Array.isArray(parts) || !(parts[0] instanceof Uint8Array)) return { hasTimeStamp: false }
  const unprotected = asMap(parts[1])
  // Version 1 of the specification put them where the signature does not cover them.
  const chain =
    asMap(decodeCbor(parts[0])).get(X5CHAIN) ?? asMap(decodeCbor(parts[0])).get('x5chain') ?? unprotected.get('x5chain')
  const certificate = parseCertificate(Array.isArray(chain) ? chain[0] : chain)
  const tokens = asMap(unprotected.get('sigTst2') ?? unprotected.get('sigTst')).get('tstTokens')
  const token = Array.isArray(tokens) ? asMap(tokens[0]).get('val') : undefined
  const stampedMs = token instanceof Uint8Array ? readTimeStamp(token)?.epochMs : undefined
  return {
    ...(certificate ? { certificate } : {}),
    hasTimeStamp: unprotected.has('sigTst2') || unprotected.has('sigTst'),
    ...(stampedMs === undefined ? {} : { stampedMs }),
  }
}

export function describeCertificate(certificate: X509Certificate, tidier: Tidier): SigningCertificate {
  const [subject, issuer] = [namesIn(certificate.subject), namesIn(certificate.issuer)]
  const named = (value: string | string[] | undefined) => tidier.name([value].flat().join(', '), 'c2pa.signature')
  const commonName = named(subject.CN)
  const organisation = named(subject.O)
  return {
    ...(commonName ? { commonName } : {}),
    ...(organisation ? { organisation } : {}),
    issuer: named([issuer.CN, issuer.O].flat().filter((part) => part !== undefined)) ?? '',
    serialNumber: certificate.serialNumber.toLowerCase().slice(0, 64),
    fingerprint: certificate.fingerprint256.replaceAll(':', '').toLowerCase(),
    validFrom: certificate.validFromDate.toISOString(),
    validTo: certificate.validToDate.toISOString(),
  }
}

/**
 * Parts of a name, as the runtime writes them: `O=Studio`, one a line. Its own object of them is made with the public
 * key, and a key that is no point on its curve ends the process there.
 */
function namesIn(text: string | undefined): Record<string, string[] | undefined> {
  const parts = (text ?? '').split('\n').map((line) => /^([A-Za-z]+)=(.*)$/.exec(line))
  const of = (name: string) => {
    const found = parts.flatMap((part) => (part?.[1] === name ? [part[2]!] : []))
    return found.length > 0 ? found : undefined
  }
  return { CN: of('CN'), O: of('O') }
}

function parseCertificate(der: Cbor): X509Certificate | undefined {
  try {
    const certificate = new X509Certificate(der as Uint8Array)
    // A moment beyond what a date can hold would only fail when it is shown.
    return Number.isNaN(certificate.validFromDate.getTime() + certificate.validToDate.getTime())
      ? undefined
      : certificate
  } catch {
    return undefined
  }
}

function asMap(value: Cbor): Map<CborKey, Cbor> {
  return value instanceof Map ? value : new Map()
}
