import { ColophonError, limits } from '../../foundation/index.ts'
import type { MarkFormat } from '../formats.ts'
import { contentStays } from './contentPlaces.ts'
import { signClaim, signatureBytes } from './cose.ts'
import { openEngine } from './engine.ts'
import { defineManifest, type ManifestContent } from './manifest.ts'
import { mediaTypeOf, startsLike } from './mediaTypes.ts'
import { librarySettings } from './settings.ts'
import type { Signer } from './signer.ts'
import { storeEntries } from './storedZip.ts'

const engine = openEngine(limits.manifestTimeoutMs)
const ARCHIVES: MarkFormat[] = ['epub', 'docx', 'odt']
/** Formats whose tables say where in the file its content lies. */
const PLACED: MarkFormat[] = ['mp4', 'mov', 'm4a', 'avif']

/**
 * Signs a manifest into a file, last of all marks: whatever changes the file afterwards makes it invalid. A manifest
 * that the file carries stays in it, as the parent of the new one. The entries of EPUB, DOCX and ODT are stored
 * uncompressed. `parent` is the file as it was before anything else was put into it, when that may have changed what it was signed for. Errors: `invalid_input`, `too_large`, `unreadable_file`, `unsupported_media`, `too_busy`, those of the
 * time authority.
 *
 * @example
 * const actions = [{ action: 'c2pa.created', digitalSourceType: `${IPTC}humanEdits` }]
 * const signed = await signFile(bytes, 'jpeg', { assertions: [], actions }, signer)
 */
export async function signFile(
  bytes: Uint8Array,
  format: MarkFormat,
  content: ManifestContent,
  signer: Signer,
  parent?: Uint8Array,
): Promise<Uint8Array> {
  if (bytes.length > limits.manifestFileBytesMax) throw tooLarge()
  if (!startsLike(bytes, format))
    throw new ColophonError('unreadable_file', `this is no ${format} file`, { remedy: 'Say what kind of file it is.' })
  const manifest = JSON.stringify(defineManifest(content, mediaTypeOf(format)))
  const source = ARCHIVES.includes(format) ? storeEntries(bytes, declareManifest, parent === undefined) : bytes
  const reserveBytes = signatureBytes(signer)
  const job = { bytes: source, mediaType: mediaTypeOf(format), manifest, settings: librarySettings([]), reserveBytes }
  const signed = await engine.ask<Uint8Array>({ kind: 'sign', ...job, ...(parent ? { parent } : {}) }, (claim) =>
    signClaim(claim, signer, reserveBytes),
  )
  if (PLACED.includes(format) && !contentStays(source, signed))
    throw new ColophonError('unsupported_media', 'a manifest in this file would leave its content unreadable', {
      remedy: 'Save it again with another program, without metadata.',
    })
  return signed
}

function tooLarge(): ColophonError {
  return new ColophonError('too_large', `the file is larger than ${limits.manifestFileBytesMax} bytes`, {
    remedy: 'Mark a smaller version of it.',
  })
}

/** Word takes a document for damaged that holds an entry of a kind which is not declared (ECMA-376 part 2, 10.1.2). */
function declareManifest(name: string, content: Uint8Array): Uint8Array {
  if (name !== '[Content_Types].xml') return content
  const types = new TextDecoder().decode(content)
  if (/Extension="c2pa"/i.test(types)) return content
  return new TextEncoder().encode(
    types.replace(/<\/(\w+:)?Types>\s*$/, (end, prefix: string | undefined) => {
      return `<${prefix ?? ''}Default Extension="c2pa" ContentType="application/c2pa"/>${end}`
    }),
  )
}
