import assert from 'node:assert/strict'
import { createHash, createPublicKey, generateKeyPairSync, sign, type KeyObject } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import { createContract } from 'micro-eth-signer/abi.js'
import { signTyped } from 'micro-eth-signer'
import {
  ACTIONS_OF_USE,
  CHAIN_USES,
  TermsContract,
  anchorCheckpoint,
  callContract,
  chainTerritories,
  chainWorkOf,
  compileTerms,
  deployAnchor,
  grantDigest,
  listChainGrants,
  logKey,
  offerDigest,
  openChain,
  openDigest,
  packGrant,
  packTerms,
  passkeyAddress,
  passkeyConsent,
  readGrantEvents,
  recordOf,
  rulesOfUses,
  splitOf,
  sublicenceDigest,
  unpackGrant,
  unpackTerms,
  useModes,
  watchChain,
  type Chain,
  type ChainGrant,
  type ChainTerms,
  type Hex,
} from '../src/contracts/index.ts'
import { inclusionProof, leafHash, memorySubtrees, rangeRoot } from '../src/log/index.ts'
import { decide, decideTerms, openRightsIndex, type RightsRule } from '../src/rights/index.ts'
import { ColophonError, openDatabase } from '../src/foundation/index.ts'
import { appendStatement, toDidKey } from '../src/statements/index.ts'
import { measure } from '../tools/bench/contracts.ts'
import { compileSource } from '../tools/buildContracts.ts'
import { ANVIL_KEY, ANVIL_OTHER_KEY, ANVIL_THIRD_KEY, startAnvil, type Anvil } from './support/anvil.ts'
import { signDigest } from './support/signDigest.ts'
import { newSigner, openTestRegister, signed, type TestRegister } from './support/testRegister.ts'

let anvil: Anvil
let chain: Chain
let licensee: Chain
let anchors: Hex
const LOG = logKey('log.example/test')
const DAY = 86_400
before(async () => {
  // With the precompile for P-256.
  anvil = await startAnvil('--hardfork', 'osaka')
  chain = await openChain({ url: anvil.url, key: ANVIL_KEY, depth: 1 })
  licensee = await openChain({ url: anvil.url, key: ANVIL_OTHER_KEY, depth: 1 })
  anchors = (await deployAnchor(chain)).contract
})
after(() => anvil?.stop())

async function freshTerms(): Promise<TermsContract> {
  return new TermsContract(chain, (await TermsContract.deploy(chain, anchors, LOG, chain.sender())).contract)
}

const chainTime = async () =>
  Number((await chain.ask<{ timestamp: Hex }>('eth_getBlockByNumber', ['latest', false])).timestamp)
const address = (byte: string): Hex => `0x${byte.repeat(20)}`

const modes = (given: Partial<ChainTerms['modes']>): ChainTerms['modes'] => ({
  ...(Object.fromEntries(CHAIN_USES.map((use) => [use, 'no'])) as ChainTerms['modes']),
  ...given,
})
const terms = (given: Partial<ChainTerms> = {}): ChainTerms => ({
  modes: modes({ derivatives: 'byGrant', modification: 'byGrant', commercial: 'atAPrice', promotion: 'byGrant' }),
  grantsMayBeRevoked: true,
  licenseesMaySublicense: false,
  territory: 'world',
  boughtDays: 30,
  share: 500,
  ...given,
})
const grantOf = (from: number, given: Partial<ChainGrant> = {}): ChainGrant => ({
  uses: ['derivatives', 'modification'],
  mayBeRevoked: true,
  maySublicense: false,
  territory: 'world',
  from,
  until: from + DAY,
  ...given,
})

test('words come back as they were packed', () => {
  const time = fc.integer({ min: 0, max: 2 ** 40 - 1 })
  const drawn = fc.record({
    modes: fc.array(fc.constantFrom(...useModes), { minLength: 8, maxLength: 8 }),
    grantsMayBeRevoked: fc.boolean(),
    licenseesMaySublicense: fc.boolean(),
    territory: fc.constantFrom(...chainTerritories),
    window: fc.option(fc.tuple(fc.integer({ min: 1, max: 2 ** 39 }), fc.integer({ min: 1, max: 2 ** 39 - 1 })), {
      nil: undefined,
    }),
    expiry: time,
    boughtDays: fc.integer({ min: 0, max: 65_535 }),
    share: fc.integer({ min: 0, max: 10_000 }),
  })
  fc.assert(
    fc.property(drawn, ({ modes: list, window, expiry, ...rest }) => {
      const given = {
        ...rest,
        modes: Object.fromEntries(CHAIN_USES.map((use, i) => [use, list[i]])) as ChainTerms['modes'],
        ...(window ? { promotionFrom: window[0], promotionUntil: window[0] + window[1] } : {}),
        ...(expiry ? { expiry } : {}),
      }
      const { revision, changedAt, isClosed, ...back } = unpackTerms(packTerms(given))
      assert.deepEqual([revision, changedAt, isClosed], [0, 0, false])
      assert.deepEqual(back, given)
    }),
  )
  const grants = fc.record({
    uses: fc.subarray([...CHAIN_USES], { minLength: 1 }),
    mayBeRevoked: fc.boolean(),
    maySublicense: fc.boolean(),
    territory: fc.constantFrom(...chainTerritories),
    from: fc.integer({ min: 0, max: 2 ** 39 }),
    until: fc.integer({ min: 2 ** 39 + 1, max: 2 ** 40 - 1 }),
  })
  fc.assert(fc.property(grants, (given) => assert.deepEqual(unpackGrant(packGrant(given)), { ...given })))
  for (const wrong of [{ until: 0 }, { from: 2 ** 40 }, { from: 1.5 }, { from: -1 }, { uses: [] }])
    assert.throws(() => packGrant(grantOf(10, wrong)), { code: 'invalid_input' })
  assert.throws(() => packTerms(terms({ share: 10_001 })), { code: 'invalid_input' })
  assert.throws(() => packTerms(terms({ promotionFrom: 5, promotionUntil: 5 })), /ends before it begins/)
})

test('rules become terms that are never wider, and what does not fit is named', () => {
  const at = Date.parse('2027-01-01T00:00:00Z')
  const options = { grantsMayBeRevoked: true, licenseesMaySublicense: false, boughtDays: 30, share: 0 }
  const compile = (...rules: RightsRule[]) => compileTerms(rules, options, at)
  const allow = (action: RightsRule['action'], more: Partial<RightsRule> = {}): RightsRule => ({
    action,
    decision: 'allow',
    ...more,
  })
  const plain = compile(allow('tdm:mine'), { action: 'col:trainGenAI', decision: 'deny' })
  assert.deepEqual(
    [plain.terms.modes.mining, plain.terms.modes.aiTraining, plain.terms.modes.generativeTraining],
    ['everybody', 'everybody', 'no'],
  )
  assert.deepEqual(plain.losses, [])
  assert.equal(plain.terms.modes.derivatives, 'no', 'what nobody spoke of is not allowed')

  const price = compile(
    allow('col:trainAI', {
      duties: [{ action: 'odrl:compensate', pay: { amount: '50', currency: 'EUR' }, per: 'once' }],
      territory: ['EU'],
      until: '2028-01-01T00:00:00.000Z',
    }),
  )
  assert.equal(price.terms.modes.aiTraining, 'atAPrice')
  assert.deepEqual([price.terms.territory, price.terms.expiry], ['EU', Date.parse('2028-01-01T00:00:00Z') / 1000])
  assert.match(price.losses.map(({ what }) => what).join(), /price stands in the offer/)

  for (const condition of [
    { territory: ['FR'] },
    { media: ['print'] },
    { channels: ['social'] },
    { duties: [{ action: 'odrl:attribute' }] },
    { from: '2027-06-01T00:00:00.000Z' },
    { modelFlopExponentMax: 23 },
    { seasons: [{ from: '06-01', until: '08-31' }] },
  ] as Partial<RightsRule>[]) {
    const { terms: packed, losses } = compile(allow('odrl:derive', condition))
    assert.equal(packed.modes.derivatives, 'byGrant', JSON.stringify(condition))
    assert.ok(losses.some(({ use, rule }) => use === 'derivatives' && rule === 0))
  }
  const shown = (['odrl:reproduce', 'odrl:distribute', 'odrl:display'] as const).map((action) =>
    allow(action, {
      purposes: ['col:promotion'],
      from: '2027-02-01T00:00:00.000Z',
      until: '2027-03-01T00:00:00.000Z',
    }),
  )
  const promotion = compile(...shown).terms
  assert.deepEqual(
    [promotion.modes.promotion, promotion.modes.commercial, promotion.promotionFrom, promotion.expiry],
    ['everybody', 'no', Date.parse('2027-02-01T00:00:00Z') / 1000, undefined],
  )
  assert.equal(compile(shown[0]!, shown[1]!).terms.modes.promotion, 'no', 'one of three actions is not enough')
  assert.equal(compile(allow('odrl:derive', { until: '2026-01-01T00:00:00.000Z' })).terms.modes.derivatives, 'no')
})

test('what terms on a chain let everybody do, the register lets everybody do, for no more duties', () => {
  const at = Date.parse('2027-01-01T00:00:00Z')
  const moment = fc.constantFrom('2026-06-01', '2027-03-01', '2027-09-01').map((day) => `${day}T00:00:00.500Z`)
  const optional = <Value>(arbitrary: fc.Arbitrary<Value>) => fc.option(arbitrary, { nil: undefined, freq: 3 })
  const duties = [
    { action: 'odrl:compensate' as const, pay: { amount: '50', currency: 'EUR' }, per: 'once' as const },
    { action: 'odrl:attribute' as const },
  ]
  const drawn = fc
    .record({
      use: fc.constantFrom(...CHAIN_USES),
      decision: fc.constantFrom('allow' as const, 'allow' as const, 'allow' as const, 'deny' as const),
      territory: optional(fc.constantFrom(['EU'], ['EEA'], ['FR'], ['WORLD'], ['EU', 'JP'])),
      purposes: optional(fc.subarray(['col:promotion' as const, 'col:commercial' as const], { minLength: 1 })),
      from: optional(moment),
      until: optional(moment),
      media: optional(fc.constant(['print' as const])),
      duties: optional(fc.subarray(duties, { minLength: 1 })),
    })
    .map(({ use, ...conditions }) => {
      const kept = Object.entries(conditions).filter(
        ([name, value]) => value !== undefined && !(name === 'duties' && conditions.decision === 'deny'),
      )
      return ACTIONS_OF_USE[use].actions.map((action) => ({ ...Object.fromEntries(kept), action }) as RightsRule)
    })
  const options = { grantsMayBeRevoked: true, licenseesMaySublicense: false, boughtDays: 30, share: 0 }
  const places = { world: ['JP', 'NO', 'FR'], councilOfEurope: [], EEA: ['NO', 'FR'], EU: ['FR'] }
  let open = 0
  fc.assert(
    fc.property(fc.array(drawn, { minLength: 1, maxLength: 4 }), (groups) => {
      const rules = groups.flat()
      const { terms: packed } = compileTerms(rules, options, at)
      packTerms(packed)
      const entry = {
        id: 'urn:uuid:1',
        party: 'did:web:a.example',
        targetKind: 'work',
        rules: JSON.stringify(rules),
        conflict: null,
        validFrom: '2026-01-01T00:00:00.000Z',
        endsAt: null,
      }
      const authority = { parties: new Set([entry.party]), mustConsent: [], isPublicDomain: false }
      for (const use of CHAIN_USES) {
        const mode = packed.modes[use]
        if (mode !== 'everybody' && mode !== 'atAPrice') continue
        const { actions, purpose } = ACTIONS_OF_USE[use]
        const [from, until] =
          use === 'promotion' ? [packed.promotionFrom, packed.promotionUntil] : [undefined, undefined]
        const end = Math.min(until ?? Infinity, packed.expiry ?? Infinity)
        const first = Math.max(at / 1000, from ?? 0)
        if (first >= end) continue
        for (const time of [first, ...(end < Infinity ? [end - 1] : [])])
          for (const territory of places[packed.territory])
            for (const action of actions) {
              open++
              const request = {
                work: 'w',
                action,
                at: time * 1000,
                territory,
                ...(purpose ? { purposes: [purpose] } : {}),
              }
              const answer = decideTerms([entry], [], authority, request)
              assert.equal(answer.decision, 'allow', `${use} ${action} ${territory} ${time}`)
              const owed = answer.reasons.flatMap((reason) => reason.duties ?? []).flatMap((duty) => duty.actions)
              const paid = owed.filter((each) => /compensate/.test(each))
              assert.deepEqual(owed.length, mode === 'everybody' ? 0 : paid.length, `${use}: ${owed.join()}`)
            }
      }
    }),
    { numRuns: 2000 },
  )
  assert.ok(open > 200, `${open} uses were open`)
})

test('a grant is never told as more than it is', () => {
  assert.deepEqual(rulesOfUses(['mining']).left, ['mining'])
  assert.deepEqual(rulesOfUses(['mining', 'generativeTraining']), {
    rules: [{ action: 'col:trainGenAI', decision: 'allow' }],
    left: ['mining'],
  })
  assert.deepEqual(rulesOfUses(['mining', 'aiTraining', 'generativeTraining']).left, [])
  assert.deepEqual(rulesOfUses(['derivatives']).left, ['derivatives'])
})

/** What a browser gives after a finger on a passkey. */
function passkeyAnswer(privateKey: KeyObject, digest: Uint8Array, origin = 'https://colophon.example') {
  const clientDataJSON = Buffer.from(
    `{"type":"webauthn.get","challenge":"${Buffer.from(digest).toString('base64url')}","origin":"${origin}","crossOrigin":false}`,
  )
  const rpId = createHash('sha256').update(new URL(origin).hostname).digest()
  const authenticatorData = Buffer.concat([rpId, Buffer.from([0x1d]), Buffer.alloc(4)])
  const hash = createHash('sha256').update(clientDataJSON).digest()
  return {
    clientDataJSON,
    authenticatorData,
    signature: sign('sha256', Buffer.concat([authenticatorData, hash]), privateKey),
  }
}

async function withToken() {
  const { abi, bytecode } = compileSource('tests/contracts/Euro.sol', 'Euro')
  const { contract } = await chain.send({ data: bytecode as Hex })
  const methods = createContract(abi as never) as unknown as Record<string, { encodeInput(input: unknown): Uint8Array }>
  const call = (from: Chain, name: string, input: unknown) =>
    from.send({ to: contract, data: `0x${Buffer.from(methods[name]!.encodeInput(input)).toString('hex')}` })
  return { contract, call }
}

test('end to end: declared, anchored, granted by a passkey, paid, asked, revoked, proved', async () => {
  const contract = await freshTerms()
  const domain = { chainId: chain.id, contract: contract.address }
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const didKey = toDidKey(createPublicKey(privateKey))
  const consent = (digest: Uint8Array) =>
    passkeyConsent(passkeyAnswer(privateKey, digest), didKey, digest, 'https://colophon.example')
  const holder = passkeyAddress(didKey)

  // Declared: an entry of a log of a million, whose root is anchored.
  const salt = new Uint8Array(32).fill(7)
  const work = chainWorkOf('urn:uuid:00000000-0000-4000-8000-000000000001', salt)
  const leaves = Array.from({ length: 1000 }, (_, i) => leafHash(Buffer.from(i === 617 ? 'the statement' : `${i}`)))
  const tree = memorySubtrees(leaves)
  const root = await rangeRoot(tree, 0, leaves.length)
  await anchorCheckpoint(chain, anchors, LOG, { size: leaves.length, root })

  const record = recordOf(work, holder)
  await contract.open(work, holder, terms(), consent(openDigest(domain, work, packTerms(terms()))))
  assert.deepEqual((await contract.record(record))!.holder, holder)

  const now = await chainTime()
  const given = grantOf(now + 100)
  const key = licensee.sender()
  const sent = await contract.grant(record, key, given, consent(grantDigest(domain, record, key, given, 0)))
  assert.ok(sent.gas <= 72_000n, `a grant by passkey took ${sent.gas} gas`)
  const ask = (time: number, use: (typeof CHAIN_USES)[number] = 'derivatives') =>
    contract.isPermitted(record, key, use, time)
  assert.deepEqual(
    await Promise.all([given.from - 1, given.from, given.until - 1, given.until].map((time) => ask(time))),
    [false, true, true, false],
  )
  assert.equal(await ask(given.from, 'aiTraining'), false)

  // Paid by another key of the licensee; the last cent is somebody's.
  const token = await withToken()
  const shares = [
    { payee: address('a1'), share: 3333 },
    { payee: address('b2'), share: 6667 },
  ]
  await token.call(chain, 'make', { to: key, amount: 10_001n })
  await token.call(licensee, 'approve', { spender: contract.address, value: 10_001n })
  const offer = { token: token.contract, price: 10_001n, shares, resaleReceiver: address('c3') }
  const signedOffer = consent(offerDigest(domain, record, { ...offer, split: splitOf(shares) }, 0))
  await contract.offer(record, offer, signedOffer)
  const buyer = new TermsContract(licensee, contract.address)
  const paid = grantOf(now, { uses: ['commercial'] })
  const other = address('d4')
  const priced = consent(grantDigest(domain, record, other, paid, 1, 10_001n))
  await assert.rejects(buyer.grantForPrice(record, other, paid, { price: 1n, shares }, priced), /NoConsent/)
  await buyer.grantForPrice(record, other, paid, { price: 10_001n, shares }, priced)
  assert.deepEqual(await Promise.all(shares.map(({ payee }) => contract.owed(token.contract, payee))), [3333n, 6668n])
  await contract.fetch(token.contract, address('a1'))
  assert.equal(await contract.owed(token.contract, address('a1')), 0n)
  assert.equal(await contract.isPermitted(record, other, 'commercial', now + 1), true)

  // Revoked: from that second on, and never again by the same signature.
  await buyer.revoke(record, key)
  assert.equal(await ask(given.from), false)
  await assert.rejects(
    contract.grant(record, key, given, consent(grantDigest(domain, record, key, given, 1))),
    /AlreadyThere/,
  )

  // In a dispute: the statement stands in the anchored log, and closes the record.
  const entry = { leaf: leaves[617]!, index: 617, proof: await inclusionProof(tree, 617, leaves.length) }
  const isIn = await callContract(chain, 'ColophonAnchor', anchors, 'isInLog', {
    log: Buffer.from(LOG.slice(2), 'hex'),
    leaf: entry.leaf,
    index: 617n,
    proof: entry.proof,
  })
  assert.equal(isIn, true)
  await assert.rejects(contract.close(record, { ...entry, index: 618 }), /NotInTheAnchoredLog/)
  await contract.close(record, entry)
  assert.equal((await contract.record(record))!.terms.isClosed, true)
  await assert.rejects(
    contract.grant(record, address('e5'), given, consent(grantDigest(domain, record, address('e5'), given, 1))),
    /RecordClosed/,
  )
  assert.equal(await contract.isPermitted(record, other, 'commercial', now + 1), true, 'what was granted holds')
})

test('what the page says of gas is what it takes, within what was promised', async () => {
  const { proof, ...measured } = await measure('osaka', 1000)
  const said = JSON.parse(readFileSync('src/contracts/gas.json', 'utf8')) as Record<string, number>
  const most = { anchor: 36_000, record: 94_000, grant: 62_000, passkeyGrant: 72_000, paidGrant: 165_000 }
  for (const [name, gas] of Object.entries(measured)) {
    assert.ok(gas <= most[name as keyof typeof most], `${name}: ${gas}`)
    // A byte of a signature that happens to be zero costs less.
    assert.ok(Math.abs(gas - said[name]!) <= 200, `${name}: ${gas}, and the page says ${said[name]}`)
  }
  assert.ok(proof <= 56_000 && said.proof! <= 56_000)
})

test('a wallet signs what this code computes, and a passkey of another site signs nothing', async () => {
  const contract = await freshTerms()
  const domain = { chainId: chain.id, contract: contract.address }
  const work = chainWorkOf('w', new Uint8Array(32))
  const holder = licensee.sender()
  const word = packTerms(terms())
  const types = {
    Open: [
      { name: 'work', type: 'bytes32' },
      { name: 'terms', type: 'uint256' },
    ],
  } as const
  const signature = signTyped(
    {
      types: {
        EIP712Domain: [
          { name: 'name', type: 'string' },
          { name: 'version', type: 'string' },
          { name: 'chainId', type: 'uint256' },
          { name: 'verifyingContract', type: 'address' },
        ],
        ...types,
      },
      primaryType: 'Open',
      domain: { name: 'ColophonTerms', version: '1', chainId: chain.id, verifyingContract: contract.address },
      message: { work: Buffer.from(work.slice(2), 'hex'), terms: word },
    } as never,
    ANVIL_OTHER_KEY,
  )
  const consent = new Uint8Array(Buffer.from(signature.slice(2), 'hex'))
  await assert.rejects(contract.open(work, chain.sender(), terms(), consent), /NoConsent/)
  await contract.open(work, holder, terms(), consent)
  await assert.rejects(contract.open(work, holder, terms(), consent), /AlreadyThere/)

  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const didKey = toDidKey(createPublicKey(privateKey))
  const digest = openDigest(domain, work, word)
  const origin = 'https://colophon.example'
  const elsewhere = passkeyAnswer(privateKey, digest, 'https://evil.example')
  assert.throws(() => passkeyConsent(elsewhere, didKey, digest, origin), /another site/)
  const answer = passkeyAnswer(privateKey, digest)
  assert.throws(() => passkeyConsent(answer, didKey, new Uint8Array(32), origin), /another question/)
  const absent = { ...answer, authenticatorData: Uint8Array.from(answer.authenticatorData) }
  absent.authenticatorData[32] = 0x01
  assert.throws(() => passkeyConsent(absent, didKey, digest, origin), { code: 'invalid_signature' })
  const torn = { ...answer, signature: answer.signature.subarray(1) }
  assert.throws(() => passkeyConsent(torn, didKey, digest, origin), { code: 'invalid_signature' })
  assert.throws(() => passkeyConsent(answer, newSigner().didKey, digest, origin), { code: 'invalid_signature' })
})

/** A register with a work of its party, whose grants on the chain a witness tells of. */
async function withWork(contract: TermsContract) {
  const opened = await openTestRegister(openDatabase({ file: ':memory:' }))
  const [party, witness] = [newSigner(), newSigner()]
  const work = 'urn:uuid:00000000-0000-4000-8000-000000000001'
  const subject = { type: 'Work', id: work, role: 'creator', title: 'A', medium: 'text' }
  await appendStatement(opened.register, signed(opened.register, party, subject as never))
  const hashed = chainWorkOf(work, new Uint8Array(32).fill(3))
  await contract.open(
    hashed,
    chain.sender(),
    terms({
      modes: modes({ aiTraining: 'byGrant', generativeTraining: 'byGrant', mining: 'byGrant' }),
      licenseesMaySublicense: true,
    }),
  )
  const record = recordOf(hashed, chain.sender())
  const stated = {
    type: 'ChainRecord',
    target: { kind: 'work', id: work },
    chain: `eip155:${chain.id}`,
    contract: contract.address,
    record,
    witness: witness.issuer,
  }
  const recordStatement = signed(opened.register, party, stated as never)
  await appendStatement(opened.register, recordStatement)
  return { ...opened, party, witness, work, record, recordStatement: recordStatement.id, stated }
}

const mayTrain = async ({ register }: TestRegister, work: string, address_: Hex, at = register.effects.now()) =>
  (await decide(register.database.db, {
    work,
    action: 'col:trainGenAI',
    licensee: `did:pkh:eip155:${chain.id}:${address_}`,
    at,
  }))!.decision

test('grants on the chain count in the register and its index, and end there when they end', async () => {
  const contract = await freshTerms()
  const world = await withWork(contract)
  const { register, witness, work, record, clock } = world
  const now = await chainTime()
  clock.now = now * 1000
  const training = grantOf(now, { uses: ['generativeTraining'], maySublicense: true, until: now + 100 * DAY })
  const key = licensee.sender()
  await contract.grant(record, key, training)
  assert.equal(await mayTrain(world, work, key), 'unset', 'nothing counts before it is told of')
  const first = await watchChain(register, contract, witness, {})
  assert.deepEqual([first.granted.length, first.ended.length, first.refused.length], [1, 0, 0])
  clock.now += 1000
  assert.equal(await mayTrain(world, work, key), 'allow')
  assert.equal(await mayTrain(world, work, address('aa')), 'unset')
  assert.equal(await mayTrain(world, work, key, (now + 101 * DAY) * 1000), 'unset')
  const index = await openRightsIndex(register.database.db, new Date(clock.now).toISOString())
  assert.equal(index.count, 1)
  // What the gate asks.
  const facts = {
    id: work,
    authority: { parties: new Set([world.party.issuer]), mustConsent: [], isPublicDomain: false },
  }
  const asked = { work, action: 'col:trainGenAI' as const, at: clock.now }
  const did = `did:pkh:eip155:${chain.id}:${key}`
  assert.equal(index.decide(facts, { ...asked, licensee: did }).decision, 'allow')
  assert.equal(index.decide(facts, asked).decision, 'unset')

  // A part of it is given on; both end together.
  const third_ = await openChain({ url: anvil.url, key: ANVIL_THIRD_KEY, depth: 1 })
  const sub = third_.sender()
  const part = { ...training, maySublicense: false }
  const digest = sublicenceDigest({ chainId: chain.id, contract: contract.address }, record, sub, part)
  const taken = new TermsContract(third_, contract.address)
  await assert.rejects(taken.sublicense(record, key, part, signDigest(digest, ANVIL_KEY)), /NoConsent/)
  await taken.sublicense(record, key, part, signDigest(digest, ANVIL_OTHER_KEY))
  const second = await watchChain(register, contract, witness, { after: first.place })
  assert.equal(second.granted.length, 1)
  clock.now += 1000
  assert.equal(await mayTrain(world, work, sub), 'allow')
  await contract.revoke(record, key)
  const third = await watchChain(register, contract, witness, { after: second.place })
  assert.equal(third.ended.length, 2)
  clock.now += 1000
  assert.deepEqual([await mayTrain(world, work, key), await mayTrain(world, work, sub)], ['unset', 'unset'])

  // Once more from the beginning: nothing is told twice.
  const again = await watchChain(register, contract, witness, {})
  assert.deepEqual([again.granted, again.ended], [[], []])
  assert.equal((await listChainGrants(register.database.db, [world.recordStatement])).length, 2)
})

test('an end is told whoever else names the record, whatever became of its statement, and whatever a provider left out', async () => {
  const contract = await freshTerms()
  const world = await withWork(contract)
  const { register, witness, party, work, record, stated, recordStatement, clock } = world
  const now = await chainTime()
  clock.now = now * 1000
  const say = (signer: typeof party, subject: object) =>
    appendStatement(register, signed(register, signer, subject as never))
  const watch = async (given = contract, more = {}) => {
    const watched = await watchChain(register, given, witness, more)
    clock.now += 1000
    return watched
  }
  const long = (uses: ChainGrant['uses']) => grantOf(now, { uses, until: now + 100 * DAY })
  const [one, two, three] = [address('a1'), address('a2'), address('a3')]
  for (const key of [one, two, three]) await contract.grant(record, key, long(['generativeTraining']))
  await watch()
  assert.deepEqual(
    await Promise.all([one, two, three].map((key) => mayTrain(world, work, key))),
    Array(3).fill('allow'),
  )

  // Nobody else can name a record for it; whoever can may do so twice.
  await assert.rejects(say(newSigner(), stated), /only who declared it/)
  await say(party, stated)
  await contract.revoke(record, one)
  assert.equal((await watch()).ended.length, 2)
  assert.equal(await mayTrain(world, work, one), 'unset')

  // A provider keeps an end to itself; the place moves on; the next look finds it all the same.
  await contract.revoke(record, two)
  const silent: Chain['ask'] = async <Answer>(method: string, params: unknown[]) =>
    method === 'eth_getLogs' ? ([] as Answer) : chain.ask<Answer>(method, params)
  const { place, ended } = await watch(new TermsContract({ ...chain, ask: silent }, contract.address))
  assert.equal(ended.length + (await watch(contract, { after: place })).ended.length, 2)
  assert.equal(await mayTrain(world, work, two), 'unset')

  // The statement of the record is taken back, and then the grant ends.
  const effectiveFrom = new Date(clock.now).toISOString()
  await say(party, { type: 'Revocation', target: recordStatement, effectiveFrom })
  clock.now += 1000
  await contract.revoke(record, three)
  assert.equal((await watch()).ended.length, 2)
  assert.equal(await mayTrain(world, work, three), 'unset')
})

test('a grant that cannot be stated keeps no other from being told, and a provider is asked in parts that it bears', async () => {
  const contract = await freshTerms()
  const world = await withWork(contract)
  const { register, witness, record } = world
  const now = await chainTime()
  world.clock.now = now * 1000
  const far = { uses: ['generativeTraining' as const], from: 2 ** 39, until: 2 ** 40 - 1 }
  await contract.grant(record, address('b1'), grantOf(now, far))
  await contract.grant(record, address('b2'), grantOf(now, { uses: ['generativeTraining'] }))
  const narrow: Chain['ask'] = async <Answer>(method: string, params: unknown[]) => {
    const [range] = params as { fromBlock: Hex; toBlock: Hex }[]
    if (method === 'eth_getLogs' && Number(range!.toBlock) - Number(range!.fromBlock) > 3)
      throw new ColophonError('fetch_failed', 'the range is too large')
    return chain.ask<Answer>(method, params)
  }
  const watched = await watchChain(
    register,
    new TermsContract({ ...chain, ask: narrow }, contract.address),
    witness,
    {},
  )
  assert.deepEqual(
    watched.granted.map(({ licensee: whose }) => whose),
    [`did:pkh:eip155:${chain.id}:${address('b2')}`],
  )
})

test('only the named witness tells of grants, of works without labels, once', async () => {
  const contract = await freshTerms()
  const world = await withWork(contract)
  const { register, witness, party, record, recordStatement, work, stated } = world
  const now = await chainTime()
  await contract.grant(record, address('77'), grantOf(now, { uses: ['generativeTraining'] }))
  assert.deepEqual((await watchChain(register, contract, newSigner(), {})).granted, [])
  const said = {
    type: 'ChainGrant',
    chainRecord: recordStatement,
    licensee: `did:pkh:eip155:${chain.id}:${address('88')}`,
    grant: {
      uses: ['aiInput'],
      territory: 'world',
      mayBeRevoked: true,
      from: '2026-01-01T00:00:00.000Z',
      until: '2028-01-01T00:00:00.000Z',
    },
    transaction: `0x${'12'.repeat(32)}`,
    block: 1,
  }
  const append = (signer: typeof party, subject: object) =>
    appendStatement(register, signed(register, signer, subject as never))
  await assert.rejects(append(party, said), /only the witness/)
  await append(witness, said)
  await assert.rejects(append(witness, said), { code: 'duplicate_statement' })
  await assert.rejects(append(witness, { ...said, licensee: `did:pkh:eip155:1:${address('99')}` }), /of another chain/)
  await assert.rejects(append(witness, { ...said, chainRecord: 'urn:uuid:00000000-0000-4000-8000-00000000000f' }), {
    code: 'not_found',
  })
  const community = newSigner()
  await append(community, { type: 'Party', id: community.issuer, kind: 'community', name: 'A community' })
  await append(community, { type: 'Label', target: { kind: 'work', id: work }, code: 'tkss' })
  await assert.rejects(append(party, stated), /label of a community/)
  await append(party, {
    type: 'Revocation',
    target: recordStatement,
    effectiveFrom: new Date(register.effects.now()).toISOString(),
  })
  await assert.rejects(
    append(witness, { ...said, licensee: `did:pkh:eip155:${chain.id}:${address('9a')}` }),
    /taken back/,
  )
})

test('a provider that lies, and a chain that is rewritten, are noticed', async () => {
  const contract = await freshTerms()
  const { record } = await withWork(contract)
  const now = await chainTime()
  await contract.grant(record, address('77'), grantOf(now, { uses: ['generativeTraining'] }))
  const honest = await readGrantEvents(contract, undefined)
  assert.equal(honest.events.length, 1)
  const lying = (method: string, change: (answer: never) => unknown): TermsContract => {
    const ask = (async (name: string, params: unknown[]) => {
      const answer = await chain.ask(name, params)
      return name === method ? change(answer as never) : answer
    }) as Chain['ask']
    return new TermsContract({ ...chain, ask }, contract.address)
  }
  type Log = Record<string, unknown> & { topics: string[] }
  const changed = (change: (log: Log) => Partial<Log>) =>
    lying('eth_getLogs', (logs: Log[]) => logs.map((log) => ({ ...log, ...change(log) })))
  for (const liar of [
    changed(() => ({ address: address('66') })),
    changed(() => ({ blockHash: `0x${'00'.repeat(32)}` })),
    changed(() => ({ removed: true })),
    changed(() => ({ blockNumber: '0xffffff' })),
    changed(({ topics }) => ({ topics: [...topics.slice(0, 2), `0x${'0'.repeat(24)}${'78'.repeat(20)}`] })),
    changed(() => ({ data: `0x${'0'.repeat(62)}ff` })),
  ])
    await assert.rejects(readGrantEvents(liar, undefined), /contradicts itself|there is no territory/)
  await assert.rejects(readGrantEvents(contract, { block: honest.place.block, hash: `0x${'ab'.repeat(32)}` }), {
    code: 'state_not_allowed',
    message: /another one than it was/,
  })
  const behind = new TermsContract(await openChain({ url: anvil.url, depth: 50 }), contract.address)
  await assert.rejects(behind.record(record), /no contract at this address/)
})
