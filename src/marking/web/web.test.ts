import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import fc from 'fast-check'
import jsonld from 'jsonld'
import { codeTextOf, disclosureFrom } from '../../disclosure/index.ts'
import { ColophonError } from '../../foundation/index.ts'
import { HOSTILE_PAGES } from '../../../tests/support/hostilePages.ts'
import { headerSnippets, markHtml, readHtml, type WebMarkRequest } from './index.ts'

const disclosure = disclosureFrom({
  phases: { production: 2, postProduction: 1 },
  review: 'reviewed',
  human: [{ language: 'en', text: 'I wrote it. </script><script>alert(1)</script> & "so" on' }],
})
const request: WebMarkRequest = {
  disclosure,
  pointer: '0123456789',
  statementUrl: 'https://node.example/statements/1?a=1&b=2',
}
const code = codeTextOf(disclosure, '0123456789')
const other: WebMarkRequest = { disclosure: disclosureFrom({ phases: { production: 0 }, review: 'reviewed' }) }

/** What was put in, when nothing else was changed. */
function putInto(html: string, marked: string): string {
  let start = 0
  while (start < html.length && html[start] === marked[start]) start++
  const length = marked.length - html.length
  // What was put in may begin as what follows it does, so its place is found by going back.
  for (let at = start; at >= 0; at--)
    if (marked.startsWith('<meta name="ai-', at) && html === marked.slice(0, at) + marked.slice(at + length))
      return marked.slice(at, at + length)
  assert.fail('the page was changed')
}

test('a page says in its head what was asked, and nothing else of it is changed', () => {
  const html =
    '<!doctype html>\r\n<html lang=en>\r\n<head>\r\n<meta charset=utf-8>\r\n</head>\r\n<body>\r\n<p>ä</p>\r\n'
  const marked = markHtml(html, request)
  assert.match(putInto(html, marked), /^<meta name="ai-disclosure" .*\r\n<link .*\r\n<script .*<\/script>\r\n$/s)
  assert.ok(marked.indexOf('charset') < marked.indexOf('ai-disclosure'), 'the encoding is declared first')
  const read = readHtml(marked)
  assert.deepEqual(read, {
    code,
    said: read.said,
    statementUrl: request.statementUrl,
    digitalSourceType: 'http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia',
    disclosure,
    findings: [],
  })
})

test('marking again changes nothing, and a correction takes the place of what was said', () => {
  for (const html of [
    '<title>x</title><p>y',
    '<head></head>',
    '',
    '<head><meta name=robots content=noai>\n<link rel=x></head>',
  ]) {
    const once = markHtml(html, request)
    assert.equal(markHtml(once, request), once)
    assert.equal(markHtml(once, other), markHtml(html, other))
    assert.equal(readHtml(markHtml(once, other)).statementUrl, undefined)
  }
})

test('what others wrote stays: robots, their JSON-LD, their links, words of the W3C group', () => {
  const html =
    '<head><meta name="robots" content="noai"><meta name="ai-disclosure" content="ai-assisted">' +
    '<script type="application/ld+json">{"@type":"NewsArticle"}</script><link rel="describedby" href="/d.json"></head>'
  assert.ok(putInto(html, markHtml(html, request)))
  const read = readHtml(markHtml(html, request))
  assert.deepEqual([read.code, read.w3c, read.statementUrl], [code, 'ai-assisted', request.statementUrl])
})

test('a code that somebody wrote by hand is replaced', () => {
  const html = '<head><META NAME="AI-Disclosure" CONTENT="AID1-4-XX4XXXX-N-0"><title>x</title></head>'
  const marked = markHtml(html, request)
  assert.doesNotMatch(marked, /AID1-4/)
  assert.match(marked, /^<head><meta name="ai-disclosure"/)
})

test('pages that were made to mislead are marked where a reader looks, or refused', () => {
  for (const [name, html] of Object.entries(HOSTILE_PAGES)) {
    let marked: string
    try {
      marked = markHtml(html, request)
    } catch (error) {
      assert.ok(error instanceof ColophonError && error.code === 'unreadable_file', `${name}: ${String(error)}`)
      continue
    }
    assert.ok(putInto(html, marked), name)
    assert.equal(readHtml(marked).code, code, name)
    assert.equal(markHtml(marked, request), marked, name)
  }
})

test('what stands in the body, in a template or a script is nobody’s word', () => {
  for (const name of ['no head at all', 'a body in the head', 'a template with a mark'])
    assert.equal(readHtml(HOSTILE_PAGES[name]!).code, undefined, name)
  const script = '<script>"<meta name=ai-disclosure content=AID1-0-0000000-R-V>"</script>'
  assert.equal(readHtml(script).code, undefined)
})

test('the statement cannot end its script, nor an address its attribute', () => {
  const marked = markHtml('<head></head><body>', { ...request, statementUrl: 'https://a.example/"><script>x' })
  assert.equal(marked.match(/<script/g)!.length, 1)
  assert.equal(marked.match(/<\/script>/g)!.length, 1)
  assert.equal(readHtml(marked).disclosure!.human![0]!.text, disclosure.human![0]!.text)
  assert.equal(readHtml(marked).statementUrl, 'https://a.example/%22%3E%3Cscript%3Ex')
  for (const statementUrl of ['javascript:alert(1)', 'http://a.example/', 'x', 'https://user:word@a.example/'])
    assert.throws(() => markHtml('', { ...request, statementUrl }), { code: 'invalid_input' })
})

test('a page that contradicts itself, or says what is no code, is told', () => {
  const codes = (html: string) => readHtml(html).findings.map((finding) => finding.code)
  const meta = (content: string) => `<meta name="ai-disclosure" content="${content}">`
  assert.deepEqual(codes(meta('AID1-0-0000000-R-V') + meta('AID1-1-XX0X1XX-R-C')), ['said_twice'])
  assert.deepEqual(codes(meta('AID1-0-0000000-R-W')), ['code_check_character'])
  assert.deepEqual(codes(meta('mixed')), ['meta_not_understood'])
  assert.deepEqual(codes('<link rel="describedby" data-ai-disclosure="link" href="javascript:x">'), ['address_refused'])
  const marked = markHtml('', request)
  assert.deepEqual(codes(marked.replace('"production":2', '"production":7')), ['statement_not_understood'])
  assert.deepEqual(codes(marked.replace(`"value":"${code}"`, '"value":"AID1-0-0000000-R-V"')), ['said_twice'])
  assert.deepEqual(codes(`<head>${'<template>'.repeat(5000)}x`), ['page_cut'])
})

test('reading never throws, and a page of nothing but openings takes no longer than others', () => {
  const token = fc.constantFrom(
    ...'<head>|</head>|<title>|</title>|<!--|-->|<script type="application/ld+json">|{"identifier":null}|</script>|<meta name="ai-disclosure" content="AID1|">|<body>|<noscript>|<template>|</template>|x| |<p>|</'.split(
      '|',
    ),
  )
  fc.assert(
    fc.property(fc.array(token, { maxLength: 20 }), (tokens) => {
      const html = tokens.join('')
      readHtml(html)
      try {
        const marked = markHtml(html, request)
        assert.equal(readHtml(marked).code, code)
        assert.equal(markHtml(marked, request), marked)
      } catch (error) {
        assert.ok(error instanceof ColophonError && error.code === 'unreadable_file', String(error))
      }
    }),
  )
  for (const tag of ['<template>', '<noscript>', '<meta>', '<!--', '<a ']) readHtml(tag.repeat(3_000_000 / tag.length))
})

test('the JSON-LD says in schema.org’s and our own vocabulary what was meant', async () => {
  const json = /<script[^>]*>(.*)<\/script>/s.exec(markHtml('', request))![1]!
  const contexts: Record<string, unknown> = {
    'https://schema.org/': { '@context': { '@vocab': 'https://schema.org/', digitalSourceType: { '@type': '@id' } } },
    'https://colophon.example/ns/v1': JSON.parse(readFileSync('contexts/v1.json', 'utf8')),
  }
  const documentLoader = (url: string) => {
    const document = contexts[url === 'https://schema.org' ? 'https://schema.org/' : url]
    assert.ok(document, url)
    return Promise.resolve({ contextUrl: undefined, documentUrl: url, document: document as object })
  }
  const [node] = (await jsonld.expand(JSON.parse(json) as object, { documentLoader } as never)) as unknown as Record<
    string,
    Record<string, unknown>[]
  >[]
  assert.deepEqual(node!['https://schema.org/digitalSourceType'], [
    { '@id': 'https://schema.org/CompositeWithTrainedAlgorithmicMediaDigitalSource' },
  ])
  const [statement] = node!['https://colophon.example/ns/v1#disclosure']!
  assert.deepEqual(statement!['@type'], ['https://colophon.example/ns/v1#Disclosure'])
  assert.deepEqual(statement!['https://colophon.example/ns/v1#aiDegree'], [{ '@value': 2 }])
})

test('servers are told the link and the expired draft’s header, and nothing where nothing can be said', () => {
  const snippets = headerSnippets(request)
  assert.deepEqual(
    snippets.map(({ server }) => server),
    ['nginx', 'apache', 'caddy', 'netlify', 'express'],
  )
  for (const { server, text } of snippets) {
    assert.match(text, /expired/, server)
    assert.match(text, /mode=ai-modified/, server)
    assert.match(text.replaceAll('\\"', '"'), /<https:\/\/node\.example\/.*>; rel="describedby"/, server)
  }
  const undisclosed = disclosureFrom({ phases: {}, review: 'undisclosed' })
  assert.deepEqual(headerSnippets({ disclosure: undisclosed }), [])
  for (const { text } of headerSnippets({ ...request, disclosure: undisclosed })) assert.doesNotMatch(text, /mode=/)
})

test('an address cannot break out of a server’s settings', () => {
  const statementUrl = 'https://a.example/$host/{env.HOME}/%{PATH}e/\'"`\\?x=$a\'"`{b}#\n'
  for (const { server, text } of headerSnippets({ ...request, statementUrl })) {
    const [, address] = /<([^>]*)>/.exec(text)!
    assert.doesNotMatch(address!, /[$'"`{}\\\s]/, server)
    if (server === 'apache') assert.doesNotMatch(address!.replaceAll('%%', ''), /%/, 'no format of Apache’s begins')
  }
  const express = headerSnippets({ ...request, statementUrl }).at(-1)!.text
  // What is offered runs.
  const sent: string[] = []
  const response = {
    set: (...header: string[]) => sent.push(...header),
    append: (_: string, v: string) => sent.push(v),
  }
  const app = { use: (handle: (a: unknown, b: unknown, next: () => void) => void) => handle({}, response, () => {}) }
  new Function('app', express)(app)
  assert.equal(sent.length, 3)
})
