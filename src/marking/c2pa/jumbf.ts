const DEPTH_MAX = 8
const BOXES_MAX = 20_000

/**
 * The content of the first box inside the superbox at the end of a path of labels, in a manifest store (JUMBF, ISO
 * 19566-5); undefined when it is not there. For instance the COSE of `['c2pa', 'urn:c2pa:…', 'c2pa.signature']`.
 */
export function findInStore(store: Uint8Array, path: string[]): Uint8Array | undefined {
  const budget = { left: BOXES_MAX }
  let inside = store
  for (const label of path.slice(0, DEPTH_MAX)) {
    const found = boxesOf(inside, budget).find(
      ({ type, content }) => type === 'jumb' && labelOf(content, budget) === label,
    )
    if (!found) return undefined
    inside = found.content
  }
  return boxesOf(inside, budget)[1]?.content
}

interface Box {
  type: string
  content: Uint8Array
}

function boxesOf(bytes: Uint8Array, budget: { left: number }): Box[] {
  const boxes: Box[] = []
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (let at = 0; at + 8 <= bytes.length && budget.left-- > 0;) {
    const short = view.getUint32(at)
    const isLong = short === 1 && at + 16 <= bytes.length
    // Zero means up to the end (ISO 14496-12 section 4.2).
    const size = isLong ? Number(view.getBigUint64(at + 8)) : short || bytes.length - at
    const header = isLong ? 16 : 8
    if (size < header || at + size > bytes.length) break
    const type = Buffer.from(bytes.subarray(at + 4, at + 8)).toString('latin1')
    boxes.push({ type, content: bytes.subarray(at + header, at + size) })
    at += size
  }
  return boxes
}

const LABEL_PRESENT = 2

function labelOf(superbox: Uint8Array, budget: { left: number }): string | undefined {
  const [description] = boxesOf(superbox.subarray(0, 1024), budget)
  if (description?.type !== 'jumd' || !(description.content[16]! & LABEL_PRESENT)) return undefined
  const end = description.content.indexOf(0, 17)
  return Buffer.from(description.content.subarray(17, end < 0 ? undefined : end)).toString('utf8')
}
