import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import sharp from 'sharp'
import { exampleWorks } from './support/exampleWorks.ts'
import { runCheck, type CheckResult } from '../src/api/index.ts'
import { identifyBytes } from '../src/fingerprints/index.ts'
import { findCase, letterOf, letterText, type CaseEvidence } from '../src/requests/index.ts'
import { speak } from '../src/web/index.ts'
import { serveTestNode, type ServedNode } from './support/testNode.ts'

let served: ServedNode
let sky: CheckResult
let boats: CheckResult
before(async () => {
  served = await serveTestNode({ withExample: true })
  sky = await check('map-of-an-invented-sky.png')
  boats = await check('nagasaki-boats.jpg')
})
after(() => served.stop())

async function check(fileName: string): Promise<CheckResult> {
  const work = (await exampleWorks()).find((candidate) => candidate.fileName === fileName)!
  const bytes = new Uint8Array(await sharp(work.bytes).resize(900).jpeg({ quality: 82 }).toBuffer())
  return runCheck(served.node, await identifyBytes(bytes, fileName))
}

const ANSWERS = { licensed: 'no', publicDomain: 'no', sameSubject: 'no', quotation: 'no' }

async function open(result: CheckResult, more: object) {
  const input = {
    result: result.id,
    hit: 0,
    kind: 'removal',
    senderName: 'Maria',
    senderContact: 'm@example.org',
    workTitle: 'Sky',
    isConfirmed: true,
    isInGoodFaith: true,
    ...ANSWERS,
    ...more,
  }
  const response = await fetch(`${served.url}/api/requests`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(input),
  })
  return {
    status: response.status,
    json: (await response.json()) as Record<string, never> & { error: { code: string } },
  }
}

const countCases = async () =>
  (await served.node.register.database.db.selectFrom('request_case').select('id').execute()).length

test('a case opens when a person has compared and answered, and the answers stand in its evidence and letter', async () => {
  const { status, json } = await open(sky, { licensed: 'unknown', quotation: 'unknown' })
  assert.equal(status, 201, JSON.stringify(json))
  const found = (await findCase(served.node.register.database.db, json.id))!
  const { confirmation, hit } = JSON.parse(found.evidence) as CaseEvidence
  assert.deepEqual(confirmation, {
    isComparedSideBySide: true,
    licensed: 'unknown',
    publicDomain: 'no',
    sameSubject: 'no',
    quotation: 'unknown',
  })
  assert.notEqual(hit.status, 'candidate')
  const letter = letterText(letterOf(found, served.node.datasets.list()), speak)
  assert.match(letter, /it is my work: the work is not in the public domain and both are the same work/)
  assert.match(letter, /In fairness: I do not know whether this use is licensed and whether it is a quotation\./)
  assert.equal((await fetch(served.url + json.letter)).status, 200)
})

test('what is missing, and what speaks against it, opens no case', async () => {
  const before = await countCases()
  for (const [more, status, code] of [
    [{ licensed: undefined }, 400, 'invalid_input'],
    [{ quotation: 'perhaps' }, 400, 'invalid_input'],
    [{ isConfirmed: false }, 400, 'invalid_input'],
    [{ hit: 4000 }, 404, 'not_found'],
    [{ result: 'none' }, 404, 'not_found'],
    [{ licensed: 'yes' }, 422, 'answer_speaks_against'],
    [{ publicDomain: 'yes' }, 422, 'answer_speaks_against'],
    [{ sameSubject: 'yes' }, 422, 'answer_speaks_against'],
    [{ quotation: 'yes' }, 422, 'answer_speaks_against'],
  ] as const) {
    const answer = await open(sky, more)
    assert.deepEqual([answer.status, answer.json.error?.code], [status, code], JSON.stringify(more))
  }
  assert.equal(await countCases(), before)
})

test('a candidate opens no case, whatever is answered; nor does what was kept before strengths were known', async () => {
  const { db } = served.node.register.database
  const [hit] = sky.hits
  const { status: _, ...unknown } = hit!
  for (const [id, kept] of Object.entries({
    weak: { ...hit!, status: 'candidate', expectedByChance: 0.3 },
    old: unknown,
  })) {
    const body = JSON.stringify({ ...sky, id, hits: [kept] })
    await db.insertInto('check_result').values({ id, created_at: sky.createdAt, body }).execute()
    const answer = await open({ ...sky, id }, {})
    assert.deepEqual([answer.status, answer.json.error.code], [422, 'candidate_not_confirmed'])
    const page = await (await fetch(`${served.url}/results/${id}`)).text()
    assert.match(page, /Only a candidate/)
    assert.ok(!page.includes('/requests/new'))
    const form = await (await fetch(`${served.url}/requests/new?result=${id}&hit=0`)).text()
    assert.ok(form.includes('No letter is written from it') && !form.includes('<form'))
  }
})

test('where the register declares a picture here as public domain, two pictures of one subject are spoken of', async () => {
  const alike = boats.hits.find(({ match }) => match === 'near-picture')!
  assert.equal(alike.declaredPublicDomain?.whose, 'own')
  assert.ok(sky.hits.every(({ declaredPublicDomain }) => declaredPublicDomain === null))
  const page = await (await fetch(`${served.url}/results/${boats.id}`)).text()
  assert.match(page, /Two pictures of one subject/)
  const { json } = await open(boats, { hit: boats.hits.indexOf(alike) })
  const found = (await findCase(served.node.register.database.db, json.id))!
  assert.match(
    letterText(letterOf(found, served.node.datasets.list()), speak),
    /I claim nothing in that work: two pictures of one subject are two works/,
  )
})

test('of the very file that is declared as public domain the letter says so, and what the person answered', async () => {
  const work = (await exampleWorks()).find(({ fileName }) => fileName === 'nagasaki-boats.jpg')!
  const result = await runCheck(served.node, await identifyBytes(work.bytes, 'boats'))
  assert.deepEqual([result.hits[0]!.match, result.hits[0]!.declaredPublicDomain?.isSameFile], ['exact-file', true])
  const page = await (await fetch(`${served.url}/results/${result.id}`)).text()
  assert.match(page, /then everybody may use it/)
  for (const [publicDomain, words] of [
    ['no', /declares this very file, .* as being in the public domain\. I state that it is not\./],
    ['unknown', /as being in the public domain\. I cannot say whether that is right\./],
  ] as const) {
    const { json } = await open(result, { publicDomain })
    const found = (await findCase(served.node.register.database.db, json.id))!
    assert.match(letterText(letterOf(found, served.node.datasets.list()), speak), words)
  }
})
