import type { KeyObject } from 'node:crypto'

/** Who signs a manifest. */
export interface Signer {
  /** DER, the signing certificate first, then those that issued it. */
  certificates: Uint8Array[]
  /** On P-256: manifests are signed with ES256. */
  privateKey: KeyObject
  /** Who attests when it was signed. Without one a signature holds only as long as its certificate. */
  timeAuthority?: TimeAuthority
}

export interface TimeAuthority {
  /** An RFC 3161 TimeStampReq as DER; answers a TimeStampResp as DER. */
  stamp(request: Uint8Array): Promise<Uint8Array>
}
