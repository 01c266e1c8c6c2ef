import type { MetadataFinding } from './findings.ts'

/** How one format of files holds XMP. */
export interface Container {
  /** The packets of a file, the one that counts first. Errors: `unreadable_file` when it is no such file. */
  find(bytes: Uint8Array): Found
  /** The file with this packet in the place of its first one. Errors: `unreadable_file`, `unsupported_media`. */
  embed(bytes: Uint8Array, packet: Uint8Array): Uint8Array
}

export interface Found {
  packets: Uint8Array[]
  findings: MetadataFinding[]
}
