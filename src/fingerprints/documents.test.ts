import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { strToU8, zipSync } from 'fflate'
import {
  declaration,
  deflatedSpaces,
  escapeMarkup,
  makeBombPdf,
  makeDocx,
  makeEpub,
  makeHtml,
  makePdf,
  makeXhtml,
  makeOdt,
  odtParagraph,
  wordParagraph,
  wordRun,
} from '../../tests/support/makeDocuments.ts'
import { ColophonError } from '../foundation/index.ts'
import { documentText } from './documents.ts'
import type { DocumentLimits } from './documents/libraries.ts'
import { packages } from './documents/packages.ts'
import { readDocument } from './documents/readDocument.ts'
import { DocumentRefusal } from './documents/refusal.ts'
import { identifyBytes } from './identify.ts'
import type { PassageCodes } from './passages.ts'
import { sniff } from './sniff.ts'

const MOST: DocumentLimits = {
  textLength: 1_000_000,
  pages: 100,
  archiveEntries: 100,
  inflatedBytes: 10_000_000,
  markupDepth: 1000,
}

/** Reads without a thread of its own: the tests open thousands of documents. */
const read = (bytes: Uint8Array, most: Partial<DocumentLimits> = {}) =>
  readDocument(bytes, sniff(bytes).mediaType, packages, { ...MOST, ...most })

const refuses = (bytes: Uint8Array, message: RegExp, most: Partial<DocumentLimits> = {}) =>
  assert.rejects(read(bytes, most), (error) => error instanceof DocumentRefusal && message.test(error.message))

test('one text has one code in every form and every alphabet', async () => {
  for (const code of ['eng', 'ell_monotonic', 'rus', 'kat', 'hye', 'pol']) {
    const paragraphs = declaration(code)
    const plain = await identifyBytes(strToU8(paragraphs.join('\n\n')), 'text')
    const forms = {
      'application/pdf': await makePdf(paragraphs),
      'application/epub+zip': makeEpub([paragraphs.slice(0, 9), paragraphs.slice(9)]),
      'application/vnd.openxmlformats-officedocument.wordprocessingml.document': makeDocx(
        paragraphs.map(wordParagraph).join(''),
      ),
      'application/vnd.oasis.opendocument.text': makeOdt(paragraphs.map(odtParagraph).join('')),
      'text/html': makeHtml(paragraphs),
    }
    for (const [mediaType, bytes] of Object.entries(forms)) {
      const found = await identifyBytes(bytes, code)
      assert.deepEqual([found.medium, found.mediaType], ['text', mediaType])
      assert.equal(found.codes['iscc-text-v0'], plain.codes['iscc-text-v0'], `${code} ${mediaType}`)
      // In a PDF nobody can tell a hyphen that belongs to a word from one that divides it.
      if (mediaType === 'application/pdf') assert.ok(share(plain.passages!, found.passages!) > 0.98, code)
      else assert.deepEqual(found.passages, plain.passages, `${code} ${mediaType}`)
    }
  }
})

/** Which part of the passages of one text is in another. */
function share(one: PassageCodes, other: PassageCodes): number {
  const known = new Set(other.high)
  return one.high.filter((code) => known.has(code)).length / one.high.length
}

test('a word that a line divides in a PDF is one word', async () => {
  assert.equal(
    await read(await makePdf(['The univer-\nsal declaration of 1948-\n1949'])),
    'The universal declaration of 1948-\n1949',
  )
})

test('HTML is what its reader sees', async () => {
  const page = `\ufeff <!-- a --> <?xml version="1.0"?><!doctype HTML><html><head><title>no</title><style>p{}</style>
    <body><script>if (a<b) "</p>"</script><h1>One&nbsp;&amp; <b>t</b>wo</h1>three<br>four<p>five<template><p>no</template>
    <svg><text>no</text></svg><noscript>no</noscript><table><tr><td>six<td>seven<tr><td>&#x1F600;&euro;</table>&lol;`
  assert.equal(await read(strToU8(page)), 'One\u00a0& two\nthree\nfour\nfive\nsix seven\n😀€\n&lol;')
})

test('HTML is read in the charset that it has', async () => {
  const page = (charset: string) => `<html><meta charset=${charset}><p>Größe`
  assert.equal(await read(Buffer.from(page('iso-8859-1'), 'latin1')), 'Größe')
  assert.equal(await read(Buffer.from('<html><p>Größe', 'latin1')), 'Größe')
  assert.equal(await read(Buffer.from(`\ufeff${page('koi8-r')}`, 'utf16le')), 'Größe')
  const russian = Buffer.concat([
    Buffer.from('<html><meta content="text/html; charset=koi8-r">'),
    Buffer.from([0xcd, 0xc9, 0xd2]),
  ])
  assert.equal(await read(russian), 'мир')
  await refuses(strToU8(page('klingon')), /klingon/)
})

test('a word processor document is its text, without codes, deletions and second versions', async () => {
  const field = (type: string) => `<w:r><w:fldChar w:fldCharType="${type}"/></w:r>`
  const body = `<w:p>${wordRun('A')}<w:r><w:tab/><w:t>b</w:t><w:br/><w:t>c</w:t></w:r>
    <w:del><w:r><w:delText>no</w:delText></w:r></w:del><w:ins>${wordRun('d')}</w:ins><w:moveFrom>${wordRun('no')}</w:moveFrom></w:p>
    <w:p>${field('begin')}<w:r><w:instrText>PAGE no</w:instrText></w:r>${field('begin')}${wordRun('no')}${field('separate')}
    ${wordRun('no')}${field('end')}${field('separate')}${wordRun('7')}${field('end')}<w:r><w:footnoteReference w:id="3"/></w:r></w:p>
    <mc:AlternateContent><mc:Choice>${wordParagraph('box')}</mc:Choice><mc:Fallback>${wordParagraph('no')}</mc:Fallback></mc:AlternateContent>
    <w:tbl><w:tr><w:tc>${wordParagraph('1')}</w:tc><w:tc>${wordParagraph('2')}</w:tc></w:tr></w:tbl>`
  const notes = `<w:footnotes><w:footnote w:type="separator" w:id="0">${wordParagraph('no')}</w:footnote>
    <w:footnote w:id="3">${wordParagraph('the note')}</w:footnote></w:footnotes>`
  assert.equal(await read(makeDocx(body, { 'word/footnotes.xml': strToU8(notes) })), 'A b\ncd\n7\nbox\n1\n2\nthe note')
})

test('an OpenDocument text is its text, without what was deleted or remarked, its notes behind it', async () => {
  const body = `<text:tracked-changes><text:deletion><text:p>no</text:p></text:deletion></text:tracked-changes>
    <text:h>A<text:tab/>b<text:s text:c="3"/>c<text:line-break/>d</text:h>
    <text:p>e<text:span>f</text:span><text:note text:note-class="footnote"><text:note-citation>1</text:note-citation>
    <text:note-body><text:p>the note</text:p></text:note-body></text:note> g<office:annotation><text:p>no</text:p></office:annotation>h
    <text:ruby><text:ruby-base>漢</text:ruby-base><text:ruby-text>no</text:ruby-text></text:ruby></text:p>
    <draw:frame><svg:title>no</svg:title><draw:text-box><text:p>box</text:p></draw:text-box></draw:frame>
    <table:table><table:table-row><table:table-cell><text:p>1</text:p></table:table-cell><table:table-cell><text:p>2</text:p></table:table-cell></table:table-row></table:table>`
  assert.equal(await read(makeOdt(body)), 'A b c\nd\nef gh 漢\nbox\n1\n2\nthe note')
  await refuses(makeOdt('<text:p> </text:p>'), /holds no text/)
  await refuses(makeOdt('', { 'content.xml': strToU8('<!DOCTYPE x [<!ENTITY a "b">]><x/>') }), /entities of its own/)
})

test('an e-book is recognised and read however it is packed', async () => {
  const { mimetype, ...rest } = { mimetype: strToU8('application/epub+zip') }
  assert.deepEqual(rest, {})
  const late = zipSync({
    'META-INF/container.xml': strToU8('<container><rootfile full-path="b.opf"/></container>'),
    'b.opf': strToU8(
      '<opf:package><opf:manifest><opf:item id="a" href="./x/../c.html" media-type="text/html"/></opf:manifest><opf:itemref idref="a"/></opf:package>',
    ),
    'c.html': strToU8(makeXhtml('<p>A&nbsp;<i/>chapter &eacute;<![CDATA[ <b>]]></p>')),
    mimetype,
  })
  assert.equal(await read(late), 'A\u00a0chapter é <b>')
})

test('what merely looks like a document is none', () => {
  assert.equal(sniff(zipSync({ 'a.txt': strToU8('a') })).mediaType, 'application/zip')
  assert.equal(sniff(zipSync({ '[Content_Types].xml': strToU8('a'), 'xl/workbook.xml': strToU8('a') })).medium, 'other')
  assert.equal(sniff(strToU8('<p>The tag <html> begins a page')).mediaType, 'text/plain')
  assert.equal(sniff(strToU8('<htmlish>')).mediaType, 'text/plain')
  assert.equal(sniff(strToU8('<html>\0')).medium, 'other')
  assert.equal(sniff(strToU8('<!--'.repeat(16_000))).mediaType, 'text/plain')
})

test('protected documents and documents without text say so', async () => {
  await refuses(await makePdf(['secret'], { userPassword: 'x', ownerPassword: 'y' }), /password/)
  assert.equal(await read(await makePdf(['free to read'], { ownerPassword: 'y' })), 'free to read')
  await refuses(await makePdf([]), /holds no text/)
  await refuses(makeHtml([]), /holds no text/)
  const protection =
    '<encryption><EncryptedData><CipherReference URI="OEBPS/Text/chapter%201.xhtml"/></EncryptedData></encryption>'
  await refuses(makeEpub([['a']], { 'META-INF/encryption.xml': strToU8(protection) }), /encrypted/)
  const fonts = protection.replace('Text/chapter%201.xhtml', 'font.otf')
  assert.equal(await read(makeEpub([['a']], { 'META-INF/encryption.xml': strToU8(fonts) })), 'a')
})

test('archives that lead out of themselves are refused', async () => {
  for (const name of ['../x', 'a/../../x', '/etc/x', 'C:\\x', 'a\\..\\x'])
    await refuses(makeDocx(wordParagraph('a'), { [name]: strToU8('x') }), /leads out/)
  const outside = '<container><rootfile full-path="../../etc/passwd"/></container>'
  await refuses(makeEpub([['a']], { 'META-INF/container.xml': strToU8(outside) }), /outside/)
})

test('bombs are refused before they go off', async () => {
  const spaces = new Uint8Array(20_000_000).fill(32)
  await refuses(makeDocx(wordParagraph('a'), { 'word/document.xml': spaces }), /too large when it is unpacked/)
  await refuses(lying(makeDocx(wordParagraph('a'), { 'word/document.xml': spaces })), /larger than it says/)
  await refuses(makeEpub(Array.from({ length: 101 }, () => ['a'])), /more than 100 parts/)
  await refuses(makeHtml(['a'.repeat(1_000_001)]), /more text/)
  await refuses(strToU8(`<html>${'<div>'.repeat(1001)}`), /nested too deeply/)
  await refuses(await makePdf(Array.from({ length: 40 }, () => 'a\n'.repeat(60))), /more than 10 pages/, { pages: 10 })
  const entities = '<!DOCTYPE a [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;"><!ENTITY c SYSTEM "file:///etc/passwd">]>'
  const word = `${entities}<w:document>${wordParagraph('&b;&c;').replaceAll('&amp;', '&')}</w:document>`
  await refuses(makeDocx('', { 'word/document.xml': strToU8(word) }), /entities of its own/)
  await refuses(makeEpub([[]], { 'OEBPS/Text/chapter 1.xhtml': strToU8(`${entities}<html>&b;</html>`) }), /entities/)
  assert.equal(await read(strToU8(`<!DOCTYPE html>${entities}<html>&b;&c;`)), ']>\n&b;&c;')
})

/** The directory says 100 bytes where 20 million come out. */
function lying(bytes: Uint8Array): Uint8Array {
  const copy = Buffer.from(bytes)
  const size = Buffer.alloc(4)
  size.writeUInt32LE(20_000_000)
  for (let at = copy.indexOf(size); at >= 0; at = copy.indexOf(size)) copy.writeUInt32LE(100, at)
  return copy
}

test('a PDF bomb ends its thread, not the process', { timeout: 60_000 }, async () => {
  await assert.rejects(documentText(makeBombPdf(deflatedSpaces(3000)), 'application/pdf', 'bomb.pdf'), {
    code: 'too_large',
    message: /too much memory/,
    where: 'bomb.pdf',
  })
})

test('the limit on text is one of the text, not of the file', async () => {
  const page = makeHtml(['ä'.repeat(600)])
  await assert.rejects(documentText(page, 'text/html', 'x', 1000), {
    code: 'too_large',
    message: /more than 1000 bytes/,
  })
  assert.equal((await documentText(page, 'text/html', 'x', 1200)).length, 600)
  await assert.rejects(documentText(strToU8('abc'), 'text/plain', 'x', 2), { code: 'too_large' })
  await assert.rejects(documentText(page, 'image/png', 'x'), { code: 'unsupported_media' })
})

test('cut short anywhere, a document is refused or read, never a defect', { timeout: 120_000 }, async () => {
  const paragraphs = declaration('eng').slice(0, 20)
  const forms = [
    await makePdf(paragraphs),
    makeEpub([paragraphs]),
    makeDocx(paragraphs.map(wordParagraph).join('')),
    makeOdt(paragraphs.map(odtParagraph).join('')),
  ]
  for (const bytes of forms) {
    const { mediaType } = sniff(bytes)
    const whole = await read(bytes)
    // Each PDF has a thread of its own, which starts slower than all other forms are read.
    const count = mediaType === 'application/pdf' ? 24 : 60
    const cuts = Array.from({ length: count }, (_, i) => Math.floor((bytes.length * i) / count))
    const texts = await Promise.all(cuts.map((length) => textOrRefusal(bytes.slice(0, length), mediaType)))
    assert.ok(texts.filter((text) => text === undefined).length > (count * 5) / 6, mediaType)
    // A PDF that lacks nothing but its last lines is still whole; a part is never passed off as the whole.
    for (const text of texts) assert.ok(text === undefined || text === whole, mediaType)
  }
  const page = makeHtml(paragraphs)
  for (let length = 0; length < page.length; length += 100) await textOrRefusal(page.slice(0, length), 'text/html')
  const cut = forms[0]!.slice(0, 5000)
  await assert.rejects(
    documentText(cut, 'application/pdf', 'cut.pdf'),
    (error) => error instanceof ColophonError && error.where === 'cut.pdf',
  )
  const found = await identifyBytes(cut, 'cut.pdf')
  assert.deepEqual([found.codes['iscc-text-v0'], found.unread], [undefined, 'the PDF cannot be read'])
  assert.ok(found.codes.sha256)
})

/** PDF.js fails in more places than one, so it gets its thread here too. */
async function textOrRefusal(bytes: Uint8Array, mediaType: string): Promise<string | undefined> {
  try {
    if (mediaType === 'application/pdf') return await documentText(bytes, mediaType, 'damaged')
    return await readDocument(bytes, mediaType, packages, MOST)
  } catch (error) {
    const isOurs = error instanceof DocumentRefusal || (error instanceof ColophonError && error.code !== 'internal')
    assert.ok(isOurs, String((error as Error).stack))
    return undefined
  }
}

test('damaged anywhere, a document is refused or read, never a defect', { timeout: 120_000 }, async () => {
  const paragraphs = declaration('rus').slice(0, 9)
  const pdf = await makePdf(paragraphs)
  const forms = [
    makeEpub([paragraphs]),
    makeDocx(paragraphs.map(wordParagraph).join('')),
    makeOdt(paragraphs.map(odtParagraph).join('')),
    makeHtml(paragraphs),
  ]
  const damage = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 20 })
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...forms), damage, async (bytes, changes) => {
      await textOrRefusal(changed(bytes, changes), sniff(bytes).mediaType)
    }),
    { numRuns: 500 },
  )
  await Promise.all(fc.sample(damage, 16).map((changes) => textOrRefusal(changed(pdf, changes), 'application/pdf')))
})

function changed(bytes: Uint8Array, changes: [number, number][]): Uint8Array {
  const copy = bytes.slice()
  for (const [at, value] of changes) copy[at % copy.length] = value
  sniff(copy)
  return copy
}

test('the PDF library runs no code that comes in a file', () => {
  const source = readFileSync(fileURLToPath(import.meta.resolve('unpdf/pdfjs')), 'utf8')
  assert.ok(source.length > 1_000_000)
  assert.doesNotMatch(source, /\beval\(|\bnew Function\b|\bFunction\(/)
})

test('markup in a text stays text', async () => {
  assert.equal(await read(makeHtml([escapeMarkup('<b>')])), escapeMarkup('<b>'))
})
