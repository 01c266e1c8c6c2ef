import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { listed, serveLoopback, testReach, type Answerer, type Loopback } from '../../tests/support/loopbackServer.ts'
import { openSite } from './sites/crawl.ts'
import type { SourceRecord } from './record.ts'
import { openSitemap } from './sites/sitemap.ts'
import { requireSiteOwner } from './sites/siteOwner.ts'

const servers: Loopback[] = []
after(() => Promise.all(servers.map((server) => server.close())))

async function serve(answer: Answerer): Promise<Loopback> {
  const server = await serveLoopback(answer)
  servers.push(server)
  return server
}

const PARTY = 'did:key:z6MkqQHDKwrc4jrpxwd8wJkAfG59vY9yCJXNPRLRSSaoKVkQ'
const noTxt = async () => []

/** Titles of records, and the fields of those that are refused. */
const short = (records: SourceRecord[]) =>
  records.map(({ title, otherTitle, problem }) => (problem ? `! ${problem.field}` : (title ?? otherTitle)))

test('sitemaps: an index, packed ones, pictures; circles end and other hosts are refused', async () => {
  const server: Loopback = await serve((path, response) => {
    const here = `http://${server.host}`
    const files: Record<string, string | Uint8Array> = {
      '/index.xml': `<sitemapindex><sitemap><loc>${here}/a.xml.gz</loc></sitemap><sitemap><loc>${here}/index.xml</loc></sitemap><sitemap><loc>${here}/missing.xml</loc></sitemap><sitemap><loc>https://other.example.org/s.xml</loc></sitemap></sitemapindex>`,
      '/a.xml.gz': gzipSync(
        `<urlset xmlns:image="i"><url><loc>${here}/works/the-old-bridge.html</loc><image:image><image:loc>https://cdn.example.org/b.jpg</image:loc><image:title>Bridge at dusk</image:title></image:image></url><url><loc>https://other.example.org/</loc></url></urlset>`,
      ),
    }
    response.statusCode = files[path] ? 200 : 404
    response.end(files[path])
  })
  const records = await listed(openSitemap(`${server.url}/index.xml`, testReach()).records)
  assert.deepEqual(short(records), ['! sitemap', '! sitemap', 'the old bridge', 'Bridge at dusk', '! url', '! sitemap'])
  assert.equal(server.asked.filter((path) => path === '/index.xml').length, 1)
})

test('sitemaps that lead on and on are followed so far, and a packed one may not be a bomb', async () => {
  const server: Loopback = await serve((path) => {
    const number = Number(/\d+/.exec(path)?.[0] ?? 0)
    return `<sitemapindex><sitemap><loc>http://${server.host}/${number + 1}.xml</loc></sitemap></sitemapindex>`
  })
  const records = await listed(openSitemap(`${server.url}/0.xml`, testReach()).records)
  assert.deepEqual(short(records), ['! sitemap'])
  assert.ok(server.asked.length < 10)
  const bomb = await serve((_path, response) => void response.end(gzipSync(Buffer.alloc(60 * 1024 * 1024))))
  await assert.rejects(listed(openSitemap(`${bomb.url}/s.xml.gz`, testReach()).records), /too large/)
})

test('a site is read only for whom it names: by a file, or by a TXT record', async () => {
  const silent = await serve((_path, response) => void response.writeHead(404).end())
  const site = new URL(silent.url)
  const reach = { ...testReach(), readTxt: noTxt }
  await assert.rejects(requireSiteOwner(site, PARTY, reach), /not_authorised|does not name your key/)
  await assert.rejects(
    requireSiteOwner(site, PARTY, { ...reach, readTxt: async () => [`colophon=${PARTY}x`, 'v=spf1'] }),
    /name your key/,
  )
  const asked: string[] = []
  const readTxt = async (name: string) => {
    asked.push(name)
    return name.startsWith('_colophon.') ? [`colophon=${PARTY}`] : []
  }
  await requireSiteOwner(site, PARTY, { ...reach, readTxt })
  assert.deepEqual(asked, [site.hostname, `_colophon.${site.hostname}`])
  const named = await serve((path) => (path === '/.well-known/colophon.txt' ? `# ours\n${PARTY}\n` : ''))
  await requireSiteOwner(new URL(named.url), PARTY, reach)
  await assert.rejects(requireSiteOwner(new URL(named.url), `${PARTY}2`, reach), /name your key/)
  await assert.rejects(openSite(silent.url, { ...reach, party: PARTY }), /name your key/)
})

test('a crawl keeps to robots.txt, its pace, its host and its limit, and brings pages, pictures, JSON-LD and feeds', async () => {
  const html = (body: string, head = '') =>
    `<!doctype html><html lang="de"><head>${head}</head><body>${body}</body></html>`
  const server: Loopback = await serve((path, response) => {
    const pages: Record<string, [string, string]> = {
      '/robots.txt': ['text/plain', 'User-agent: *\nDisallow: /private\nCrawl-delay: 3\n'],
      '/.well-known/colophon.txt': ['text/plain', PARTY],
      '/': [
        'text/html',
        html(
          '<a href="/works">w</a><a href="/private/x">p</a><a href="https://other.example.org/">o</a><a href="/#top">t</a><img src="/cat.jpg" alt="A cat on a wall"><img src="/line.gif" alt=""><img src="https://elsewhere.example.net/x.jpg" alt="Not mine">',
          '<title>Ateliér</title><meta name="author" content="Maria Muster"><link rel="alternate" type="application/rss+xml" href="/feed">',
        ),
      ],
      '/works': [
        'text/html; charset=utf-8',
        html(
          '<a href="/">back</a><a href="/stop">s</a>',
          '<title>Works</title><script type="application/ld+json">{"@context":"https://schema.org","@graph":[{"@type":"WebSite","name":"No work"},{"@type":"Painting","name":"Red","url":"/works#red","image":"https://elsewhere.example.net/r.jpg"},{"@type":"VisualArtwork","name":"Blue","creator":{"name":"Maria Muster"}}]}</script>',
        ),
      ],
      '/stop': [
        'text/html',
        html('<a href="/hidden">h</a>', '<title>Stop</title><meta name="robots" content="nofollow">'),
      ],
      '/feed': [
        'application/rss+xml',
        '<rss><channel><item><title>News</title><link>/news</link></item></channel></rss>',
      ],
      '/news': ['application/pdf', '%PDF-'],
    }
    const [type, text] = pages[path] ?? ['text/plain', undefined]
    response.writeHead(text === undefined ? 404 : 200, { 'content-type': type })
    response.end(text)
  })
  const reach = testReach()
  const source = await openSite(server.url, { ...reach, party: PARTY, readTxt: noTxt })
  const titles = short(await listed(source.records))
  for (const title of ['Ateliér', 'A cat on a wall', 'Works', 'Blue', 'Stop', 'News'])
    assert.ok(titles.includes(title), title)
  for (const title of ['Not mine', 'No work', 'Red']) assert.ok(!titles.includes(title), title)
  assert.ok(!server.asked.some((path) => path.startsWith('/private') || path === '/hidden'))
  assert.ok(reach.waited.length > 2 && reach.waited.every((milliseconds) => milliseconds === 3000))
  assert.equal(source.isPartial, false)
  const short_ = await openSite(server.url, { ...testReach(), party: PARTY, readTxt: noTxt, pagesMax: 1 })
  await listed(short_.records)
  assert.equal(short_.isPartial, true, 'pages behind the limit are not gone')
  const late = await openSite(server.url, { ...testReach(), party: PARTY, readTxt: noTxt, minutesMax: 0 })
  assert.deepEqual(short(await listed(late.records)), titles.slice(0, 2), 'what was found before the time was over')
  assert.equal(late.isPartial, true)
})

test('a site whose robots.txt fails is not fetched', async () => {
  const server = await serve((path, response) => {
    if (path === '/robots.txt') response.statusCode = 500
    return PARTY
  })
  await assert.rejects(openSite(server.url, { ...testReach(), party: PARTY, readTxt: noTxt }), /robots.txt, so nothing/)
})
