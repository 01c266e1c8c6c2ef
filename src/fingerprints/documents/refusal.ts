/** Why a document is not read. Whoever called adds which document it was; the browser shows it as it is. */
export class DocumentRefusal extends Error {
  readonly code: 'unreadable_file' | 'too_large'
  /** What the caller can do. */
  readonly remedy: string

  constructor(code: DocumentRefusal['code'], message: string, remedy: string, cause?: unknown) {
    super(message, { cause })
    this.name = 'DocumentRefusal'
    this.code = code
    this.remedy = remedy
  }
}

/** A document that is not what it claims to be, or only a part of it. */
export function damaged(what: string, cause?: unknown): DocumentRefusal {
  return new DocumentRefusal('unreadable_file', what, 'It may be damaged or cut short; try the original file.', cause)
}

/** A document that would need more of something than is allowed. */
export function tooLarge(what: string): DocumentRefusal {
  return new DocumentRefusal('too_large', what, 'Give it in parts, or as plain text.')
}
