import type { StoreDescription } from './storeDescription.ts'
import { UNTRUSTED } from './validationCodes.ts'

/** A content beside a manifest store that stands in it: where the store stands, and the hashes of all the rest. */
export interface BoundContent {
  /** Bytes of the content. */
  exclusion: { start: number; length: number }
  /** By the names that C2PA gives to the algorithms (2.4 section 13.1), in base64. */
  digests: Record<'sha256' | 'sha384' | 'sha512', string>
}

const BINDING = 'c2pa.hash.data'
const OF_CONTENT = /^assertion\.dataHash\./
const SIGNED = ['claimSignature.validated', 'claimSignature.insideValidity']

/**
 * Judges the one thing that the library cannot when it is given a store without its content, and puts it in the place of
 * what it said of that: whether the store is bound to this content, and leaves nothing out but itself. The assertion is
 * read as the library reads it (crJSON), so that both speak of the same one.
 */
export function judgeBinding(store: StoreDescription, crJson: string, content: BoundContent): StoreDescription {
  const { activeManifest: results = {}, ingredientDeltas = [] } = store.validation_results ?? {}
  const failures = (results.failure ?? []).filter(({ code }) => !OF_CONTENT.test(code))
  const isSound =
    failures.every(({ code }) => code === UNTRUSTED) &&
    ingredientDeltas.every(({ validationDeltas }) => !validationDeltas?.failure?.length) &&
    SIGNED.every((wanted) => results.success?.some(({ code }) => code === wanted))
  const isTrusted = failures.length === 0 && results.success?.some(({ code }) => code === 'signingCredential.trusted')
  const flaw = isBound(store.active_manifest, crJson, content) ? [] : [{ code: 'assertion.dataHash.mismatch' }]
  return {
    ...store,
    validation_state: isSound ? (isTrusted ? 'Trusted' : 'Valid') : 'Invalid',
    validation_results: {
      ...store.validation_results,
      activeManifest: {
        ...results,
        informational: (results.informational ?? []).filter(({ code }) => !OF_CONTENT.test(code)),
        failure: [...failures, ...flaw],
      },
    },
  }
}

interface ReadManifest {
  label?: unknown
  assertions?: Record<string, unknown>
  'claim.v2'?: { alg?: unknown }
}

interface DataHash {
  exclusions?: { start?: unknown; length?: unknown }[]
  alg?: unknown
  hash?: unknown
}

function isBound(active: string | undefined, crJson: string, { exclusion, digests }: BoundContent): boolean {
  const read = (JSON.parse(crJson) as { manifests: ReadManifest[] }).manifests.filter(({ label }) => label === active)
  const assertions = read[0]?.assertions ?? {}
  const bindings = Object.keys(assertions).filter((label) => label.startsWith('c2pa.hash.'))
  // Two manifests of one name, or two bindings: nobody could say which one was verified.
  if (read.length !== 1 || bindings.length !== 1 || bindings[0] !== BINDING) return false
  const { exclusions, alg = read[0]!['claim.v2']?.alg, hash } = assertions[BINDING] as DataHash
  const digest = Object.entries(digests).find(([name]) => name === alg)?.[1]
  return (
    digest !== undefined &&
    hash === `b64'${digest}'` &&
    exclusions?.length === 1 &&
    exclusions[0]!.start === exclusion.start &&
    exclusions[0]!.length === exclusion.length
  )
}
