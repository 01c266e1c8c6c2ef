import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { escapeXml, readXml, xmlTag } from './xml.ts'

test('whatever text is written as XML is read back as it was, but for characters that XML cannot hold', () => {
  const text = fc.string({ unit: 'binary' })
  fc.assert(
    fc.property(text, text, (content, value) => {
      const { root, findings } = readXml(xmlTag('a', { b: value }, escapeXml(content)), 'a.xml')
      assert.deepEqual(findings, [])
      const held = (given: string) =>
        given.replaceAll(/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu, '\u{fffd}')
      assert.equal(root!.text, held(content))
      assert.equal(root!.attributes.get('b'), held(value))
    }),
  )
})

test('what is well-formed has a tree, with namespaces', () => {
  const { root } = readXml(
    '<?xml version="1.0"?><!-- <x> --><r:a xmlns:r="urn:r" r:k="1" k="2"><b xmlns="urn:b"/><![CDATA[<x>&y;]]></r:a>\n',
    'a.xml',
  )
  assert.equal(root!.namespace, 'urn:r')
  assert.equal(root!.attributes.get('{urn:r}k'), '1')
  assert.equal(root!.attributes.get('k'), '2')
  assert.deepEqual([root!.children[0]!.namespace, root!.children[0]!.name], ['urn:b', 'b'])
  assert.equal(root!.text, '<x>&y;')
})

test('what is not well-formed has none', () => {
  const broken = [
    '',
    'text',
    '<a',
    '<a>',
    '<a><b></a>',
    '<a></b></a>',
    '<a/><b/>',
    '<a/>text',
    '<a b=1/>',
    '<a b="1" b="2"/>',
    '<a>&x;</a>',
    '<a>& </a>',
    '<p:a/>',
    '<a/><b',
    '<a><b/>',
    '<a><b/></b></a>',
  ]
  for (const text of broken) {
    const { root, findings } = readXml(text, 'a.xml')
    assert.equal(root, undefined, text)
    assert.equal(findings[0]!.code, 'malformed_xml', text)
  }
})

test('hostile XML is refused at once', () => {
  const bomb = `<!DOCTYPE a [<!ENTITY l "lol">${'<!ENTITY m "&l;&l;&l;&l;">'.repeat(1000)}]><a>&m;</a>`
  assert.equal(readXml(bomb, 'a').findings[0]!.code, 'doctype_refused')
  assert.equal(readXml('<a/>'.padEnd(10_000_000, ' '), 'a').findings[0]!.code, 'too_large')
  for (const text of [
    '<a>'.repeat(300_000),
    '<!--'.repeat(250_000),
    '<![CDATA['.repeat(100_000),
    `<a ${'b="1" '.repeat(150_000)}/>`,
    `<a>${'<b/>'.repeat(250_000)}</a>`,
    '&'.repeat(1_000_000),
    '<a '.repeat(300_000),
  ]) {
    assert.equal(readXml(text, 'a').findings[0]!.code, 'malformed_xml')
  }
})
