import { basename } from 'node:path'
import type { AdapterId, ErrorCode } from '../../foundation/index.ts'

/** Kinds of thing that leave this machine when an adapter asks. Its address on the network and the time always do. */
export const LEAVING = ['address', 'words', 'passage', 'data-set', 'index', 'download'] as const
export type Leaving = (typeof LEAVING)[number]

/** One thing that one host is told. `download` is an address that is fetched there, and says nothing of any work. */
export interface Sending {
  to: string
  what: Leaving
  value: string
}

/** An address, everything below it, or a domain with its subdomains. */
export interface AskedAddress {
  value: string
  scope: 'exact' | 'prefix' | 'domain'
}

/** A digest in lower-case hex; `sha1_git` is the id that git gives to a file. */
export interface AskedHash {
  algorithm: 'sha256' | 'sha1' | 'sha1_git'
  value: string
}

/** What is asked about one work. An adapter takes what it understands, and sends nothing else. */
export interface FurtherQuestion {
  addresses: AskedAddress[]
  hashes: AskedHash[]
  /** A title, a name or a phrase. */
  words?: string
  /** A stretch of the text itself, chosen by a person; none unless somebody chose it. */
  passage?: string
  /** Data sets by name: `owner/name`, `owner/name:config` or `owner/name:config:split`. */
  datasets: string[]
  /** Indexes or crawls by name, instead of those that an adapter takes by itself. */
  indexes: string[]
  /** A dump to read: the path of a file, or an address. */
  dump?: string
}

/** A place where something of the work stands. Texts come from elsewhere and are plain: no control characters. */
export interface FurtherHit {
  kind: 'hit'
  match: 'address' | 'phrase' | 'words' | 'passage' | 'hash'
  /** Which part of the question was found. */
  asked: string
  /** The crawl, data set, index or dump. */
  where: string
  /** The place in it: a row, a line, a document, or how a capture is filed. */
  place: string
  url?: string
  /** When that was captured (ISO 8601). */
  at?: string
  /** How often, where the place stands for many. */
  count?: number
  isApproximate?: boolean
  excerpt?: string
}

/** What an adapter comes upon: a hit, something that it has looked through, or something that went wrong. */
export type FurtherFinding = FurtherHit | { kind: 'searched'; where: string; isPartial: boolean } | FurtherProblem

/** Something that could not be asked or read; what was found beside it stands. */
export interface FurtherProblem {
  kind: 'problem'
  code: ErrorCode
  where: string
  what: string
}

/** What an answer says: any status that is not the reach's own affair (429, 503, redirects). */
export interface AdapterAnswer {
  status: number
  text: string
  /** Where it was asked for, for messages. */
  where: string
}

/** What an adapter is handed: it reaches nothing else, and every call is counted against its bounds. */
export interface AdapterEffects {
  /** Where it asks: its own address, or the one that the operator named. */
  address: string | undefined
  /**
   * Asks below the adapter's address, as politely as the server wants. Errors: `too_busy` (the server wants to be left
   * alone for longer than there is time), `too_large`, `fetch_failed`, `url_refused`.
   */
  ask(path: string, options?: { accept?: string; json?: object }): Promise<AdapterAnswer>
  /** The bytes of the dump that was named, piece by piece: a file of this machine, or an address. */
  read(where: string): AsyncIterable<Uint8Array>
}

/** Bounds on one look. */
export interface AdapterBounds {
  requestsMax: number
  /** Of all answers together. */
  bytesMax: number
  answerBytesMax: number
  secondsMax: number
  answerSecondsMax: number
  hitsMax: number
  /** Between two requests. */
  pauseMs: number
}

/** What a question must have before an adapter can ask it. */
export type Lack = 'addresses' | 'words' | 'datasets' | 'passage' | 'hashes' | 'dump'

/**
 * Looks for a work in one service elsewhere. Its texts for people are `further.ID`, `further.ID.leaves`,
 * `further.ID.means` and `further.ID.wrong` in `locales/`.
 */
export interface Adapter {
  id: AdapterId
  /** Where it asks unless the operator names another address; undefined when somebody has to name one. */
  address: string | undefined
  leaves: readonly Leaving[]
  bounds: AdapterBounds
  /** What the question lacks; undefined when it can be asked. */
  lacks(question: FurtherQuestion, address: string | undefined): Lack | undefined
  /** Everything that would be sent for a question, to whom, word by word. Pure: people see it before they agree. */
  sends(question: FurtherQuestion, address: string | undefined): Sending[]
  /** Asks, and yields as it finds. What it throws ends this look alone, and what it has yielded stands. */
  look(question: FurtherQuestion, effects: AdapterEffects): AsyncIterable<FurtherFinding>
}

/** The host that an address is asked at; of the path of a file only its name, which people elsewhere may see. */
export function hostOf(address: string): string {
  return URL.canParse(address) ? new URL(address).host : basename(address)
}

/** Characters that a terminal obeys, or that turn the direction of what follows. */
// oxlint-disable-next-line no-control-regex
const UNSEEN = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]+/g

/** A text from elsewhere on one line, without what is not seen, and no longer than `charactersMax`. */
export function plain(text: string, charactersMax: number): string {
  const line = text
    .slice(0, charactersMax * 4)
    .replaceAll(UNSEEN, ' ')
    .replaceAll(/ {2,}/g, ' ')
    .trim()
    .toWellFormed()
  return line.length > charactersMax ? `${line.slice(0, charactersMax - 1).toWellFormed()}…` : line
}

/** The words of a text that two writings of it share: one case, one kind of space. */
export function folded(text: string): string {
  return text.normalize('NFKC').toLowerCase().replaceAll(/\s+/g, ' ').trim()
}
