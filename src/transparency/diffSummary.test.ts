import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { strToU8 } from 'fflate'
import { GOOD, LAYOUTS, lines, type Said } from '../../tests/support/summaries.ts'
import { diffSummaries, type SummaryDiff } from './diffSummary.ts'
import { diffWords } from './wordDiff.ts'

const at = Date.UTC(2026, 10, 27)
const asFile = (said: Said) => ({ bytes: strToU8(lines(said).join('\n')), name: 'summary.txt' })
const NEXT = { version: 'Version 3', lastUpdate: '20/11/2026' }
const diffWith = (said: Said) => diffSummaries(asFile(GOOD), asFile({ ...GOOD, ...NEXT, ...said }), { at })
const changeOf = ({ changes }: SummaryDiff, id: string) => changes.find((change) => change.id === id)
const warned = ({ warnings }: SummaryDiff) => warnings.map(({ field }) => field)

test('the same summary in two layouts differs in nothing', async () => {
  for (const layout of ['markdown', 'html table', 'columns', 'docx']) {
    const diff = await diffSummaries(asFile(GOOD), await LAYOUTS[layout]!(GOOD), { at })
    assert.deepEqual([diff.changes, diff.warnings], [[], []], layout)
    assert.ok(diff.same >= 36)
  }
})

test('texts are compared by words, lists by items, choices by what they say', async () => {
  const diff = await diffWith({
    languages: GOOD.languages!.replace('31%', '29%'),
    publicLarge: `${GOOD.publicLarge}\n- Saga Texts https://data.skerry.example/saga`,
    domains: GOOD.domains!.replace('kb.example', 'nb.example'),
    sizes: GOOD.sizes!.replace('1 billion to 10 trillion tokens', 'More than 10 trillion tokens').replace(
      '4.2',
      '14.2',
    ),
    publicUsed: '☑ Yes □ No',
    crawlModalities: 'text image',
    characteristics: '',
    userDescription: 'Skerry Chat',
  })
  assert.deepEqual(
    changeOf(diff, 'languages')!
      .words!.filter(({ change }) => change !== 'same')
      .map(({ change, text }) => `${change} ${text}`),
    ['removed (31%),', 'added (29%),'],
  )
  assert.deepEqual(changeOf(diff, 'publicLarge')!.items, {
    added: ['Saga Texts https://data.skerry.example/saga'],
    removed: [],
  })
  assert.deepEqual(changeOf(diff, 'domains')!.items, { added: ['nb.example'], removed: ['kb.example'] })
  assert.deepEqual(changeOf(diff, 'sizes')!.items, { added: ['text: high band'], removed: ['text: mid band'] })
  assert.deepEqual(changeOf(diff, 'crawlModalities')!.items, { added: ['image'], removed: [] })
  assert.equal(changeOf(diff, 'publicUsed'), undefined)
  assert.deepEqual(
    [changeOf(diff, 'characteristics')!.change, changeOf(diff, 'userDescription')!.change],
    ['removed', 'added'],
  )
  assert.deepEqual(warned(diff), ['characteristics'])
})

test('warnings: yes became no, a list got shorter, version and date stood still', async () => {
  const turned = await diffWith({ crawled: 'No' })
  assert.deepEqual(warned(turned), ['crawled'])
  const shorter = await diffWith({
    domains: 'kb.example\ndagbladet.example',
    publicLarge: '- Nordic Web 3 https://data.skerry.example/nordic-web-3 (v3.1)',
  })
  assert.deepEqual(warned(shorter), ['publicLarge', 'domains'])
  assert.match(shorter.warnings[1]!.message, /shorter by 4/)
  const still = await diffSummaries(asFile(GOOD), asFile({ ...GOOD, models: 'Skerry-8B v1' }), { at })
  assert.deepEqual(warned(still), ['version', 'lastUpdate'])
  const back = await diffWith({ lastUpdate: '01/02/2026', models: 'Skerry-8B v1' })
  assert.deepEqual(warned(back), ['lastUpdate'])
})

test('property: the runs of words give both texts again', () => {
  const words = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 40 }).map((list) => list.join(' '))
  fc.assert(
    fc.property(words, words, (before, after) => {
      const runs = diffWords(before, after)
      const without = (left: string) =>
        runs
          .filter(({ change }) => change !== left)
          .map(({ text }) => text)
          .join(' ')
      assert.deepEqual([without('added'), without('removed')], [before, after])
    }),
  )
  assert.equal(diffWords('x '.repeat(5000), 'y '.repeat(5000)).length, 2)
  assert.deepEqual(diffWords('a b', 'a b'), [{ change: 'same', text: 'a b' }])
})
