import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { Parser } from 'htmlparser2'
import { isoTime } from '../src/foundation/index.ts'
import { importDcat } from '../src/lineage/exports/dcatRead.ts'
import { makeManifest } from '../src/register/index.ts'
import { parseVkey } from '../src/log/index.ts'
import { readXml } from '../src/rights/index.ts'
import { replayLog, verifyReceipt, type StatementSigner } from '../src/statements/index.ts'
import { newSigner, state, stateCollection, stateSealed, urn } from './support/offeredWorks.ts'
import { serveTestNode, type ServedNode } from './support/testNode.ts'

const [PLATES, FREE, KEPT] = [urn(600), urn(601), urn(602)]
const [museum, lab, elders] = [newSigner(), newSigner(), newSigner()]
const plates = Array.from({ length: 12 }, (_, i) => ({
  title: `Plate ${i + 1}`,
  medium: i < 10 ? ('picture' as const) : ('text' as const),
  ...(i < 10 ? {} : { language: 'de' }),
}))
let served: ServedNode

before(async () => {
  served = await serveTestNode({ withExample: false })
  const { node } = served
  await state(node.register, museum, party(museum, 'The <Museum>', 'organisation'))
  await stateCollection(node, museum, PLATES, 'Plates', plates)
  const mark = 'https://creativecommons.org/publicdomain/mark/1.0/'
  const old = [{ title: 'Old print', medium: 'picture' as const }]
  await stateCollection(node, museum, FREE, 'Old prints', old, { role: 'custodian', rightsStatement: mark })
  await state(node.register, elders, party(elders, 'Elders', 'community'))
  await stateCollection(node, elders, KEPT, 'Rites', [{ title: 'Rite', medium: 'video' }])
})
after(() => served?.stop())

const party = (signer: StatementSigner, name: string, kind: string) =>
  ({ type: 'Party', id: signer.issuer, kind, name }) as { type: string }
const offer = (kind: 'set' | 'party', id: string, more: object = {}) =>
  ({
    type: 'Offer',
    title: 'Something',
    target: { kind, id },
    rules: [{ action: 'col:trainAI', decision: 'allow' }],
    audience: ['anyone'],
    ...more,
  }) as { type: string }
const pem = ({ privateKey }: StatementSigner) => privateKey.export({ type: 'pkcs8', format: 'pem' }) as string

const read = async (path: string) => {
  const response = await fetch(served.url + path)
  return { status: response.status, text: await response.text() }
}
const page = async (path: string) => {
  const { status, text } = await read(path)
  assert.equal(status, 200, `${path} ${text}`)
  assert.doesNotMatch(text, /<Museum>/, 'names are escaped')
  return text
}

/** The fields of the form of a kind, filled in as a browser without JavaScript sends them. */
function formOf(html: string, kind: string): Record<string, string> {
  const forms: Record<string, string>[] = []
  let [select, area] = ['', '']
  const take = (name: string, value: string) => (forms.at(-1)![name] = value)
  const parser = new Parser({
    onopentag(tag, { name = '', type, value = '', checked, selected }) {
      if (tag === 'form') forms.push({})
      if (tag === 'select') select = name
      if (tag === 'textarea') take((area = name), '')
      if (tag === 'input' && !['radio', 'checkbox'].includes(type ?? '')) take(name, value)
      if (tag === 'input' && checked !== undefined) take(name, value)
      if (tag === 'option' && (forms.at(-1)![select] === undefined || selected !== undefined)) take(select, value)
    },
    ontext: (text) => area !== '' && take(area, forms.at(-1)![area]! + text),
    onclosetag: (tag) => tag === 'textarea' && (area = ''),
  })
  parser.end(html)
  return forms.find((form) => form.kind === kind)!
}

async function send(form: Record<string, string>) {
  const response = await fetch(`${served.url}/sign`, {
    method: 'POST',
    body: new URLSearchParams(form),
    redirect: 'manual',
  })
  return { status: response.status, location: response.headers.get('location')!, text: await response.text() }
}

const decision = async (work: string, licensee?: string) => {
  const query = new URLSearchParams({ work, action: 'col:trainAI', ...(licensee ? { licensee } : {}) })
  return (JSON.parse((await read(`/api/decisions?${query}`)).text) as { decision: string }).decision
}

describe('the catalogue, without JavaScript', () => {
  let offered: string

  test('a holder offers a collection from the page of its name', async () => {
    assert.match(await page('/catalog'), /Nothing is on offer/)
    const own = await page(`/parties/${encodeURIComponent(museum.issuer)}`)
    const link = /href="(\/catalog\/new\?scope=[^"]*)">offer it/.exec(own.slice(own.indexOf('Plates')))![1]!
    const form = formOf(await page(link.replaceAll('&amp;', '&')), 'offer')
    assert.deepEqual([form.scope, form.title, form.audience], [PLATES, 'Plates', 'anyone'])
    const filled = {
      ...form,
      title: 'Plates & texts',
      description: 'Copper <plates>',
      audience: 'small',
      price: '120.50',
      per: 'year',
      pem: pem(museum),
    }
    const foreign = await send({ ...filled, pem: pem(lab) })
    assert.equal(foreign.status, 403)
    const sent = await send(filled)
    assert.equal(sent.status, 303, sent.text)
    offered = sent.location
    const shown = await page(offered)
    for (const said of [
      'Plates &amp; texts',
      'Copper &lt;plates&gt;',
      '12 public works',
      'picture (10)',
      'text (2)',
      'German',
      'small and medium-sized enterprises',
      'Training any AI: yes',
      '€120.50 each year',
    ])
      assert.ok(shown.includes(said), `${said}\n${shown}`)
    assert.ok((await page('/catalog')).includes(`href="/catalog/${encodeURIComponent(offered.split('/').at(-1)!)}"`))
  })

  test('a developer asks for it, the holder says yes, and the receipts prove it', async () => {
    const ask = /href="(\/consents\/new\?offer=[^"]*)"/.exec(await page(offered))![1]!
    const form = formOf(await page(ask), 'request')
    assert.deepEqual(
      [form['action-1'], form['price-1'], form['per-1'], form['territory-1']],
      ['col:trainAI', '120.50', 'year', 'WORLD'],
      'the terms of the offer are filled in',
    )
    const asked = await send({ ...form, name: 'Lab', purpose: 'captions', isEntitled: 'yes', pem: pem(lab) })
    assert.equal(asked.status, 303, asked.text)
    const item = `urn:colophon:item:${PLATES.slice(9)}:3`
    assert.equal(await decision(item, lab.issuer), 'unset', 'asking allows nothing')
    const waiting = await page(asked.location)
    assert.match(waiting, /Plates/)
    const answered = await send({ ...formOf(waiting, 'answer'), answer: 'accept', pem: pem(museum) })
    assert.equal(answered.status, 303, answered.text)
    const granted = await page(answered.location)
    assert.match(granted, /A permission/)
    assert.deepEqual([await decision(item, lab.issuer), await decision(item)], ['allow', 'unset'])
    const receipts = [...granted.matchAll(/href="(\/receipts\/\d+)"/g)].map(([, path]) => path!)
    assert.equal(receipts.length, 2)
    const log = parseVkey(served.node.register.log.vkey)
    const issuers = []
    for (const path of receipts) {
      const verdict = verifyReceipt((await read(`${path}.tlog-proof`)).text, { log })
      assert.ok(verdict.isSound)
      issuers.push(verdict.statement!.issuer)
    }
    assert.deepEqual(issuers, [lab.issuer, museum.issuer], 'both have signed')
  })

  test('all works of a party are offered and asked for in the same way', async () => {
    const scope = `/catalog/new?scope=${encodeURIComponent(museum.issuer)}`
    const sent = await send({ ...formOf(await page(scope), 'offer'), title: 'All we have', pem: pem(museum) })
    assert.match(await page(sent.location), /13 public works/)
    const form = formOf(await page(`/consents/new?offer=${sent.location.split('/').at(-1)}`), 'request')
    const asked = await send({ ...form, isEntitled: 'yes', pem: pem(lab) })
    assert.equal(asked.status, 303, asked.text)
    assert.match(await page(asked.location), /consent|permission/i)
  })

  test('programs read the catalogue as DCAT-AP, the terms as ODRL and the set as schema.org', async () => {
    const { text } = await read('/catalog.jsonld')
    const catalogue = JSON.parse(text)
    assert.equal(catalogue['@type'], 'dcat:Catalog')
    assert.equal(catalogue['dcat:dataset'].length, 2)
    const names = importDcat(text).steps.flatMap(({ entities }) => entities.map(({ name }) => name))
    assert.deepEqual(new Set(names), new Set(['Plates & texts', 'All we have']))
    const set = catalogue['dcat:dataset'].find((each: Record<string, string>) => each['dct:title'] === 'Plates & texts')
    assert.deepEqual(set['dct:language'], [{ '@id': 'http://publications.europa.eu/resource/authority/language/DEU' }])
    assert.deepEqual([set['dct:publisher']['foaf:name'], set['dct:description']], ['The <Museum>', 'Copper <plates>'])
    assert.match(set['dcat:distribution'][0]['dct:rights']['rdfs:label'], /€120.50 each year/)
    const policy = JSON.parse((await read(new URL(set['odrl:hasPolicy']['@id']).pathname)).text)
    assert.equal(policy.permission[0].duty[0].action.refinement[0].rightOperand['@value'], '120.50')
    const dataset = JSON.parse((await read(`${offered}/dataset.jsonld`)).text)
    assert.deepEqual(
      [dataset['@type'], dataset.isAccessibleForFree, dataset.offers[0].price, dataset.offers[0].priceCurrency],
      ['Dataset', false, '120.50', 'EUR'],
    )
    const oai = new URL(set['dcat:distribution'][0]['dcat:accessURL']['@id'])
    const { root } = readXml((await read(oai.pathname + oai.search)).text, 'oai')
    assert.equal(root!.children[2]!.children.filter(({ name }) => name === 'record').length, 12)
  })

  test('an offer that is taken back is listed no more, and cannot be asked for; what was granted holds', async () => {
    const form = formOf(await page(offered), 'offerBack')
    assert.equal((await send({ ...form, pem: pem(lab) })).status, 403)
    assert.equal((await send({ ...form, pem: pem(museum) })).status, 303)
    const shown = await page(offered)
    assert.match(shown, /This offer was taken back/)
    assert.doesNotMatch(shown, /Ask for this/)
    assert.doesNotMatch(await page('/catalog'), /Plates &amp; texts/)
    assert.doesNotMatch((await read('/catalog.jsonld')).text, /Plates & texts/)
    const id = offered.split('/').at(-1)!
    assert.equal((await read(`/consents/new?offer=${id}`)).status, 404)
    const late = { kind: 'request', offer: decodeURIComponent(id), 'keep-1': 'yes', 'action-1': 'tdm:mine' }
    assert.equal((await send({ ...late, pem: pem(lab) })).status, 409)
    assert.equal(await decision(`urn:colophon:item:${PLATES.slice(9)}:3`, lab.issuer), 'allow')
  })
})

describe('what may be offered', () => {
  const refused = async (signer: StatementSigner, subject: { type: string }) => {
    try {
      await state(served.node.register, signer, subject)
    } catch (error) {
      return (error as { code: string }).code
    }
    return 'recorded'
  }

  test('only what is one’s own and is there, in public, for a time that exists', async () => {
    const priced = [
      {
        action: 'col:trainAI',
        decision: 'allow',
        duties: [{ action: 'odrl:compensate', pay: { amount: '5', currency: 'EUR' } }],
      },
    ]
    const denied = [{ action: 'col:trainAI', decision: 'deny' }]
    assert.deepEqual(
      await Promise.all([
        refused(lab, offer('set', PLATES)),
        refused(lab, offer('party', museum.issuer)),
        refused(museum, offer('set', urn(999))),
        refused(museum, offer('set', FREE, { rules: priced })),
        refused(museum, offer('set', PLATES, { rules: denied })),
        refused(museum, offer('set', PLATES, { rules: [] })),
        refused(museum, offer('set', PLATES, { audience: ['friends'] })),
        refused(museum, offer('set', PLATES, { title: ' ' })),
        refused(
          museum,
          offer('set', PLATES, { validFrom: '2030-01-01T00:00:00Z', validUntil: '2029-01-01T00:00:00Z' }),
        ),
        stateSealed(served.node.register, museum, offer('set', PLATES)).catch(({ code }) => code),
      ]),
      [
        'not_authorised',
        'not_authorised',
        'not_found',
        'public_domain_cannot_be_reserved',
        ...Array.from({ length: 6 }, () => 'invalid_statement'),
      ],
    )
    assert.equal(await refused(museum, offer('set', FREE)), 'recorded', 'what is free is offered without a price')
    const keeper = newSigner()
    const mark = { role: 'custodian', rightsStatement: 'http://rightsstatements.org/vocab/NoC-US/1.0/' }
    const kept = { type: 'Work', id: urn(610), title: 'Old map', medium: 'picture', ...mark }
    await state(served.node.register, keeper, kept)
    const asks = [{ action: 'col:trainAI', decision: 'allow', duties: [{ action: 'odrl:obtainConsent' }] }]
    for (const rules of [priced, asks])
      assert.equal(
        await refused(keeper, offer('party', keeper.issuer, { rules })),
        'public_domain_cannot_be_reserved',
        'nor is a price asked for all that a party has where all of it is free',
      )
    await state(served.node.register, keeper, {
      ...kept,
      id: urn(611),
      role: 'rightsholder',
      rightsStatement: undefined,
    } as never)
    assert.equal(await refused(keeper, offer('party', keeper.issuer, { rules: priced })), 'recorded')
  })

  test('an offer is taken back alone: what would go with it does not stand in its statement', async () => {
    const { register, manifests } = served.node
    const { bytes, manifest, root, count } = await makeManifest([{ title: 'b', medium: 'text' }])
    manifests.write(bytes)
    const signer = newSigner()
    const set = { type: 'Collection', id: urn(612), title: 'S', role: 'rightsholder', manifest, root, count }
    await assert.rejects(state(register, signer, set, offer('set', urn(612))), { code: 'invalid_statement' })
    const agent = newSigner()
    const mandate = {
      type: 'Mandate',
      representative: agent.issuer,
      powers: ['grant'],
      validFrom: '2026-01-01T00:00:00Z',
    }
    await state(register, signer, mandate as never)
    const inName = { ...offer('set', urn(612)), onBehalfOf: signer.issuer } as { type: string }
    await assert.rejects(state(register, agent, set, inName), { code: 'invalid_statement' })
    await state(register, agent, set)
    await assert.rejects(state(register, agent, inName), { code: 'not_authorised' }, 'it is not the party’s own')
  })

  test('counts are of what goes out, and what is over is no offer for programs', async () => {
    const { register } = served.node
    const [holder, people] = [newSigner(), newSigner()]
    const work = (number: number, more: object) =>
      ({ type: 'Work', id: urn(number), role: 'creator', title: `W${number}`, ...more }) as { type: string }
    await state(register, people, party(people, 'People', 'community'))
    await state(register, holder, work(620, { medium: 'text', language: 'de' }))
    await state(register, holder, work(621, { medium: 'sound', language: 'sm' }))
    const taken = await state(register, holder, work(622, { medium: 'video', language: 'fr' }))
    const vouches = { type: 'Claim', target: people.issuer, claims: 'vouches', evidence: [] }
    await state(register, holder, vouches as never)
    await state(register, people, { type: 'Label', target: { kind: 'work', id: urn(621) }, code: 'tkss' } as never)
    const back = (target: string) => ({ type: 'Revocation', target, effectiveFrom: isoTime(Date.now()) }) as never
    await state(register, holder, back(taken))
    const rules = ['odrl:reproduce', 'odrl:distribute', 'odrl:display', 'odrl:present', 'odrl:derive'].map(
      (action) => ({ action, decision: 'allow', duties: [{ action: 'odrl:attribute' }] }),
    )
    const times = { validUntil: '2990-12-31T00:00:00.000Z', audience: ['research'] }
    const id = await state(register, holder, offer('party', holder.issuer, { ...times, rules }))
    const second = await state(register, holder, offer('party', holder.issuer, { title: 'Another' }))
    const [policy, dataset] = [`/catalog/${id}/policy.jsonld`, `/catalog/${id}/dataset.jsonld`]
    const set = JSON.parse((await read(dataset)).text)
    assert.deepEqual([set.size, set.inLanguage], ['1 works', ['de']])
    assert.match(await page(`/catalog/${id}`), /1 public work[^s]/)
    assert.deepEqual([set.license, set.isAccessibleForFree, set.copyrightHolder], [undefined, undefined, undefined])
    assert.deepEqual(
      [set.offers[0].validThrough, set.audience[0].audienceType],
      [times.validUntil, 'research and education'],
    )
    const odrl = JSON.parse((await read(policy)).text)
    assert.deepEqual([odrl['@type'], odrl['schema:validThrough']], ['Offer', times.validUntil])
    assert.equal(odrl['schema:audience'][0]['schema:audienceType'], 'research and education')
    const sets = JSON.parse((await read('/catalog.jsonld')).text)['dcat:dataset'] as Record<string, never>[]
    const own = sets.filter((each) => [id, second].includes(each['@id']!))
    const distributions = own.flatMap((each) => each['dcat:distribution'] as unknown as Record<string, unknown>[])
    assert.equal(new Set(distributions.map((each) => each['@id'])).size, 4, 'terms of two offers stay apart')
    assert.ok(distributions.every((each) => each['dct:license'] === undefined))
    await state(register, holder, back(id))
    for (const path of [policy, dataset]) assert.equal((await read(path)).status, 410, path)
    const waiting = await state(register, holder, offer('party', holder.issuer, { validFrom: '2990-01-01T00:00:00Z' }))
    for (const name of ['policy', 'dataset'])
      assert.equal((await read(`/catalog/${waiting}/${name}.jsonld`)).status, 404, name)
  })

  test('offers that have ended or have not begun are told so; what a community keeps is nowhere', async () => {
    const { register } = served.node
    const over = await state(
      register,
      museum,
      offer('set', PLATES, { title: 'Ended', validUntil: isoTime(Date.now() + 50) }),
    )
    const waiting = await state(
      register,
      museum,
      offer('set', PLATES, { title: 'Later', validFrom: '2999-01-01T00:00:00Z' }),
    )
    const kept = await state(register, elders, offer('set', KEPT, { title: 'Rites for all' }))
    assert.match(await page('/catalog'), /Rites for all/)
    const label = { type: 'Label', target: { kind: 'set', id: KEPT }, code: 'tkss' }
    await state(register, elders, label as never)
    await new Promise((done) => {
      setTimeout(done, 60)
    })
    assert.match(await page(`/catalog/${over}`), /This offer has ended/)
    assert.match(await page(`/catalog/${waiting}`), /has not begun/)
    for (const path of ['/catalog', '/catalog.jsonld', `/parties/${elders.issuer}`])
      assert.doesNotMatch((await read(path)).text, /Rites|Ended|Later/, path)
    for (const path of [
      `/catalog/${kept}`,
      `/catalog/${kept}/policy.jsonld`,
      `/catalog/${kept}/dataset.jsonld`,
      `/catalog/new?scope=${KEPT}`,
      `/consents/new?offer=${kept}`,
    ])
      assert.equal((await read(path)).status, 404, path)
    for (const path of [
      '/catalog/x',
      '/catalog/%00',
      '/catalog/new',
      '/catalog/new?scope=%27',
      '/consents/new?offer=%27--',
    ])
      assert.equal((await read(path)).status, 404, path)
    assert.equal((await read('/catalog?before=-1')).status, 200)
  })

  test('a replay of the log gives the same offers', async () => {
    const { register } = served.node
    const rows = () => register.database.db.selectFrom('offer').selectAll().orderBy('id').execute()
    const earlier = await rows()
    assert.ok(earlier.length >= 5)
    await replayLog(register)
    assert.deepEqual(await rows(), earlier)
  })
})
