import { bigEndian, concat, hasAt, littleEndian, viewOf } from '../bytes.ts'
import type { Container } from '../container.ts'
import { notWritable, unreadable } from '../findings.ts'
import { tagEnd } from './id3.ts'

interface Block {
  kind: number
  start: number
  end: number
}

const APPLICATION = 2
const LAST = 0x80
/** FLAC has no place of its own for XMP: a chunk of RIFF in the block for such, as WAVE has it, is what ExifTool reads. */
const XMP = 'riff_PMX'
const BLOCK_BYTES_MAX = 0xff_ffff

/** FLAC (RFC 9639, 8.4): XMP stands in a block APPLICATION behind the stream's own description. */
export const flac: Container = {
  find(bytes) {
    const found = metadataBlocks(bytes).find((block) => isXmp(bytes, block))
    if (!found) return { packets: [], findings: [] }
    const at = found.start + 4 + XMP.length + 4
    const length = viewOf(bytes).getUint32(at - 4, true)
    if (at + length > found.end) throw unreadable('the metadata of the FLAC is cut short')
    return { packets: [bytes.subarray(at, at + length)], findings: [] }
  },

  embed(bytes, packet) {
    const blocks = metadataBlocks(bytes)
    const content = concat(XMP, littleEndian(packet.length, 4), packet, new Uint8Array(packet.length & 1))
    if (content.length > BLOCK_BYTES_MAX) throw notWritable('a block of FLAC holds 16 MB', 'Write less.')
    const [info, ...others] = blocks
    const made = concat(Uint8Array.of(APPLICATION), bigEndian(content.length, 3), content)
    const kept = others.filter((block) => !isXmp(bytes, block))
    const all = [bytes.slice(info!.start, info!.end), made, ...kept.map(({ start, end }) => bytes.slice(start, end))]
    all.forEach((block, index) => (block[0] = (block[0]! & ~LAST) | (index === all.length - 1 ? LAST : 0)))
    return concat(bytes.subarray(0, info!.start), ...all, bytes.subarray(blocks.at(-1)!.end))
  },
}

function metadataBlocks(bytes: Uint8Array): Block[] {
  // Some programs put an ID3 tag before it.
  const begin = tagEnd(bytes)
  if (!hasAt(bytes, begin, 'fLaC')) throw unreadable('it is not a FLAC')
  const view = viewOf(bytes)
  const blocks: Block[] = []
  for (let start = begin + 4; start + 4 <= bytes.length;) {
    const end = start + 4 + (view.getUint32(start) & 0xff_ffff)
    if (end > bytes.length) break
    blocks.push({ kind: bytes[start]! & 0x7f, start, end })
    if (blocks[0]!.kind !== 0) throw unreadable('the FLAC does not describe its stream')
    if (bytes[start]! & LAST) return blocks
    start = end
  }
  throw unreadable('the FLAC is cut short')
}

function isXmp(bytes: Uint8Array, { kind, start, end }: Block): boolean {
  return kind === APPLICATION && end - start >= 4 + XMP.length + 4 && hasAt(bytes, start + 4, XMP)
}
