import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import sharp from 'sharp'
import { buildDatasetIndex } from '../src/datasets/index.ts'
import { dataPath } from '../src/foundation/index.ts'
import { listWorks } from '../src/register/index.ts'
import { admitInbox, findCase, listInboxes, verifyBundle } from '../src/requests/index.ts'
import { speak } from '../src/web/index.ts'
import { keyboardOf } from './support/keyboard.ts'
import { isSound, openPeople, text } from './support/people.ts'

const people = openPeople()
const directory = mkdtempSync(join(tmpdir(), 'colophon-people-'))
const photos = join(directory, 'photos')
const SMALL = 320

const POEM = Array.from({ length: 40 }, (_, i) => `Στίχος ${i}: η θάλασσα ${i * 7} και το καράβι ${i * 13}.`).join('\n')

before(async () => {
  await people.open()
  mkdirSync(photos)
  const rows = join(directory, 'rows')
  mkdirSync(rows)
  for (let i = 0; i < 3; i++) writeFileSync(join(photos, `bay ${i}.jpg`), await drawn(i))
  writeFileSync(join(rows, 'bay.jpg'), readFileSync(join(photos, 'bay 1.jpg')))
  writeFileSync(join(rows, 'poem.txt'), `Before it.\n${POEM}\nBehind it.`)
  const sets = dataPath(people.served.config, 'datasets')
  const about = { name: 'Bays and poems', version: '1', columns: {}, now: Date.UTC(2026, 10, 28) }
  await buildDatasetIndex({ ...about, directory: sets, inputs: [rows] })
})
after(async () => {
  await people.close()
  rmSync(directory, { recursive: true, force: true })
})

/** A picture that is like no other. */
function drawn(seed: number): Promise<Buffer> {
  const side = 96
  const data = Buffer.from(
    Array.from({ length: side * side * 3 }, (_, i) => 128 + 127 * Math.sin((i * (seed + 3)) / 71 + seed)),
  )
  return sharp(data, { raw: { width: side, height: side, channels: 3 } })
    .resize(600)
    .jpeg()
    .toBuffer()
}

test('a photographer, in German: a folder is reserved, a copy found, a letter handed over, evidence verified', async () => {
  const somebody = await people.person({ width: SMALL })
  const { page } = somebody
  const { press, type, check, choose, chooseFiles } = keyboardOf(page)
  const { t } = speak('de')
  await page.goto(`${people.served.url}/collection?lang=de`)
  await isSound(somebody, SMALL)
  await chooseFiles(page.getByLabel(t('collection.folder')), photos)
  await page.getByText(t('collection.finished').slice(0, 12)).first().waitFor()
  await type(page.getByLabel(t('reserve.name')), 'Studio Muster')
  await type(page.getByLabel(t('collection.name')), 'Buchten')
  await check(page.getByLabel(t('collection.entitled')))
  await press(page.getByRole('button', { name: t('reserve.passkey') }))
  await page.getByRole('link', { name: /\d/ }).first().waitFor()

  await page.goto(`${people.served.url}/account`)
  await press(page.getByRole('button', { name: t('account.signIn.passkey') }))
  await page.getByRole('heading', { name: t('account.title') }).waitFor()
  await isSound(somebody, SMALL)
  await press(page.getByRole('link', { name: t('account.works.check') }))
  await page.waitForURL((url) => url.pathname === '/')
  await chooseFiles(page.getByLabel(t('home.file')), join(photos, 'bay 1.jpg'))
  await press(page.getByRole('button', { name: t('home.submit') }))
  await page.waitForURL(/results/)
  await isSound(somebody, SMALL)
  await press(page.getByRole('link', { name: t('result.request') }).first())
  await page.waitForURL(/requests\/new/)
  await isSound(somebody, SMALL)
  for (const name of ['licensed', 'publicDomain', 'sameSubject', 'quotation'])
    await choose(page.locator(`input[name=${name}][value=no]`))
  await type(page.getByLabel(t('request.name'), { exact: true }), 'Maria Muster')
  await type(page.getByLabel(t('request.contact')), 'maria@example.org')
  await type(page.getByLabel(t('request.workTitle')), 'Bucht')
  await check(page.getByLabel(t('request.confirm')))
  await check(page.getByLabel(t('request.goodFaith')))
  await press(page.getByRole('button', { name: t('request.open') }))
  await page.waitForURL(/requests\/[0-9a-f]/)
  await isSound(somebody, SMALL)
  assert.match(await text(page), new RegExp(t('case.state.submitted')))
  const download = page.waitForEvent('download')
  await press(page.getByRole('button', { name: t('bundle.make.button') }))
  const bundle = readFileSync(await (await download).path())
  const verdict = await verifyBundle(new Uint8Array(bundle))
  assert.equal(verdict.isSound, true)

  // It is kept in the account, and the works in the register are this person's.
  await page.goto(`${people.served.url}/account`)
  assert.match(await text(page), /Bucht/)
  const works = await listWorks(people.served.node.register.database.db, { limit: 10 })
  assert.deepEqual(works.map(({ title }) => title).sort(), ['bay 0', 'bay 1', 'bay 2'])
})

test('a museum, in French: a table and a IIIF document, each read, looked at and signed', async () => {
  const somebody = await people.person({ width: SMALL })
  const { page } = somebody
  const { press, type, check, choose, chooseFiles } = keyboardOf(page)
  const { t } = speak('fr')
  await page.goto(`${people.served.url}/import?lang=fr`)
  await press(page.getByText(t('account.signIn.new')))
  await type(page.getByLabel(t('reserve.name')), 'Petit musée')
  await press(page.getByRole('button', { name: t('account.signIn.make') }))
  await page.getByRole('heading', { name: t('import.title') }).waitFor()

  const bring = async (path: string, format: string, title: string) => {
    await page.goto(`${people.served.url}/import`)
    await isSound(somebody, SMALL)
    await page.getByLabel(t('import.format')).selectOption(format)
    await chooseFiles(page.getByLabel(t('import.file')), path)
    await choose(page.getByLabel(t('import.role.custodian')))
    await press(page.getByRole('button', { name: t('import.read') }))
    await page.waitForURL(/import\/./)
    for (let looks = 0; looks < 300 && (await text(page)).includes(t('import.state.reading')); looks++) {
      await page.waitForTimeout(300)
      await press(page.getByRole('link', { name: t('import.look') }))
    }
    await isSound(somebody, SMALL)
    await type(page.getByLabel(t('collection.name')), title)
    const name = page.getByRole('textbox', { name: t('reserve.name') })
    if ((await name.count()) > 0) await type(name, 'Petit musée')
    await choose(page.getByLabel(t('import.reserve.nothing')))
    await check(page.getByLabel(t('collection.entitled')))
    await press(page.getByRole('button', { name: t('reserve.passkey') }))
    await page.getByText(t('import.state.declared')).waitFor()
  }
  const table = join(directory, 'inventaire.csv')
  writeFileSync(
    table,
    'id,title,creator,url\n1,Le port,Anne,https://musee.example/1\n2,La mer,Anne,https://musee.example/2\n',
  )
  await bring(table, 'csv', 'Inventaire')
  const manifest = join(directory, 'manifest.json')
  const canvas = { id: 'https://musee.example/3/canvas', type: 'Canvas', height: 1, width: 1, items: [] }
  const iiif = { '@context': 'http://iiif.io/api/presentation/3/context.json', type: 'Manifest', items: [canvas] }
  const more = { id: 'https://musee.example/3', label: { fr: ['Le phare'] } }
  writeFileSync(manifest, JSON.stringify({ ...iiif, ...more }))
  await bring(manifest, 'iiif', 'IIIF')
  const works = await listWorks(people.served.node.register.database.db, { limit: 20 })
  const titles = works.map(({ title }) => title)
  for (const title of ['Le port', 'La mer', 'Le phare']) assert.ok(titles.includes(title), title)
})

test('an author, in Greek and without JavaScript: a quoted poem is found, reserved, and everything with it', async () => {
  const somebody = await people.person({ javaScriptEnabled: false, width: SMALL })
  const { page } = somebody
  const { press, type, check, chooseFiles } = keyboardOf(page)
  const { t } = speak('el')
  const file = join(directory, 'poem.txt')
  writeFileSync(file, POEM)
  await page.goto(`${people.served.url}/?lang=el`)
  await chooseFiles(page.getByLabel(t('home.file')), file)
  await press(page.getByRole('button', { name: t('home.submit') }))
  await page.waitForURL(/results/)
  assert.match(await text(page), /Bays and poems/)
  await press(page.getByRole('link', { name: t('result.reserve') }))
  await page.waitForURL(/reserve/)
  await type(page.getByLabel(t('reserve.name')), 'Μαρία')
  await type(page.getByLabel(t('reserve.workTitle')), 'Η θάλασσα')
  await check(page.getByLabel(t('reserve.entitled')))
  await press(page.getByRole('button', { name: t('reserve.key') }))
  const pem = await page.locator('pre').innerText({ timeout: 10_000 })
  await page.goto(`${people.served.url}/account`)
  await press(page.getByText(t('account.signIn.key')))
  await type(page.getByLabel(t('sign.pem')), pem)
  await press(page.getByRole('button', { name: t('account.signIn'), exact: true }))
  await page.getByText('Μαρία').waitFor()
  assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= SMALL)
  await page.goto(`${people.served.url}/rights/no`)
  await press(page.getByText(t('sign.before')))
  await type(page.getByLabel(t('sign.pem')), pem)
  await check(page.getByLabel(t('sign.entitled.no')))
  await press(page.getByRole('button', { name: t('sign.key') }))
  await page.waitForURL(/rights\/terms/)
})

test('a provider, in English: its inbox is opened, holds the photographer’s case, and is answered', async () => {
  const { register } = people.served.node
  const somebody = await people.person({ width: SMALL })
  const { page } = somebody
  const { press, type, choose } = keyboardOf(page)
  const { t } = speak('en')
  const dataset = people.served.node.datasets.list()[0]!.id
  await page.goto(`${people.served.url}/account`)
  await press(page.getByText(t('account.signIn.new')))
  await type(page.getByLabel(t('reserve.name')), 'Bays Ltd')
  await press(page.getByRole('button', { name: t('account.signIn.make') }))
  await press(page.getByText(t('inbox.ask'), { exact: true }))
  await type(page.getByLabel(t('inbox.about')), dataset)
  await type(page.getByLabel(t('inbox.name')), 'Bays Ltd')
  await press(page.getByRole('button', { name: t('reserve.passkey') }))
  await page.getByText(t('inbox.state.waiting')).waitFor()
  const [inbox] = await listInboxes(register.database.db, { about: dataset })
  await admitInbox(register, inbox!.id, 'open')

  // The photographer hands the case over from its page.
  const kept = await register.database.db.selectFrom('account_case').selectAll().executeTakeFirstOrThrow()
  const other = await people.person({ javaScriptEnabled: false })
  await other.page.goto(`${people.served.url}/requests/${kept.request_case}?key=${kept.access_key}`)
  await other.page.getByRole('button', { name: t('case.send.inbox', { recipient: 'Bays Ltd' }) }).click()
  assert.match(await text(other.page), new RegExp(t('case.state.sent')))

  await page.reload()
  await press(page.getByRole('link', { name: t('inbox.open') }))
  await press(page.getByRole('link', { name: 'Bucht' }))
  await page.waitForURL(/inbox\/./)
  await isSound(somebody, SMALL)
  await choose(page.getByLabel(t('inbox.status.removed')))
  await press(page.getByRole('button', { name: t('reserve.passkey') }))
  await page
    .getByRole('listitem')
    .filter({ hasText: t('inbox.status.removed') })
    .waitFor()
  assert.equal((await findCase(register.database.db, kept.request_case))!.state, 'removed')
  await other.page.reload()
  assert.match(await text(other.page), new RegExp(t('case.state.removed')))
})
