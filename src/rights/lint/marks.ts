import { inflateSync } from 'node:zlib'
import { Inflate } from 'fflate'
import { Archive, DocumentRefusal } from '../../fingerprints/index.ts'
import { limits } from '../../foundation/index.ts'
import type { RightsFinding, RightsReading } from '../exports/findings.ts'
import { readIptc } from '../exports/iptc.ts'
import { readTdmrepOpf, readTdmrepXmp } from '../exports/tdmrepRead.ts'
import { readXml, xmpLimits, type XmlElement } from '../exports/xml.ts'

const PACKETS_MAX = 50
/** XMP in a PNG that is packed, up to where it begins. */
const PACKED_IN_PNG = 'zTXtXML:com.adobe.xmp\0\0'
const CONTAINER = 'META-INF/container.xml'

/** The finding about a manifest that somebody else may be able to read. */
export const MANIFEST_NOT_READ = 'its manifest (C2PA) speaks about training'

/** Bytes that say that a file holds more about itself than the XMP that is found here, and what that is. */
const NOT_READ: [bytes: string, what: string, severity: RightsFinding['severity']][] = [
  ['training-mining', MANIFEST_NOT_READ, 'error'],
  ['x\0p\0a\0c\0k\0e\0t', 'its XMP is written in UTF-16', 'error'],
  ['XML:com.adobe.xmp\0\x01', 'its XMP is compressed', 'error'],
  ['Raw profile type xmp', 'its XMP is written in another form', 'error'],
  ['brobxml ', 'its XMP is compressed', 'error'],
  ['http://ns.adobe.com/xmp/extension/', 'a part of its XMP stands behind the first', 'warning'],
]

/**
 * What a picture, a PDF or an EPUB says about itself, by its bytes: `plus:DataMining` and TDMRep in XMP, TDMRep in the
 * package of an EPUB. XMP is found wherever it stands as it is, whatever the format is. Never throws.
 *
 * @example readMarks(readFileSync('a.jpg'), 'jpg', 'a.jpg').rules // [{ action: 'tdm:mine', decision: 'deny' }]
 */
export function readMarks(bytes: Buffer, extension: string, where: string): RightsReading {
  if (extension === 'epub') return readEpub(bytes, where)
  const packets = extension === 'pdf' ? packetsOfPdf(bytes) : packetsOfPicture(bytes)
  if (packets === undefined) return together([unread('its XMP cannot be found or unpacked', where)])
  if (packets.length > PACKETS_MAX) return together([unread(`it has more than ${PACKETS_MAX} packets of XMP`, where)])
  const more = NOT_READ.filter(([mark]) => bytes.includes(mark, 0, 'latin1'))
  const notRead = more.map(([, what, severity]) => unread(what, where, severity))
  return together([...packets.flatMap((xmp) => [readIptc(xmp, where), readTdmrepXmp(xmp, where)]), ...notRead])
}

function together(readings: readonly RightsReading[]): RightsReading {
  return {
    rules: readings.flatMap(({ rules }) => rules),
    findings: readings.flatMap(({ findings }) => findings),
  }
}

function unread(what: string, where: string, severity: RightsFinding['severity'] = 'error'): RightsReading {
  const remedy = 'What it says counts as unknown; colophon verify reads more of a file.'
  return { rules: [], findings: [{ code: 'unreadable', severity, where, what, remedy }] }
}

/** Every description in RDF that stands in the bytes as it is; undefined when there is a packet and none can be found. */
function packetsIn(bytes: Buffer): string[] | undefined {
  const packets: string[] = []
  let start = bytes.indexOf('<rdf:RDF')
  if (start < 0) return bytes.includes('<?xpacket begin') || bytes.includes(':xmpmeta') ? undefined : []
  while (start >= 0 && packets.length <= PACKETS_MAX) {
    const end = bytes.indexOf('</rdf:RDF>', start)
    if (end < 0) return undefined
    packets.push(bytes.toString('utf8', start, end + '</rdf:RDF>'.length))
    start = bytes.indexOf('<rdf:RDF', end)
  }
  return packets
}

/** Where XMP stands as it is, and where a PNG holds it packed. */
function packetsOfPicture(bytes: Buffer): string[] | undefined {
  const packed = bytes.indexOf(PACKED_IN_PNG, 0, 'latin1')
  if (packed < 0) return packetsIn(bytes)
  const content = inflated(bytes.subarray(packed + PACKED_IN_PNG.length))
  return content && packetsIn(Buffer.concat([bytes, content]))
}

/** The streams of metadata of a PDF, packed or not; undefined when one of them is not XMP that can be read. */
function packetsOfPdf(bytes: Buffer): string[] | undefined {
  const packets: string[] = []
  for (const { index } of bytes.toString('latin1').matchAll(/\/Type\s*\/Metadata\b/g)) {
    const opens = bytes.indexOf('stream', index)
    const ends = bytes.indexOf('endstream', opens)
    if (opens < 0 || ends < 0) return undefined
    const content = bytes.subarray(opens + (bytes[opens + 6] === 0x0d ? 8 : 7), ends)
    const found = packetsIn(inflated(content) ?? content)
    if (!found?.length) return undefined
    packets.push(...found)
    if (packets.length > PACKETS_MAX) break
  }
  return packets
}

function inflated(content: Buffer): Buffer | undefined {
  try {
    return inflateSync(content, { maxOutputLength: xmpLimits.charactersMax })
  } catch {
    return undefined
  }
}

function readEpub(bytes: Buffer, where: string): RightsReading {
  const most = {
    archiveEntries: limits.documentArchiveEntriesMax,
    inflatedBytes: 2 * xmpLimits.charactersMax,
    textLength: 0,
    pages: 0,
    markupDepth: 0,
  }
  try {
    const archive = new Archive(bytes, Inflate, most)
    const read = (part: string) => new TextDecoder().decode(archive.read(part))
    const { root, findings } = readXml(read(CONTAINER), where, xmpLimits)
    const parts = root ? rootFiles(root) : []
    if (parts.length > PACKETS_MAX) return unread('it has too many packages', where)
    return together([{ rules: [], findings }, ...parts.map((part) => readTdmrepOpf(read(part), where))])
  } catch (error) {
    if (!(error instanceof DocumentRefusal)) throw error
    return unread(error.message, where)
  }
}

function rootFiles({ name, attributes, children }: XmlElement): string[] {
  const path = name === 'rootfile' ? attributes.get('full-path') : undefined
  return [...(path === undefined ? [] : [path]), ...children.flatMap(rootFiles)]
}
