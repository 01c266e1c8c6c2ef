import assert from 'node:assert/strict'
import { copyFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { after, test } from 'node:test'
import { parseCheckpoint, parseVkey } from '../src/log/index.ts'
import { makeStatement, newSigner, signStatement, verifyReceipt } from '../src/statements/index.ts'
import { systemEffects } from '../src/foundation/index.ts'
import { makeMarkFile } from './support/markFiles.ts'
import { openCommandLine } from './support/commandLine.ts'

const { directory, run, json, vkey, whileServing, close } = openCommandLine()
after(close)

test('beside a running node, commands read its register, and leave the log to it', async () => {
  writeFileSync(join(directory, 'photo.jpg'), await makeMarkFile('jpeg'))
  copyFileSync(resolve('examples/disclosure/how.json'), join(directory, 'how.json'))
  await whileServing(async () => {
    const declared = ['declare', 'photo.jpg', '--key', 'k.pem', '--disclosure', 'how.json', '--terms', 'mining']
    const { work } = await json<{ work: string }>(...declared)
    const decided = await run('rights', 'decide', '--work', work, '--action', 'tdm:mine')
    assert.deepEqual([decided.status, decided.output.split('\n')[0]], [1, 'deny'])
    const marked = await json<{ marks: string[] }>('mark', 'photo.jpg', '-o', 'marked.jpg')
    assert.deepEqual(marked.marks, ['metadata', 'c2pa'])
    const verified = await json<{ verdict: string; works: { work: string }[] }>('verify', 'marked.jpg')
    assert.deepEqual([verified.verdict, verified.works.map((found) => found.work)], ['agrees', [work]])
    assert.match((await run('request', 'list')).output, /^No cases/)

    const receipt = (await run('log', 'prove', '0')).output
    assert.ok(verifyReceipt(receipt, { log: parseVkey(vkey()) }).isSound)
    assert.match((await run('log', 'prove', '7')).errors, /not_found/)
    assert.match((await run('log', 'prove', 'x')).errors, /usage/)
    const signer = newSigner()
    const who = { type: 'Party', id: signer.issuer, kind: 'person', name: 'Another', keys: [] }
    const statement = signStatement(makeStatement(signer.issuer, [who], systemEffects), signer)
    writeFileSync(join(directory, 'party.json'), JSON.stringify(statement))
    assert.equal((await json<{ logIndex: number }>('log', 'append', 'party.json')).logIndex, 1)
    assert.equal(parseCheckpoint((await run('log', 'checkpoint')).output).size, 2)
    assert.match((await run('log', 'replay')).errors, /log_locked/)
  })
})
