import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import {
  dropImport,
  eraseImports,
  importFiles,
  importSchema,
  importsOf,
  mapImport,
  needImport,
  outcomesOf,
  startImport,
  type ReadImport,
} from '../src/accounts/index.ts'
import { prepareDraft } from '../src/api/index.ts'
import { listWorks } from '../src/register/index.ts'
import { appendStatement, newSigner, signStatement } from '../src/statements/index.ts'
import { isSound, openPeople, sign, text, type Person } from './support/people.ts'

const people = openPeople()
const folder = mkdtempSync(join(tmpdir(), 'colophon-import-'))
before(() => people.open())
after(async () => {
  await people.close()
  rmSync(folder, { recursive: true, force: true })
})

function table(name: string, rows: readonly string[]): string {
  const path = join(folder, name)
  writeFileSync(path, `${rows.join('\n')}\n`)
  return path
}

/** An import is read in a process of its own: whoever waits looks again. */
async function untilRead(page: Page): Promise<void> {
  for (let looks = 0; looks < 300; looks++) {
    if (!(await text(page)).includes('It is being read.')) return
    await page.waitForTimeout(300)
    await page.getByRole('link', { name: 'Look again' }).click()
  }
}

async function bringIn(page: Page, path: string): Promise<void> {
  await page.goto(`${people.served.url}/import`)
  await page.getByLabel('File, up to 64 MB').setInputFiles(path)
  await page.getByRole('button', { name: 'Read it' }).click()
  await untilRead(page)
}

async function keeper(): Promise<Person> {
  const somebody = await person()
  const { page } = somebody
  await page.goto(`${people.served.url}/import`)
  await page.getByText('I have no passkey here yet').click()
  await page.getByLabel('Your name', { exact: false }).fill('Small museum')
  await page.getByRole('button', { name: 'Make a passkey and sign in' }).click()
  await page.getByRole('heading', { name: 'Bring in a collection from a list' }).waitFor()
  return somebody
}
const { person } = people

test('a table becomes a collection: read, corrected, signed by one gesture; next time only what changed', async () => {
  const somebody = await keeper()
  const { page } = somebody
  await isSound(somebody)
  const rows = [
    'Inventory,What,Who,Where',
    'A1,The boats,Maria Muster,https://museum.example/a1',
    'A2,The sky,Maria Muster,https://museum.example/a2',
    'A3,,Maria Muster,https://museum.example/a3',
  ]
  await bringIn(page, table('list.csv', rows))
  await isSound(somebody)
  await page.getByLabel('What (The boats)').selectOption('title')
  await page.getByLabel('Who (Maria Muster)').selectOption('creator')
  await page.getByLabel('Inventory (A1)').selectOption('id')
  await page.getByRole('button', { name: 'Read it again like this' }).click()
  await untilRead(page)
  assert.match(await text(page), /new\s+2[\s\S]*refused\s+1/)
  assert.match(await text(page), /The boats Maria Muster/)
  await page.getByLabel('Title of the collection').fill('Pictures of the house')
  await page.getByRole('textbox', { name: 'Your name' }).fill('Small museum')
  await page.getByLabel('The rights in all of these works', { exact: false }).check()
  await sign(page)
  await page.getByText('It is declared.').waitFor()
  await isSound(somebody)
  const works = await listWorks(people.served.node.register.database.db, { limit: 10 })
  assert.deepEqual(works.map(({ title }) => title).sort(), ['The boats', 'The sky'])

  rows[2] = 'A2,The evening sky,Maria Muster,https://museum.example/a2'
  rows[3] = 'A3,The wood,Maria Muster,https://museum.example/a3'
  await bringIn(page, table('list.csv', rows))
  for (const [label, field] of [
    ['What (The boats)', 'title'],
    ['Who (Maria Muster)', 'creator'],
    ['Inventory (A1)', 'id'],
  ] as const)
    await page.getByLabel(label).selectOption(field)
  await page.getByRole('button', { name: 'Read it again like this' }).click()
  await untilRead(page)
  assert.match(await text(page), /new\s+1\s+changed\s+1\s+declared before, unchanged\s+1/)
  const download = page.waitForEvent('download')
  await page.getByRole('link', { name: 'Every record and what becomes of it' }).click()
  assert.equal((await download).suggestedFilename(), 'outcomes.csv')
})

test('without JavaScript, at 320 pixels: a key signs; what is no table, and no address, is said so', async () => {
  const somebody = await person({ javaScriptEnabled: false, width: 320 })
  const { page } = somebody
  const signer = newSigner()
  const pem = signer.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string
  await page.goto(`${people.served.url}/account`)
  await page.getByText('I have a key as text').click()
  await page.getByLabel('The key, with its first and last line').fill(pem)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()

  await bringIn(page, table('broken.csv', ['']))
  assert.match(await text(page), /It could not be read/)
  await page.goto(`${people.served.url}/import`)
  await page.getByLabel('What it is').selectOption('iiif')
  for (const address of ['/etc/passwd', 'file:///etc/passwd']) {
    await page.getByLabel('Address, where it is on a server').fill(address)
    await page.getByRole('button', { name: 'Read it' }).click()
    assert.match(await text(page), /give the address of the source/)
    await page.goBack()
  }
  await page.getByLabel('Address, where it is on a server').fill('http://127.0.0.1:9/manifest.json')
  await page.getByRole('button', { name: 'Read it' }).click()
  await untilRead(page)
  assert.match(await text(page), /It could not be read[\s\S]*url_refused/)
  await page.goto(`${people.served.url}/import`)
  await page.getByLabel('What it is').selectOption('site')
  await page.getByLabel('Address, where it is on a server').fill('http://127.0.0.1:9/')
  await page.getByRole('button', { name: 'Read it' }).click()
  await untilRead(page)
  assert.match(await text(page), /It could not be read[\s\S]*the site does not name your key[\s\S]*colophon\.txt/)

  await bringIn(page, table('poems.csv', ['Title,Author', 'First poem,Ann', 'Second poem,Ann']))
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 320)
  await page.getByRole('textbox', { name: 'Your name' }).fill('Ann')
  await page.getByLabel('The rights in all of these works', { exact: false }).check()
  await page.getByText('Sign with a key that was made for me here').click()
  await page.getByLabel('The key, with its first and last line').fill(pem)
  await page.getByRole('button', { name: 'Sign with this key' }).click()
  assert.match(await text(page), /It is declared/)
  const { db } = people.served.node.register.database
  assert.equal((await listWorks(db, { party: signer.issuer, limit: 10 })).length, 2)

  // Somebody else's import is nobody's to see.
  const address = page.url()
  const stranger = await keeper()
  assert.equal((await stranger.page.goto(address))!.status(), 404)
})

test('imports are held apart: none is signed twice, changed under whoever reads, or in the way of others', async () => {
  const { node } = people.served
  const signer = newSigner()
  const party = signer.issuer
  const input = { format: 'csv', role: 'creator' } as const
  const file = { name: 'l.csv', bytes: new TextEncoder().encode('Title,Author\nBoats,Ann\nSky,Ann\n') }
  const rest = async (id: string) => {
    for (;;) {
      const found = await needImport(node, party, id)
      if (found.state !== 'reading') return found
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
  const code = (wanted: string) => ({ code: wanted })
  const id = await startImport(node, party, input, file)
  const reading = await needImport(node, party, id)
  assert.equal(reading.state, 'reading')
  assert.throws(() => dropImport(node, reading), code('state_not_allowed'))
  assert.throws(() => mapImport(node, reading, new Map()), code('state_not_allowed'))
  assert.throws(() => outcomesOf(node, reading), code('not_found'))
  await assert.rejects(startImport(node, party, input, file), code('too_busy'))
  const first = await rest(id)
  const second = await rest(await startImport(node, party, input, file))
  const draft = (found: ReadImport, hash = found.preparedHash!) => ({
    kind: 'import',
    import: found.id,
    party,
    prepared: hash,
    title: 'L',
    name: 'Ann',
    reserve: 'nothing',
    isEntitled: 'yes',
  })
  await assert.rejects(prepareDraft(node, party, draft(first, '0'.repeat(64))), code('state_not_allowed'))
  await assert.rejects(prepareDraft(node, newSigner().issuer, draft(first)), code('not_authorised'))
  const { statement } = await prepareDraft(node, party, draft(first))
  await appendStatement(node.register, signStatement(statement, signer))
  await assert.rejects(prepareDraft(node, party, draft(second)), code('state_not_allowed'), 'the same works again')
  const declared = await needImport(node, party, id)
  assert.equal(declared.state, 'declared')
  assert.throws(() => mapImport(node, declared, new Map()), code('state_not_allowed'))
  mapImport(node, second, new Map())
  assert.deepEqual((await rest(second.id)).prepared!.counts, { ...NOTHING, unchanged: 2 })

  const place = { format: 'oai', role: 'creator' } as const
  for (const address of ['https://a.example/\0x', 'https://a.example/ b', 'ftp://a.example/', '--key=x'])
    assert.ok(!importSchema.safeParse({ ...place, address }).success, address)
  // A file that a crash has torn is in nobody's way.
  writeFileSync(join(importFiles(node.config).folder(party, id), 'import.json'), '{"par')
  assert.equal((await importsOf(node, party)).length, 1)
  eraseImports(node, party)
  assert.deepEqual(await importsOf(node, party), [])
})

const NOTHING = { new: 0, changed: 0, unchanged: 0, duplicate: 0, refused: 0, gone: 0 }
