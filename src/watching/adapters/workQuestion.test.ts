import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { isoTime } from '../../foundation/index.ts'
import type { DatasetHit } from '../../datasets/index.ts'
import { openCase } from '../../requests/index.ts'
import { appendStatement } from '../../statements/index.ts'
import { caseInput } from '../../../tests/support/caseInput.ts'
import { startPostgres, testDatabases } from '../../../tests/support/testDatabases.ts'
import { newSigner, openTestRegister, signed } from '../../../tests/support/testRegister.ts'
import { findKeptBack, questionOfWork } from './workQuestion.ts'

const postgres = startPostgres()
after(() => postgres.stop())

const at = (name: string) => `https://boats.example/${name}`

for (const { name, open } of testDatabases(postgres.url))
  test(`${name}: nothing of sealed works and private cases is asked about, by whatever way it is known`, async () => {
    const database = await open()
    const { register } = await openTestRegister(database)
    const ann = newSigner()
    const declare = async (number: number, fields: object, options = {}) => {
      const id = `urn:uuid:018f0000-0000-7000-8000-${String(number).padStart(12, '0')}`
      const work = { type: 'Work', id, role: 'creator', medium: 'picture', ...fields }
      await appendStatement(register, signed(register, ann, work), options)
      return id
    }
    const fingerprints = { sha256: 'a'.repeat(64) }
    const urls = [at('open'), at('shared'), at('private')]
    const shown = await declare(1, { title: 'Boats', urls, fingerprints })
    const sealed = await declare(2, { title: 'Night boats', urls: [at('shared')] }, { isSealed: true })
    const namesake = await declare(3, { title: 'Night boats' })
    const opened = async (url: string, isIntimate: boolean) => {
      const hit = { dataset: 's', datasetName: 'S', datasetVersion: '1', row: 1, url, rowCodes: {}, match: 'url' }
      const found = { hit: { ...hit, measure: 0, status: 'exact' } as unknown as DatasetHit, row: null, codes: {} }
      await openCase(register, ann, { ...caseInput, isIntimate }, { ...found, foundAt: '2026-11-24T12:00:00.000Z' })
    }
    await opened(at('open'), false)
    await opened(at('private'), true)

    const question = (await questionOfWork(register, shown))!
    assert.deepEqual(
      [question.words, question.addresses, question.hashes],
      ['Boats', [{ value: at('open'), scope: 'exact' }], [{ algorithm: 'sha256', value: fingerprints.sha256 }]],
    )
    assert.equal(await questionOfWork(register, sealed), undefined)
    assert.equal(await questionOfWork(register, 'urn:uuid:none'), undefined)
    assert.equal((await questionOfWork(register, namesake))!.words, undefined)
    const asked = [...urls, 'HTTPS://boats.example:443/shared', 'https://elsewhere.example/']
    const addresses = asked.map((value) => ({ value, scope: 'exact' as const }))
    assert.deepEqual(
      [...(await findKeptBack(register, { addresses, words: 'Night boats' }))].sort(),
      ['HTTPS://boats.example:443/shared', 'Night boats', at('private'), at('shared')].sort(),
    )
    const kept = async (value: string, scope: 'exact' | 'prefix' | 'domain' = 'exact') =>
      (await findKeptBack(register, { addresses: [{ value, scope }] })).size === 1
    for (const value of [
      'http://boats.example/shared',
      `${at('shared')}/`,
      `${at('shared')}#x`,
      'HTTP://BOATS.example/shared/#x',
    ])
      assert.ok(await kept(value), value)
    assert.ok(await kept(at('sha'), 'prefix'))
    assert.ok(await kept('http://boats.example/priv', 'prefix'), 'of a private case')
    assert.ok(await kept('boats.example', 'domain'))
    assert.ok(!(await kept(at('op'), 'prefix')))
    const isTextKept = async (asked: object) => (await findKeptBack(register, { addresses: [], ...asked })).size > 0
    for (const text of ['night  BOATS ', 'Night boats', ' night boats'])
      assert.deepEqual([await isTextKept({ words: text }), await isTextKept({ passage: text })], [true, true], text)
    await declare(4, { title: 'My unpublished diary' }, { isSealed: true })
    assert.ok(await isTextKept({ passage: 'She called it “x”: my unpublished diary and went' }))
    assert.ok(!(await isTextKept({ words: 'Boats', passage: 'of many night boatsmen' })))
    const { statement } = await appendStatement(
      register,
      signed(register, ann, {
        type: 'Work',
        id: 'urn:uuid:018f0000-0000-7000-8000-000000000005',
        role: 'creator',
        title: 'T',
        medium: 'text',
      }),
    )
    const effectiveFrom = isoTime(register.effects.now())
    await appendStatement(register, signed(register, ann, { type: 'Revocation', target: statement.id, effectiveFrom }))
    assert.equal(
      await questionOfWork(register, 'urn:uuid:018f0000-0000-7000-8000-000000000005'),
      undefined,
      'taken back',
    )
    await database.close()
  })
