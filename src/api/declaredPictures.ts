import { PDQ_RADIUS } from '../datasets/index.ts'
import { fromHex } from '../foundation/index.ts'
import type { Node } from '../main.ts'
import { findWorksByCodes, listCodes } from '../register/index.ts'
import { openHammingIndex, type HammingIndex } from '../similarity/index.ts'
import { readProjectedSize } from '../statements/index.ts'

/** Declared works whose picture is near any of these codes. */
export async function nearDeclared(node: Node, pdq: readonly string[]) {
  const { codes, index } = await declaredPictures(node)
  const near = index.search(fromHex(pdq.join('')), PDQ_RADIUS).flat()
  const nearCodes = [...new Set(near.map(({ place }) => codes[place]!))]
  return findWorksByCodes(node.register.database.db, 'pdq', nearCodes)
}

const pictures = new WeakMap<Node, { logSize: number; codes: string[]; index: HammingIndex }>()

/** The codes of all declared pictures, indexed anew when the tables have followed the log further. */
async function declaredPictures(node: Node) {
  const logSize = await readProjectedSize(node.register.database.db)
  let known = pictures.get(node)
  if (known?.logSize !== logSize) {
    const listed = (await listCodes(node.register.database.db, 'pdq')).map(({ code }) => code)
    // A log that came from elsewhere may hold codes of another shape; they match nothing.
    const codes = [...new Set(listed.filter((code) => /^[0-9a-f]{64}$/.test(code)))]
    known = { logSize, codes, index: openHammingIndex(fromHex(codes.join(''))) }
    pictures.set(node, known)
  }
  return known
}
