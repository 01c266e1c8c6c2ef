import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import {
  ColophonError,
  bytesEqual,
  canonicalJson,
  limits,
  parseJson,
  sha256Hex,
  toHex,
  writeFileDurably,
} from '../foundation/index.ts'
import { inclusionProof, leafHash, memorySubtrees, rangeRoot, rootFromInclusionProof, type Hash } from '../log/index.ts'
import {
  RowBatch,
  didSchema,
  textSchema,
  uuidUrnSchema,
  type StatedSubject,
  type StatementKind,
} from '../statements/index.ts'
import { addWorkRows, checkWorkFields, workFields, type WorkFields } from './work.ts'

const collectionSchema = z.strictObject({
  type: z.literal('Collection'),
  id: uuidUrnSchema,
  onBehalfOf: didSchema.optional(),
  title: textSchema(500),
  role: z.enum(['creator', 'rightsholder', 'custodian']),
  rightsStatement: z
    .string()
    .regex(/^https?:\/\/(creativecommons\.org|rightsstatements\.org)\/[A-Za-z0-9./-]{1,100}$/)
    .optional(),
  /** SHA-256 of the manifest file: one canonical JSON line per work. */
  manifest: z.string().regex(/^[0-9a-f]{64}$/),
  /** Root of the RFC 6962 tree over the manifest's lines. */
  root: z.string().regex(/^[0-9a-f]{64}$/),
  count: z.int().min(1).max(limits.collectionItemsMax),
})

const itemSchema = z.strictObject(workFields)

/** A manifest and what a collection statement signs of it. */
export interface Manifest {
  bytes: Uint8Array
  manifest: string
  root: string
  count: number
}

/** Writes works as a manifest: one canonical JSON line each, and the Merkle root over the lines. */
export async function makeManifest(works: readonly WorkFields[]): Promise<Manifest> {
  works.forEach(checkWorkFields)
  const lines = works.map((work) => canonicalJson(itemSchema.parse(work)))
  const bytes = new TextEncoder().encode(`${lines.join('\n')}\n`)
  return { bytes, manifest: sha256Hex(bytes), root: toHex(await linesRoot(lines)), count: lines.length }
}

/** Content-addressed manifests in a directory. */
export interface ManifestStore {
  read(sha256: string): Uint8Array | undefined
  write(bytes: Uint8Array): string
}

/** Manifests as files named by their SHA-256; what is read is checked against its name. */
export function manifestDirectory(directory: string): ManifestStore {
  const pathOf = (hash: string) => join(directory, hash.slice(0, 2), hash)
  return {
    read(hash) {
      try {
        const bytes = new Uint8Array(readFileSync(pathOf(hash)))
        return sha256Hex(bytes) === hash ? bytes : undefined
      } catch {
        return undefined
      }
    },
    write(bytes) {
      const hash = sha256Hex(bytes)
      writeFileDurably(pathOf(hash), bytes)
      return hash
    },
  }
}

/** One signature declares a whole collection; each item has its own offline proof. */
export function collectionKind(manifests: ManifestStore): StatementKind<z.infer<typeof collectionSchema>> {
  return {
    type: 'Collection',
    schema: collectionSchema,
    tables: ['collection', 'work', 'work_creator', 'work_identifier', 'work_url', 'fingerprint'],
    powers: ['declare'],
    async judge({ subject, isSealed }, rows) {
      const queries = await rows.queries()
      const known = await queries.selectFrom('collection').select('id').where('id', '=', subject.id).executeTakeFirst()
      if (known)
        throw new ColophonError('duplicate_statement', 'this collection has been declared already', {
          where: subject.id,
        })
      if (isSealed)
        throw new ColophonError('invalid_statement', 'a collection cannot be sealed as a whole', {
          where: subject.id,
          remedy: 'Declare restricted works one by one, sealed.',
        })
      const bytes = manifests.read(subject.manifest)
      if (bytes) await readManifest(bytes, subject)
    },
    async project(stated, rows) {
      const { subject, party, logIndex } = stated
      const bytes = manifests.read(subject.manifest)
      rows.add('collection', {
        id: subject.id,
        title: subject.title,
        party,
        manifest: subject.manifest,
        root: subject.root,
        item_count: BigInt(subject.count),
        manifest_state: bytes ? 'present' : 'missing',
        log_index: logIndex,
      })
      if (bytes) addItems(stated, await readManifest(bytes, subject), rows)
    },
  }
}

/** A collection is let onto this node's log only with its manifest, so that what follows from it never depends on when it came. */
export function admitManifest(manifests: ManifestStore) {
  return async ({ subject }: StatedSubject<never>): Promise<void> => {
    const { type, manifest } = subject as { type?: string; manifest?: string }
    if (type !== 'Collection' || manifests.read(manifest!)) return
    throw new ColophonError('invalid_statement', 'the manifest of the collection is not here', {
      where: 'manifest',
      remedy: 'Declare the collection with the command line, which brings the manifest along.',
    })
  }
}

function addItems(stated: StatedSubject<z.infer<typeof collectionSchema>>, items: WorkFields[], rows: RowBatch): void {
  const { subject, issuer, party, recordedAt, logIndex } = stated
  const rightsStatement = subject.rightsStatement ?? null
  const context = {
    party,
    declaredBy: issuer,
    role: subject.role,
    rightsStatement,
    collection: subject.id,
    recordedAt,
    logIndex,
    isSealed: false,
  }
  items.forEach((item, position) => addWorkRows(rows, itemId(subject.id, position), item, context))
}

/** The id of the item at a place in a collection. */
export function itemId(collection: string, position: number): string {
  return `urn:colophon:item:${collection.slice('urn:uuid:'.length)}:${position}`
}

async function readManifest(bytes: Uint8Array, signed: { root: string; count: number }): Promise<WorkFields[]> {
  const lines = manifestLines(bytes)
  const isSigned = lines.length === signed.count && toHex(await linesRoot(lines)) === signed.root
  if (!isSigned)
    throw new ColophonError('invalid_statement', 'the manifest does not have the signed count and root', {
      where: 'manifest',
    })
  return lines.map((line, i) => {
    const result = itemSchema.safeParse(parseJson(line, `manifest line ${i + 1}`))
    if (!result.success)
      throw new ColophonError('invalid_statement', result.error.issues[0]!.message, { where: `manifest line ${i + 1}` })
    checkWorkFields(result.data)
    return result.data
  })
}

/** The SHA-256 of every work of a manifest that has one. */
export function manifestFiles(manifest: Uint8Array): string[] {
  const text = new TextDecoder().decode(manifest)
  return Array.from(text.matchAll(/"sha256":"([0-9a-f]{64})"/g), ([, code]) => code!)
}

function manifestLines(bytes: Uint8Array): string[] {
  if (bytes.length > limits.manifestBytesMax) throw new ColophonError('too_large', 'the manifest is too large')
  return new TextDecoder('utf-8', { fatal: true }).decode(bytes).split('\n').slice(0, -1)
}

function linesRoot(lines: readonly string[]): Promise<Hash> {
  const leaves = lines.map((line) => leafHash(Buffer.from(line)))
  return rangeRoot(memorySubtrees(leaves), 0, leaves.length)
}

/** The offline proof that one work belongs to a collection. */
export const itemProofSchema = z.strictObject({
  line: z.string().max(limits.statementBytesMax),
  position: z.int().min(0),
  count: z.int().min(1),
  path: z.array(z.string().regex(/^[0-9a-f]{64}$/)).max(64),
})

export type ItemProof = z.infer<typeof itemProofSchema>

/** The offline proof that one work belongs to a collection: its line and the path to the signed root. */
export async function proveItem(manifest: Uint8Array, position: number): Promise<ItemProof> {
  const lines = manifestLines(manifest)
  const leaves = lines.map((line) => leafHash(Buffer.from(line)))
  const path = await inclusionProof(memorySubtrees(leaves), position, leaves.length)
  return { line: lines[position]!, position, count: lines.length, path: path.map(toHex) }
}

/** True when the item stands in the collection with this root. */
export function verifyItem(proof: ItemProof, { root, count }: { root: string; count: number }): boolean {
  if (proof.count !== count) return false
  const path = proof.path.map((hash) => Buffer.from(hash, 'hex'))
  const computed = rootFromInclusionProof(proof.position, proof.count, leafHash(Buffer.from(proof.line)), path)
  return computed !== undefined && bytesEqual(computed, Buffer.from(root, 'hex'))
}
