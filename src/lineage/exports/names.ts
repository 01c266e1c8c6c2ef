import { ColophonError, sha256Hex } from '../../foundation/index.ts'

/** Short names stand in documents as URNs under this, so that no reader resolves them against an address. */
const LOCAL = 'urn:colophon:'
/** Schemes that an id is taken as an address or a name of. Anything else with a colon could be a prefix of a context. */
const SCHEMES = /^(https?|urn|did|doi|ark|info|tag|ftp|s3|gs|hf|ipfs|swh|isbn|mailto):/i
export const NAMESPACE = 'https://colophon.example/ns/v1#'

/**
 * The name of a thing as an IRI. Errors: `invalid_input` for half a surrogate pair, which no IRI can hold.
 *
 * @example iriOf('corpus-2') // 'urn:colophon:entity:corpus-2'
 */
export function iriOf(id: string, kind: 'entity' | 'step' | 'agent' = 'entity', isTaken = false): string {
  if (!id.isWellFormed())
    throw new ColophonError('invalid_input', 'a name holds half a surrogate pair', { where: JSON.stringify(id) })
  const isAbsolute = SCHEMES.test(id) && !id.startsWith(LOCAL) && !isTaken
  return isAbsolute ? id : `${LOCAL}${kind}:${encodeURIComponent(id)}`
}

const LOCAL_NAME = /^urn:colophon:(?:entity|step|agent):(.+)$/s

/** The id that an IRI stands for. */
export function idOf(iri: string): string {
  return safeId(tryDecode(LOCAL_NAME.exec(iri)?.[1]) ?? iri)
}

/** A name as an id: characters that an id may not hold are escaped, and what is too long is hashed. */
export function safeId(id: string): string {
  const escaped = id.toWellFormed().replaceAll(/[\s<>"{}|\\^`]/g, (character) => encodeURIComponent(character))
  if (escaped.length <= 500) return escaped || `urn:sha256:${sha256Hex(Buffer.from(''))}`
  return `urn:sha256:${sha256Hex(Buffer.from(escaped))}`
}

function tryDecode(text: string | undefined): string | undefined {
  try {
    return text === undefined ? undefined : decodeURIComponent(text)
  } catch {
    return undefined
  }
}

/** The end of an address or a name, for people where nothing else is known. */
export function lastPartOf(id: string): string {
  return id.split(/[/#:]/).filter(Boolean).at(-1) ?? id
}
