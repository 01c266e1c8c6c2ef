/** What a reader of manifests says about a file. */
export interface C2paReport {
  /**
   * `none`: no manifest, which proves nothing, for one is taken off in a moment. `valid-trusted`: unchanged since it was
   * signed by somebody whose issuer is trusted here. `valid-untrusted`: unchanged, but signed by somebody whose issuer
   * is not known here. `invalid`: changed since, or not signed as it must be. `unreadable`: the file cannot be read.
   */
  state: 'none' | 'valid-trusted' | 'valid-untrusted' | 'invalid' | 'unreadable'
  /** The manifest that speaks for the file as it is. */
  active?: ActiveManifest
  findings: C2paFinding[]
}

export interface Manifest {
  label: string
  title?: string
  /** The program that made it, by its own word. */
  claimGenerator?: string
  assertions: { label: string; data: unknown }[]
  actions: unknown[]
  /** What it was made from: the chain of what it was before, as far as the manifests tell. */
  ingredients: Ingredient[]
}

export interface ActiveManifest extends Manifest {
  signedBy?: SigningCertificate
  /** ISO 8601, from the time-stamp; nobody else attests when it was signed. */
  signedAt?: string
  /** `untrusted`: sound, but of an authority that is not known here. `invalid`: not sound, or of the future. */
  timeStamp: 'trusted' | 'untrusted' | 'none' | 'invalid'
}

export interface SigningCertificate {
  commonName?: string
  organisation?: string
  issuer: string
  /** Hexadecimal. */
  serialNumber: string
  /** SHA-256 of the certificate, hexadecimal. */
  fingerprint: string
  /** ISO 8601. */
  validFrom: string
  validTo: string
}

export interface Ingredient {
  title?: string
  /** `parentOf`: the file itself, before; `componentOf`: a part of it; `inputTo`: what it was made with. */
  relationship: string
  /** As found by whoever took it in and signed that; `unknown` when nothing is said. */
  state: 'valid' | 'invalid' | 'none' | 'unknown'
  manifest?: Manifest & { commonName?: string; organisation?: string }
}

export type C2paCode =
  | 'actions_malformed'
  | 'algorithm_unsupported'
  | 'assertion_changed'
  | 'assertion_cut'
  | 'assertion_malformed'
  | 'bytes_not_covered'
  | 'certificate_expired'
  | 'certificate_invalid'
  | 'certificate_not_yet_valid'
  | 'certificate_revoked'
  | 'content_changed'
  | 'file_broken'
  | 'file_too_costly'
  | 'file_too_large'
  | 'file_wrong_type'
  | 'findings_cut'
  | 'format_unsupported'
  | 'ingredient_invalid'
  | 'ingredients_cut'
  | 'ingredients_cyclic'
  | 'issuer_untrusted'
  | 'manifest_broken'
  | 'manifest_malformed'
  | 'manifest_remote'
  | 'manifest_too_large'
  | 'markup_removed'
  | 'signature_invalid'
  | 'text_cut'
  | 'text_wrapper_corrupted'
  | 'text_wrappers_several'
  | 'time_stamp_in_future'
  | 'time_stamp_invalid'
  | 'time_stamp_untrusted'
  | 'unknown_failure'

export interface C2paFinding {
  code: C2paCode
  severity: 'error' | 'warning' | 'note'
  message: string
  /** The assertion, the part of the manifest or the address that it is about. */
  where?: string
}

const FINDINGS_MAX = 100

/** Collects findings: each once, and not more than anyone would read. */
export class Findings {
  readonly list: C2paFinding[] = []
  readonly #known = new Set<string>()

  add(code: C2paCode, severity: C2paFinding['severity'], message: string, where?: string): void {
    const key = `${code} ${where ?? ''}`
    if (this.#known.has(key) || this.list.length > FINDINGS_MAX) return
    this.#known.add(key)
    if (this.list.length === FINDINGS_MAX)
      this.list.push({ code: 'findings_cut', severity: 'note', message: 'more was found than is listed here' })
    else this.list.push({ code, severity, message, ...(where ? { where } : {}) })
  }
}

/** A report of a file about whose manifest nothing more can be said. */
export function plainReport(
  state: C2paReport['state'],
  code: C2paCode,
  message: string,
  severity: C2paFinding['severity'] = 'error',
  where?: string,
): C2paReport {
  return { state, findings: [{ code, severity, message, ...(where ? { where } : {}) }] }
}
