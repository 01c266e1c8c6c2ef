import { createHash, randomUUID } from 'node:crypto'
import { ColophonError, assertInvariant } from '../../foundation/index.ts'
import { cborOf, encodeCbor } from './cbor.ts'
import { openSignature } from './cose.ts'
import { box, findInStore, manifestsIn, superbox } from './jumbf.ts'
import { defineManifest, type ManifestContent } from './manifest.ts'
import { beginsFile, continued, opened, type ManifestDefinition } from './manifestDefinition.ts'
import type { Signer } from './signer.ts'
import { UNTRUSTED } from './validationCodes.ts'

/** The store that a content carried before, which was verified, and whose active manifest has this label. */
export interface ParentStore {
  store: Uint8Array
  label: string
  isTrusted: boolean
}

/** What a store is to be bound to, and how it is put into it. */
export interface StoreTarget {
  mediaType: string
  /** SHA-256 of the content without the store. */
  digest: Uint8Array
  /** Where in the content the store will stand. */
  start: number
  /** How many bytes of the content a store takes. */
  lengthOf(store: Uint8Array): number
  parent?: ParentStore
}

const TRIES_MAX = 64
const STEPS_MAX = 10
/** Bytes of the content that paddings may take. */
const ROOM_BYTES = 600
/** Of this length its own length is written in two bytes. */
const SECOND_PAD = new Uint8Array(24)

/**
 * Makes a signed manifest store for a content that the library writes none into (C2PA 2.4 sections 10 and 11). What is
 * signed says how many bytes of the content the store takes, which depends on its bytes: a length is fixed, and the
 * signature, which is another one each time, is made anew until zeros behind it fill the rest. Errors: those of
 * `defineManifest` and of the time authority.
 */
export async function signStore(content: ManifestContent, signer: Signer, target: StoreTarget): Promise<Uint8Array> {
  const manifest = defineManifest(content, target.mediaType)
  const label = `urn:c2pa:${randomUUID()}`
  const instanceID = `xmp:iid:${randomUUID()}`
  const former = target.parent ? manifestsIn(target.parent.store) : []
  const said = assertionBoxes(manifest, target)
  for (let length = 0, tries = 0; tries < TRIES_MAX; tries++) {
    const assertions = [...said, assertionBox('c2pa.hash.data', dataHash(target, length))]
    const claim = claimOf(manifest, label, instanceID, assertions)
    const signature = await openSignature(claim, signer)
    const storeWith = (pads: Uint8Array[]) => {
      const parts = [
        superbox('c2as', 'c2pa.assertions', ...assertions.map(({ bytes }) => bytes)),
        superbox('c2cl', 'c2pa.claim.v2', box('cbor', claim)),
        superbox('c2cs', 'c2pa.signature', box('cbor', signature(pads))),
      ]
      return superbox('c2pa', 'c2pa', ...former, superbox('c2ma', label, ...parts))
    }
    const filled = fill(storeWith, target.lengthOf, length)
    if (filled) return filled
    // The first one only tells how long it gets: of a time-stamp nobody knows it before.
    length = Math.max(length, target.lengthOf(storeWith([])) + ROOM_BYTES)
  }
  assertInvariant(false, `no signature in ${TRIES_MAX} had the length that was signed`)
}

interface AssertionBox {
  label: string
  bytes: Uint8Array
}

function assertionBoxes(manifest: ManifestDefinition, { mediaType, parent }: StoreTarget): AssertionBox[] {
  if (beginsFile(manifest) && !parent) return manifest.assertions.map(boxOf)
  const ingredient = assertionBox('c2pa.ingredient.v3', {
    relationship: 'parentOf',
    'dc:format': mediaType,
    instanceID: `xmp:iid:${randomUUID()}`,
    ...(parent ? parentFields(parent) : {}),
  })
  const said = opened(continued(manifest), { ingredients: [referenceTo(ingredient)] })
  return [ingredient, ...said.assertions.map(boxOf)]
}

function boxOf({ label, data, kind }: ManifestDefinition['assertions'][number]): AssertionBox {
  if (kind === 'Cbor') return assertionBox(label, data)
  return { label, bytes: superbox('json', label, box('json', Buffer.from(JSON.stringify(data)))) }
}

function assertionBox(label: string, data: unknown): AssertionBox {
  return { label, bytes: superbox('cbor', label, box('cbor', encodeCbor(cborOf(data)))) }
}

/** What was found when the parent was verified (C2PA 2.4 section 18.16). */
function parentFields({ store, label, isTrusted }: ParentStore) {
  const url = `self#jumbf=/c2pa/${label}`
  const signature = `${url}/c2pa.signature`
  const manifest = manifestsIn(store).at(-1)
  const signed = findInStore(store, ['c2pa', label, 'c2pa.signature'])
  if (!manifest || !signed)
    throw new ColophonError('state_not_allowed', 'the manifest that is there is packed in a way that is not continued')
  const success = [
    { code: 'claimSignature.validated', url: signature },
    { code: 'claimSignature.insideValidity', url: signature },
    ...(isTrusted ? [{ code: 'signingCredential.trusted', url: signature }] : []),
    { code: 'assertion.dataHash.match', url: `${url}/c2pa.assertions/c2pa.hash.data` },
  ]
  const failure = isTrusted ? [] : [{ code: UNTRUSTED, url: signature }]
  return {
    activeManifest: { url, hash: hashOf(manifest) },
    claimSignature: { url: signature, hash: hashOf(superbox('c2cs', 'c2pa.signature', box('cbor', signed))) },
    validationResults: { activeManifest: { success, informational: [], failure } },
  }
}

function dataHash({ start, digest }: StoreTarget, length: number) {
  return { exclusions: [{ start, length }], alg: 'sha256', hash: digest, pad: new Uint8Array() }
}

function claimOf(
  { claim_generator_info: [generator], title }: ManifestDefinition,
  label: string,
  instanceID: string,
  assertions: AssertionBox[],
): Uint8Array {
  return encodeCbor(
    cborOf({
      instanceID,
      claim_generator_info: generator,
      signature: `self#jumbf=/c2pa/${label}/c2pa.signature`,
      created_assertions: assertions.map(referenceTo),
      'dc:title': title,
      alg: 'sha256',
    }),
  )
}

function referenceTo({ label, bytes }: AssertionBox) {
  return { url: `self#jumbf=c2pa.assertions/${label}`, hash: hashOf(bytes) }
}

/** Of a superbox without its own header (C2PA 2.4 section 8.4.2.3). */
function hashOf(superboxBytes: Uint8Array): Uint8Array {
  return new Uint8Array(createHash('sha256').update(superboxBytes.subarray(8)).digest())
}

/** Looks for paddings with which the store takes exactly this length; what a zero takes may not divide what is missing. */
function fill(
  storeWith: (pads: Uint8Array[]) => Uint8Array,
  lengthOf: StoreTarget['lengthOf'],
  length: number,
): Uint8Array | undefined {
  const zeroBytes = lengthOf(new Uint8Array(1)) - lengthOf(new Uint8Array())
  for (const second of [[], [SECOND_PAD]]) {
    // Numbers that tell lengths change with them, so a step may miss and is made again.
    for (let zeros = 0, steps = 0; zeros >= 0 && steps < STEPS_MAX; steps++) {
      const store = storeWith([new Uint8Array(zeros), ...second])
      const missing = length - lengthOf(store)
      if (missing === 0) return store
      if (Math.abs(missing) < zeroBytes) break
      zeros += Math.trunc(missing / zeroBytes)
    }
  }
  return undefined
}
