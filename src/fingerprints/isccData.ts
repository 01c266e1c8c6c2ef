import { openMinhash } from './minhash.ts'

const PIECE_BYTES = 1 << 18
/** A chunk is not longer; what is not chunked yet never is either. */
const CHUNK_BYTES_MAX = 8192

/** A Data-Code that is fed with a file as it is read: constant memory, whatever the size. */
export interface DataCode {
  update(bytes: Uint8Array): void
  /** 256 bits, over everything that was fed. */
  digest(): Uint8Array
}

export function openDataCode(): DataCode {
  const { kernels, features, start, take, digest } = openMinhash()
  const bytes = kernels.allocate(PIECE_BYTES + CHUNK_BYTES_MAX)
  const ends = kernels.allocate(((PIECE_BYTES + CHUNK_BYTES_MAX) / 256 + 1) * 4)
  let held = 0
  let isEmpty = true
  start()
  const cut = (isLast: boolean) => {
    const count = kernels.chunk(bytes, held, Number(isLast), ends)
    kernels.chunkFeatures(bytes, ends, count, features)
    take(count)
    const done = kernels.chunked.value
    new Uint8Array(kernels.memory.buffer).copyWithin(bytes, bytes + done, bytes + held)
    held -= done
    isEmpty &&= count === 0
  }
  return {
    update(all) {
      for (let at = 0; at < all.length; at += PIECE_BYTES) {
        const piece = all.subarray(at, at + PIECE_BYTES)
        new Uint8Array(kernels.memory.buffer).set(piece, bytes + held)
        held += piece.length
        cut(false)
      }
    },
    digest() {
      cut(true)
      // No bytes are one empty chunk.
      if (isEmpty) {
        new Uint32Array(kernels.memory.buffer, features, 1)[0] = kernels.xxh32(bytes, 0)
        take(1)
      }
      return digest()
    },
  }
}

/** Data-Code, 256 bits, over the bytes of a file: alike for files that share most of their bytes. */
export function isccDataCode(bytes: Uint8Array): Uint8Array {
  const code = openDataCode()
  code.update(bytes)
  return code.digest()
}
