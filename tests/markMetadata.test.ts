import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { nodeTrustAnchors, openNodeCertificates, readManifests, signFile } from '../src/marking/c2pa/index.ts'
import { markFormats } from '../src/marking/formats.ts'
import { carriesXmp, readMetadata, writeMetadata } from '../src/marking/metadata/index.ts'
import { decodedContent } from './support/decodedContent.ts'
import { makeMarkFile } from './support/markFiles.ts'
import { everyProperty } from './support/markProperties.ts'

const directory = mkdtempSync(join(tmpdir(), 'colophon-metadata-'))
after(() => rmSync(directory, { recursive: true }))
const signer = await openNodeCertificates(directory, 'Studio', Date.now)
const trustAnchors = nodeTrustAnchors(directory)
const action = 'c2pa.created'
const digitalSourceType = 'http://cv.iptc.org/newscodes/digitalsourcetype/digitalCreation'
const content = { title: 'Both', assertions: [], actions: [{ action, digitalSourceType }] }

test('metadata and then a manifest: both are read, and the file is the same work', async () => {
  for (const format of markFormats.filter(carriesXmp)) {
    const original = await makeMarkFile(format)
    const written = await writeMetadata(original, format, everyProperty)
    const signed = await signFile(written, format, content, signer)
    assert.equal(
      (await readManifests(signed, format, { trustAnchors, now: Date.now() })).state,
      'valid-trusted',
      format,
    )
    assert.deepEqual(await readMetadata(signed, format), { properties: everyProperty, findings: [] }, format)
    // Of documents it compares every part, of which one holds the metadata.
    const isDocument = ['epub', 'docx', 'odt'].includes(format)
    const before = await decodedContent(isDocument ? written : original, format)
    assert.deepEqual(await decodedContent(signed, format), before, format)
  }
})
