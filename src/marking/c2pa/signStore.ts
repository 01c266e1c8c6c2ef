import { createHash, randomUUID } from 'node:crypto'
import { ColophonError } from '../../foundation/index.ts'
import { cborOf, encodeCbor } from './cbor.ts'
import { signClaim } from './cose.ts'
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
interface StoreTarget {
  mediaType: string
  /** SHA-256 of the content without the store. */
  digest: Uint8Array
  /** Where in the content the store will stand. */
  start: number
  /** How many bytes of the content a store of so many bytes takes. */
  lengthOf(storeBytes: number): number
  parent?: ParentStore
}

/** Time-stamps of one authority are not all of one length. */
const SPARE_BYTES = 64

/**
 * Makes a signed manifest store for a content that the library writes none into (C2PA 2.4 sections 10 and 11). What is
 * signed says how many bytes of the content the store takes, so a first signature tells how long one gets, and the one
 * that counts is filled up to it. Errors: those of `defineManifest` and `signClaim`; `state_not_allowed` for a parent of
 * a kind that is not continued.
 */
export async function signStore(content: ManifestContent, signer: Signer, target: StoreTarget): Promise<Uint8Array> {
  const manifest = defineManifest(content, target.mediaType)
  const label = `urn:c2pa:${randomUUID()}`
  const instanceID = `xmp:iid:${randomUUID()}`
  const former = target.parent ? manifestsIn(target.parent.store) : []
  const said = assertionBoxes(manifest, target)
  const partsFor = (length: number) => {
    const assertions = [...said, assertionBox('c2pa.hash.data', dataHash(target, length))]
    return { assertions, claim: claimOf(manifest, label, instanceID, assertions) }
  }
  const storeOf = ({ assertions, claim }: ReturnType<typeof partsFor>, signature: Uint8Array) =>
    superbox(
      'c2pa',
      'c2pa',
      ...former,
      superbox(
        'c2ma',
        label,
        superbox('c2as', 'c2pa.assertions', ...assertions.map(({ bytes }) => bytes)),
        superbox('c2cl', 'c2pa.claim.v2', box('cbor', claim)),
        superbox('c2cs', 'c2pa.signature', box('cbor', signature)),
      ),
    )
  const signatureLength = (await signClaim(partsFor(0).claim, signer)).length + SPARE_BYTES
  const lengthWith = (length: number) =>
    target.lengthOf(storeOf(partsFor(length), new Uint8Array(signatureLength)).length)
  // The number has a length of its own, which grows with it and then stays.
  let length = lengthWith(0)
  while (lengthWith(length) > length) length = lengthWith(length)
  const parts = partsFor(length)
  return storeOf(parts, await signClaim(parts.claim, signer, signatureLength))
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
