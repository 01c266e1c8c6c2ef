import { randomUUID } from 'node:crypto'
import { ColophonError, isoTime, sha256, type FetchedResource } from '../../foundation/index.ts'

/** A page as it was asked for and answered, or why there was no answer. */
export type Capture = { url: string; at: number } & ({ answer: FetchedResource } | { failure: string })

/** Asks for each address once. An address that does not answer is a fact too, and is kept as one. */
export async function capturePages(
  urls: readonly string[],
  fetchPage: (url: string) => Promise<FetchedResource>,
  now: () => number,
): Promise<Capture[]> {
  const captures: Capture[] = []
  for (const url of urls) {
    const at = now()
    try {
      captures.push({ url, at, answer: await fetchPage(url) })
    } catch (error) {
      if (!(error instanceof ColophonError)) throw error
      captures.push({ url, at, failure: error.message })
    }
  }
  return captures
}

/** Captures as a WARC file (ISO 28500:2017, WARC/1.1): one request and response, or one failure, for each. */
export function writeWarc(captures: readonly Capture[], madeBy: string, at: number): Uint8Array {
  const note = `software: colophon\r\noperator: ${madeBy}\r\nformat: WARC File Format 1.1\r\ndescription: names of headers in lower case, transfer encodings undone\r\n`
  const parts = [record({ type: 'warcinfo', at, contentType: 'application/warc-fields', block: utf8(note) })]
  for (const capture of captures) {
    const { url } = capture
    if ('failure' in capture) {
      const block = utf8(`failure: ${oneLine(capture.failure)}\r\n`)
      parts.push(record({ type: 'metadata', url, at: capture.at, contentType: 'application/warc-fields', block }))
      continue
    }
    const { status, headers, body, url: answered } = capture.answer
    const { host, pathname, search } = new URL(answered)
    const request = utf8(`GET ${pathname}${search} HTTP/1.1\r\nhost: ${host}\r\naccept-encoding: identity\r\n\r\n`)
    const lines = Object.entries(headers).filter(([name]) => name !== 'transfer-encoding')
    const head = `HTTP/1.1 ${status} \r\n${lines.map(([name, value]) => `${name}: ${oneLine(value)}\r\n`).join('')}\r\n`
    const type = 'application/http; msgtype='
    parts.push(
      record({ type: 'request', url: answered, at: capture.at, contentType: `${type}request`, block: request }),
      record({
        type: 'response',
        url: answered,
        at: capture.at,
        contentType: `${type}response`,
        block: Buffer.concat([utf8(head), body]),
        payload: body,
      }),
    )
  }
  return new Uint8Array(Buffer.concat(parts))
}

interface WarcInput {
  type: string
  url?: string
  at: number
  contentType: string
  block: Uint8Array
  payload?: Uint8Array
}

function record({ type, url, at, contentType, block, payload }: WarcInput): Uint8Array {
  const head = [
    'WARC/1.1',
    `WARC-Type: ${type}`,
    `WARC-Record-ID: <urn:uuid:${randomUUID()}>`,
    `WARC-Date: ${isoTime(at)}`,
    ...(url === undefined ? [] : [`WARC-Target-URI: ${url}`]),
    `Content-Type: ${contentType}`,
    ...(payload ? [`WARC-Payload-Digest: ${digestOf(payload)}`] : []),
    `WARC-Block-Digest: ${digestOf(block)}`,
    `Content-Length: ${block.length}`,
  ]
  return Buffer.concat([utf8(`${head.join('\r\n')}\r\n\r\n`), block, utf8('\r\n\r\n')])
}

export interface WarcRecord {
  type: string
  url: string | undefined
  date: string | undefined
  block: Uint8Array
}

const HEAD_BYTES_MAX = 64 * 1024

/** Reads records and checks the digest of each. Throws a plain `Error` that says which record is damaged. */
export function readWarc(bytes: Uint8Array): WarcRecord[] {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  const records: WarcRecord[] = []
  for (let at = 0; at < buffer.length;) {
    const damaged = (what: string) => new Error(`record ${records.length + 1} ${what}`)
    const end = buffer.indexOf('\r\n\r\n', at)
    if (end < 0 || end - at > HEAD_BYTES_MAX) throw damaged('has no head')
    const [version, ...lines] = buffer.toString('utf8', at, end).split('\r\n')
    if (version !== 'WARC/1.1') throw damaged('is of no version that is known')
    const fields = new Map(lines.map((line) => fieldOf(line)))
    const length = Number(fields.get('content-length'))
    const blockAt = end + 4
    if (!Number.isSafeInteger(length) || length < 0 || blockAt + length + 4 > buffer.length) throw damaged('is cut off')
    const block = buffer.subarray(blockAt, blockAt + length)
    if (fields.get('warc-block-digest') !== digestOf(block)) throw damaged('is not what its digest says')
    if (buffer.toString('latin1', blockAt + length, blockAt + length + 4) !== '\r\n\r\n') throw damaged('has no end')
    const [type = '', url, date] = ['warc-type', 'warc-target-uri', 'warc-date'].map((name) => fields.get(name))
    records.push({ type, url, date, block })
    at = blockAt + length + 4
  }
  return records
}

function fieldOf(line: string): [string, string] {
  const colon = line.indexOf(':')
  return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]
}

function digestOf(bytes: Uint8Array): string {
  return `sha256:${Buffer.from(sha256(bytes)).toString('hex')}`
}

function oneLine(text: string): string {
  return text.replace(/[\r\n]+/g, ' ')
}

function utf8(text: string): Buffer {
  return Buffer.from(text, 'utf8')
}
