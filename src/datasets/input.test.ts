import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { ColophonError } from '../foundation/index.ts'
import { buildDatasetIndex } from './buildIndex.ts'
import { withDuckDb } from './input.ts'
import { literal } from './sql.ts'

const directory = mkdtempSync(join(tmpdir(), 'colophon-input-'))
const indexes = join(directory, 'indexes')
after(() => rmSync(directory, { recursive: true, force: true }))

function file(name: string, content: string | Uint8Array): string {
  const path = join(directory, name)
  writeFileSync(path, content)
  return path
}

const build = (name: string, ...inputs: string[]) =>
  buildDatasetIndex({
    name,
    version: '1',
    inputs,
    columns: { url: 'url', text: 'caption' },
    directory: indexes,
    now: 0,
  })

async function refuses(said: RegExp, path: string, ...before: string[]): Promise<void> {
  await assert.rejects(build('Torn', ...before, path), (error: ColophonError) => {
    assert.equal(error.code, 'dataset_invalid', path)
    assert.match(error.message, said, path)
    assert.equal(error.where, path)
    assert.match(error.remedy!, /whole/, path)
    return true
  })
  assert.deepEqual(readdirSync(indexes), ['.locks'], `${path} left something behind`)
}

const row = (number: number) => `https://a.example/${number},"caption ""${number}"", of\ntwo lines"\n`
const rows = (count: number) => `url,caption\n${Array.from({ length: count }, (_, number) => row(number)).join('')}`

test('a CSV that ends inside a quote is refused, however long it is and wherever the quote stands', async () => {
  await refuses(/line 3\b.*never closed/, file('short.csv', 'url,caption\nhttps://a.example/1,"a"\nb,"two is torn'))
  await refuses(/line 3\b.*never closed/, file('plain.csv', 'url,caption\nhttps://a.example/1,a\nb,"two is torn'))
  await refuses(/line 3\b.*never closed/, file('first.csv', 'url,caption\nhttps://a.example/1,"a"\n"https://a.exam'))
  await refuses(/line 8\b.*never closed/, file('lines.csv', `${rows(3)}https://a.example/3,"and\r\nmore\r\n`))
  await refuses(/row 30002\b.*unterminated quote/, file('long.csv', `${rows(30_000)}https://a.example/end,"torn`))
  const unquoted = Array.from({ length: 30_000 }, (_, number) => `https://a.example/${number},plain\n`).join('')
  await refuses(/line 30002\b/, file('late.csv', `url,caption\n${unquoted}https://a.example/end,"torn`))
  await refuses(/line 3\b.*never closed/, file('tabs.tsv', 'url\tcaption\na\t"one"\nb\t"torn'))
  await refuses(/line 3\b.*never closed/, file('second.csv', 'url,caption\nc,"d"\ne,"torn'), file('good.csv', rows(9)))
})

test('a CSV with a quote that is closed in the wrong place is refused, and its line is told', async () => {
  const lines = rows(50).replace('"caption ""20"", of', '"caption "20", of')
  await refuses(/line 42\b/, file('middle.csv', lines))
})

test('a table cut short between two columns, or to nothing, is refused', async () => {
  await refuses(
    /row 3\b.*Columns: 2 Found: 1/,
    file('cut.csv', 'url,caption\nhttps://a.example/1,"one"\nhttps://a.exa'),
  )
  await refuses(/row 10002\b/, file('longCut.csv', `${rows(10_000)}https://a.exa`))
  await refuses(/nothing in this file/, file('nothing.csv', ''))
})

test('JSONL whose last line is torn, and Parquet that is cut short anywhere, are refused', async () => {
  const line = `${JSON.stringify({ url: 'https://a.example/1', caption: 'one' })}\n`
  await refuses(/Malformed JSON/, file('torn.jsonl', `${line}${line.slice(0, 20)}`))
  await refuses(/Malformed JSON/, file('brace.jsonl', `${line}${line.slice(0, -2)}`))
  await refuses(/Malformed JSON/, file('torn.ndjson', `${line.repeat(50_000)}${line.slice(0, 9)}`))
  const whole = join(directory, 'whole.parquet')
  await withDuckDb((connection) =>
    connection.run(
      `COPY (SELECT 'https://a.example/' || i AS url, 'text ' || i AS caption FROM range(9999) t(i)) TO ${literal(whole)}`,
    ),
  )
  const bytes = readFileSync(whole)
  for (const length of [0, 3, 100, bytes.length >> 1, bytes.length - 1])
    await refuses(/Parquet|magic bytes|nothing in this file/, file(`cut${length}.parquet`, bytes.subarray(0, length)))
  const holed = Buffer.concat([bytes.subarray(0, 2000), bytes.subarray(bytes.length - 2000)])
  await refuses(/read/i, file('holed.parquet', holed))
})

test('quotes that only look torn are taken as they are', async () => {
  const kept = async (name: string, content: string, expected: number) => {
    const info = await build(name, file(name, content))
    assert.equal(info.rowCount, expected, name)
  }
  await kept('inch.csv', 'url,caption\na,"one"\nb,a disc of 5"\nc,end', 3)
  await kept('doubled.csv', 'url,caption\na,"he said ""yes"""\nb,""\nc,"""end"""', 3)
  await kept('literal.tsv', 'url\tcaption\na\tone\nb\t"Hello" he said\nc\t"end', 3)
  await kept('whole.jsonl', '{"url":"a","caption":"\\""}\n{"url":"b","caption":"no line end"}', 2)
  await kept('semicolons.csv', '\ufeffurl;caption\r\n"a";"one; two"\r\n"b";"three"', 2)
})
