/**
 * Every error that a caller can meet, in one catalogue: code → HTTP status and message key.
 * The message key names a text in `locales/` that says what the caller can do.
 */
const CATALOGUE = {
  usage: { status: 400 },
  invalid_input: { status: 400 },
  invalid_json: { status: 400 },
  unreadable_file: { status: 422 },
  unsupported_media: { status: 415 },
  empty_file: { status: 422 },
  too_large: { status: 413 },
  picture_too_large: { status: 413 },
  too_busy: { status: 503 },
  url_refused: { status: 400 },
  fetch_failed: { status: 502 },
  not_found: { status: 404 },
  erased: { status: 410 },
  duplicate_statement: { status: 409 },
  invalid_statement: { status: 400 },
  invalid_signature: { status: 400 },
  unknown_key: { status: 403 },
  revoked_key: { status: 403 },
  not_authorised: { status: 403 },
  shares_do_not_sum: { status: 422 },
  invalid_identifier: { status: 422 },
  public_domain_cannot_be_reserved: { status: 422 },
  invalid_proof: { status: 400 },
  log_locked: { status: 503 },
  log_corrupt: { status: 500 },
  log_write_failed: { status: 503 },
  log_storage_full: { status: 507 },
  log_closed: { status: 503 },
  dataset_invalid: { status: 422 },
  dataset_exists: { status: 409 },
  dataset_locked: { status: 503 },
  state_not_allowed: { status: 409 },
  model_refused: { status: 422 },
  runtime_missing: { status: 501 },
  confirmation_required: { status: 422 },
  candidate_not_confirmed: { status: 422 },
  answer_speaks_against: { status: 422 },
  too_many_requests: { status: 429 },
  internal: { status: 500 },
} as const

export type ErrorCode = keyof typeof CATALOGUE

/** One error class for the whole project: what is wrong, where, and what to do about it. */
export class ColophonError extends Error {
  readonly code: ErrorCode
  /** Where it happened: a file, a row, a field, an address. */
  readonly where: string | undefined
  /** What the caller can do. */
  readonly remedy: string | undefined

  constructor(code: ErrorCode, message: string, options: { where?: string; remedy?: string; cause?: unknown } = {}) {
    super(message, { cause: options.cause })
    this.name = 'ColophonError'
    this.code = code
    this.where = options.where
    this.remedy = options.remedy
  }

  /** The HTTP status that this error is answered with. */
  get status(): (typeof CATALOGUE)[ErrorCode]['status'] {
    return CATALOGUE[this.code].status
  }

  /** One line for the command line: what, where, what to do. */
  toLine(): string {
    const where = this.where ? ` (${this.where})` : ''
    const remedy = this.remedy ? ` ${this.remedy}` : ''
    return `${this.code}: ${this.message}${where}.${remedy}`.replaceAll(/[\r\n]+/g, ' ')
  }

  toJSON() {
    return { error: { code: this.code, message: this.message, where: this.where, remedy: this.remedy } }
  }
}

/** Turns anything thrown into a ColophonError; what is not ours becomes `internal` and keeps its cause. */
export function asColophonError(thrown: unknown): ColophonError {
  if (thrown instanceof ColophonError) return thrown
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  return new ColophonError('internal', message, { cause: thrown })
}

/** Asserts an invariant of our own; a failure is a defect, never bad input. */
export function assertInvariant(condition: unknown, message: string): asserts condition {
  if (!condition) throw new ColophonError('internal', `invariant broken: ${message}`)
}
