import { readFileSync, statSync } from 'node:fs'
import { Gunzip } from 'fflate'
import { ColophonError, safeFetch } from '../../foundation/index.ts'
import { collectingLimits, sleepReally, tooLarge, unreadable, type Reach } from '../record.ts'
import { requireFile } from '../tables/textFile.ts'

export interface Answer {
  /** The address that answered, after redirects. */
  url: string
  body: Uint8Array
  headers: Record<string, string>
}

const TRIES_MAX = 4
const WAIT_SECONDS_MAX = 300

/** True for an address of the web, and not for the name of a file. */
export function isAddress(where: string): boolean {
  return /^https?:\/\//i.test(where)
}

/**
 * Fetches from a source that somebody named, patiently: a server that is busy says when to come again (429, 503 with
 * Retry-After), and one that does not answer is asked a few times, each time later. Only the named host may be private,
 * and only when that was allowed. Errors: those of `safeFetch`; `fetch_failed` for any status but 200.
 */
export async function fetchPatiently(
  url: string,
  reach: Reach & { host?: string; accept?: string; bytesMax?: number; triesMax?: number },
): Promise<Answer> {
  const wait = reach.sleep ?? sleepReally
  const allowPrivate = reach.allowPrivate === true && (reach.host === undefined || new URL(url).host === reach.host)
  const options = {
    allowPrivate,
    bytesMax: reach.bytesMax ?? collectingLimits.answerBytesMax,
    timeoutMs: reach.timeoutMs ?? 60_000,
    ...(reach.accept === undefined ? {} : { accept: reach.accept }),
  }
  const triesMax = reach.triesMax ?? TRIES_MAX
  for (let tries = 1; ; tries++) {
    let failure: ColophonError
    let seconds = 2 ** tries
    try {
      const { status, body, headers, url: final } = await safeFetch(url, options)
      if (status === 200) return { url: final, body, headers }
      failure = new ColophonError('fetch_failed', `the server answered ${status}`, { where: url })
      if (status !== 429 && status !== 503 && status !== 502 && status !== 504) throw failure
      seconds = retryAfter(headers['retry-after']) ?? seconds
    } catch (error) {
      if (!(error instanceof ColophonError) || error.code !== 'fetch_failed' || tries >= triesMax) throw error
      if (/answered [45]0[0-8]$/.test(error.message) && !/answered 50[234]$/.test(error.message)) throw error
      failure = error
    }
    if (tries >= triesMax) throw failure
    await wait(Math.min(seconds, WAIT_SECONDS_MAX) * 1000)
  }
}

/** Whether a failure is one of the server: that one address is not there, or may not be asked, says nothing of the next. */
export function isOfServer({ code, message }: ColophonError): boolean {
  return code === 'fetch_failed' && !/answered 4(?!29)\d\d$/.test(message)
}

/** How many seconds a server wants to be left alone: it says seconds, or a date (RFC 9110 section 10.2.3). */
export function retryAfter(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (/^\d+$/.test(text.trim())) return Number(text)
  const at = Date.parse(text)
  return Number.isNaN(at) ? undefined : Math.max(1, Math.ceil((at - Date.now()) / 1000))
}

/** The bytes of a file or an address, unpacked when they are packed. */
export async function readWhole(where: string, reach: Reach & { host?: string; accept?: string }): Promise<Answer> {
  if (isAddress(where)) {
    const answer = await fetchPatiently(where, reach)
    return { ...answer, body: unpack(answer.body, where) }
  }
  requireFile(where)
  if (statSync(where).size > collectingLimits.answerBytesMax) throw tooLarge('the file is too large', where)
  return { url: where, body: unpack(new Uint8Array(readFileSync(where)), where), headers: {} }
}

/** Unpacks gzip in steps, and stops before more comes out than is read. */
function unpack(bytes: Uint8Array, where: string): Uint8Array {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes
  const pieces: Uint8Array[] = []
  let length = 0
  const gunzip = new Gunzip((piece) => {
    length += piece.length
    if (length <= collectingLimits.answerBytesMax) pieces.push(piece)
  })
  try {
    for (let at = 0; at < bytes.length && length <= collectingLimits.answerBytesMax; at += 4096)
      gunzip.push(bytes.subarray(at, at + 4096), at + 4096 >= bytes.length)
  } catch (cause) {
    throw unreadable('it cannot be unpacked', where, 'It may be damaged.', cause)
  }
  if (length > collectingLimits.answerBytesMax) throw tooLarge('it becomes too large when it is unpacked', where)
  return Buffer.concat(pieces)
}

export async function* oneText(body: Uint8Array): AsyncGenerator<string> {
  yield new TextDecoder(body[0] === 0xff || body[0] === 0xfe ? 'utf-16' : 'utf-8').decode(body)
}
