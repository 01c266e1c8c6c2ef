import { hash as oneShotHash } from 'node:crypto'

/** A Merkle tree head of RFC 6962 with SHA-256: 32 bytes. */
export type Hash = Uint8Array

const HASH_BYTES = 32

/** One buffer for all inner nodes: hashing is synchronous, so it is never used twice at once. */
const nodeInput = Buffer.alloc(65, 1)

/** Hash of a leaf: SHA-256(0x00 ‖ entry). RFC 6962 section 2.1. */
export function leafHash(entry: Uint8Array): Hash {
  const input = Buffer.allocUnsafe(entry.length + 1)
  input[0] = 0
  input.set(entry, 1)
  return oneShotHash('sha256', input, 'buffer')
}

/** Hash of an inner node: SHA-256(0x01 ‖ left ‖ right). RFC 6962 section 2.1. */
export function nodeHash(left: Hash, right: Hash): Hash {
  nodeInput.set(left, 1)
  nodeInput.set(right, 33)
  return oneShotHash('sha256', nodeInput, 'buffer')
}

/** Writes the hash of a leaf that is a text into a list: where there are millions, a hash of its own for each costs twice as much. */
export function writeLeafHash(entry: string, list: Buffer, at: number): void {
  list.write(oneShotHash('sha256', `\0${entry}`, 'binary'), at, 'binary')
}

const LINE_FEED = 0x0a

/**
 * Hashes leaves, each a line that begins with the zero byte of RFC 6962, into their places of a list of hashes, but for
 * those whose places are named.
 */
export function writeLeafHashes(lines: Buffer, list: Buffer, but: ReadonlySet<number>): void {
  for (let at = 0, place = 0; at < lines.length; place++) {
    const end = lines.indexOf(LINE_FEED, at)
    if (!but.has(place))
      list.write(oneShotHash('sha256', lines.subarray(at, end), 'binary'), place * HASH_BYTES, 'binary')
    at = end + 1
  }
}

/** The root over hashes of leaves that lie one after the other, 32 bytes each. The list is used up. */
export function rootOfList(list: Buffer): Hash {
  if (list.length === 0) return emptyRoot()
  for (let length = list.length; length > HASH_BYTES;) {
    let to = 0
    for (let at = 0; at < length; at += 2 * HASH_BYTES, to += HASH_BYTES) {
      // The last of an odd number goes up as it is.
      if (at + HASH_BYTES === length) list.copyWithin(to, at, length)
      else {
        list.copy(nodeInput, 1, at, at + 2 * HASH_BYTES)
        list.write(oneShotHash('sha256', nodeInput, 'binary'), to, 'binary')
      }
    }
    length = to
  }
  return list.subarray(0, HASH_BYTES)
}

/** The root of a tree without leaves: SHA-256 of nothing. */
export function emptyRoot(): Hash {
  return oneShotHash('sha256', Buffer.alloc(0), 'buffer')
}

/**
 * Gives the hash of the complete subtree that covers leaves [start, start + 2^level).
 * `start` is a multiple of 2^level.
 */
export type SubtreeReader = (level: number, start: number) => Hash | Promise<Hash>

/** Root of the leaves [start, end), combining complete subtrees: MTH(D[start:end]) of RFC 6962 section 2.1. */
export async function rangeRoot(read: SubtreeReader, start: number, end: number): Promise<Hash> {
  if (end === start) return emptyRoot()
  const size = end - start
  const level = floorLog2(size)
  if (2 ** level === size) return read(level, start)
  const split = start + 2 ** level
  return nodeHash(await rangeRoot(read, start, split), await rangeRoot(read, split, end))
}

/** Inclusion proof of leaf `index` in the tree of `size` leaves: PATH(m, D[n]) of RFC 6962 section 2.1.1. */
export async function inclusionProof(read: SubtreeReader, index: number, size: number): Promise<Hash[]> {
  if (!(Number.isSafeInteger(index) && index >= 0 && index < size)) throw new RangeError('index is not in the tree')
  const path: Hash[] = []
  let start = 0
  let end = size
  while (end - start > 1) {
    const split = start + splitPoint(end - start)
    if (index < split) {
      path.push(await rangeRoot(read, split, end))
      end = split
    } else {
      path.push(await rangeRoot(read, start, split))
      start = split
    }
  }
  return path.reverse()
}

/** Consistency proof between the trees of `oldSize` and `newSize` leaves: PROOF(m, D[n]) of RFC 6962 section 2.1.2. */
export async function consistencyProof(read: SubtreeReader, oldSize: number, newSize: number): Promise<Hash[]> {
  if (oldSize > newSize || oldSize < 0) throw new RangeError('the old tree is larger than the new one')
  if (oldSize === 0 || oldSize === newSize) return []
  return subProof(read, oldSize, 0, newSize, true)
}

async function subProof(
  read: SubtreeReader,
  oldSize: number,
  start: number,
  end: number,
  isWhole: boolean,
): Promise<Hash[]> {
  if (oldSize === end - start) return isWhole ? [] : [await rangeRoot(read, start, end)]
  const split = splitPoint(end - start)
  if (oldSize <= split) {
    const proof = await subProof(read, oldSize, start, start + split, isWhole)
    return [...proof, await rangeRoot(read, start + split, end)]
  }
  const proof = await subProof(read, oldSize - split, start + split, end, false)
  return [...proof, await rangeRoot(read, start, start + split)]
}

/** One step of an inclusion proof: the hash beside, on which side it stands, and what both come to. */
export interface InclusionStep {
  side: 'left' | 'right'
  sibling: Hash
  hash: Hash
}

/**
 * Goes through an inclusion proof step by step (RFC 9162 section 2.1.3.2); the last hash is the root.
 * Answers undefined when the proof does not have exactly the length that `index` and `size` need.
 */
export function inclusionSteps(
  index: number,
  size: number,
  leaf: Hash,
  proof: readonly Hash[],
): InclusionStep[] | undefined {
  if (!isCount(index) || !isCount(size) || index >= size) return undefined
  const steps: InclusionStep[] = []
  let node = index
  let last = size - 1
  let hash = leaf
  for (const sibling of proof) {
    if (last === 0 || sibling.length !== 32) return undefined
    const side = node % 2 === 1 || node === last ? 'left' : 'right'
    hash = side === 'left' ? nodeHash(sibling, hash) : nodeHash(hash, sibling)
    while (side === 'left' && node % 2 === 0 && node !== 0) {
      node = Math.floor(node / 2)
      last = Math.floor(last / 2)
    }
    steps.push({ side, sibling, hash })
    node = Math.floor(node / 2)
    last = Math.floor(last / 2)
  }
  return last === 0 ? steps : undefined
}

/** The root that an inclusion proof comes to; undefined as above. */
export function rootFromInclusionProof(
  index: number,
  size: number,
  leaf: Hash,
  proof: readonly Hash[],
): Hash | undefined {
  const steps = inclusionSteps(index, size, leaf, proof)
  return steps && (steps.at(-1)?.hash ?? leaf)
}

/** True when the proof shows that the old tree is a prefix of the new one (RFC 9162 section 2.1.4.2). */
export function verifyConsistency(
  oldSize: number,
  newSize: number,
  oldRoot: Hash,
  newRoot: Hash,
  proof: readonly Hash[],
): boolean {
  if (!isCount(oldSize) || !isCount(newSize) || oldSize > newSize) return false
  if (oldSize === newSize) return proof.length === 0 && equal(oldRoot, newRoot)
  if (oldSize === 0) return proof.length === 0 && equal(oldRoot, emptyRoot())
  const path = isPowerOfTwo(oldSize) ? [oldRoot, ...proof] : [...proof]
  const first = path[0]
  if (!first || path.some((hash) => hash.length !== 32)) return false
  let node = oldSize - 1
  let last = newSize - 1
  while (node % 2 === 1) {
    node = Math.floor(node / 2)
    last = Math.floor(last / 2)
  }
  let oldHash = first
  let newHash = first
  for (const sibling of path.slice(1)) {
    if (last === 0) return false
    if (node % 2 === 1 || node === last) {
      oldHash = nodeHash(sibling, oldHash)
      newHash = nodeHash(sibling, newHash)
      while (node % 2 === 0 && node !== 0) {
        node = Math.floor(node / 2)
        last = Math.floor(last / 2)
      }
    } else {
      newHash = nodeHash(newHash, sibling)
    }
    node = Math.floor(node / 2)
    last = Math.floor(last / 2)
  }
  return last === 0 && equal(oldHash, oldRoot) && equal(newHash, newRoot)
}

/** Subtree hashes of a list of leaf hashes that is held in memory, for manifests and tests. */
export function memorySubtrees(leaves: readonly Hash[]): SubtreeReader {
  const levels: Hash[][] = [[...leaves]]
  for (let below = levels[0]!; below.length > 1; below = levels.at(-1)!) {
    const above: Hash[] = []
    for (let i = 0; i + 1 < below.length; i += 2) above.push(nodeHash(below[i]!, below[i + 1]!))
    levels.push(above)
  }
  return (level, start) => {
    const hash = levels[level]?.[start / 2 ** level]
    if (!hash) throw new RangeError(`no subtree at level ${level}, start ${start}`)
    return hash
  }
}

/** The largest power of two that is smaller than `size`. */
function splitPoint(size: number): number {
  return 2 ** floorLog2(size - 1)
}

function floorLog2(value: number): number {
  let level = Math.floor(Math.log2(value))
  if (2 ** level > value) level--
  if (2 ** (level + 1) <= value) level++
  return level
}

function isPowerOfTwo(value: number): boolean {
  return 2 ** floorLog2(value) === value
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0
}

function equal(a: Hash, b: Hash): boolean {
  return a.length === b.length && Buffer.compare(a, b) === 0
}
