import { X509Certificate } from 'node:crypto'
import { ColophonError } from '../../foundation/index.ts'

/**
 * Settings of the library. No address that stands in a file is fetched: neither a manifest elsewhere, which would let
 * anybody make a node ask its own network, nor the answer of an authority whether a certificate was revoked.
 */
export function librarySettings(trustAnchors: string[]): string {
  const anchors = trustAnchors.map(checkedPem).join('')
  return JSON.stringify({
    trust: anchors ? { user_anchors: anchors } : {},
    verify: {
      remote_manifest_fetch: false,
      ocsp_fetch: false,
      verify_after_reading: true,
      verify_after_sign: false,
      verify_trust: true,
      verify_timestamp_trust: true,
    },
    builder: { thumbnail: { enabled: false } },
  })
}

function checkedPem(pem: string): string {
  try {
    return new X509Certificate(pem).toString()
  } catch (cause) {
    throw new ColophonError('invalid_input', 'a trust anchor is no certificate in PEM', {
      where: pem.slice(0, 60),
      remedy: 'Give one certificate in each text, beginning with -----BEGIN CERTIFICATE-----.',
      cause,
    })
  }
}
