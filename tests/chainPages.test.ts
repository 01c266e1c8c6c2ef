import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { serve } from '@hono/node-server'
import { anchorCheckpoint, deployAnchor, logKey, openChain } from '../src/contracts/index.ts'
import { readConfig } from '../src/foundation/index.ts'
import { createContract } from 'micro-eth-signer/abi.js'
import { parseCheckpoint } from '../src/log/index.ts'
import { openNode, type Node } from '../src/main.ts'
import { createWeb } from '../src/web/index.ts'
import { compileSource } from '../tools/buildContracts.ts'
import { ANVIL_KEY, startAnvil, type Anvil } from './support/anvil.ts'
import { axeViolations, openBrowser, sidewaysPixels } from './support/browser.ts'
import { openCommandLine, runCommandsIn } from './support/commandLine.ts'

const RULES = [
  { action: 'col:trainAI', decision: 'allow', territory: ['EU'], recipients: ['did:web:lab.example'] },
  { action: 'odrl:display', decision: 'deny' },
  {
    action: 'col:aiInput',
    decision: 'allow',
    duties: [{ action: 'odrl:compensate', pay: { amount: '5', currency: 'EUR' }, per: 'once' }],
  },
]
const LICENSEE = `0x${'a1'.repeat(20)}`

let anvil: Anvil
let line: ReturnType<typeof openCommandLine>
let env: NodeJS.ProcessEnv
before(async () => {
  anvil = await startAnvil('--hardfork', 'osaka')
  line = openCommandLine()
  env = {
    ...process.env,
    DATA_DIR: join(line.directory, 'data'),
    PORT: '0',
    PUBLIC_URL: 'http://localhost',
    CHAIN_URL: anvil.url,
    CHAIN_KEY: ANVIL_KEY,
    CHAIN_DEPTH: '1',
  }
})
after(async () => {
  line?.close()
  await anvil?.stop()
})

async function chainIn(more: NodeJS.ProcessEnv, run: (chain: Run) => Promise<void>): Promise<void> {
  const commands = runCommandsIn(line.directory, { ...env, ...more })
  try {
    await run(async (...args) => {
      const { status, output, errors } = await commands.run('chain', ...args, '--json')
      return { status, errors, said: output === '' ? {} : (JSON.parse(output) as Record<string, never>) }
    })
  } finally {
    commands.end()
  }
}
type Run = (...args: string[]) => Promise<{ status: number | null; errors: string; said: Record<string, never> }>

test('from a declared work to a licence on a chain that counts in the register, and a page that shows it', async () => {
  writeFileSync(join(line.directory, 'rules.json'), JSON.stringify(RULES))
  const work = await line.declareText('poem', 'a poem '.repeat(30), '--key', 'poet.pem', '--terms', 'rules.json')
  let [anchors, terms] = ['', '']
  await chainIn({}, async (chain) => {
    anchors = (await chain('deploy')).said.contract!
    const forgotten = await chain('record', work, '--key', 'poet.pem', '--visible-forever')
    assert.match(forgotten.errors, /CHAIN_TERMS/)
  })
  await chainIn({ CHAIN_CONTRACT: anchors }, async (chain) => {
    terms = (await chain('deploy', '--terms')).said.contract!
  })
  await chainIn({ CHAIN_CONTRACT: anchors, CHAIN_TERMS: terms }, async (chain) => {
    const warned = await chain('record', work, '--key', 'poet.pem')
    assert.equal(warned.status, 0)
    assert.equal(warned.said.transaction, undefined, 'nothing is sent before it was confirmed')
    assert.match(warned.said.warning!, /for ever/)
    assert.equal((await chain('check', '--work', work, '--licensee', LICENSEE, '--use', 'aiTraining')).status, 2)
    const opened = await chain('record', work, '--key', 'poet.pem', '--visible-forever', '--by-grant', 'modification')
    assert.equal(opened.status, 0, opened.errors)
    const { modes, territory } = opened.said.terms as { modes: Record<string, string>; territory: string }
    assert.deepEqual(
      [modes.aiTraining, modes.generativeTraining, modes.modification, modes.aiInput, modes.commercial, territory],
      ['byGrant', 'byGrant', 'byGrant', 'atAPrice', 'no', 'EU'],
    )
    const salt = JSON.parse(
      readFileSync(join(line.directory, 'data', 'chain', `${opened.said.record}.salt.json`), 'utf8'),
    ) as { work: string; salt: string }
    assert.deepEqual([salt.work, salt.salt.length], [work, 64])

    const until = new Date(Date.now() + 30 * 86_400_000).toISOString()
    const uses = ['--uses', 'aiTraining,generativeTraining', '--territory', 'EU']
    const tooMuch = await chain('grant', work, '--licensee', LICENSEE, '--uses', 'aiTraining', '--until', until)
    assert.match(tooMuch.errors, /NotWithinTerms/)
    assert.equal((await chain('pause')).status, 0)
    assert.match(
      (await chain('grant', work, '--licensee', LICENSEE, ...uses, '--until', until)).errors,
      /GrantsPaused.*guardian has stopped/,
    )
    assert.equal((await chain('resume')).status, 0)
    const granted = await chain('grant', work, '--licensee', LICENSEE, ...uses, '--until', until)
    assert.equal(granted.status, 0, granted.errors)
    const asked = ['check', '--work', work, '--licensee', LICENSEE, '--use', 'aiTraining']
    assert.equal((await chain(...asked, '--territory', 'EU')).status, 0)
    assert.equal((await chain(...asked)).status, 1, 'everywhere is more than the EU')
    assert.equal((await chain(...asked, '--territory', 'EU', '--at', until)).status, 1)

    // Sold by an offer: the price is paid exactly, divided, and fetched.
    const token = await makeToken()
    const split = ['--payee', `0x${'c1'.repeat(20)}:2500`, '--payee', `0x${'c2'.repeat(20)}:7500`]
    const priced = await chain('offer', work, '--token', token, '--price', '5000001', ...split)
    assert.equal(priced.status, 0, priced.errors)
    const record = opened.said.record!
    const buyer = `0x${'d1'.repeat(20)}`
    const purchase = ['buy', record, '--licensee', buyer, '--uses', 'aiInput']
    assert.match((await chain(...purchase, '--payee', buyer)).errors, /payees are others/)
    assert.match((await chain(...purchase, '--payee', 'x:5')).errors, /no address of a chain/)
    const bought = await chain(...purchase, ...split)
    assert.equal(bought.status, 0, bought.errors)
    const mayUse = ['check', '--work', record, '--licensee', buyer, '--use', 'aiInput', '--territory', 'EU']
    assert.equal((await chain(...mayUse)).status, 0)
    const fetched = await chain('fetch', '--token', token, '--payee', `0x${'c2'.repeat(20)}`)
    assert.equal(fetched.said.owed, '3750001')
    assert.equal((await chain('fetch', '--token', token, '--payee', `0x${'c2'.repeat(20)}`)).said.owed, '0')
    assert.equal((await chain('offer', work, '--end')).status, 0)
    assert.match((await chain(...purchase, ...split)).errors, /no offer on this record/)

    const watched = await chain('watch', '--key', 'poet.pem')
    assert.equal((watched.said.granted as unknown as unknown[]).length, 2, watched.errors)
    assert.deepEqual((await chain('watch', '--key', 'poet.pem')).said.granted, [])
    const did = `did:pkh:eip155:31337:${LICENSEE}`
    const decide = ['rights', 'decide', '--work', work, '--action', 'col:trainAI', '--licensee', did]
    const decided = await line.run(...decide, '--territory', 'FR')
    assert.equal(decided.status, 0, decided.output + decided.errors)
    assert.equal((await line.run(...decide, '--territory', 'JP')).status, 1)

    assert.equal((await chain('anchor')).status, 0)
    const statement = opened.said.statement!
    const proof = (await chain('prove', statement)).said as unknown as { path: unknown[]; size: number }
    assert.ok(proof.size >= 3 && proof.path.length > 0)
    assert.match((await chain('prove', 'urn:uuid:00000000-0000-4000-8000-00000000000f')).errors, /no such statement/)
    await shownOnPage(work)

    assert.equal((await chain('revoke', work, '--licensee', LICENSEE)).status, 0)
    assert.equal(((await chain('watch', '--key', 'poet.pem')).said.ended as unknown as unknown[]).length, 1)
    assert.equal((await line.run(...decide, '--territory', 'FR')).status, 1)
    assert.match((await chain('close', work, work)).errors, /no such statement|does not speak of the record/)
    const other = await line.json<{ statement: string }>('declare', 'poem.txt', '--key', 'poet.pem')
    assert.match((await chain('close', work, other.statement)).errors, /does not speak of the record/)
    assert.equal((await chain('check')).status, 0)
    assert.equal((await chain('close', work, statement)).status, 0)
    assert.match(
      (await chain('grant', work, '--licensee', `0x${'b2'.repeat(20)}`, ...uses, '--until', until)).errors,
      /RecordClosed/,
    )
  })
  await chainIn({ CHAIN_CONTRACT: anchors, CHAIN_TERMS: terms, CHAIN_KEY: '' }, async (chain) => {
    const silent = await chain('record', work, '--key', 'poet.pem', '--visible-forever')
    assert.match(silent.errors, /no key is set/)
  })
})

/** A token that has given the sender of these tests some. */
async function makeToken(): Promise<string> {
  const { abi, bytecode } = compileSource('tests/contracts/Euro.sol', 'Euro')
  const chain = await openChain({ url: anvil.url, key: ANVIL_KEY, depth: 1 })
  const { contract } = await chain.send({ data: bytecode as `0x${string}` })
  const methods = createContract(abi as never) as unknown as { make: { encodeInput(input: unknown): Uint8Array } }
  const data = Buffer.from(methods.make.encodeInput({ to: chain.sender(), amount: 10_000_000n })).toString('hex')
  await chain.send({ to: contract, data: `0x${data}` })
  return contract
}

test('a chain to try it on is one command, and ends with it', async () => {
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', 'src/cli/colophon.ts', 'chain', 'dev'],
    {
      env: { ...process.env, DATA_DIR: join(line.directory, 'nothing-yet') },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  const told = await new Promise<string>((done) => {
    let text = ''
    child.stdout.on('data', (bytes: Buffer) => (text += bytes.toString()).includes('nothing of it') && done(text))
    child.once('exit', () => done(text))
  })
  const settings = Object.fromEntries(
    Array.from(told.matchAll(/^export (\w+)=(.*)$/gm), ([, name, value]) => [name, value]),
  )
  const { CHAIN_URL: url, CHAIN_TERMS: terms } = settings as Record<string, string>
  const chain = await openChain({ url: url!, depth: 1 })
  assert.notEqual(await chain.ask('eth_getCode', [terms, 'latest']), '0x')
  child.kill('SIGINT')
  await new Promise((done) => child.once('exit', done))
  await assert.rejects(openChain({ url: url!, depth: 1 }), /does not answer/)
})

test('a log that was rewritten and anchored again is found out', async () => {
  const chain = await openChain({ url: anvil.url, key: ANVIL_KEY, depth: 1 })
  const { contract } = await deployAnchor(chain)
  const files = join(line.directory, 'data', 'log')
  const log = logKey(readFileSync(join(files, 'vkey'), 'utf8'))
  const { size, root } = parseCheckpoint(readFileSync(join(files, 'checkpoint'), 'utf8'))
  assert.ok(size > 2)
  // Once, the first two entries were others.
  await anchorCheckpoint(chain, contract, log, { size: 2, root: new Uint8Array(32).fill(1) })
  await chainIn({ CHAIN_CONTRACT: contract }, async (run) => {
    assert.match((await run('anchor')).errors, /log_corrupt: the log is another one than what is anchored/)
    await anchorCheckpoint(chain, contract, log, { size, root })
    const { status, said } = await run('check')
    assert.equal(status, 1)
    assert.deepEqual([said.anchors, said.differing], [2, [2]])
  })
})

async function shownOnPage(work: string): Promise<void> {
  const node = await openNode(readConfig({ DATA_DIR: join(line.directory, 'data'), PUBLIC_URL: 'http://localhost' }))
  try {
    await readPage(node, work)
  } finally {
    await node.close()
  }
}

async function readPage(node: Node, work: string): Promise<void> {
  const web = createWeb(node)
  const text = await (await web.request(`/works/${work}/chain`)).text()
  assert.match(text, /Both are equal/)
  assert.match(text, /AI training, Training of generative AI/)
  assert.match(text, /European Union/)
  assert.match(text, /In force/)
  assert.match(text, new RegExp(LICENSEE))
  const german = await (await web.request(`/works/${work}/chain?lang=de`)).text()
  assert.match(german, /lang="de"/)
  assert.match(await (await web.request(`/works/${work}`)).text(), /href="[^"]*\/chain"/)
  assert.equal((await web.request('/works/urn:uuid:00000000-0000-4000-8000-00000000000f/chain')).status, 404)
  // An anchor of another log is told, and not believed.
  const { db } = node.register.database
  const root = await db.selectFrom('chain_anchor').select('root').executeTakeFirstOrThrow()
  await db
    .updateTable('chain_anchor')
    .set({ root: '00'.repeat(32) })
    .execute()
  assert.match(await (await web.request(`/works/${work}/chain`)).text(), /They differ/)
  await db.updateTable('chain_anchor').set(root).execute()

  const server = serve({ fetch: web.fetch, port: 0, hostname: '127.0.0.1' })
  await new Promise<void>((done) => server.once('listening', () => done()))
  const { port } = server.address() as { port: number }
  const browser = await openBrowser()
  try {
    const page = await browser.newPage({ viewport: { width: 320, height: 640 } })
    await page.goto(`http://localhost:${port}/works/${work}/chain`)
    assert.deepEqual(await axeViolations(page), [])
    assert.equal(await sidewaysPixels(page), 0)
    if (process.env.SCREENSHOT) await page.screenshot({ path: process.env.SCREENSHOT, fullPage: true })
  } finally {
    await browser.close()
    await new Promise<void>((done) => {
      server.close(() => done())
      if ('closeAllConnections' in server) server.closeAllConnections()
    })
  }
}
