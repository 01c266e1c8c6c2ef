import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { itemId } from '../src/register/index.ts'
import { newSigner, stateCollection, urn } from './support/offeredWorks.ts'
import { serveTestNode, type ServedNode } from './support/testNode.ts'

const SET = urn(720)
const [museum, stranger] = [newSigner(), newSigner()]
let served: ServedNode

before(async () => {
  served = await serveTestNode({ withExample: false })
  const works = ['Heron', 'Wren', 'Crane'].map((title, i) => ({
    title: `${title} & <co>`,
    medium: 'picture' as const,
    fingerprints: { sha256: String(i).padStart(64, 'a') },
  }))
  await stateCollection(served.node, museum, SET, 'Birds', works)
})
after(() => served?.stop())

const read = async (path: string) => {
  const response = await fetch(served.url + path)
  return { status: response.status, text: await response.text() }
}
const send = async (form: Record<string, string>) => {
  const sent = { method: 'POST', body: new URLSearchParams(form), redirect: 'manual' } as const
  const response = await fetch(`${served.url}/sign`, sent)
  return { status: response.status, location: response.headers.get('location'), text: await response.text() }
}

test('one work of a collection is taken back on its page, and every page says so from then on', async () => {
  const id = itemId(SET, 1)
  const { text: work } = await read(`/works/${id}`)
  assert.doesNotMatch(work, /took that back/)
  const path = /href="([^"]*take-back)"/.exec(work)![1]!
  const { status, text: form } = await read(path)
  assert.equal(status, 200)
  assert.match(form, /Wren &amp; &lt;co&gt;/)
  assert.match(form, /collection “Birds”/)
  const field = /name="items" value="([^"]*)"/.exec(form)![1]!
  const pem = (signer: typeof museum) => signer.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string
  const filled = { kind: 'itemsBack', items: field }
  assert.equal((await send(filled)).status, 400, 'nobody’s new key takes it back')
  assert.equal((await send({ ...filled, pem: pem(stranger) })).status, 403)
  const sent = await send({ ...filled, pem: pem(museum) })
  assert.deepEqual([sent.status, sent.location], [303, `/works/${id}`], sent.text)

  const { text: gone } = await read(`/works/${id}`)
  assert.match(gone, /took that back on/)
  assert.doesNotMatch(gone, /take-back"|Ask for permission/)
  assert.equal((await read(path)).status, 404)
  assert.match((await read('/works')).text, /Wren[^<]*<\/a> <span class="soft">picture, taken back/)
  assert.equal((await read(`/works/${id}/work.jsonld`)).status, 404)
  assert.equal((await read(`/works/${itemId(SET, 0)}/work.jsonld`)).status, 200)
  const told = JSON.parse((await read(`/api/works/${id}`)).text) as { takenBackFrom: string | null }
  assert.match(told.takenBackFrom!, /^\d{4}-/)
  assert.match((await send({ ...filled, pem: pem(museum) })).text, /taken back already/)
})

test('works of two collections, and what is none of a collection, are not taken back in one go', async () => {
  const other = urn(721)
  await stateCollection(served.node, museum, other, 'Others', [{ title: 'One', medium: 'text' }])
  const mixed = await send({ kind: 'itemsBack', items: `${itemId(SET, 0)} ${itemId(other, 0)}` })
  assert.match(mixed.text, /different collections/)
  for (const items of ['urn:uuid:018f0000-0000-7000-8000-000000000001', 'x', itemId(SET, 7)])
    assert.match((await send({ kind: 'itemsBack', items })).text, /no such work/)
})
