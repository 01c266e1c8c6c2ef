import { ColophonError } from '../foundation/index.ts'
import { readCase, type CaseFilter } from '../requests/index.ts'
import type { Register } from '../statements/index.ts'
import { insertKept, listKeptCases } from './store.ts'

/** Cases that are listed at a time. */
const KEPT_MAX = 500

/**
 * Keeps a case in an account, with its key, so that its link need not be kept. A private case is kept under nobody's
 * name. Errors: `not_found` for a wrong key, `not_authorised` for a private case.
 */
export async function keepCase(register: Register, party: string, id: string, accessKey: string): Promise<void> {
  const found = await readCase(register, id, accessKey)
  if (found.is_private === 1n)
    throw new ColophonError('not_authorised', 'a private case is kept under nobody’s name', {
      where: id,
      remedy: 'Keep its link in a safe place.',
    })
  await insertKept(register.database.db, { party, request_case: id, access_key: accessKey })
}

/** Every case of an account, for whoever takes it along or erases it. */
export async function listAllKept(register: Register, party: string) {
  return listKeptCases(register.database.db, party, {})
}

/** The cases of an account, newest first, as many as a page shows. */
export async function listKept(register: Register, party: string, filter: CaseFilter = {}) {
  return listKeptCases(register.database.db, party, filter, KEPT_MAX)
}
