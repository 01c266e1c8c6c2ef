import assert from 'node:assert/strict'
import { test } from 'node:test'
import { everyProperty } from '../../../tests/support/markProperties.ts'
import type { MarkProperties } from './fields.ts'
import { parsePacket, readPacket } from './packetRead.ts'
import { writePacket } from './packetWrite.ts'

const SPACES =
  'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dc="http://purl.org/dc/elements/1.1/" ' +
  'xmlns:xmpRights="http://ns.adobe.com/xap/1.0/rights/" xmlns:plus="http://ns.useplus.org/ldf/xmp/1.0/" ' +
  'xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" xmlns:colophon="https://colophon.example/ns/v1#" ' +
  'xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"'

function read(xmp: string) {
  const { packet, findings } = parsePacket(new TextEncoder().encode(xmp))
  return packet ? readPacket(packet) : { properties: {} as MarkProperties, findings }
}
const inRdf = (content: string) =>
  `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF ${SPACES}>${content}</rdf:RDF></x:xmpmeta>`
const described = (content: string, attributes = '') =>
  inRdf(`<rdf:Description rdf:about="" ${attributes}>${content}</rdf:Description>`)
const codesOf = (xmp: string) => read(xmp).findings.map(({ code }) => code)

/** Packets in the forms that programs write, and what they say. */
const VECTORS: { name: string; xmp: string; properties: MarkProperties }[] = [
  {
    name: 'attributes',
    xmp: described(
      '',
      'xmpRights:Marked="False" xmpRights:WebStatement="https://a.example/" colophon:DisclosureCode="A&amp;B"',
    ),
    properties: { marked: false, webStatement: 'https://a.example/', disclosureCode: 'A&B' },
  },
  {
    name: 'elements',
    xmp: described(
      '<xmpRights:Marked>True</xmpRights:Marked><Iptc4xmpExt:AISystemUsed>X &lt;1&gt;</Iptc4xmpExt:AISystemUsed>',
    ),
    properties: { marked: true, aiSystemUsed: 'X <1>' },
  },
  {
    name: 'other prefixes for the same namespaces, and a default one',
    xmp:
      '<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><r:Description xmlns:w="http://purl.org/dc/elements/1.1/">' +
      '<w:title><r:Alt><r:li xml:lang="x-default">T</r:li></r:Alt></w:title>' +
      '<AISystemUsed xmlns="http://iptc.org/std/Iptc4xmpExt/2008-02-29/">S</AISystemUsed></r:Description></r:RDF>',
    properties: { title: 'T', aiSystemUsed: 'S' },
  },
  {
    name: 'the same prefixes for other namespaces',
    xmp: '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description xmlns:dc="urn:other" dc:title="T"/></rdf:RDF>',
    properties: {},
  },
  {
    name: 'the default among languages, wherever it stands',
    xmp: described(
      '<dc:title><rdf:Alt><rdf:li xml:lang="fr">F</rdf:li><rdf:li xml:lang="x-default">D</rdf:li></rdf:Alt></dc:title>',
    ),
    properties: { title: 'D' },
  },
  {
    name: 'the first language without a default, a plain text, and lists of the wrong kind',
    xmp: described(
      '<dc:title><rdf:Alt><rdf:li xml:lang="fr">F</rdf:li></rdf:Alt></dc:title><dc:rights>R</dc:rights><dc:creator><rdf:Bag><rdf:li>A</rdf:li><rdf:li>B</rdf:li></rdf:Bag></dc:creator>',
    ),
    properties: { title: 'F', rights: 'R', creator: 'A; B' },
  },
  {
    name: 'addresses as resources, and white space around them',
    xmp: described(
      '<xmpRights:WebStatement rdf:resource="https://a.example/"/><Iptc4xmpExt:DigitalSourceType>\n  http://cv.iptc.org/newscodes/digitalsourcetype/print\n</Iptc4xmpExt:DigitalSourceType>',
    ),
    properties: {
      webStatement: 'https://a.example/',
      digitalSourceType: 'http://cv.iptc.org/newscodes/digitalsourcetype/print',
    },
  },
  {
    name: 'a qualified value',
    xmp: described(
      '<Iptc4xmpExt:AISystemUsed rdf:parseType="Resource"><rdf:value>S</rdf:value><xmp:q>1</xmp:q></Iptc4xmpExt:AISystemUsed><dc:rights><rdf:Description rdf:value="R"/></dc:rights>',
    ),
    properties: { aiSystemUsed: 'S', rights: 'R' },
  },
  {
    name: 'structures as resources, as descriptions, and as attributes',
    xmp: described(
      '<plus:Licensor><rdf:Seq><rdf:li rdf:parseType="Resource"><plus:LicensorName>N</plus:LicensorName><plus:LicensorURL>https://n.example/</plus:LicensorURL></rdf:li></rdf:Seq></plus:Licensor>',
    ),
    properties: { licensorName: 'N', licensorUrl: 'https://n.example/' },
  },
  {
    name: 'a structure as a description with attributes',
    xmp: described(
      '<plus:Licensor><rdf:Bag><rdf:li><rdf:Description plus:LicensorName="N"/></rdf:li></rdf:Bag></plus:Licensor>',
    ),
    properties: { licensorName: 'N' },
  },
  {
    name: 'a structure as attributes, without a list',
    xmp: described('<plus:Licensor plus:LicensorName="N" plus:LicensorURL="http://n.example/"/>'),
    properties: { licensorName: 'N', licensorUrl: 'http://n.example/' },
  },
  {
    name: 'several descriptions, comments, CDATA',
    xmp: inRdf(
      '<!-- <dc:title>no</dc:title> --><rdf:Description dc:title="T"/><rdf:Description><dc:rights><![CDATA[<R>]]></dc:rights></rdf:Description>',
    ),
    properties: { title: 'T', rights: '<R>' },
  },
]

test('packets are read in every form that programs write', () => {
  for (const { name, xmp, properties } of VECTORS) {
    const result = read(xmp)
    assert.deepEqual(result, { properties, findings: [] }, name)
    const wrapped = `<?xpacket begin="\u{feff}" id="W5M0MpCehiHzreSzNTczkc9d"?>\n${xmp}\n${' '.repeat(2000)}<?xpacket end="w"?>\0\0`
    assert.deepEqual(read(wrapped), result, name)
    const wide = Buffer.from(`\u{feff}${xmp}`, 'utf16le')
    assert.deepEqual(readPacket(parsePacket(wide).packet!), result, name)
    assert.deepEqual(readPacket(parsePacket(Buffer.from(wide).swap16()).packet!), result, name)
  }
})

function merge(xmp: string, properties: MarkProperties): string {
  return writePacket(parsePacket(new TextEncoder().encode(xmp)).packet, properties)
}

test('whatever form stood there, what is written is read, and what is not ours stays to the letter', () => {
  for (const { name, xmp, properties } of VECTORS) {
    const foreign =
      '<rdf:Description rdf:about="uuid:1" photoshop:City="Łódź" ><xmp:Label>x  y</xmp:Label></rdf:Description>'
    const whole = xmp.includes('</rdf:RDF>')
      ? xmp.replace('</rdf:RDF>', `${xmp.includes('xmlns:xmp=') ? foreign : ''}</rdf:RDF>`)
      : xmp
    const merged = merge(whole, everyProperty)
    // What stood there is kept beside; what is said in another language has kept its place.
    const before = Object.fromEntries(
      Object.entries(properties).filter(
        ([key, value]) =>
          value !== everyProperty[key as 'title'] && !(key === 'title' && name.includes('first language')),
      ),
    )
    const kept = Object.keys(before).length > 0 ? { before: [before] } : {}
    assert.deepEqual(read(merged), { properties: everyProperty, ...kept, findings: [] }, name)
    if (whole.includes(foreign)) assert.ok(merged.includes(foreign), name)
    assert.equal(merge(merged, everyProperty), merged, name)
    // What other languages say was never ours.
    const left = name.includes('language') ? { title: 'F' } : {}
    assert.deepEqual(read(merge(merged, {})), { properties: left, ...kept, findings: [] }, `${name}: taken back`)
  }
})

test('fields of others stay when they are not given; other languages and other rights expressions always', () => {
  const xmp = described(
    '<dc:title><rdf:Alt><rdf:li xml:lang="x-default">D</rdf:li><rdf:li xml:lang="fr">F &amp; G</rdf:li></rdf:Alt></dc:title>' +
      '<Iptc4xmpExt:AISystemUsed>Theirs</Iptc4xmpExt:AISystemUsed>' +
      '<Iptc4xmpExt:EmbdEncRightsExpr><rdf:Bag><rdf:li rdf:parseType="Resource"><Iptc4xmpExt:EncRightsExpr>&lt;rightsML/&gt;</Iptc4xmpExt:EncRightsExpr>' +
      '<Iptc4xmpExt:RightsExprLangId>urn:rightsml</Iptc4xmpExt:RightsExprLangId></rdf:li></rdf:Bag></Iptc4xmpExt:EmbdEncRightsExpr>',
  )
  const once = merge(xmp, { title: 'E', rightsExpression: '{}' })
  assert.deepEqual(read(once).properties, { title: 'E', aiSystemUsed: 'Theirs', rightsExpression: '{}' })
  for (const kept of ['>F &amp; G<', '&lt;rightsML/&gt;', 'urn:rightsml'])
    assert.equal(once.split(kept).length, 2, kept)
  const back = merge(once, { rights: 'R' })
  assert.deepEqual(read(back).properties, { title: 'F & G', aiSystemUsed: 'Theirs', rights: 'R' })
  for (const kept of ['>F &amp; G<', '&lt;rightsML/&gt;', 'urn:rightsml'])
    assert.equal(back.split(kept).length, 2, kept)
})

test('what others said is kept each time that it is replaced, and a correction of one’s own leaves only how it was made', () => {
  const theirs = described(
    '<plus:Licensor><rdf:Seq><rdf:li plus:LicensorName="A"/><rdf:li plus:LicensorName="B"/></rdf:Seq></plus:Licensor>',
    'Iptc4xmpExt:DigitalSourceType="http://a.example/t" dc:rights="Theirs"',
  )
  const once = merge(theirs, {
    disclosureCode: 'X',
    digitalSourceType: 'http://b.example/t',
    rights: 'R',
    licensorName: 'A',
  })
  const first = { digitalSourceType: 'http://a.example/t', rights: 'Theirs', licensorName: 'A' }
  assert.deepEqual(read(once).before, [first])
  assert.match(once, /LicensorName[^/]*B/, 'a second licensor is kept, too')
  const again = merge(once, { disclosureCode: 'X', digitalSourceType: 'http://b.example/t', rights: 'Corrected' })
  assert.deepEqual(read(again).before, [first])
  assert.ok(!again.includes('>R<'))
  // Another program has changed since what was ours once.
  const edited = again.replace('Corrected', 'Edited')
  const others = merge(edited, { disclosureCode: 'Y', rights: 'R' })
  assert.deepEqual(read(others).before, [first, { disclosureCode: 'X', rights: 'Edited' }])
  const silent = merge(edited, { disclosureCode: 'X' })
  assert.deepEqual([read(silent).properties.rights, read(silent).before], ['Edited', [first]], 'nor is it taken back')
})

test('of a field that stands there more than once everything is kept, and words of ours that are not known yet stay', () => {
  const twice = described(
    '<dc:rights>B</dc:rights><colophon:Future>stays</colophon:Future>',
    'dc:rights="A" Iptc4xmpExt:DigitalSourceType="http://a.example/t"',
  )
  const merged = merge(twice, { rights: 'C', digitalSourceType: 'http://b.example/t' })
  assert.deepEqual(read(merged).before, [{ rights: 'A', digitalSourceType: 'http://a.example/t' }, { rights: 'B' }])
  assert.match(merged, /Future>stays</)
})

test('attributes are cut where they end, whatever follows', () => {
  for (const end of ['/>', ' />', '></rdf:Description>', '\n></rdf:Description>'])
    for (const quote of ['"', "'"]) {
      const one = `xmp:Label=${quote}l${quote}`
      for (const attributes of [`dc:rights=${quote}A${quote} ${one}`, `${one} dc:rights=${quote}A${quote}`]) {
        const merged = merge(inRdf(`<rdf:Description rdf:about="" ${attributes}${end}`), { rights: 'B' })
        assert.deepEqual(read(merged), { properties: { rights: 'B' }, before: [{ rights: 'A' }], findings: [] }, merged)
        assert.ok(merged.includes(one), merged)
      }
    }
})

test('an empty RDF element is opened, and the subject of the others is ours', () => {
  assert.deepEqual(read(merge(inRdf('').replace('></rdf:RDF>', '/>'), { title: 'T' })).properties, { title: 'T' })
  assert.match(
    merge(inRdf('<rdf:Description rdf:about="uuid:7" xmp:Label="x"/>'), { title: 'T' }),
    /colophon[^>]* rdf:about="uuid:7"/,
  )
})

test('what is too long, unfit or said twice is named', () => {
  const long = 'x'.repeat(10_000)
  const cut = read(described(`<dc:rights>${long}</dc:rights>`))
  assert.equal(cut.properties.rights, 'x'.repeat(5000))
  assert.deepEqual(
    cut.findings.map(({ code }) => code),
    ['field_cut'],
  )
  const pair = read(described(`<dc:rights>${'x'.repeat(4999)}😀😀</dc:rights>`)).properties.rights!
  assert.ok(pair.isWellFormed() && pair.length === 4999)
  assert.deepEqual(
    codesOf(described(`<colophon:DisclosureStatement>"${'x'.repeat(50_000)}"</colophon:DisclosureStatement>`)),
    ['field_too_long'],
  )
  assert.deepEqual(codesOf(described('<colophon:DisclosureStatement>{</colophon:DisclosureStatement>')), [
    'field_not_understood',
  ])
  assert.deepEqual(codesOf(described('<xmpRights:Marked>perhaps</xmpRights:Marked>')), ['field_not_understood'])
  assert.deepEqual(codesOf(described('<dc:rights><xmp:a/></dc:rights>')), ['field_not_understood'])
  assert.deepEqual(codesOf(described('<dc:rights>A</dc:rights>', 'dc:rights="B"')), ['said_twice'])
  assert.deepEqual(codesOf(described('<plus:DataMining>DMI-ALLOWED</plus:DataMining>')), ['without_namespace'])
})

test('nothing that runs, and nothing but an address, is read as an address', () => {
  const addresses = [
    'javascript:alert(1)',
    'data:text/html,x',
    'file:///etc/passwd',
    'https://a.example/"><script>',
    'x',
    'http:',
    ' ',
  ]
  for (const address of addresses) {
    const escaped = address.replaceAll('"', '&quot;').replaceAll('<', '&lt;')
    const result = read(
      described('', `xmpRights:WebStatement="${escaped}" colophon:Statement="${escaped}" plus:DataMining="${escaped}"`),
    )
    assert.deepEqual(result.properties, {}, address)
    if (address.trim() !== '') assert.equal(result.findings.length, 3, address)
  }
  assert.deepEqual(codesOf(described('', 'colophon:Statement="http://a.example/"')), ['address_refused'])
  assert.equal(read(described('', 'colophon:Statement="urn:uuid:1"')).properties.statementUrl, 'urn:uuid:1')
})

test('hostile packets are refused or bounded, quickly', () => {
  const bomb = `<!DOCTYPE x [<!ENTITY a "aaaa">${'<!ENTITY b "&a;&a;&a;">'.repeat(1000)}]>${described('<dc:title>&b;</dc:title>')}`
  assert.deepEqual(codesOf(bomb), ['doctype_refused'])
  assert.deepEqual(codesOf(`<!DOCTYPE x SYSTEM "https://a.example/x.dtd">${described('')}`), ['doctype_refused'])
  for (const broken of [
    '',
    'no',
    '<',
    inRdf('<rdf:Description>'),
    described('&x;'),
    '<a/>',
    '\u{0}',
    inRdf('').slice(0, -5),
  ])
    assert.deepEqual(codesOf(broken), ['malformed_xmp'], broken)
  assert.deepEqual(
    parsePacket(Uint8Array.of(0x3c, 0xff, 0xfe)).findings.map(({ code }) => code),
    ['malformed_xmp'],
  )
  assert.deepEqual(codesOf(described('x'.repeat(9 * 1024 * 1024))), ['xmp_too_large'])
  assert.deepEqual(
    parsePacket(new Uint8Array(64 * 1024 * 1024)).findings.map(({ code }) => code),
    ['xmp_too_large'],
  )
  assert.deepEqual(codesOf(described('<xmp:a>'.repeat(100) + '</xmp:a>'.repeat(100))), ['malformed_xmp'])
  assert.equal(read(described('<xmp:a/>'.repeat(100_000), 'dc:title="T"')).properties.title, 'T')
  assert.deepEqual(codesOf(described('<xmp:a/>'.repeat(300_000))), ['malformed_xmp'])
  assert.equal(read(described('<dc:title>T</dc:title>'.repeat(100_000))).properties.title, 'T')
  const many = Array.from({ length: 100_000 }, (_, i) => `a${i}="x"`).join(' ')
  assert.deepEqual(codesOf(described('', many)), ['malformed_xmp'])
  assert.deepEqual(codesOf(described('\0'.repeat(1_000_000))), [])
})
