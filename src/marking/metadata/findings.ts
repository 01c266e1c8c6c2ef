import { ColophonError, type ErrorCode } from '../../foundation/index.ts'

/** What reading metadata can find; a program may rely on these names. Codes of errors stand for a file as a whole. */
export type MetadataFindingCode =
  | ErrorCode
  | 'malformed_xmp'
  | 'doctype_refused'
  | 'xmp_too_large'
  | 'several_packets'
  | 'said_twice'
  | 'field_cut'
  | 'field_too_long'
  | 'field_not_understood'
  | 'address_refused'
  | 'without_namespace'
  | 'signed_document'
  | 'encrypted_document'
  | 'carries_no_xmp'

export interface MetadataFinding {
  code: MetadataFindingCode
  severity: 'error' | 'warning' | 'note'
  message: string
}

/** A file that is not what it is said to be, or only a part of it. */
export function unreadable(message: string, cause?: unknown): ColophonError {
  return new ColophonError('unreadable_file', message, {
    remedy: 'It may be damaged, cut short or of another kind; try the original file.',
    cause,
  })
}

/** A file that is sound, but into which metadata cannot be written without harm. */
export function notWritable(message: string, remedy: string): ColophonError {
  return new ColophonError('unsupported_media', message, { remedy })
}
