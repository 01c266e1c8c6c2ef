import { ColophonError } from '../foundation/index.ts'
import { DocumentRefusal } from './documents/refusal.ts'

/** Reads a document or an archive, and refuses it in the words of errors: readers that run in the browser know none. */
export function asRefusal<Result>(read: () => Result, where?: string): Result {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof DocumentRefusal)) throw error
    const { code, message, remedy } = error
    throw new ColophonError(code, message, { remedy, cause: error, ...(where === undefined ? {} : { where }) })
  }
}
