import { Inflate, zipSync, type Zippable } from 'fflate'
import { z } from 'zod'
import { Archive, archiveEntries, asRefusal } from '../../fingerprints/index.ts'
import { ColophonError, canonicalJson, parseJson, sha256Hex } from '../../foundation/index.ts'
import { ambiguityOf } from './plainArchive.ts'

const BUNDLE_FORMAT = 'colophon.example/evidence-bundle/v1'
/** What lists all the others, and is itself committed to. */
export const LIST = 'bundle.json'
/** The receipt of that commitment, and a time-stamp of the list; they come after the list, so it cannot name them. */
export const LIST_RECEIPT = 'bundle.tlog-proof'
/** The list's digest, signed by the log's own key: whoever runs the log made this bundle, and nobody else. */
export const LIST_NOTE = 'bundle.note'
export const TIME_STAMP = 'time-stamp.tst'
export const EVIDENCE = 'evidence.json'
export const EVIDENCE_SALT = 'evidence.salt'
export const EVIDENCE_RECEIPT = 'evidence.tlog-proof'
export const LOG_KEY = 'log.vkey'
export const CAPTURED = 'captured/pages.warc'

const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/)

const listSchema = z.strictObject({
  format: z.literal(BUNDLE_FORMAT),
  case: z.strictObject({
    id: z.string().max(64),
    kind: z.string().max(64),
    workTitle: z.string().max(500),
    openedAt: z.string().max(40),
  }),
  madeAt: z.string().max(40),
  /** What the operator says of the authority that stamped the time; a trusted list says whether it is so. */
  timeStamp: z.enum(['none', 'said-to-be-qualified', 'not-qualified']),
  files: z
    .array(
      z.strictObject({
        path: z.string().regex(/^[a-z0-9][a-z0-9./-]{0,99}$/),
        sha256: sha256Schema,
        bytes: z.int().min(0),
        holds: z.string().max(200),
      }),
    )
    .min(1)
    .max(500),
})

export type BundleList = z.infer<typeof listSchema>

/** A file of a bundle, and what it holds in a few words. */
export interface BundleFile {
  path: string
  bytes: Uint8Array
  holds: string
}

/** The list over files, as the bytes that are committed to. */
export function listOf(files: readonly BundleFile[], about: Omit<BundleList, 'format' | 'files'>): Uint8Array {
  const listed = files.map(({ path, bytes, holds }) => ({ path, sha256: sha256Hex(bytes), bytes: bytes.length, holds }))
  const list = listSchema.parse({ format: BUNDLE_FORMAT, ...about, files: listed })
  return new TextEncoder().encode(`${canonicalJson(list)}\n`)
}

/** Everything as one ZIP; the same files give the same bytes. */
export function packBundle(files: readonly Pick<BundleFile, 'path' | 'bytes'>[]): Uint8Array {
  const parts: Zippable = {}
  // Times in a ZIP are local and prove nothing: all are the first that it can hold.
  for (const { path, bytes } of files) parts[path] = [bytes, { mtime: new Date(1980, 0, 1), level: 6 }]
  return zipSync(parts)
}

/** What the log's key signs of a list. */
export function noteTextOf(list: Uint8Array): string {
  return `${BUNDLE_FORMAT}\n${sha256Hex(list)}\n`
}

/** Five hundred files with their names and digests are a tenth of it. */
const LIST_BYTES_MAX = 1024 * 1024
const LIMITS = { archiveEntries: 600, inflatedBytes: 512 * 1024 * 1024, textLength: 0, pages: 0, markupDepth: 0 }

/** A bundle that is opened: its list, and its parts by name. */
export interface OpenBundle {
  list: BundleList
  listBytes: Uint8Array
  /** Names of all parts, as often as they stand there. */
  names: string[]
  /** Why programs may read different files out of it; undefined when all read the same. */
  ambiguity: string | undefined
  /** Undefined when there is no such part; throws where it is damaged. */
  read(path: string): Uint8Array | undefined
}

/** Errors: `unreadable_file` for what is no bundle, `too_large` for one that unpacks to more than half a gigabyte. */
export function openBundle(bytes: Uint8Array): OpenBundle {
  const [archive, entries] = asRefusal(() => [new Archive(bytes, Inflate, LIMITS), [...archiveEntries(bytes)]] as const)
  const read = (path: string) => (archive.has(path) ? asRefusal(() => archive.read(path), path) : undefined)
  const notBundle = () =>
    new ColophonError('unreadable_file', 'this is no bundle of evidence', {
      where: LIST,
      remedy: 'Give the ZIP as it was downloaded.',
    })
  if (entries.some(({ name, bytes: size }) => name === LIST && size > LIST_BYTES_MAX)) throw notBundle()
  const listBytes = read(LIST)
  if (!listBytes) throw notBundle()
  const list = listSchema.safeParse(parseJson(new TextDecoder().decode(listBytes), LIST))
  if (!list.success) throw notBundle()
  const names = entries.map(({ name }) => name)
  return { list: list.data, listBytes, names, ambiguity: ambiguityOf(bytes, entries), read }
}
