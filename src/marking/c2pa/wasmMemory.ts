/**
 * A module of WebAssembly with an upper bound of its memory (pages of 64 KiB) written into it. Nothing else bounds the
 * memory of a module in a thread: a file that asks for more makes the module stop, instead of the machine.
 */
export function limitWasmMemory(module: Uint8Array, pagesMax: number): Uint8Array<ArrayBuffer> {
  for (let at = HEADER_BYTES; at < module.length;) {
    const size = readNumber(module, at + 1)
    const end = size.next + size.number
    if (module[at] === MEMORY_SECTION) {
      const count = readNumber(module, size.next)
      const pagesMin = readNumber(module, count.next + 1)
      if (count.number !== 1 || module[count.next]! > 1) break
      const limits = [1, 1, ...numberBytes(pagesMin.number), ...numberBytes(pagesMax)]
      const section = Uint8Array.from([MEMORY_SECTION, ...numberBytes(limits.length), ...limits])
      return new Uint8Array(Buffer.concat([module.subarray(0, at), section, module.subarray(end)]))
    }
    at = end
  }
  throw new Error('not a module with one memory of its own')
}

const HEADER_BYTES = 8
const MEMORY_SECTION = 5

/** LEB128 without sign. */
function readNumber(bytes: Uint8Array, at: number): { number: number; next: number } {
  let number = 0
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[at++]!
    number += (byte & 0x7f) * 2 ** shift
    if (byte < 0x80) return { number, next: at }
  }
}

function numberBytes(number: number): number[] {
  return number < 0x80 ? [number] : [(number & 0x7f) | 0x80, ...numberBytes(number >>> 7)]
}
