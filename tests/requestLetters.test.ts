import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { exampleWorks } from './support/exampleWorks.ts'
import { bundleOf, openRequest, runCheck, type CheckResult } from '../src/api/index.ts'
import { identifyBytes } from '../src/fingerprints/index.ts'
import {
  REQUEST_KINDS,
  findCase,
  letterOf,
  letterPdf,
  letterText,
  verifyBundle,
  type RequestInput,
  type Speak,
} from '../src/requests/index.ts'
import { speak, words } from '../src/web/index.ts'
import { serveTestNode, type ServedNode } from './support/testNode.ts'

let served: ServedNode
let sky: CheckResult
before(async () => {
  served = await serveTestNode({ withExample: true })
  sky = await check('map-of-an-invented-sky.png')
})
after(() => served.stop())

async function check(name: string): Promise<CheckResult> {
  const work = (await exampleWorks()).find(({ fileName }) => fileName === name)!
  return runCheck(served.node, await identifyBytes(work.bytes, name))
}

const ANSWERS = { isConfirmed: true, licensed: 'no', publicDomain: 'no', sameSubject: 'no', quotation: 'no' } as const
const INPUT: RequestInput = {
  kind: 'removal',
  senderName: 'Maria',
  senderContact: 'm@example.org',
  workTitle: 'Sky',
  ...ANSWERS,
  isInGoodFaith: true,
  isIntimate: false,
}
/** What each kind needs beside the rest. */
const NEEDS: Partial<Record<RequestInput['kind'], Partial<RequestInput>>> = {
  unlearning: { model: 'M 1' },
  complaint: { model: 'M 1' },
  access: { isOwnPersonalData: true },
  erasure: { isOwnPersonalData: true },
  objection: { isOwnPersonalData: true, grounds: 'I am known by this picture.' },
}

async function open(more: Partial<RequestInput>) {
  const { id } = await openRequest(served.node, sky, 0, { ...INPUT, ...more })
  return (await findCase(served.node.register.database.db, id))!
}

const letterIn = (found: Awaited<ReturnType<typeof open>>, as: Speak = speak) =>
  letterText(letterOf(found, served.node.datasets.list()), as)

/** English texts under the name of another language. */
const pretend =
  (reviewed: string[], unknown: string[] = []): Speak =>
  (code) => {
    const spoken = unknown.includes(code) ? 'en' : code
    const { t, language } = speak('en')
    return {
      code: spoken,
      name: spoken.toUpperCase(),
      isReviewed: spoken === 'en' || reviewed.includes(spoken),
      language,
      t,
    }
  }

test('each kind has its letter with its legal basis, says “appears in” and accuses nobody', async () => {
  for (const kind of REQUEST_KINDS) {
    const letter = letterIn(await open({ kind, ...NEEDS[kind] }))
    assert.match(letter, /appears in/)
    assert.doesNotMatch(letter, /infring|stole|illegal/i)
    assert.match(letter, /does not by itself show that a model was trained on it/)
    assert.match(letter, /[Bb]asis: |There is no general right/, kind)
  }
  assert.match(letterIn(await open({ kind: 'unlearning', model: 'M 1' })), /no general right to have a model unlearn/)
  assert.match(letterIn(await open({ kind: 'objection', ...NEEDS.objection })), /known by this picture/)
})

test('a kind that needs more is refused without it, and nothing is recorded', async () => {
  for (const [kind, where] of [
    ['access', 'isOwnPersonalData'],
    ['erasure', 'isOwnPersonalData'],
    ['objection', 'isOwnPersonalData'],
    ['unlearning', 'model'],
    ['complaint', 'model'],
  ] as const)
    await assert.rejects(open({ kind }), { code: 'invalid_input', where })
  await assert.rejects(open({ kind: 'objection', isOwnPersonalData: true }), {
    code: 'invalid_input',
    where: 'grounds',
  })
})

test('the recipient’s language comes first, the sender’s next, and the original behind what nobody has reviewed', async () => {
  const found = await open({ recipientLanguage: 'fr', senderLanguage: 'de' })
  const order = (as: Speak) => [...letterIn(found, as).matchAll(/^— (.*) —$/gm)].map(([, name]) => name)
  assert.deepEqual(order(pretend([])), ['FR', 'DE', 'EN'])
  assert.deepEqual(order(pretend(['fr', 'de'])), ['FR', 'DE'])
  assert.deepEqual(order(pretend(['fr'])), ['FR', 'DE', 'EN'])
  assert.deepEqual(order(pretend([], ['de'])), ['FR', 'EN'])
  assert.deepEqual(order(pretend([], ['fr', 'de'])), [])
  assert.equal(letterIn(found, pretend([])).match(/machine translation/g)?.length, 2)
  assert.equal(letterIn(found, pretend(['fr', 'de'])).match(/machine translation/g), null)
  // Without any translation the letter is English, once.
  assert.equal(letterIn(found, pretend([], ['fr', 'de'])).match(/^Reference: /gm)?.length, 1)
  const english = await open({ recipientLanguage: 'en', senderLanguage: 'de' })
  assert.deepEqual(
    [...letterIn(english, pretend([])).matchAll(/^— (.*) —$/gm)].map(([, name]) => name),
    ['DE', 'EN'],
  )
  assert.ok((await letterPdf(letterOf(found, []), pretend([]))).length > 1000)
})

test('one request is about many works of one data set, each with its own answers, and all are in the bundle', async () => {
  const alike = sky.hits.findIndex(({ dataset, row }) => dataset === sky.hits[0]!.dataset && row !== sky.hits[0]!.row)
  const boats = await check('nagasaki-boats.jpg')
  const hit = boats.hits.findIndex(({ dataset, status }) => dataset === sky.hits[0]!.dataset && status !== 'candidate')
  assert.ok(hit >= 0 || alike >= 0)
  const other = { ...ANSWERS, licensed: 'unknown', workTitle: 'Boats', result: boats, hit } as const
  const { id } = await openRequest(served.node, sky, 0, INPUT, [other])
  const found = (await findCase(served.node.register.database.db, id))!
  const letter = letterIn(found)
  assert.match(letter, /^Subject: 2 works in /m)
  assert.match(letter, /^1\. My work “Sky” appears in /m)
  assert.match(letter, /^2\. My work “Boats” appears in /m)
  assert.match(letter, /I do not know whether this use is licensed\./)
  const { zip } = await bundleOf(served.node, found, { isCaptured: false, words, speak })
  const { isSound, findings } = verifyBundle(zip)
  assert.ok(isSound, JSON.stringify(findings))
  assert.equal(findings.filter(({ code }) => code.startsWith('match_')).length, 2)
  for (const wrong of [
    { ...other, licensed: 'yes' as const },
    { ...other, result: sky, hit: 0 },
  ])
    await assert.rejects(openRequest(served.node, sky, 0, INPUT, [wrong]), /licensed|different rows/)
})
