import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, test } from 'node:test'
import { systemEffects, uuidV7 } from '../foundation/index.ts'
import { appendStatement, makeStatement, newSigner, signStatement } from '../statements/index.ts'
import { serveTestNode, type ServedNode } from '../../tests/support/testNode.ts'
import { lookAgain, lookAtPlaces } from './visibility.ts'

let served: ServedNode
let robots = ''
let asked = 0
const site = createServer((request, response) => {
  asked++
  if (request.url === '/robots.txt') return void response.end(robots)
  if (request.url === '/page') return void response.writeHead(200, { 'content-type': 'text/html' }).end('<p>Boats</p>')
  response.writeHead(404).end()
})
before(async () => {
  served = await serveTestNode({ withExample: false })
  await new Promise<void>((ready) => site.listen(0, '127.0.0.1', ready))
})
after(async () => {
  site.close()
  await served.stop()
})

const ann = newSigner()

async function declare(urls: string[]): Promise<string> {
  const id = `urn:uuid:${uuidV7(systemEffects)}`
  const subjects = [
    { type: 'Work', id, role: 'creator', title: 'Boats', medium: 'picture', access: 'public', urls },
    { type: 'Terms', target: { kind: 'work', id }, rules: [{ action: 'tdm:mine', decision: 'deny' }] },
  ]
  await appendStatement(served.node.register, signStatement(makeStatement(ann.issuer, subjects, systemEffects), ann))
  return id
}

const usesOf = async (work: string) =>
  (await lookAtPlaces(served.node.register, work, { allowPrivate: true }))!.flatMap(({ uses }) =>
    uses.map(({ action, register, site: says, is }) => [action, register, says, is]),
  )

test('what a site says stands beside what the register says, and is looked at anew', async () => {
  const work = await declare([`http://127.0.0.1:${(site.address() as AddressInfo).port}/page`])
  assert.deepEqual((await usesOf(work))[0], ['tdm:mine', 'deny', 'unset', 'silent'])
  robots = 'User-agent: *\nContent-Usage: train-ai=y\n'
  assert.ok(
    (await usesOf(work)).some(
      ([, register, says, is]) => register === 'deny' && says === 'allow' && is === 'contradicts',
    ),
  )
  robots = 'User-agent: *\nContent-Usage: train-ai=n\n'
  // A site that says no to foundation models says nothing of mining as a whole.
  assert.deepEqual(
    (await usesOf(work)).map(([, , , is]) => is),
    ['silent', 'silent', 'same'],
  )
  asked = 0
  await usesOf(work)
  const once = asked
  await Promise.all(Array.from({ length: 10 }, () => usesOf(work)))
  assert.equal(asked, 2 * once, 'whoever asks at the same time waits for the same look')
  const shown = await (await fetch(`${served.url}/works/${work}/visible`)).text()
  assert.match(shown, /Said in: robots\.txt/)
  assert.equal(await lookAgain(served.node.register, 10, { allowPrivate: true }), 0)
  const { db } = served.node.register.database
  await db.updateTable('visible_place').set({ checked_at: '2020-01-01T00:00:00.000Z' }).execute()
  assert.equal(await lookAgain(served.node.register, 10, { allowPrivate: true }), 1)
  assert.equal(await lookAgain(served.node.register, 10, { allowPrivate: true }), 0)
})

test('nothing inside the network of the node is asked, and what cannot be read says so', async () => {
  const work = await declare(['http://127.0.0.1:1/x', 'http://192.168.0.1/y'])
  const looked = await fetch(`${served.url}/works/${work}/visible`, { method: 'POST', redirect: 'manual' })
  assert.equal(looked.status, 303)
  const shown = await (await fetch(`${served.url}/works/${work}/visible`)).text()
  assert.equal(shown.match(/Nothing there could be read/g)?.length, 2)
  assert.equal(await lookAtPlaces(served.node.register, 'urn:uuid:nothing'), undefined)
})
