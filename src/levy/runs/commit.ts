import { createCipheriv } from 'node:crypto'
import { canonicalJson, sha256Hex, toHex } from '../../foundation/index.ts'
import {
  inclusionProof,
  leafHash,
  memorySubtrees,
  nodeHash,
  rootFromInclusionProof,
  type Hash,
} from '../../log/index.ts'

/** One line of a run: so many cents are from now on on this account. */
export interface RunLine {
  account: string
  /** Whose account it is; empty for those of the fund. */
  owner: string
  cents: bigint
}

/** A line, with all that anybody needs to see that it belongs to a published run. */
export interface LineProof {
  line: { account: string; owner: string; cents: string }
  salt: string
  index: number
  size: number
  /** Hashes from the leaf up, in hexadecimal. RFC 6962 section 2.1.1. */
  path: string[]
}

const SALT_BYTES = 16

/**
 * The salts of lines, one after another: the key stream of AES-256-CTR under the secret, 16 bytes a line. Without a salt
 * nobody can find out by trying what stands in a line of which only the hash is known.
 */
export function saltsOf(secret: Uint8Array): () => string {
  const cipher = createCipheriv('aes-256-ctr', secret, new Uint8Array(16))
  const zeros = new Uint8Array(SALT_BYTES * 4096)
  let block = Buffer.alloc(0)
  let at = 0
  return () => {
    if (at === block.length) {
      block = cipher.update(zeros)
      at = 0
    }
    at += SALT_BYTES
    return block.toString('hex', at - SALT_BYTES, at)
  }
}

/** The leaf of a line: RFC 6962 over its canonical JSON. */
export function leafOfLine({ account, owner, cents }: RunLine, salt: string): Hash {
  return leafHash(Buffer.from(canonicalJson({ account, cents: String(cents), owner, salt })))
}

/** The tree of lines that come one after another: only one hash a level is kept. */
export function openTree(secret: Uint8Array): { add(line: RunLine): void; root(): string } {
  const nextSalt = saltsOf(secret)
  const stack: { leaves: number; hash: Hash }[] = []
  return {
    add(line) {
      stack.push({ leaves: 1, hash: leafOfLine(line, nextSalt()) })
      while (stack.length > 1 && stack.at(-1)!.leaves === stack.at(-2)!.leaves) join(stack)
    },
    root() {
      while (stack.length > 1) join(stack)
      return stack.length === 0 ? sha256Hex() : toHex(stack[0]!.hash)
    },
  }
}

function join(stack: { leaves: number; hash: Hash }[]): void {
  const right = stack.pop()!
  const left = stack.pop()!
  stack.push({ leaves: left.leaves + right.leaves, hash: nodeHash(left.hash, right.hash) })
}

/** Proves the lines of one owner, out of all lines in their order. */
export async function proveLines(lines: readonly RunLine[], secret: Uint8Array, owner: string): Promise<LineProof[]> {
  const nextSalt = saltsOf(secret)
  const salts = lines.map(() => nextSalt())
  const leaves = lines.map((line, i) => leafOfLine(line, salts[i]!))
  const subtrees = memorySubtrees(leaves)
  const proofs: LineProof[] = []
  for (const [index, line] of lines.entries()) {
    if (line.owner !== owner) continue
    const path = await inclusionProof(subtrees, index, leaves.length)
    proofs.push({
      line: { account: line.account, owner, cents: String(line.cents) },
      salt: salts[index]!,
      index,
      size: leaves.length,
      path: path.map((hash) => toHex(hash)),
    })
  }
  return proofs
}

/** Whether a line belongs to the run with this root. False for anything that is no proof. */
export function verifyLine(proof: LineProof, root: string): boolean {
  try {
    const { line, salt, index, size, path } = proof
    const leaf = leafOfLine({ ...line, cents: BigInt(line.cents) }, salt)
    const found = rootFromInclusionProof(
      index,
      size,
      leaf,
      path.map((hash) => Buffer.from(hash, 'hex')),
    )
    return found !== undefined && toHex(found) === root
  } catch {
    return false
  }
}
