import { readFileSync } from 'node:fs'
import { openNodeCertificates, openTimeAuthority, ownSigner, type Signer } from './c2pa/index.ts'

/** Whose certificates sign, by where they lie: a node's own, or somebody's as PEM files. */
export type Certificates = ({ directory: string; name: string } | { chain: string; key: string }) & {
  /** The address of a time-stamp authority (RFC 3161). */
  timeAuthority?: string
}

/** Opens them. Errors: those of `openNodeCertificates` and `ownSigner`. */
export async function openCertificates(certificates: Certificates, now: number): Promise<Signer> {
  const signer =
    'chain' in certificates
      ? ownSigner(readFileSync(certificates.chain, 'utf8'), readFileSync(certificates.key, 'utf8'), now)
      : await openNodeCertificates(certificates.directory, certificates.name, () => now)
  return certificates.timeAuthority
    ? { ...signer, timeAuthority: openTimeAuthority(certificates.timeAuthority) }
    : signer
}
