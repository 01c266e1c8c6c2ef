import { concat, hasAt } from '../bytes.ts'
import type { Container } from '../container.ts'
import { unreadable } from '../findings.ts'

interface Block {
  start: number
  end: number
}

const EXTENSION = '\x21\xff\x0bXMP DataXMP'
/** 258 bytes by which a reader that takes the text for blocks finds its way out of it (XMP part 3, 1.1.2). */
const TRAILER = concat(
  '\x01',
  Uint8Array.from({ length: 256 }, (_, i) => 255 - i),
  '\0',
)

/** GIF: XMP stands in an application extension before the end. */
export const gif: Container = {
  find(bytes) {
    const packets = parseGif(bytes).packets.map(({ start, end }) =>
      bytes.subarray(start + EXTENSION.length, end - TRAILER.length),
    )
    return { packets: packets.slice(0, 1), findings: [] }
  },

  embed(bytes, packet) {
    const { packets, trailerAt } = parseGif(bytes)
    const made = concat(EXTENSION, packet, TRAILER)
    const old = packets[0] ?? { start: trailerAt, end: trailerAt }
    // Extensions are a thing of the version of 1989.
    return concat('GIF89a', bytes.subarray(6, old.start), made, bytes.subarray(old.end))
  },
}

function parseGif(bytes: Uint8Array): { packets: Block[]; trailerAt: number } {
  if (!hasAt(bytes, 0, 'GIF87a') && !hasAt(bytes, 0, 'GIF89a')) throw unreadable('it is not a GIF')
  const packets: Block[] = []
  let at = 13 + colourTable(bytes[10] ?? 0)
  for (;;) {
    const start = at
    switch (bytes[at]) {
      case 0x3b:
        return { packets, trailerAt: at }
      case 0x2c:
        at = skipSubBlocks(bytes, at + 11 + colourTable(bytes[at + 9] ?? 0))
        break
      case 0x21:
        at = skipSubBlocks(bytes, at + 2)
        if (hasAt(bytes, start, EXTENSION) && at - start >= EXTENSION.length + TRAILER.length)
          packets.push({ start, end: at })
        break
      default:
        throw unreadable('the blocks of the GIF do not follow each other')
    }
  }
}

function colourTable(flags: number): number {
  return flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0
}

function skipSubBlocks(bytes: Uint8Array, start: number): number {
  let at = start
  while (at < bytes.length && bytes[at] !== 0) at += bytes[at]! + 1
  if (at >= bytes.length) throw unreadable('the GIF is cut short')
  return at + 1
}
