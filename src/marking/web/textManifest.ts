import { ColophonError } from '../../foundation/index.ts'

/** `C2PATXT` and a zero (C2PA 2.4, A.8.2.2). */
const MAGIC = Uint8Array.from([0x43, 0x32, 0x50, 0x41, 0x54, 0x58, 0x54, 0])
const VERSION = 1
const HEADER_BYTES = MAGIC.length + 1 + 4
const MANIFEST_BYTES_MAX = 16 * 1024 * 1024
/** One is right and two are an error: more need not be counted. */
const CANDIDATES_MAX = 16
const PREFIX = '\ufeff'
const PREFIX_BYTES = 3
const BEGINNING = PREFIX + selectorsOf(MAGIC)

export interface WrappedText {
  text: string
  /** What a `c2pa.hash.data` leaves out: bytes of the text in UTF-8, with the mark before the wrapper. */
  exclusion: { start: number; length: number }
}

interface TextFinding {
  code: 'text_wrapper_corrupted' | 'text_wrappers_several'
  severity: 'error'
  message: string
}

export interface TextManifest {
  manifest: Uint8Array
  exclusion: WrappedText['exclusion']
}

/**
 * A text with a C2PA manifest store in it that is not seen (C2PA 2.4, A.8, which says of itself that it is under review
 * and only for text that has no other place): normalised to NFC, and the store behind its end as variation selectors.
 * Errors: `state_not_allowed` for a text that has one already, `too_large`, `invalid_input` for half a character.
 */
export function wrapTextManifest(text: string, manifest: Uint8Array): WrappedText {
  if (manifest.length > MANIFEST_BYTES_MAX)
    throw new ColophonError('too_large', `the manifest is larger than ${MANIFEST_BYTES_MAX} bytes`)
  if (!text.isWellFormed()) throw new ColophonError('invalid_input', 'the text holds half a character')
  if (candidates(text).length > 0)
    throw new ColophonError('state_not_allowed', 'the text has a manifest already', {
      remedy: 'Give its manifest as the parent, and the text without it.',
    })
  const visible = text.normalize('NFC')
  return {
    text: visible + wrapperOf(manifest),
    exclusion: { start: Buffer.byteLength(visible), length: wrapperLength(manifest.length) },
  }
}

/**
 * Bytes that a manifest store of so many bytes takes in a text in UTF-8, whatever its bytes are: those below 16 take
 * three there and all others four, and padding makes up for it (A.8, deterministic padding).
 */
export function wrapperLength(manifestBytes: number): number {
  return PREFIX_BYTES + (HEADER_BYTES + manifestBytes) * 4 + 6
}

function wrapperOf(manifest: Uint8Array): string {
  const header = new Uint8Array(HEADER_BYTES)
  header.set(MAGIC)
  header[MAGIC.length] = VERSION
  new DataView(header.buffer).setUint32(MAGIC.length + 1, manifest.length)
  const wrapper = PREFIX + selectorsOf(header) + selectorsOf(manifest)
  // The six bytes above keep this from being 1, 2 or 5, which no threes and fours add up to.
  const missing = wrapperLength(manifest.length) - Buffer.byteLength(wrapper)
  const fours = missing % 3
  return wrapper + selectorsOf(new Uint8Array((missing - 4 * fours) / 3)) + selectorsOf(new Uint8Array(fours).fill(16))
}

/** Whether a file can hold a wrapper at all, without making a text of it. */
export function mayHoldWrapper(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).includes(BEGINNING)
}

/**
 * The manifest store of a text, by the detection of C2PA 2.4, A.8.4.2. Two are an error and neither is given: whoever
 * appends one would else choose which is read (A.8.7.1). Never throws.
 */
export function readTextManifest(text: string): { found?: TextManifest; findings: TextFinding[] } {
  const findings: TextFinding[] = []
  const found: TextManifest[] = []
  for (const { bytes, start, length } of candidates(text)) {
    const flaw = flawOf(bytes)
    if (flaw) findings.push({ code: 'text_wrapper_corrupted', severity: 'error', message: flaw })
    else
      found.push({
        manifest: bytes.slice(HEADER_BYTES, HEADER_BYTES + manifestBytes(bytes)),
        exclusion: { start, length },
      })
  }
  if (found.length > 1)
    findings.push({ code: 'text_wrappers_several', severity: 'error', message: 'the text has more than one manifest' })
  const [only, ...others] = found
  return { ...(only && others.length === 0 ? { found: only } : {}), findings }
}

/** Runs of selectors behind the mark that begin as a wrapper does; others are somebody’s emoji. */
function candidates(text: string): { bytes: Uint8Array; start: number; length: number }[] {
  const found: ReturnType<typeof candidates> = []
  for (let at = text.indexOf(BEGINNING); at >= 0; at = text.indexOf(BEGINNING, at + 1)) {
    const { bytes, end } = bytesFrom(text, at + PREFIX.length)
    const length = Buffer.byteLength(text.slice(at, end))
    found.push({ bytes, start: Buffer.byteLength(text.slice(0, at)), length })
    if (found.length === CANDIDATES_MAX) break
  }
  return found
}

/** The bytes of the selectors that stand from here on. A run may be as long as a file, which no pattern takes. */
function bytesFrom(text: string, start: number): { bytes: Uint8Array; end: number } {
  const bytes = new Uint8Array(text.length - start)
  let count = 0
  let end = start
  for (let byte = byteAt(text, end); byte !== undefined; byte = byteAt(text, end)) {
    bytes[count++] = byte
    end += byte < 16 ? 1 : 2
  }
  return { bytes: bytes.slice(0, count), end }
}

function flawOf(bytes: Uint8Array): string | undefined {
  if (bytes.length < HEADER_BYTES) return 'the manifest in the text is cut off'
  if (bytes[MAGIC.length] !== VERSION) return 'the manifest in the text is written in a way that is not known'
  const length = manifestBytes(bytes)
  const held = bytes.length - HEADER_BYTES
  if (length > held) return 'the manifest in the text is cut off: this may be a part of a longer text'
  if (held > MANIFEST_BYTES_MAX) return 'the manifest in the text is larger than what is read of one'
  return !isPadding(bytes.subarray(HEADER_BYTES + length)) ? 'more stands in the text than its manifest' : undefined
}

function manifestBytes(wrapper: Uint8Array): number {
  return new DataView(wrapper.buffer, wrapper.byteOffset).getUint32(MAGIC.length + 1)
}

/** Zeros, and up to two bytes 16 behind them. */
function isPadding(bytes: Uint8Array): boolean {
  const zeros = bytes.findIndex((byte) => byte !== 0)
  const fours = zeros < 0 ? bytes.subarray(0, 0) : bytes.subarray(zeros)
  return fours.length <= 2 && fours.every((byte) => byte === 16)
}

function selectorsOf(bytes: Uint8Array): string {
  const parts: string[] = []
  for (const byte of bytes) parts.push(String.fromCodePoint(byte < 16 ? 0xfe00 + byte : 0xe0100 + byte - 16))
  return parts.join('')
}

function byteAt(text: string, at: number): number | undefined {
  const point = text.codePointAt(at) ?? 0
  if (point >= 0xfe00 && point <= 0xfe0f) return point - 0xfe00
  return point >= 0xe0100 && point <= 0xe01ef ? point - 0xe0100 + 16 : undefined
}
