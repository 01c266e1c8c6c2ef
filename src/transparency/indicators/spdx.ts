import { createRequire } from 'node:module'

let ids: Set<string> | undefined

/** Identifiers of the SPDX list, in small letters. */
export function spdxIds(): Set<string> {
  ids ??= new Set((createRequire(import.meta.url)('spdx-license-ids') as string[]).map((id) => id.toLowerCase()))
  return ids
}
