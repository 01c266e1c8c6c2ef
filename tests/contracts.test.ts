import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import {
  CONTRACT_SOURCES,
  anchorCheckpoint,
  callContract,
  deployAnchor,
  listAnchors,
  logKey,
  openChain,
  readAnchor,
  type Chain,
  type ContractName,
  type Sent,
} from '../src/contracts/index.ts'
import { consistencyProof, inclusionProof, leafHash, memorySubtrees, rangeRoot } from '../src/log/index.ts'
import { compileContract } from '../tools/buildContracts.ts'
import { ANVIL_KEY, ANVIL_OTHER_KEY, startAnvil, type Anvil } from './support/anvil.ts'

let anvil: Anvil
let chain: Chain
let deployed: Sent
const settings = (more: object = {}) => ({ url: anvil.url, key: ANVIL_KEY, depth: 1, ...more })
before(async () => {
  anvil = await startAnvil('--hardfork', 'london')
  chain = await openChain(settings())
  deployed = await deployAnchor(chain)
})
after(() => anvil?.stop())

const raw = (hex: string) => new Uint8Array(Buffer.from(hex.slice(2), 'hex'))
const isInLog = (log: `0x${string}`, leaf: Uint8Array, index: number, proof: Uint8Array[]) =>
  callContract(chain, 'ColophonAnchor', deployed.contract, 'isInLog', {
    log: raw(log),
    leaf,
    index: BigInt(index),
    proof,
  })
const continues = (log: `0x${string}`, earlierSize: number, earlierRoot: Uint8Array, proof: Uint8Array[]) =>
  callContract(chain, 'ColophonAnchor', deployed.contract, 'continues', {
    log: raw(log),
    earlierSize: BigInt(earlierSize),
    earlierRoot,
    proof,
  })
let logs = 0
const newLog = () => logKey(`log ${logs++}`)

test('what is committed is what the sources compile to', () => {
  for (const name of Object.keys(CONTRACT_SOURCES) as ContractName[])
    assert.deepEqual(JSON.parse(readFileSync(`src/contracts/${name}.json`, 'utf8')), compileContract(name))
})

test('a log is anchored forward only, by whoever anchored it first, within the promised gas', async () => {
  const log = newLog()
  assert.equal(await readAnchor(chain, deployed.contract, log), undefined)
  await anchorCheckpoint(chain, deployed.contract, log, { size: 5, root: new Uint8Array(32).fill(1) })
  const second = await anchorCheckpoint(chain, deployed.contract, log, { size: 6, root: new Uint8Array(32).fill(2) })
  assert.ok(second.gas <= 36_000n, `${second.gas}`)
  const held = await readAnchor(chain, deployed.contract, log)
  assert.deepEqual([held!.size, held!.root[0]], [6, 2])
  await assert.rejects(
    anchorCheckpoint(chain, deployed.contract, log, { size: 6, root: new Uint8Array(32) }),
    /NotForward/,
  )
  await assert.rejects(
    anchorCheckpoint(chain, deployed.contract, log, { size: 5, root: new Uint8Array(32) }),
    /NotForward/,
  )
  const other = await openChain(settings({ key: ANVIL_OTHER_KEY }))
  await assert.rejects(
    anchorCheckpoint(other, deployed.contract, log, { size: 9, root: new Uint8Array(32) }),
    /NotTheAnchorer/,
  )
})

test('proofs of the log hold on the chain, and nothing else does', async () => {
  const run = fc.record({
    size: fc.integer({ min: 1, max: 40 }),
    index: fc.nat(),
    earlier: fc.nat(),
    bit: fc.nat({ max: 255 }),
  })
  await fc.assert(
    fc.asyncProperty(run, async ({ size, index: drawn, earlier: drawnEarlier, bit }) => {
      const leaves = Array.from({ length: size }, (_, i) => leafHash(Buffer.from(`entry ${i}`)))
      const subtrees = memorySubtrees(leaves)
      const log = newLog()
      await anchorCheckpoint(chain, deployed.contract, log, { size, root: await rangeRoot(subtrees, 0, size) })
      const index = drawn % size
      const proof = await inclusionProof(subtrees, index, size)
      assert.equal(await isInLog(log, leaves[index]!, index, proof), true)
      const wrong = Uint8Array.from(leaves[index]!)
      wrong[bit >> 3]! ^= 1 << (bit & 7)
      assert.equal(await isInLog(log, wrong, index, proof), false)
      assert.equal(await isInLog(log, leaves[index]!, size, proof), false)
      if (proof.length > 0) await assert.rejects(isInLog(log, leaves[index]!, index, proof.slice(1)))
      await assert.rejects(isInLog(log, leaves[index]!, index, [...proof, proof[0] ?? leaves[0]!]))
      const earlier = 1 + (drawnEarlier % size)
      const root = await rangeRoot(subtrees, 0, earlier)
      const steps = await consistencyProof(subtrees, earlier, size)
      assert.equal(await continues(log, earlier, root, steps), true)
      assert.equal(await continues(log, earlier, wrong, steps), false)
      if (steps.length > 0) assert.equal(await continues(log, earlier, root, steps.slice(0, -1)), false)
    }),
    { numRuns: 25 },
  )
})

test('a chain with another number, one that does not answer, and one without the contract are refused', async () => {
  await assert.rejects(openChain(settings({ chainId: 1 })), /its number is 31337, and it must be 1/)
  await assert.rejects(
    openChain({ url: 'http://127.0.0.1:9/secret-key', depth: 1 }),
    (error: Error & { where?: string }) => {
      assert.match(error.message, /does not answer/)
      assert.doesNotMatch(`${error.message} ${error.where}`, /secret-key/)
      return true
    },
  )
  await assert.rejects(openChain(settings({ url: 'ws://127.0.0.1' })), /CHAIN_URL/)
  await assert.rejects(openChain(settings({ key: '0x12' })), /CHAIN_KEY is no key/)
  await assert.rejects(readAnchor(chain, `0x${'11'.repeat(20)}`, newLog()), /no contract at this address/)
  const readOnly = await openChain(settings({ key: undefined }))
  await assert.rejects(
    anchorCheckpoint(readOnly, deployed.contract, newLog(), { size: 1, root: new Uint8Array(32) }),
    /no key is set/,
  )
})

test('a provider that stalls is given up, and one whose answers are lost sends nothing twice', async () => {
  const stalled = createServer(() => {})
  await new Promise<void>((done) => stalled.listen(0, '127.0.0.1', done))
  const { port } = stalled.address() as { port: number }
  await assert.rejects(openChain({ url: `http://127.0.0.1:${port}`, depth: 1, timeoutMs: 100 }), /does not answer/)
  stalled.closeAllConnections()
  await new Promise((done) => stalled.close(done))

  // Hands everything on, and now and then keeps the answer to a transaction for itself, or says that its number is taken.
  const outcomes = ['lost', 'taken', 'lost', 'given']
  const sent: string[] = []
  const proxy = createServer((request, response) => {
    void (async () => {
      const body = Buffer.concat(await Array.fromAsync(request as AsyncIterable<Buffer>))
      const asked = JSON.parse(body.toString()) as { method: string; params: string[] }
      const isSent = asked.method === 'eth_sendRawTransaction'
      const outcome = isSent ? outcomes.shift() : 'given'
      if (isSent) sent.push(asked.params[0]!)
      const error = { jsonrpc: '2.0', id: 1, error: { code: -32_003, message: 'nonce too low' } }
      if (outcome === 'taken') return void response.end(JSON.stringify(error))
      const answer = await fetch(anvil.url, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
      const text = await answer.text()
      if (outcome === 'lost') response.destroy()
      else response.end(text)
    })()
  })
  await new Promise<void>((done) => proxy.listen(0, '127.0.0.1', done))
  const { port: proxied } = proxy.address() as { port: number }
  const lossy = await openChain(settings({ url: `http://127.0.0.1:${proxied}` }))
  const log = newLog()
  await anchorCheckpoint(lossy, deployed.contract, log, { size: 1, root: new Uint8Array(32).fill(4) })
  assert.equal((await readAnchor(chain, deployed.contract, log))!.size, 1)
  assert.equal(new Set(sent).size, 1, 'the same bytes each time')
  proxy.closeAllConnections()
  await new Promise((done) => proxy.close(done))
})

test('where gas is free, as on networks of public bodies, an account without money is enough', async () => {
  const free = await startAnvil('--hardfork', 'london', '--block-base-fee-per-gas', '0', '--gas-price', '0')
  try {
    const poor = await openChain({ url: free.url, key: `0x${'5'.repeat(64)}`, depth: 1 })
    const { contract } = await deployAnchor(poor)
    await anchorCheckpoint(poor, contract, newLog(), { size: 1, root: new Uint8Array(32) })
    assert.equal(BigInt(await poor.ask<string>('eth_getBalance', [poor.sender(), 'latest'])), 0n)
  } finally {
    await free.stop()
  }
})

test('every anchor of a log is listed, and a provider that leaves some out is found out', async () => {
  const log = newLog()
  for (const size of [3, 4, 9])
    await anchorCheckpoint(chain, deployed.contract, log, { size, root: new Uint8Array(32).fill(size) })
  const anchors = await listAnchors(chain, deployed.contract, log)
  assert.deepEqual(
    anchors.map(({ size, root }) => [size, root[31]]),
    [
      [3, 3],
      [4, 4],
      [9, 9],
    ],
  )
  const silent: Chain['ask'] = async <Answer>(method: string, params: unknown[]) =>
    method === 'eth_getLogs' ? ([] as Answer) : chain.ask<Answer>(method, params)
  await assert.rejects(listAnchors({ ...chain, ask: silent }, deployed.contract, log), /does not tell of all anchors/)
})

test('what is not final yet is not told', async () => {
  const deep = await openChain(settings({ depth: 3 }))
  const log = newLog()
  await anchorCheckpoint(chain, deployed.contract, log, { size: 1, root: new Uint8Array(32).fill(9) })
  assert.equal(await readAnchor(deep, deployed.contract, log), undefined)
  await chain.ask('anvil_mine', ['0x2'])
  assert.equal((await readAnchor(deep, deployed.contract, log))!.size, 1)
})
