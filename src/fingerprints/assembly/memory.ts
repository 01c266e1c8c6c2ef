/** Memory is handed out from one end and never given back: a caller that needs much makes an instance of its own. */
let top: usize = (__heap_base + 63) & ~63

/** A stretch of `bytes` zeroed bytes on a cache line of its own. */
export function allocate(bytes: usize): usize {
  const at = top
  top = (top + bytes + 63) & ~63
  const pages = memory.size()
  const needed = <i32>((top + 0xffff) >>> 16)
  if (needed > pages) {
    if (memory.grow(needed - pages) < 0) unreachable()
  }
  return at
}
