import { createHash } from 'node:crypto'
import { ColophonError, limits } from '../foundation/index.ts'
import {
  readStoreOf,
  signStore,
  type BoundContent,
  type C2paReport,
  type ManifestContent,
  type ParentStore,
  type ReadOptions,
  type Signer,
} from './c2pa/index.ts'
import { mayHoldWrapper, readTextManifest, wrapTextManifest, wrapperLength } from './web/index.ts'

/**
 * Puts a signed manifest into a text, as characters that are not seen (C2PA 2.4, A.8). The text becomes NFC. A manifest
 * that it carries becomes the parent of the new one, if it verifies. Errors: `unreadable_file` for what is not UTF-8,
 * `too_large`, `state_not_allowed` for a manifest that does not verify, those of `signStore`.
 */
export async function signText(
  bytes: Uint8Array,
  content: ManifestContent,
  signer: Signer,
  options: ReadOptions,
): Promise<{ bytes: Uint8Array; isNormalised: boolean }> {
  if (bytes.length > limits.manifestFileBytesMax)
    throw new ColophonError('too_large', `the file is larger than ${limits.manifestFileBytesMax} bytes`)
  const given = decode(bytes)
  const { visible, parent } = await takeParent(given, bytes, options)
  const store = await signStore(content, signer, {
    mediaType: 'text/plain',
    digest: createHash('sha256').update(visible).digest(),
    start: Buffer.byteLength(visible),
    lengthOf: wrapperLength,
    ...(parent ? { parent } : {}),
  })
  const signed = new TextEncoder().encode(wrapTextManifest(visible, store).text)
  return { bytes: signed, isNormalised: given.normalize('NFC') !== given }
}

/**
 * Reads and verifies the manifest in a text. Offsets are those of the text in NFC: on its way it may have been put into
 * another form, and that changes nothing of it (A.8.7.2). A bad text is a finding and never an error; nothing is
 * fetched. Errors: those of `readManifests`.
 */
export async function readTextManifests(bytes: Uint8Array, options: ReadOptions): Promise<C2paReport> {
  if (!mayHoldWrapper(bytes)) return { state: 'none', findings: [] }
  if (bytes.length > limits.manifestFileBytesMax)
    return {
      state: 'unreadable',
      findings: [
        {
          code: 'file_too_large',
          severity: 'error',
          message: `the file is larger than ${limits.manifestFileBytesMax} bytes`,
        },
      ],
    }
  const text = decode(bytes).normalize('NFC')
  const { found, findings } = readTextManifest(text)
  if (!found) return { state: findings.length > 0 ? 'invalid' : 'none', findings }
  const report = await readStoreOf(contentAround(text, found.exclusion), found.manifest, options)
  return { ...report, findings: [...findings, ...report.findings] }
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch (cause) {
    throw new ColophonError('unreadable_file', 'the text is not UTF-8', { remedy: 'Save it as UTF-8.', cause })
  }
}

/** The text as it is seen, in NFC, and the manifest that it carried. */
async function takeParent(
  given: string,
  bytes: Uint8Array,
  options: ReadOptions,
): Promise<{ visible: string; parent?: ParentStore }> {
  const text = given.normalize('NFC')
  const { found, findings } = readTextManifest(text)
  if (!found && findings.length === 0) return { visible: text }
  const { state, active } = await readTextManifests(bytes, options)
  if (!found || !active || (state !== 'valid-trusted' && state !== 'valid-untrusted'))
    throw new ColophonError('state_not_allowed', 'the text carries a manifest that does not verify', {
      remedy: 'Mark the text as it was before, or take the characters off that are not seen.',
    })
  const [before, after] = partsAround(text, found.exclusion)
  return {
    visible: Buffer.concat([before, after]).toString(),
    parent: { store: found.manifest, label: active.label, isTrusted: state === 'valid-trusted' },
  }
}

function contentAround(text: string, exclusion: BoundContent['exclusion']): BoundContent {
  const [before, after] = partsAround(text, exclusion)
  const digestBy = (algorithm: string) => createHash(algorithm).update(before).update(after).digest('base64')
  return {
    exclusion,
    digests: { sha256: digestBy('sha256'), sha384: digestBy('sha384'), sha512: digestBy('sha512') },
  }
}

function partsAround(text: string, { start, length }: BoundContent['exclusion']): [Buffer, Buffer] {
  const bytes = Buffer.from(text)
  return [bytes.subarray(0, start), bytes.subarray(start + length)]
}
