import { gate } from '../src/gate/index.ts'
import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { writeSnapshot } from '../src/gate/snapshotFile.ts'
import { literal, withDuckDb } from '../src/datasets/index.ts'
import { testLogSigner } from '../tests/support/testRegister.ts'
const folder = mkdtempSync('/tmp/zz-gate-')
const CREATED = '2026-11-24T12:00:00.000Z', WORKS = 1000, ROWS = 4_000_000
const policy = { terms: [{ id: 'urn:uuid:1', party: 'did:key:z1', targetKind: 'party', rules: '[{"action":"tdm:mine","decision":"deny"}]', conflict: null, validFrom: CREATED, endsAt: null }], grants: [], parties: ['did:key:z1'], mustConsent: [], isPublicDomain: false }
const { createHash } = await import('node:crypto')
const works = Array.from({ length: WORKS }, (_, n) => `work urn:colophon:item:1:${String(n).padStart(8, '0')} did:key:z1 1 ${JSON.stringify({ codes: { sha256: createHash('sha256').update(`work ${n}`).digest('hex') }, urls: [`https://site-${n % 50_000}.example/pictures/${n}.jpg`] })}`)
await writeSnapshot(folder, [`policy 1 ${JSON.stringify(policy)}`, ...works], { origin: testLogSigner.name, size: 1, root: 'AA==', createdAt: CREATED }, testLogSigner)
const n = `CASE WHEN i % 100 = 0 THEN i % ${WORKS} ELSE i + ${WORKS} END`
await withDuckDb(async (c) => {
  await c.run(`COPY (SELECT 'https://site-' || (${n}) % 50000 || '.example/pictures/' || (${n}) || '.jpg' AS url, sha256('work ' || (${n})) AS sha256 FROM range(${ROWS}) t(i)) TO ${literal(join(folder, 'rows.parquet'))} (FORMAT parquet, COMPRESSION zstd)`)
})
const isCommitted = process.argv[2] === 'c'
console.log("start", performance.now()); const t = performance.now()
const r = await gate({ inputs: [join(folder, 'rows.parquet')], columns: { url: 'url', sha256: 'sha256' }, out: join(folder, 'out'), snapshot: folder, vkey: testLogSigner.vkey, mode: 'opt-out', use: { action: 'col:trainGenAI', at: Date.parse(CREATED) }, isCommitted })
console.log(r.counts, performance.now() - t)
rmSync(folder, { recursive: true })
