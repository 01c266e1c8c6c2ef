import assert from 'node:assert/strict'
import { test } from 'node:test'
import { buildLineage, type Entity, type Lineage, type LineageStep } from '../graph.ts'
import { rootsOf } from '../questions.ts'
import { exportLineage, importLineage, lineageFormats } from './index.ts'

const AT = '2026-11-01T00:00:00.000Z'
const SET = 'https://archive.example/letters'
const read = (document: object | string) => {
  const text = typeof document === 'string' ? document : JSON.stringify(document)
  const { steps, lost } = importLineage(text, undefined, { at: AT })
  return { lineage: buildLineage(steps), lost }
}
const croissant = (more: object) => ({
  '@context': {
    '@vocab': 'https://schema.org/',
    cr: 'http://mlcommons.org/croissant/',
    prov: 'http://www.w3.org/ns/prov#',
  },
  '@type': 'sc:Dataset',
  '@id': SET,
  'http://purl.org/dc/terms/conformsTo': 'http://mlcommons.org/croissant/1.0',
  name: 'Letters',
  ...more,
})
const FILES = [
  { '@type': 'cr:FileObject', '@id': 'a.zip', contentUrl: 'data/a.zip' },
  { '@type': 'cr:FileObject', '@id': 'repo', contentUrl: 'https://hub.example/letters' },
  { '@type': 'cr:FileObject', '@id': 'b.csv', contentUrl: 'b.csv', containedIn: { '@id': 'a.zip' } },
]
const shares = (lineage: Lineage, id = SET) => {
  const { roots, unknownShare } = rootsOf(lineage, id)
  return [roots.map(({ entity, share }) => `${entity.id} ${share}`), unknownShare]
}
const linksOf = ({ made }: Lineage) =>
  [...made.values()].flatMap((links) => links.map(({ edge }) => `${edge.to} < ${edge.from}`)).sort()

test('files of a data set are no origin of it: it is known by its own address or creator, or not at all', () => {
  const known = [[`${SET} 1`], 0]
  assert.deepEqual(shares(read(croissant({ url: SET, distribution: FILES })).lineage), known)
  assert.deepEqual(shares(read(croissant({ creator: { name: 'Archive' }, distribution: FILES })).lineage), known)
  assert.deepEqual(shares(read(croissant({ distribution: FILES })).lineage), [[], 1])
  const source = { '@id': 'https://other.example/press', '@type': 'prov:Entity', url: 'https://other.example/press' }
  const derived = read(croissant({ url: SET, distribution: FILES, 'prov:wasDerivedFrom': source })).lineage
  assert.deepEqual(shares(derived), [['https://other.example/press 1'], 0])
  assert.deepEqual(shares(derived, `${SET}#b.csv`), [['https://other.example/press 1'], 0])
})

test('what Croissant says of files, and of sources that are files, comes back as it was', () => {
  const { lineage } = read(croissant({ url: SET, distribution: FILES }))
  const links = [`${SET}#a.zip < ${SET}`, `${SET}#b.csv < ${SET}#a.zip`, `${SET}#repo < ${SET}`]
  assert.deepEqual(linksOf(lineage), links)
  const { text, lost } = exportLineage(lineage, SET, 'croissant', { at: AT })
  assert.deepEqual(linksOf(read(text).lineage), links)
  assert.ok(!lost.some((each) => each.includes('files')))
  const file: Entity = { id: 'https://x.example/in.csv', type: 'File', name: 'in.csv' }
  const made = buildLineage([step({ entities: [{ id: SET, type: 'Dataset' }, file], edges: [link(SET, file.id)] })])
  const back = read(exportLineage(made, SET, 'croissant', { at: AT }).text).lineage
  assert.deepEqual(linksOf(back), linksOf(made))
  assert.equal(back.entities.get(file.id)!.type, 'File')
})

test('addresses that are none of http or https neither come in nor go out, and are named', () => {
  const evil = 'javascript:alert(1)'
  const files = [{ '@type': 'cr:FileObject', '@id': 'f', contentUrl: evil }]
  const { lineage, lost } = read(croissant({ url: evil, distribution: files }))
  for (const { url } of lineage.entities.values()) assert.equal(url, undefined)
  assert.equal(lost.filter((each) => each.startsWith('url of ')).length, 2)
  const hostile = buildLineage([
    step({
      entities: [
        { id: SET, type: 'Dataset', url: evil },
        { id: 'a', type: 'Source', url: 'data:text/html,x' },
      ],
      edges: [link(SET, 'a')],
    }),
    step({ id: 'out', entities: [{ id: 'f', type: 'File', url: evil }], edges: [link('f', SET)] }),
  ])
  for (const format of lineageFormats) {
    const written = exportLineage(hostile, SET, format, { at: AT })
    assert.doesNotMatch(written.text, /javascript:|data:text/, format)
    assert.ok(written.lost.includes(`the address of ${SET}: it is none of http or https`), format)
  }
  const own = exportLineage(buildLineage([step({ entities: [{ id: SET, type: 'Dataset', url: SET }] })]), SET, 'prov', {
    at: AT,
  })
  const forged = read(own.text.replace(`"url": "${SET}"`, `"url": "${evil}"`))
  assert.equal(forged.lineage.entities.get(SET)!.url, undefined)
  assert.deepEqual(forged.lost, [`the address of ${SET}: it is none of http or https`])
})

function step(more: Partial<LineageStep>): LineageStep {
  return { type: 'LineageStep', id: 'in', activity: 'publish', endedAt: AT, entities: [], edges: [], ...more }
}

function link(to: string, from: string): LineageStep['edges'][number] {
  return { to, from, known: 'attested' }
}
