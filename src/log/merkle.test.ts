import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { fromHex, toHex } from '../foundation/index.ts'
import {
  consistencyProof,
  emptyRoot,
  inclusionProof,
  leafHash,
  memorySubtrees,
  nodeHash,
  rangeRoot,
  rootOfList,
  rootFromInclusionProof,
  verifyConsistency,
  writeLeafHash,
  type Hash,
} from './merkle.ts'

// Published vectors of RFC 6962 implementations (certificate-transparency's merkle tree tests): leaves and roots.
const LEAVES = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f']
const ROOTS = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
]

/** The definition of RFC 6962 section 2.1, written down as it stands there. */
function definedRoot(hashes: readonly Hash[]): Hash {
  if (hashes.length === 0) return emptyRoot()
  if (hashes.length === 1) return hashes[0]!
  let split = 1
  while (split * 2 < hashes.length) split *= 2
  return nodeHash(definedRoot(hashes.slice(0, split)), definedRoot(hashes.slice(split)))
}

test('roots equal the published vectors', async () => {
  assert.equal(toHex(emptyRoot()), 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')
  const leaves = LEAVES.map((leaf) => leafHash(fromHex(leaf)))
  for (const [i, root] of ROOTS.entries()) {
    assert.equal(toHex(await rangeRoot(memorySubtrees(leaves.slice(0, i + 1)), 0, i + 1)), root)
    assert.equal(toHex(rootOfList(Buffer.concat(leaves.slice(0, i + 1)))), root)
  }
})

test('a list of leaves has the root of its leaves, whatever the texts are', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary' }), { maxLength: 70 }), (texts) => {
      const list = Buffer.alloc(texts.length * 32)
      texts.forEach((text, i) => writeLeafHash(text, list, i * 32))
      const leaves = texts.map((text) => leafHash(new TextEncoder().encode(text)))
      assert.deepEqual(list, Buffer.concat(leaves))
      assert.deepEqual(
        Buffer.from(rootOfList(list)),
        Buffer.from(leaves.length === 0 ? emptyRoot() : definedRoot(leaves)),
      )
    }),
  )
})

const tree = fc
  .integer({ min: 1, max: 700 })
  .map((size) => Array.from({ length: size }, (_, i) => leafHash(Uint8Array.of(i & 255, i >> 8))))

test('every inclusion proof leads to the defined root, and no other index, size or path does', async () => {
  await fc.assert(
    fc.asyncProperty(tree, fc.nat(), fc.nat(), async (leaves, a, b) => {
      const index = a % leaves.length
      const proof = await inclusionProof(memorySubtrees(leaves), index, leaves.length)
      const root = definedRoot(leaves)
      assert.deepEqual(rootFromInclusionProof(index, leaves.length, leaves[index]!, proof), root)
      assert.equal(rootFromInclusionProof(leaves.length, leaves.length, leaves[index]!, proof), undefined)
      assert.equal(rootFromInclusionProof(index, leaves.length, leaves[index]!, [...proof, root]), undefined)
      if (proof.length === 0) return
      assert.equal(rootFromInclusionProof(index, leaves.length, leaves[index]!, proof.slice(1)), undefined)
      const damaged = proof.map((hash) => Uint8Array.from(hash))
      damaged[b % damaged.length]![b % 32]! ^= 1
      assert.notDeepEqual(rootFromInclusionProof(index, leaves.length, leaves[index]!, damaged), root)
      const other = (index + 1 + (b % Math.max(1, leaves.length - 1))) % leaves.length
      if (other !== index)
        assert.notDeepEqual(rootFromInclusionProof(other, leaves.length, leaves[index]!, proof), root)
    }),
    { numRuns: 200 },
  )
})

test('every consistency proof verifies, and none verifies another pair of trees', async () => {
  await fc.assert(
    fc.asyncProperty(tree, fc.nat(), async (leaves, a) => {
      const oldSize = a % (leaves.length + 1)
      const oldRoot = definedRoot(leaves.slice(0, oldSize))
      const newRoot = definedRoot(leaves)
      const proof = await consistencyProof(memorySubtrees(leaves), oldSize, leaves.length)
      assert.ok(verifyConsistency(oldSize, leaves.length, oldRoot, newRoot, proof))
      assert.ok(!verifyConsistency(oldSize, leaves.length, oldRoot, newRoot, [...proof, newRoot]))
      assert.ok(!verifyConsistency(oldSize, leaves.length, leafHash(fromHex('ff')), newRoot, proof))
      // The empty tree is a prefix of every tree, so only a larger old tree binds the new root.
      if (oldSize > 0) assert.ok(!verifyConsistency(oldSize, leaves.length, oldRoot, leafHash(fromHex('ff')), proof))
      assert.ok(!verifyConsistency(leaves.length + 1, leaves.length, oldRoot, newRoot, proof))
      if (proof.length > 0) assert.ok(!verifyConsistency(oldSize, leaves.length, oldRoot, newRoot, proof.slice(0, -1)))
    }),
    { numRuns: 200 },
  )
})
