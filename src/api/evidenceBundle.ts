import type { FileCodes } from '../fingerprints/index.ts'
import { turnedHashes } from '../fingerprints/index.ts'
import { safeFetch } from '../foundation/index.ts'
import type { Node } from '../main.ts'
import { openTimeAuthority } from '../marking/index.ts'
import { findCollection, findWork, proveItem } from '../register/index.ts'
import { findTerms, rulesInTime, sayRules, type RightsRule, type Words } from '../rights/index.ts'
import {
  capturePages,
  letterOf,
  listEvents,
  makeBundle,
  noteCase,
  writeWarc,
  type BundleFile,
  type DeclaredWork,
  type MadeBundle,
  type Speak,
} from '../requests/index.ts'
import { makeReceipt } from '../statements/index.ts'
import { sameWorks } from './runCheck.ts'

const DECLARED_MAX = 20
const PAGE_BYTES_MAX = 8 * 1024 * 1024
/** Pictures are compared as they are kept: whole, and good enough. */
const QUALITY = 100

/** `speak` gives the letter its languages, `words` the report its own. */
export interface BundleOptions {
  isCaptured: boolean
  words: Words
  speak: Speak
  allowPrivate?: boolean
}

/**
 * The evidence of a case as a bundle. Pages are fetched only when asked for: whoever serves them sees that somebody did.
 * Writes into the case's history that it was made. Errors: those of `makeBundle`.
 */
export async function bundleOf(
  node: Node,
  found: Parameters<typeof letterOf>[0] & { is_private: bigint; salt: Uint8Array },
  { isCaptured, words, speak, allowPrivate = false }: BundleOptions,
): Promise<MadeBundle> {
  const { register, config, signer, logSigner } = node
  const letter = letterOf(found, node.datasets.list())
  const { hit, codes } = letter.evidence
  const events = await listEvents(register.database.db, found.id)
  const urls = isCaptured ? [hit.url, sourceOf(node, hit.dataset)].filter((url) => isAddress(url)) : []
  const fetchPage = (url: string) => safeFetch(url, { bytesMax: PAGE_BYTES_MAX, allowPrivate })
  const { now } = register.effects
  const captured = urls.length === 0 ? undefined : await capturePages(urls, fetchPage, now)
  const preview = await previewOf(node, hit)
  const { timeAuthority } = config
  const bundle = await makeBundle(
    register,
    signer,
    {
      letter,
      speak,
      isPrivate: found.is_private === 1n,
      evidence: found.evidence,
      salt: found.salt,
      events: events.map(({ state, note, recorded_at }) => ({ state, note, recordedAt: recorded_at })),
      logSigner,
      declared: found.is_private === 1n ? [] : await declaredWorks(node, codes as Record<string, string>, words),
      ...(preview ? { preview } : {}),
      ...(captured ? { captured: writeWarc(captured, config.publicUrl, now()) } : {}),
      ...(timeAuthority ? { timeAuthority: openTimeAuthority(timeAuthority.url, { allowPrivate: true }) } : {}),
      isQualified: timeAuthority?.isQualified ?? false,
    },
    words,
  )
  await noteCase(register, found.id, `bundle ${bundle.sha256}, entry ${bundle.logIndex}`)
  return bundle
}

function isAddress(url: string | null | undefined): url is string {
  return url !== null && url !== undefined && /^https?:\/\//.test(url) && URL.canParse(url)
}

function sourceOf(node: Node, dataset: string): string | null | undefined {
  return node.datasets.list().find(({ id }) => id === dataset)?.source
}

/** What was kept of the row, as a picture that every program shows. */
async function previewOf(
  node: Node,
  { dataset, row, preview }: { dataset: string; row: number; preview?: { kind: string } | null },
): Promise<Uint8Array | undefined> {
  if (preview?.kind !== 'picture') return undefined
  const bytes = await node.datasets.readPreview(dataset, row)
  if (!bytes) return undefined
  // Our own WebP, made when the data set was indexed: nothing from outside is decoded here.
  const { default: sharp } = await import('sharp')
  return new Uint8Array(await sharp(bytes).jpeg({ quality: 85 }).toBuffer())
}

/** Works of the register with the same file, or a picture that is alike: who declared them when, and what was said. */
async function declaredWorks(node: Node, codes: Record<string, string>, words: Words): Promise<DeclaredWork[]> {
  const { db } = node.register.database
  const asked = { codes, ...(codes.pdq ? { pdqDihedral: turnedHashes(codes.pdq), pdqQuality: QUALITY } : {}) }
  const works = (await sameWorks(node, asked as unknown as FileCodes)).slice(0, DECLARED_MAX)
  return Promise.all(
    works.map(async ({ id, match }, i) => {
      const work = (await findWork(db, id))!
      const set = work.collection === null ? [] : [{ kind: 'set', id: work.collection }]
      const said = await findTerms(db, [{ kind: 'work', id }, { kind: 'party', id: work.party }, ...set])
      const terms = said
        .filter(({ party }) => party === work.party)
        .map((row) => ({
          says: sayRules(rulesInTime(JSON.parse(row.rules) as RightsRule[], row.valid_until), words, row.conflict).join(
            ' ',
          ),
          logIndex: Number(row.log_index),
          recordedAt: row.recorded_at,
        }))
      const entries = new Set(terms.map(({ logIndex }) => logIndex))
      entries.delete(Number(work.log_index))
      return {
        id,
        title: work.title,
        party: work.party,
        role: work.role,
        recordedAt: work.recorded_at,
        logIndex: Number(work.log_index),
        match,
        terms,
        files: [
          await proofOf(node, work, `declared/${i + 1}-work`),
          ...(await Promise.all(
            [...entries].map(async (entry) => ({
              path: `declared/${i + 1}-terms-${entry}.tlog-proof`,
              bytes: utf8(await makeReceipt(node.register, entry)),
              holds: `the receipt of terms for ${work.title}`.slice(0, 200),
            })),
          )),
        ],
      }
    }),
  )
}

/** What proves that a work was declared: its receipt, or that of its collection with the path to its root. */
async function proofOf(
  node: Node,
  { id, title, collection, log_index }: { id: string; title: string; collection: string | null; log_index: bigint },
  path: string,
): Promise<BundleFile> {
  const receipt = await makeReceipt(node.register, Number(log_index))
  const holds = `the receipt of the declaration of ${title}`.slice(0, 200)
  const set = collection === null ? undefined : await findCollection(node.register.database.db, collection)
  const manifest = set && node.manifests.read(set.manifest)
  if (!manifest) return { path: `${path}.tlog-proof`, bytes: utf8(receipt), holds }
  const item = await proveItem(manifest, Number(id.slice(id.lastIndexOf(':') + 1)))
  return { path: `${path}.item-proof`, bytes: utf8(JSON.stringify({ receipt, item })), holds }
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}
