import { crc32, inflateSync } from 'node:zlib'
import { bigEndian, concat, hasAt, latin1, viewOf } from '../bytes.ts'
import type { Container } from '../container.ts'
import { unreadable } from '../findings.ts'

interface Chunk {
  start: number
  end: number
}

const SIGNATURE = '\x89PNG\r\n\x1a\n'
const KEYWORD = 'XML:com.adobe.xmp\0'
const INFLATED_BYTES_MAX = 16 * 1024 * 1024

/** PNG: XMP stands in an iTXt chunk with this keyword (XMP specification part 3, 1.1.5). */
export const png: Container = {
  find(bytes) {
    const packets = textChunks(bytes).map((chunk) => packetOf(bytes, chunk))
    const isMany = packets.length > 1
    return {
      packets: packets.slice(0, 1),
      findings: isMany
        ? [{ code: 'several_packets', severity: 'warning', message: 'There is more than one XMP packet.' }]
        : [],
    }
  },

  embed(bytes, packet) {
    const [old] = textChunks(bytes)
    const content = concat('iTXt', KEYWORD, '\0\0\0\0', packet)
    const made = concat(bigEndian(content.length - 4, 4), content, bigEndian(crc32(content), 4))
    // Right behind the header: some readers do not look behind the picture's data.
    const at = old?.start ?? SIGNATURE.length + 25
    return concat(bytes.subarray(0, at), made, bytes.subarray(old?.end ?? at))
  },
}

/** The chunks with XMP. Errors: `unreadable_file`. */
function textChunks(bytes: Uint8Array): Chunk[] {
  if (!hasAt(bytes, 0, SIGNATURE) || !hasAt(bytes, 12, 'IHDR')) throw unreadable('it is not a PNG')
  const view = viewOf(bytes)
  const found: Chunk[] = []
  for (let start = SIGNATURE.length; start + 12 <= bytes.length;) {
    const end = start + 12 + view.getUint32(start)
    if (end > bytes.length) throw unreadable('a chunk of the PNG is cut short')
    const kind = latin1(bytes, start + 4, start + 8)
    if (start === SIGNATURE.length && end !== start + 25) throw unreadable('the header of the PNG is damaged')
    if (kind === 'iTXt' && hasAt(bytes, start + 8, KEYWORD) && end >= start + 12 + KEYWORD.length + 4)
      found.push({ start, end })
    if (kind === 'IEND') return found
    start = end
  }
  throw unreadable('the PNG ends too early')
}

function packetOf(bytes: Uint8Array, { start, end }: Chunk): Uint8Array {
  const flagAt = start + 8 + KEYWORD.length
  const languageEnd = bytes.indexOf(0, flagAt + 2)
  const keywordEnd = languageEnd < 0 ? -1 : bytes.indexOf(0, languageEnd + 1)
  if (keywordEnd < 0 || keywordEnd >= end - 4) throw unreadable('a text of the PNG is damaged')
  const content = bytes.subarray(keywordEnd + 1, end - 4)
  if (bytes[flagAt] === 0) return content
  try {
    return inflateSync(content, { maxOutputLength: INFLATED_BYTES_MAX })
  } catch (error) {
    throw unreadable('a text of the PNG cannot be unpacked', error)
  }
}
