import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { openCommandLine, type Recorded } from './support/commandLine.ts'
import { newSigner, signed } from './support/testRegister.ts'
import { serveTestNode, type ServedNode } from './support/testNode.ts'

const { run: colophon, json, vkey, declareText, whileServing, close } = openCommandLine()
after(close)

interface Shown {
  consent: { id: string; state: string; rules: { purposes: string[]; until: string }[]; licensor: string; harm: string }
  thread: { state: string }[]
}

/** Two people with key files negotiate; the same whether a node is running or not. */
async function negotiate(name: string): Promise<void> {
  const text = `A kingfisher over the weir, told ${name}. `.repeat(9)
  const work = await declareText(name, text, '--key', 'artist.pem', '--creator', 'A. Artist', '--terms', 'mining')
  const ask = ['--action', 'col:trainAI', '--for', 'education', '--model-flop-exponent', '22', '--until', '2030-06-30']
  const unnamed = await colophon('consent', 'propose', '--key', `${name}-lab.pem`, '--work', work, ...ask)
  assert.equal(unnamed.status, 2)
  assert.match(unnamed.errors, /say the name/)
  const asked = await json<Recorded>(
    'consent',
    'propose',
    '--key',
    `${name}-lab.pem`,
    '--name',
    'Lab',
    '--work',
    work,
    ...ask,
    '--purpose',
    'captions for a museum',
    '--harm',
    'captions may be wrong',
  )
  const own = await colophon('consent', 'answer', asked.statement, '--accept', '--key', `${name}-lab.pem`)
  assert.equal(own.status, 2)
  assert.match(own.errors, /not the one of the party that is asked/)
  const countered = await json<Recorded>(
    'consent',
    'propose',
    '--key',
    'artist.pem',
    '--reply-to',
    asked.statement,
    ...ask,
    '--price',
    '50',
  )
  const late = await colophon('consent', 'answer', asked.statement, '--accept', '--key', 'artist.pem')
  assert.match(late.errors, /counter-proposal stands in its place/)
  const accepted = await json<Recorded>(
    'consent',
    'answer',
    countered.statement,
    '--accept',
    '--key',
    `${name}-lab.pem`,
    '-o',
    `${name}-yes.tlog-proof`,
  )
  assert.equal(accepted.receipt, `${name}-yes.tlog-proof`)
  const verified = await json<{ isSound: boolean }>('log', 'verify', accepted.receipt, '--vkey', vkey())
  assert.equal(verified.isSound, true)
  const first = await json<Shown>('consent', 'show', asked.statement)
  assert.deepEqual(
    [first.consent.state, first.thread.map(({ state }) => state)],
    ['countered', ['countered', 'accepted']],
  )
  assert.equal(first.consent.rules[0]!.until, '2030-07-01T00:00:00.000Z', 'the last day counts')
  const told = await colophon('consent', 'show', countered.statement)
  assert.match(told.output, /Training any AI: yes, for education, up to and including 30 June 2030, .*pay €50 once/)
  await json('consent', 'take-back', countered.statement, '--key', 'artist.pem')
  const list = await colophon('consent', 'list', '--party', first.consent.licensor)
  assert.equal(list.status, 0)
  assert.match(list.output, new RegExp(`${countered.statement}.*taken back`))
}

describe('consent on the command line', () => {
  test('asked for, countered, accepted and taken back without a running node', () => negotiate('alone'))

  test('the same through the node that holds the data directory', () => whileServing(() => negotiate('served')))

  test('wrong usage says how it is called', async () => {
    for (const args of [
      ['agree'],
      ['answer', 'urn:x', '--key', 'k.pem'],
      ['propose', '--key', 'k.pem'],
      ['list'],
      ['show'],
    ]) {
      const { status, errors } = await colophon('consent', ...args)
      assert.equal(status, 2, args.join(' '))
      assert.match(errors, /^colophon consent: usage/, args.join(' '))
    }
  })
})

describe('consent over HTTP', () => {
  let served: ServedNode
  before(async () => {
    served = await serveTestNode({ withExample: false })
  })
  after(() => served.stop())

  const read = async (path: string) => {
    const response = await fetch(served.url + path)
    return {
      status: response.status,
      body: (await response.json()) as Record<string, never> & { error?: { code: string } },
    }
  }
  const record = async (signer: ReturnType<typeof newSigner>, isSealed: boolean, ...subjects: { type: string }[]) => {
    const response = await fetch(served.url + (isSealed ? '/api/sealed-statements' : '/api/statements'), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(signed(served.node.register, signer, ...subjects)),
    })
    const answer = (await response.json()) as { id: string }
    assert.equal(response.status, 201, JSON.stringify(answer))
    return answer.id
  }

  test('states follow the clock, sealed proposals are nobody’s to read, and what is not there is not found', async () => {
    const [artist, lab] = [newSigner(), newSigner()]
    const work = 'urn:uuid:018f0000-0000-7000-9000-000000000001'
    await record(artist, false, { type: 'Work', id: work, role: 'creator', title: 'Weir', medium: 'picture' } as never)
    const proposal = (more: object = {}) =>
      ({
        type: 'Proposal',
        licensor: artist.issuer,
        licensee: lab.issuer,
        target: { kind: 'work', id: work },
        rules: [{ action: 'col:trainAI', decision: 'allow' }],
        ...more,
      }) as { type: string }
    const open = await record(lab, false, proposal())
    const over = await record(lab, false, proposal({ answerBy: '2026-01-01T00:00:00Z' }))
    const sealed = await record(lab, true, proposal())
    const refused = await record(lab, false, proposal())
    await record(artist, false, { type: 'Answer', proposal: refused, answer: 'refuse' } as never)
    const ofArtist = await read(`/api/parties/${artist.issuer}/consents`)
    const states = (ofArtist.body.consents as unknown as Shown['consent'][]).map(({ id, state }) => [id, state])
    assert.deepEqual(states, [
      [refused, 'refused'],
      [over, 'over'],
      [open, 'open'],
    ])
    assert.equal((await read(`/api/consents/${open}`)).status, 200)
    for (const id of [sealed, 'urn:uuid:018f0000-0000-7000-9000-0000000000ff', 'nothing']) {
      const { status, body } = await read(`/api/consents/${id}`)
      assert.deepEqual([status, body.error?.code], [404, 'not_found'])
      assert.equal((await fetch(`${served.url}/consents/${id}`)).status, 404)
    }
    assert.deepEqual((await read('/api/parties/did:key:zNobody/consents')).body, { consents: [] })
  })

  test('a form that cannot become a statement says which field', async () => {
    const prepare = async (draft: object, party = newSigner().issuer) => {
      const response = await fetch(`${served.url}/api/drafts/prepare`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ party, draft }),
      })
      const { error } = (await response.json()) as { error?: { where: string } }
      return [response.status, error?.where]
    }
    const terms = { kind: 'terms', name: 'M', about: 'party', ai: 'no', isEntitled: 'yes' }
    assert.deepEqual(await prepare(terms), [200, undefined])
    assert.deepEqual(await prepare({ ...terms, isEntitled: '' }), [400, 'isEntitled'])
    assert.deepEqual(await prepare({ ...terms, name: '' }), [400, 'name'])
    assert.deepEqual(await prepare({ ...terms, ai: 'paid', credit: ' ' }), [400, 'price'])
    assert.deepEqual(await prepare({ ...terms, about: 'domain', domain: 'not a domain' }), [400, 'domain'])
    assert.deepEqual(await prepare({ ...terms, about: 'work', work: '%E0%A4%A' }), [400, 'work'])
    assert.deepEqual(await prepare({ kind: 'no', name: 'M' }), [400, 'isEntitled'])
    assert.deepEqual(await prepare({ kind: 'sale' }), [400, 'kind'])
  })
})
