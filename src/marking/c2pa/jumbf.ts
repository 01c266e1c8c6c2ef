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

const REQUESTABLE = 1
/** Types of C2PA and of JUMBF are four letters and these bytes (C2PA 2.4 section 11.1; ISO 19566-5, annex B). */
const TYPE_TAIL = Buffer.from('00110010800000aa00389b71', 'hex')

/** A superbox: a description with its type (four letters) and its label, and the boxes in it. */
export function superbox(type: string, label: string, ...inside: Uint8Array[]): Uint8Array {
  const toggles = Uint8Array.of(REQUESTABLE | LABEL_PRESENT)
  return box('jumb', box('jumd', Buffer.from(type), TYPE_TAIL, toggles, Buffer.from(`${label}\0`)), ...inside)
}

export function box(type: string, ...content: Uint8Array[]): Uint8Array {
  const header = Buffer.alloc(8)
  header.writeUInt32BE(content.reduce((sum, { length }) => sum + length, header.length))
  header.write(type, 4, 'latin1')
  return new Uint8Array(Buffer.concat([header, ...content]))
}

/** The manifests of a store as they are, each with its header. */
export function manifestsIn(store: Uint8Array): Uint8Array[] {
  const budget = { left: BOXES_MAX }
  const [outer] = boxesOf(store, budget)
  const inside = outer ? boxesOf(outer.content, budget) : []
  return inside.filter(({ type }) => type === 'jumb').map(({ content }) => box('jumb', content))
}
