import { PDQ_RADIUS, TEXT_RADIUS } from '../datasets/index.ts'
import { fromHex } from '../foundation/index.ts'
import type { Node } from '../main.ts'
import { findWorksByCodes, listCodes } from '../register/index.ts'
import { openHammingIndex, type HammingIndex } from '../similarity/index.ts'
import { readProjectedSize } from '../statements/index.ts'

/**
 * So many of 256 bits may differ. Of two unrelated files 128 bits of their ISCC Data-Codes do, with a deviation of 8; what
 * changes when marks are put into a file, or taken out, is a few pieces of it.
 */
const RADIUS = { pdq: PDQ_RADIUS, 'iscc-text-v0': TEXT_RADIUS, 'iscc-data-v0': TEXT_RADIUS } as const

/** Declared works with a code that is near any of these. */
export async function nearDeclared(node: Node, algorithm: keyof typeof RADIUS, asked: readonly string[]) {
  const { codes, index } = await declaredCodes(node, algorithm)
  const near = index.search(fromHex(asked.join('')), RADIUS[algorithm]).flat()
  const nearCodes = [...new Set(near.map(({ place }) => codes[place]!))]
  return findWorksByCodes(node.register.database.db, algorithm, nearCodes)
}

interface DeclaredCodes {
  logSize: number
  codes: string[]
  index: HammingIndex
}
const known = new WeakMap<Node, Map<string, DeclaredCodes>>()

/** All declared codes of one kind, indexed anew when the tables have followed the log further. */
async function declaredCodes(node: Node, algorithm: string): Promise<DeclaredCodes> {
  const ofNode = known.get(node) ?? new Map<string, DeclaredCodes>()
  known.set(node, ofNode)
  const logSize = await readProjectedSize(node.register.database.db)
  const before = ofNode.get(algorithm)
  if (before?.logSize === logSize) return before
  const listed = (await listCodes(node.register.database.db, algorithm)).map(({ code }) => code)
  // A log that came from elsewhere may hold codes of another shape; they match nothing.
  const codes = [...new Set(listed.filter((code) => /^[0-9a-f]{64}$/.test(code)))]
  const made = { logSize, codes, index: openHammingIndex(fromHex(codes.join(''))) }
  ofNode.set(algorithm, made)
  return made
}
