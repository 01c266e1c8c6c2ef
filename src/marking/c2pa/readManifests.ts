import { ColophonError, limits } from '../../foundation/index.ts'
import type { MarkFormat } from '../formats.ts'
import type { BoundContent } from './contentBinding.ts'
import { openEngine, type EngineJob } from './engine.ts'
import { mediaTypeOf, startsLike } from './mediaTypes.ts'
import { plainReport, type C2paReport } from './report.ts'
import { librarySettings } from './settings.ts'

/** Another thread than the one that signs, so that a file made to do harm keeps nobody from signing. */
const engine = openEngine(limits.manifestTimeoutMs)

export interface ReadOptions {
  /** Certificates as PEM, one a text: whom to trust, for signing and for time-stamps. Nobody unless said. */
  trustAnchors?: string[]
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  now: number
}

/**
 * Reads and verifies the manifests of a file. A bad file is a finding and never an error; nothing is fetched, whatever
 * addresses stand in it. Errors: `invalid_input` for a trust anchor that is none, `too_busy`.
 *
 * @example const { state } = await readManifests(bytes, 'jpeg', { trustAnchors: nodeTrustAnchors(data), now: Date.now() })
 */
export async function readManifests(bytes: Uint8Array, format: MarkFormat, options: ReadOptions): Promise<C2paReport> {
  const settings = librarySettings(options.trustAnchors ?? [])
  if (bytes.length > limits.manifestFileBytesMax)
    return plainReport('unreadable', 'file_too_large', `the file is larger than ${limits.manifestFileBytesMax} bytes`)
  if (!startsLike(bytes, format)) return plainReport('unreadable', 'file_wrong_type', `this is no ${format} file`)
  const report = await ask({ kind: 'read', bytes, mediaType: mediaTypeOf(format), settings, nowMs: options.now })
  const isLost = UNREAD.some((code) => report.findings.some((finding) => finding.code === code))
  if (!(isLost || (report.state === 'none' && format !== 'pdf')) || !holdsStore(bytes, format)) return report
  return {
    ...plainReport('invalid', 'manifest_broken', 'a manifest is in the file, and does not fit it any more'),
    ...(report.findings.length > 0 ? { findings: report.findings } : {}),
  }
}

/** Findings after which it is open whether there was a manifest. */
const UNREAD = ['file_broken', 'format_unsupported']
/** The type of a JUMBF box that is a manifest store (C2PA 2.2, 11.1.4.2). */
const STORE_TYPE = Buffer.from('6332706100110010800000aa00389b71', 'hex')

/**
 * Whether a manifest store is in a file that the library finds none in, because the file was changed around it. What
 * lies in an archive has its own; a PDF that holds signed pictures does not have to be signed itself.
 */
function holdsStore(bytes: Uint8Array, format: MarkFormat): boolean {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  if (['epub', 'docx', 'odt'].includes(format)) return file.includes('META-INF/content_credential.c2pa')
  if (format === 'svg') return file.includes('<c2pa:manifest')
  return file.includes(STORE_TYPE) || (format === 'jpeg' && holdsBrokenBox(file))
}

/** Whether a box in the segments of a JPEG (ISO 19566-5, annex D) is longer than what there is of it, or is no box. */
function holdsBrokenBox(file: Buffer): boolean {
  const boxes = new Map<number, { promised: number; found: number }>()
  for (let at = 2; at + 4 <= file.length && file[at] === 0xff && file[at + 1] !== 0xda;) {
    const end = at + 2 + file.readUInt16BE(at + 2)
    const isBox = file[at + 1] === 0xeb && file.toString('latin1', at + 4, at + 6) === 'JP' && end <= file.length
    if (isBox && end < at + 20) return true
    if (isBox) {
      const [number, length] = [file.readUInt16BE(at + 6), file.readUInt32BE(at + 12)]
      // Each segment repeats the head of its box: 8 bytes, 16 when the length does not fit into four.
      const head = length === 1 ? 16 : 8
      const promised = length === 1 && end >= at + 28 ? Number(file.readBigUInt64BE(at + 20)) : length
      const box = boxes.get(number) ?? { promised, found: head }
      box.found += end - (at + 12) - head
      boxes.set(number, box)
    }
    at = Math.max(end, at + 4)
  }
  return [...boxes.values()].some(({ promised, found }) => promised !== 0 && (promised < 8 || promised > found))
}

/**
 * The same for a manifest store that was taken out of its content by somebody else than the library: signature and
 * assertions are verified by the library, and that the store is bound to this content by `judgeBinding`.
 */
export async function readStoreOf(content: BoundContent, store: Uint8Array, options: ReadOptions): Promise<C2paReport> {
  const settings = librarySettings(options.trustAnchors ?? [])
  const mediaType = 'application/c2pa'
  const report = await ask({ kind: 'read', bytes: store, mediaType, settings, nowMs: options.now, content })
  return report.state === 'none' ? plainReport('invalid', 'manifest_broken', 'the manifest store holds none') : report
}

async function ask(job: EngineJob): Promise<C2paReport> {
  try {
    return await engine.ask(job)
  } catch (error) {
    if (!(error instanceof ColophonError) || error.code === 'too_busy') throw error
    return plainReport('unreadable', 'file_too_costly', error.message)
  }
}
