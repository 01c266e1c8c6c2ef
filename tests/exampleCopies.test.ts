import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { exampleWorks } from './support/exampleWorks.ts'
import { openDatasetChecker } from '../src/datasets/index.ts'
import { identifyBytes } from '../src/fingerprints/index.ts'
import { dataPath } from '../src/foundation/index.ts'
import { serveTestNode, type ServedNode } from './support/testNode.ts'

let served: ServedNode
before(async () => (served = await serveTestNode({ withExample: true })))
after(() => served.stop())

test('of every work of the example all planted copies are found, and nothing else', async () => {
  const checker = openDatasetChecker(dataPath(served.config, 'datasets'))
  const planted = { picture: 0, text: 0, sound: 0, video: 0, other: 0 }
  const seen = { ...planted }
  for (const work of await exampleWorks()) {
    // Copies of every second work of each medium stand in the data set, under the work's own file name.
    const isPlanted = seen[work.medium]++ % 2 === 0
    const { codes, pdqDihedral, pdqQuality, features, items, passages, passageText } = await identifyBytes(
      work.bytes,
      'x',
    )
    const { hits } = await checker.check({
      sha256: codes.sha256!,
      ...(pdqDihedral ? { pdqDihedral, pdqQuality: pdqQuality! } : {}),
      ...(features ? { features } : {}),
      ...(items ? { items } : {}),
      ...(passages && passageText ? { passages, passageText } : {}),
    })
    const found = hits.map(({ url }) => url!.split('/').at(-1)!)
    assert.deepEqual(
      found.filter((name) => !name.startsWith(work.fileName)),
      [],
      `${work.fileName} is taken for something else`,
    )
    if (!isPlanted) assert.deepEqual(found, [], work.fileName)
    else
      assert.ok(
        found.length >= (work.medium === 'picture' ? 3 : 1),
        `${work.fileName}: ${hits.map(({ url }) => url).join()}`,
      )
    planted[work.medium] += found.length
  }
  assert.ok(planted.picture >= 30 && planted.text >= 10 && planted.sound >= 2, JSON.stringify(planted))
  await checker.close()
})
