import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { makeMarkFile } from '../../../tests/support/markFiles.ts'
import { contentStays } from './contentPlaces.ts'

for (const [format, table, firstPlace] of [
  ['mp4', 'stco', 12],
  ['mov', 'stco', 12],
  ['m4a', 'stco', 12],
  ['avif', 'iloc', 22],
] as const) {
  test(`${format}: content that a table no longer leads to is noticed`, async () => {
    const bytes = await makeMarkFile(format)
    assert.ok(contentStays(bytes, Uint8Array.from(bytes)))
    const at = Buffer.from(bytes).indexOf(table) + firstPlace
    // The table says another place, or the place it says holds something else.
    for (let byte = at; byte < at + 4; byte++) {
      const changed = Uint8Array.from(bytes)
      changed[byte]! ^= 0x11
      assert.ok(!contentStays(bytes, changed), `${byte - at}`)
    }
    const shifted = new Uint8Array(Buffer.concat([new Uint8Array([0, 0, 0, 9, 0x66, 0x72, 0x65, 0x65, 0]), bytes]))
    assert.ok(!contentStays(bytes, shifted))
    assert.ok(!contentStays(bytes, bytes.subarray(0, 20)))
  })
}

test('files of any kind are compared without an error', async () => {
  const avif = await makeMarkFile('avif')
  const change = fc.record({ at: fc.nat(400), value: fc.nat(255), cut: fc.nat(avif.length) })
  fc.assert(
    fc.property(change, ({ at, value, cut }) => {
      const changed = Uint8Array.from(avif.subarray(0, cut))
      if (at < changed.length) changed[at] = value
      void contentStays(changed, avif)
    }),
  )
})
