import assert from 'node:assert/strict'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { makeMarkFile } from '../../tests/support/markFiles.ts'
import { disclosureFrom } from '../disclosure/index.ts'
import { markFile, openNodeCertificates } from '../marking/index.ts'
import { exportFormats, type RightsExport } from '../rights/index.ts'
import { runCommandsIn } from '../../tests/support/commandLine.ts'

const directory = mkdtempSync(join(tmpdir(), 'colophon-rights-'))
after(() => rmSync(directory, { recursive: true, force: true }))

const terms = join(directory, 'terms.json')
const example = /```json\n([\s\S]*?)```/.exec(readFileSync('docs/rights-exports.md', 'utf8'))![1]!
writeFileSync(terms, example)

const commands = runCommandsIn('.', process.env)
after(() => commands.end())
const rights = (...args: string[]) => commands.run('rights', ...args)

test('rights export writes every format, or one, and says what is lost', async () => {
  const all = await rights('export', '--terms', terms, '--json')
  assert.equal(all.status, 0, all.errors)
  const { exports } = JSON.parse(all.output) as { exports: RightsExport[] }
  assert.deepEqual(
    exports.map(({ format }) => format),
    exportFormats,
  )
  const one = await rights('export', '--terms', terms, '--format', 'tdmrep')
  assert.match(one.output, /tdm-reservation: 1/)
  assert.match(one.output, /does not hold: rule 0/)
})

test('rights export -o writes files and overwrites nothing', async () => {
  const out = join(directory, 'out')
  const first = await rights('export', '--terms', terms, '--format', 'all', '-o', out)
  assert.equal(first.status, 0, first.errors)
  assert.ok(existsSync(join(out, 'tdmrep', '.well-known', 'tdmrep.json')))
  assert.ok(readdirSync(out).length >= 9)
  const second = await rights('export', '--terms', terms, '-o', out)
  assert.equal(second.status, 2)
  assert.match(second.errors, /invalid_input: a file of that name is there already/)
})

test('rights export refuses what is no document, and formats that there are not', async () => {
  const broken = join(directory, 'broken.json')
  writeFileSync(broken, '{"rules": [{}]}')
  assert.match((await rights('export', '--terms', broken)).errors, /invalid_input: .* \(.*broken\.json/)
  assert.match(
    (await rights('export', '--terms', terms, '--format', 'x')).errors,
    /^colophon rights: usage: there is no format x/,
  )
  assert.match((await rights('export', '--terms', join(directory, 'none.json'))).errors, /not_found/)
  assert.match((await rights('export')).errors, /usage: rights export needs --terms/)
  writeFileSync(broken, ' '.repeat(10_000_000))
  assert.match((await rights('export', '--terms', broken)).errors, /too_large/)
})

test('rights decide reads no policy in another encoding, and takes nothing for a number', async () => {
  const [policy, request] = [join(directory, 'latin.ttl'), join(directory, 'request.ttl')]
  writeFileSync(policy, Buffer.from('<urn:p> <http://www.w3.org/ns/odrl/2/permission> <urn:caf\xe9> .', 'latin1'))
  writeFileSync(request, '')
  assert.match(
    (await rights('decide', '--policy', policy, '--request', request)).errors,
    /unreadable_file: the file is not UTF-8/,
  )
  const empty = await rights('decide', '--work', 'urn:uuid:1', '--action', 'tdm:mine', '--model-flop-exponent', '')
  assert.match(empty.errors, /usage: a whole number is needed/)
})

test('rights lint reads what manifests say of training, as long as the file is as it was signed', async () => {
  const folder = join(directory, 'pictures')
  mkdirSync(folder)
  writeFileSync(join(folder, 'index.html'), '<meta name="tdm-reservation" content="0">')
  const keys = mkdtempSync(join(tmpdir(), 'colophon-lint-keys-'))
  const uses = [{ action: 'tdm:mine' as const, decision: 'deny' as const }]
  const marked = await markFile(await makeMarkFile('jpeg'), {
    disclosure: { ...disclosureFrom({ phases: { production: 0 }, review: 'undisclosed' }), uses },
    watermark: false,
    signer: await openNodeCertificates(keys, 'localhost', Date.now),
    now: Date.now(),
  })
  rmSync(keys, { recursive: true, force: true })
  const lint = async (bytes: Uint8Array) => {
    writeFileSync(join(folder, 'a.jpg'), bytes)
    return JSON.parse((await rights('lint', folder, '--json')).output) as {
      decisions: Record<string, string>
      findings: { code: string }[]
    }
  }
  const whole = await lint(marked.bytes)
  assert.equal(whole.decisions['tdm:mine'], 'deny')
  assert.deepEqual(
    whole.findings.map(({ code }) => code).filter((code) => code === 'unreadable'),
    [],
  )
  assert.ok(whole.findings.some(({ code }) => code === 'contradiction'))
  const altered = Uint8Array.from(marked.bytes)
  altered[altered.length - 100]! ^= 1
  assert.ok(
    (await lint(altered)).findings.some(({ code }) => code === 'unreadable'),
    'a manifest that does not hold says nothing',
  )
})

test('rights lint: 0 sound, 1 something is wrong, 2 nothing could be read', async () => {
  const site = join(directory, 'site')
  mkdirSync(join(site, '.well-known'), { recursive: true })
  assert.equal((await rights('lint', site)).status, 2)
  writeFileSync(join(site, '.well-known', 'tdmrep.json'), '[{"location":"/","tdm-reservation":1}]')
  assert.equal((await rights('lint', site)).status, 0)
  writeFileSync(join(site, 'robots.txt'), 'User-agent: *\nContent-Signal: ai-train=yes\n')
  const wrong = await rights('lint', site)
  assert.equal(wrong.status, 1)
  assert.match(wrong.output, /error contradiction .*tdmrep\.json denies it\. Say the same in both/)
  const asJson = JSON.parse((await rights('lint', site, '--json')).output)
  assert.equal(asJson.decisions['col:trainAI'], 'deny')
  const inside = await rights('lint', 'http://127.0.0.1:8787/')
  assert.equal(inside.status, 2)
  assert.match(inside.output, /not public/)
  assert.equal((await rights('lint', join(directory, 'nowhere'))).status, 2)
})
