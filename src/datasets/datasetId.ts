import { ColophonError, sha256Hex } from '../foundation/index.ts'

const LENGTH_MAX = 80
const HASH_LENGTH = 10

/**
 * The id of a data set, readable where Latin letters or digits can say its name: a plain name keeps its words
 * (`My set`, `2026-01` → `my-set-2026-01`); one that loses letters to them, or is cut, gets a hash of name and version, so
 * that no other has the same. Errors: `usage` for a name or version without letters or digits.
 */
export function datasetIdOf(name: string, version: string): string {
  for (const text of [name, version])
    if (!/[\p{L}\p{N}]/u.test(text))
      throw new ColophonError('usage', 'a data set needs a name and a version with letters or digits', { where: text })
  const isPlain = [name, version].every((text) => /^[\x20-\x7e]*$/.test(text) && slugOf(text).length <= LENGTH_MAX)
  return isPlain ? `${slugOf(name)}-${slugOf(version)}` : hashedIdOf(name, version)
}

/** The id of a data set whose plain one another has: `My set` and `my-set` read alike. */
export function hashedIdOf(name: string, version: string): string {
  const whole = JSON.stringify([name.normalize('NFC'), version.normalize('NFC')])
  const hash = sha256Hex(new TextEncoder().encode(whole)).slice(0, HASH_LENGTH)
  return [cut(slugOf(name)), cut(slugOf(version)), hash].filter((part) => part !== '').join('-')
}

function slugOf(text: string): string {
  return trimmed(
    text
      .normalize('NFKD')
      .replaceAll(/\p{M}/gu, '')
      .toLowerCase()
      .replaceAll(/[^a-z0-9.]+/g, '-'),
  )
}

function cut(slug: string): string {
  return trimmed(slug.slice(0, LENGTH_MAX))
}

function trimmed(slug: string): string {
  return slug.replaceAll(/^[-.]+|[-.]+$/g, '')
}
