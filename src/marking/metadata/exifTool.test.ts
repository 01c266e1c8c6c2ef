import assert from 'node:assert/strict'
import { test } from 'node:test'
import { makeMarkFile } from '../../../tests/support/markFiles.ts'
import { everyProperty } from '../../../tests/support/markProperties.ts'
import { readByExifTool, writeByExifTool } from '../../../tests/support/exifTool.ts'
import type { MarkFormat } from '../formats.ts'
import { readMetadata, writeMetadata } from './index.ts'

/** ExifTool cannot look into EPUB, DOCX and ODT, and names what is in an SVG in its own way. */
const READ: MarkFormat[] = [
  'jpeg',
  'png',
  'webp',
  'tiff',
  'avif',
  'gif',
  'pdf',
  'mp4',
  'mov',
  'm4a',
  'mp3',
  'wav',
  'flac',
]
const WRITTEN: MarkFormat[] = ['jpeg', 'png', 'webp', 'tiff', 'gif', 'pdf', 'mp4', 'mov', 'm4a']

const NAMES: Record<string, keyof typeof everyProperty> = {
  'XMP-colophon:DisclosureCode': 'disclosureCode',
  'XMP-colophon:DisclosureStatement': 'disclosureStatement',
  'XMP-colophon:Statement': 'statementUrl',
  'XMP-iptcExt:DigitalSourceType': 'digitalSourceType',
  'XMP-iptcExt:AISystemUsed': 'aiSystemUsed',
  'XMP-iptcExt:AISystemVersionUsed': 'aiSystemVersionUsed',
  'XMP-iptcExt:AIPromptInformation': 'aiPromptInformation',
  'XMP-iptcExt:AIPromptWriterName': 'aiPromptWriterName',
  'XMP-xmpRights:WebStatement': 'webStatement',
  'XMP-xmpRights:UsageTerms': 'usageTerms',
  'XMP-dc:Title': 'title',
  'XMP-dc:Rights': 'rights',
}

test('what ExifTool reads is what was written, in every format that it reads', async () => {
  for (const format of READ) {
    const read = await readByExifTool(await writeMetadata(await makeMarkFile(format), format, everyProperty), format)
    for (const [name, key] of Object.entries(NAMES)) assert.equal(read[name], everyProperty[key], `${format} ${name}`)
    assert.equal(read['XMP-xmpRights:Marked'], true)
    assert.deepEqual([read['XMP-dc:Creator']].flat(), [everyProperty.creator])
    assert.deepEqual(read['XMP-plus:Licensor'], [
      { LicensorName: everyProperty.licensorName, LicensorURL: everyProperty.licensorUrl },
    ])
    assert.equal(`http://ns.useplus.org/ldf/vocab/${read['XMP-plus:DataMining']}`, everyProperty.dataMining)
    assert.deepEqual(read['XMP-iptcExt:EmbdEncRightsExpr'], [
      {
        EncRightsExpr: everyProperty.rightsExpression,
        RightsExprEncType: 'application/ld+json',
        RightsExprLangId: 'http://www.w3.org/ns/odrl/2/',
      },
    ])
    assert.ok(!('ExifTool:Warning' in read), `${format}: ${String(read['ExifTool:Warning'])}`)
  }
})

test('ExifTool reads the fields of a drawing', async () => {
  const read = await readByExifTool(
    await writeMetadata(await makeMarkFile('svg'), 'svg', everyProperty),
    'svg',
    '--struct',
  )
  const values = new Set(Object.values(read).flatMap((value) => (typeof value === 'object' ? [] : [String(value)])))
  for (const key of Object.values(NAMES)) assert.ok(values.has(everyProperty[key] as string), key)
})

const OTHERS = ['-XMP-photoshop:City=Łódź', '-XMP-dc:Subject=hills', '-XMP-dc:Subject=sun', '-XMP-dc:Title-fr=Collines']

test('what ExifTool wrote is read; ours is merged into it, and the rest of it stays', async () => {
  for (const format of WRITTEN) {
    const theirs = await writeByExifTool(await makeMarkFile(format), format, [
      ...OTHERS,
      '-XMP-dc:Title=Before',
      '-XMP-iptcExt:AISystemUsed=Their system',
      '-XMP-plus:DataMining#=DMI-PROHIBITED-AIMLTRAINING',
      '-XMP-plus:Licensor=[{LicensorName=Them,LicensorURL=https://them.example/}]',
    ])
    const { properties, findings } = await readMetadata(theirs, format)
    assert.deepEqual(findings, [], format)
    assert.deepEqual(
      properties,
      {
        title: 'Before',
        aiSystemUsed: 'Their system',
        dataMining: 'http://ns.useplus.org/ldf/vocab/DMI-PROHIBITED-AIMLTRAINING',
        licensorName: 'Them',
        licensorUrl: 'https://them.example/',
      },
      format,
    )
    const merged = await writeMetadata(theirs, format, { title: 'After', marked: false })
    assert.deepEqual((await readMetadata(merged, format)).properties, { ...properties, title: 'After', marked: false })
    const read = await readByExifTool(merged, format)
    assert.equal(read['XMP-photoshop:City'], 'Łódź', format)
    assert.deepEqual(read['XMP-dc:Subject'], ['hills', 'sun'])
    assert.equal(read['XMP-iptcExt:AISystemUsed'], 'Their system')
    if (format !== 'mov')
      assert.deepEqual([read['XMP-dc:Title'], read['XMP-dc:Title-fr']], ['After', 'Collines'], format)
  }
})

test('Exif, IPTC, colour profiles and comments stay', async () => {
  for (const format of ['jpeg', 'png', 'webp', 'tiff'] as const) {
    const theirs = await writeByExifTool(await makeMarkFile(format), format, [
      '-EXIF:Artist=Ana',
      '-EXIF:ImageDescription=Hills',
      ...(format === 'webp' ? [] : ['-Comment=Hello']),
      ...(format === 'jpeg' || format === 'tiff' ? ['-IPTC:Keywords=hills'] : []),
    ])
    const strip = (read: Record<string, unknown>) =>
      Object.fromEntries(
        Object.entries(read).filter(
          ([key]) => !/^(SourceFile|System:|XMP-|ExifTool:|RIFF:WebP_Flags|PNG:XMP|File:FileType|File:MIME)/.test(key),
        ),
      )
    const before = strip(await readByExifTool(theirs, format))
    const after = strip(await readByExifTool(await writeMetadata(theirs, format, everyProperty), format))
    assert.ok(before['IFD0:Artist'] === 'Ana', JSON.stringify(before))
    for (const [key, value] of Object.entries(before)) assert.deepEqual(after[key], value, `${format} ${key}`)
  }
})
