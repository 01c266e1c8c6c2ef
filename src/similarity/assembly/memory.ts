/** Memory is handed out from one end and never given back: an index is closed by letting go of its instance. */
let top: usize = (__heap_base + 63) & ~63

/** A stretch of `bytes` bytes on a cache line of its own; 0 when there is no more memory. */
export function allocate(bytes: usize): usize {
  const at = top
  const after = (top + bytes + 63) & ~63
  if (after < top) return 0
  const needed = <i32>((after + 0xffff) >>> 16)
  const pages = memory.size()
  if (needed > pages) {
    if (memory.grow(needed - pages) < 0) return 0
  }
  top = after
  return at
}

/** Of the stretch that was handed out last, at `at`, only so many bytes are needed. */
export function keepOnly(at: usize, bytes: usize): void {
  top = (at + bytes + 63) & ~63
}
