import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import fc from 'fast-check'
import { strToU8, zipSync } from 'fflate'
import { listed } from '../../tests/support/loopbackServer.ts'
import { readColumnMap } from './tables/columns.ts'
import { guessDelimiter, readRows } from './tables/delimited.ts'
import { fieldOfHeading } from './tables/headings.ts'
import { openTableFile } from './tables/openTableFile.ts'

const directory = mkdtempSync(join(tmpdir(), 'colophon-tables-'))
after(() => rmSync(directory, { recursive: true, force: true }))

function file(name: string, bytes: Uint8Array | string): string {
  const path = join(directory, name)
  writeFileSync(path, bytes)
  return path
}

async function* pieces(text: string, size = 7) {
  for (let start = 0; start < text.length; start += size) yield text.slice(start, start + size)
}

const open = (path: string, map = '') => openTableFile(path, map === '' ? new Map() : readColumnMap(map))
const fieldsOf = async (path: string, map = '') =>
  Object.fromEntries(((await open(path, map)).columns ?? []).map(({ column, field }) => [column, field]))

test('whatever a program writes as CSV is read back, however the text is cut into pieces', async () => {
  const cell = fc.string({ unit: fc.constantFrom('a', 'ü', '"', ',', ';', '\t', '\n', '\r', ' ', '𝄞', '|') })
  const rows = fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 6 })
  const ends = fc.constantFrom('\n', '\r\n', '\r')
  const property = fc.asyncProperty(
    rows,
    fc.constantFrom(',', ';', '\t', '|'),
    ends,
    fc.integer({ min: 1, max: 9 }),
    fc.boolean(),
    async (table, delimiter, end, size, hasLastEnd) => {
      const quoted = table.map((cells) => cells.map((text) => `"${text.replaceAll('"', '""')}"`).join(delimiter))
      const text = quoted.join(end) + (hasLastEnd ? end : '')
      const read = await listed(readRows(pieces(text, size), delimiter))
      assert.deepEqual(
        read.map(({ cells }) => cells),
        table,
      )
      let line = 1
      for (const [i, row] of read.entries()) {
        assert.equal(row.line, line)
        line += 1 + table[i]!.reduce((count, each) => count + (each.match(/\r\n|\r|\n/g)?.length ?? 0), 0)
      }
    },
  )
  await fc.assert(property, { numRuns: 300 })
})

test('no text at all breaks the reader, and every line that is not blank is answered', async () => {
  const property = fc.asyncProperty(
    fc.string({ unit: 'binary' }),
    fc.integer({ min: 1, max: 5 }),
    async (text, size) => {
      const rows = await listed(readRows(pieces(text, size), ','))
      const all = rows.map(({ cells, problem }) => (problem ? '' : cells.join(''))).join('')
      if (!text.includes('"')) assert.equal(all, text.replaceAll(/[\r\n,]/g, ''))
    },
  )
  await fc.assert(property, { numRuns: 300 })
})

test('a quote that nobody closes costs its own line only', async () => {
  const rows = await listed(readRows(pieces('a,b\n"open,1\nc,d\n', 4), ','))
  assert.deepEqual(
    rows.map(({ line, cells, problem }) => [line, problem?.field ?? cells.join(' ')]),
    [
      [1, 'a b'],
      [2, 'row'],
      [3, 'c d'],
    ],
  )
  const hostile = await listed(readRows(pieces(`${'"x\n"y,"z"\n'.repeat(1500)}`, 4096), ','))
  assert.deepEqual([hostile.length, hostile.filter(({ problem }) => problem).length], [3000, 1500])
})

test('a line without an end is refused before it fills memory', async () => {
  async function* endless() {
    for (let i = 0; i < 40; i++) yield 'x'.repeat(65_536)
    yield '\nafter,it\n'
  }
  const rows = await listed(readRows(endless(), ','))
  assert.ok(rows.some(({ problem }) => problem?.what.includes('longer than')))
  assert.deepEqual(rows.at(-1)!.cells, ['after', 'it'])
})

test('separators are told by how evenly they cut', async () => {
  assert.equal(await guessDelimiter('Titel;Preis\nA;1,50\nB;2,50\nC;3,00\n'), ';')
  assert.equal(await guessDelimiter('title\turl\nA, B\tx\nC, D\ty\n'), '\t')
  assert.equal(await guessDelimiter('title,text\n"a;b;c",d\ne,"f;g"\n'), ',')
})

test('headings are known in the languages in which tables are kept', () => {
  const known = {
    title: [
      'Titel',
      'Titre',
      'Título',
      'TITOLO',
      'Tytuł',
      'dc:title',
      'objectTitle',
      'Titel (deutsch)',
      'Názov ignored',
    ],
    creator: [
      'Urheber/in',
      'Künstler',
      'Auteur',
      'Autore',
      'Twórca',
      'Vervaardiger',
      'Creator 2',
      'Artist Display Name',
    ],
    url: ['URL', 'Link', 'Lien', 'Enlace', 'edm:isShownAt', 'image_url', 'Link Resource'],
    isbn: ['ISBN-13', 'isbn', 'Numéro ISBN'],
    id: ['Inventarnummer', 'Inv.-Nr.', 'N° d’inventaire', 'accession_number', 'Object ID', 'Numer inwentarzowy'],
    rights: ['Rechte', 'Licence', 'rights statement', 'edm:rights', 'Lizenz'],
    language: ['Sprache', 'Langue', 'Język'],
    kind: ['Technik', 'Medium', 'Object Name', 'Materiał / Technika ignored'],
  }
  for (const [field, headings] of Object.entries(known))
    for (const heading of headings)
      if (!heading.endsWith('ignored')) assert.equal(fieldOfHeading(heading), field, heading)
  assert.equal(fieldOfHeading('Credit line'), undefined)
})

test('columns are told by their headings, by their values, and by what is said', async () => {
  const table = file(
    'columns.csv',
    'Nr;Werk;Kennung;Bild;Seite;Notiz\n1;Brücke;978-0-306-40615-7;rot;https://example.org/1;a\n2;Turm;9783161484100;blau;https://example.org/2;b\n',
  )
  const guessed = await fieldsOf(table)
  assert.equal(guessed.Kennung, 'isbn')
  assert.equal(guessed.Seite, 'url')
  assert.equal(guessed.Bild, undefined, 'a column “Bild” without addresses is none of them')
  const said = await fieldsOf(table, 'title=Werk,id=Nr,none=Kennung')
  assert.deepEqual([said.Werk, said.Nr, said.Kennung], ['title', 'id', undefined])
  assert.equal((await fieldsOf(table, 'title=#2')).Werk, 'title')
  await assert.rejects(open(table, 'title=Nowhere'), /column that is not there/)
  assert.throws(() => readColumnMap('colour=Bild'), /FIELD=HEADING/)
})

test('a column that says yes to “public domain” frees its works', async () => {
  const records = await listed(
    (await open(file('met.csv', 'Object ID,Title,Is Public Domain\n1,A,True\n2,B,False\n'))).records,
  )
  assert.deepEqual(
    records.map(({ rights }) => rights),
    [['public domain'], undefined],
  )
})

test('lists of numbers need no heading', async () => {
  const list = file('list.txt', 'USRC17607839\nUS-RC1-76-07840\nnonsense\nUSRC17607841\nUSRC17607842\nUSRC17607843\n')
  const source = await open(list)
  assert.deepEqual(
    source.columns!.map(({ field, why }) => [field, why]),
    [['isrc', 'values']],
  )
  assert.equal((await listed(source.records)).length, 6)
  const pairs = file('pairs.csv', 'T-034.524.680-1,Imagine\nT-034.524.681-2,Other song\n')
  assert.equal((await fieldsOf(pairs))['column 1'], 'iswc')
})

test('every encoding of tables is read', async () => {
  const text = 'Titel;Künstler\nBäume;Müßig\n'
  const utf16 = Buffer.from(`\u{feff}${text}`, 'utf16le')
  const swapped = Buffer.from(utf16).swap16()
  const latin = Buffer.from(text, 'latin1')
  const encodings = {
    'utf-8': Buffer.from(text),
    'with a mark': Buffer.from(`\u{feff}${text}`),
    'utf-16le': utf16,
    'utf-16be': swapped,
    'without a mark': Buffer.from(text, 'utf16le'),
    'windows-1252': latin,
  }
  for (const [name, bytes] of Object.entries(encodings)) {
    const records = await listed((await open(file('encoded.csv', bytes))).records)
    assert.deepEqual(
      records.map(({ title, creators }) => [title, creators?.[0]?.name]),
      [['Bäume', 'Müßig']],
      name,
    )
  }
  // The first letter that tells is behind everything that a sample holds.
  const late = Buffer.concat([Buffer.from(`Titel;Nr\n${'Haus;1\n'.repeat(40_000)}`), Buffer.from('Höhe;2\n', 'latin1')])
  assert.equal((await listed((await open(file('late.csv', late))).records)).at(-1)!.title, 'Höhe')
})

test('a broken letter refuses its line and leaves the others as they are', async () => {
  const lines = Array.from({ length: 300 }, (_, i) => `Žluťoučký kůň ${i};Müller\n`)
  const bytes = [Buffer.from(`Titel;Künstler\n${lines.join('')}`), Buffer.from('Caf\xe9;Müller\n', 'latin1')]
  const records = await listed((await open(file('broken.csv', Buffer.concat(bytes)))).records)
  assert.equal(records[0]!.title, 'Žluťoučký kůň 0')
  assert.equal(records.filter(({ problem }) => problem === undefined).length, 300)
  assert.match(records.at(-1)!.problem!.what, /a letter in it cannot be read/)
})

test('several addresses in a cell, and cells that only try to be slow', async () => {
  const cell = '"https://a.example.org/x y.jpg; https://b.example.org/|https://c.example.org/;"'
  const slow = `"a${' '.repeat(400_000)}b"`
  const text = `title,creator,url\nA,"Ada / Ben; Cyd",${cell}\n${slow},${slow},\n`
  const [first, second] = await listed((await open(file('cells.csv', text))).records)
  assert.deepEqual(first!.urls, ['https://a.example.org/x y.jpg', 'https://b.example.org/', 'https://c.example.org/'])
  assert.deepEqual(
    first!.creators!.map(({ name }) => name),
    ['Ada', 'Ben', 'Cyd'],
  )
  assert.equal(second!.creators!.length, 1)
})

test('ragged rows: missing cells are empty, and too many are refused', async () => {
  const records = await listed(
    (await open(file('ragged.csv', 'title,creator,url\nA\n\nB,C\nD,E,https://example.org/,extra\n'))).records,
  )
  assert.deepEqual(
    records.map(({ place, title, problem }) => [place, title ?? problem?.field]),
    [
      ['line 2', 'A'],
      ['line 4', 'B'],
      ['line 5', 'row'],
    ],
  )
})

function xlsx(sheet: string, shared = ''): Uint8Array {
  return zipSync({
    'xl/workbook.xml': strToU8(
      '<workbook xmlns:r="x"><sheets><sheet name="Works" sheetId="1" r:id="rId7"/></sheets></workbook>',
    ),
    'xl/_rels/workbook.xml.rels': strToU8(
      '<Relationships><Relationship Id="rId7" Target="worksheets/s.xml"/></Relationships>',
    ),
    'xl/sharedStrings.xml': strToU8(`<sst>${shared}</sst>`),
    'xl/worksheets/s.xml': strToU8(`<worksheet><sheetData>${sheet}</sheetData></worksheet>`),
  })
}

test('spreadsheets: shared, inline and plain values, gaps, and texts in pieces', async () => {
  const bytes = xlsx(
    '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="C1" t="inlineStr"><is><t>ISBN</t></is></c></row><row r="3"><c r="A3" t="s"><v>1</v></c><c r="C3"><v>9780306406157</v></c></row>',
    '<si><t>Titel</t></si><si><r><t>The </t></r><r><t>Bridge &amp; more</t></r><rPh><t>spoken</t></rPh></si>',
  )
  const source = await open(file('works.xlsx', bytes))
  const [record] = await listed(source.records)
  assert.deepEqual(
    [source.format, record!.place, record!.title, record!.identifiers],
    ['XLSX', 'row 3', 'The Bridge & more', [{ scheme: 'isbn', value: '9780306406157' }]],
  )
  const cell = (text: string, repeat = 1) =>
    `<table:table-cell table:number-columns-repeated="${repeat}"><text:p>${text}</text:p></table:table-cell>`
  const row = (...cells: string[]) => `<table:table-row>${cells.join('')}</table:table-row>`
  const content = `<office:document-content><table:table>${row(cell('Titre'), cell('Auteur'))}${row(cell('Pont'), cell('Marie'))}<table:table-row table:number-rows-repeated="1048574"><table:table-cell table:number-columns-repeated="16384"/></table:table-row></table:table><table:table>${row(cell('Other'))}</table:table></office:document-content>`
  const ods = file('works.ods', zipSync({ 'content.xml': strToU8(content) }))
  const read = await open(ods)
  const records = await listed(read.records)
  assert.deepEqual(
    [read.format, records.map(({ title, creators }) => [title, creators![0]!.name])],
    ['ODS', [['Pont', 'Marie']]],
  )
})

test('a spreadsheet that unpacks without end, is cut, or is none is refused', async () => {
  const row = '<row><c t="inlineStr"><is><t>Title</t></is></c></row>'
  const bomb = xlsx(row + ' '.repeat(16 * 1024 * 1024))
  await assert.rejects(async () => listed((await open(file('bomb.xlsx', bomb))).records), /too_large|too large/)
  const texts = xlsx(row, `<si><t>${'A'.repeat(16 * 1024 * 1024)}</t></si>`)
  await assert.rejects(async () => listed((await open(file('texts.xlsx', texts))).records), /too large/)
  const whole = xlsx(row)
  await assert.rejects(open(file('cut.xlsx', whole.subarray(0, whole.length - 30))), /damaged|no directory/)
  await assert.rejects(open(file('other.zip', zipSync({ 'a.txt': strToU8('x') }))), /neither an XLSX nor an ODS/)
  await assert.rejects(open(file('empty.csv', '')), /empty/)
  await assert.rejects(open(join(directory, 'missing.csv')), /no such file/)
})

test('a file of another kind that is called a table is refused, and not read as titles', async () => {
  const path = join(directory, 'picture.csv')
  const bytes = Uint8Array.from({ length: 4000 }, (_, i) => (i * i * 31 + i * 7 + 0xff) % 256)
  writeFileSync(path, bytes)
  await assert.rejects(openTableFile(path, new Map()), { code: 'unreadable_file', message: 'it is no text' })
})
