import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { arbitraryLineage } from '../../../tests/support/arbitraryLineage.ts'
import { buildLineage } from '../graph.ts'
import { exportLineage, importLineage } from './index.ts'
import { upstreamOf } from './upstream.ts'

const AT = '2026-11-01T00:00:00.000Z'

test('what is written as PROV is read back as it was, with all that led to the entity and nothing else', () => {
  fc.assert(
    fc.property(arbitraryLineage, ({ lineage, id }) => {
      const { text, lost } = exportLineage(lineage, id, 'prov', { at: AT })
      const { steps, lost: unread } = importLineage(text, undefined)
      assert.deepEqual(buildLineage(steps), buildLineage(upstreamOf(lineage, id).steps))
      assert.deepEqual([...lost, ...unread], [])
    }),
    { numRuns: 300 },
  )
})
