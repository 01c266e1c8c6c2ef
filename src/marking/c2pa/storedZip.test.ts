import assert from 'node:assert/strict'
import { test } from 'node:test'
import { unzipSync, zipSync } from 'fflate'
import { storeEntries } from './storedZip.ts'

const text = new TextEncoder().encode('Die Würde des Menschen ist unantastbar. '.repeat(50))

test('entries are stored, in their order, with what they hold', () => {
  const archive = zipSync({ mimetype: [text.subarray(0, 20), { level: 0 }], 'a/ü.xml': text, leer: new Uint8Array() })
  const stored = storeEntries(archive)
  assert.deepEqual(unzipSync(stored), unzipSync(archive))
  assert.equal(Buffer.from(stored.subarray(30, 38)).toString(), 'mimetype')
  assert.ok(Buffer.from(stored).includes(Buffer.from(text)))
  assert.equal(storeEntries(stored), stored)
  const rewritten = storeEntries(stored, (name, content) => (name === 'leer' ? Uint8Array.of(1) : content))
  assert.deepEqual(unzipSync(rewritten), { ...unzipSync(archive), leer: Uint8Array.of(1) })
})

test('an archive that is broken, encrypted or a bomb is an error with a code', () => {
  const archive = zipSync({ a: text })
  const flag = (at: number, value: number) => {
    const changed = Uint8Array.from(archive)
    changed[at] = value
    return changed
  }
  const directoryAt = Buffer.from(archive).lastIndexOf('PK\x01\x02')
  for (let length = 0; length < archive.length; length += 7)
    assert.throws(() => storeEntries(archive.subarray(0, length)), { code: 'unreadable_file' })
  assert.throws(() => storeEntries(flag(directoryAt + 16, archive[directoryAt + 16]! ^ 1)), { code: 'unreadable_file' })
  assert.throws(() => storeEntries(flag(directoryAt + 8, 1)), { code: 'unsupported_media' })
  assert.throws(() => storeEntries(flag(directoryAt + 10, 12)), { code: 'unsupported_media' })
  assert.throws(() => storeEntries(zipSync({ a: new Uint8Array(129 * 1024 * 1024) })), { code: 'too_large' })
  assert.throws(() => storeEntries(zipSync({ 'META-INF/content_credential.c2pa': text })), {
    code: 'unsupported_media',
  })
})
