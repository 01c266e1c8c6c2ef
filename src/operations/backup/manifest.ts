import { z } from 'zod'
import { canonicalJson } from '../../foundation/index.ts'
import { damaged } from './tar.ts'

/** Its name in the archive, where it is the last file: only then is every digest known. */
export const MANIFEST = 'MANIFEST.jsonl'

const headSchema = z.strictObject({
  format: z.literal('colophon-backup'),
  version: z.literal(1),
  createdAt: z.string(),
  logOrigin: z.string(),
  logSize: z.int().min(0),
  /** `register.sqlite` as a whole, or only the tables that no log holds, as lines. */
  database: z.enum(['register.sqlite', 'tables.jsonl']),
  /** Tables that no log holds, in an order in which they can be filled. */
  privateTables: z.array(z.string()),
  hasKeys: z.boolean(),
  hasDatasets: z.boolean(),
  /** The hash of the last line of the audit log. */
  auditHead: z.string(),
})
export type ManifestHead = z.infer<typeof headSchema>

const fileSchema = z.strictObject({
  path: z.string(),
  size: z.int().min(0),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
})
export type ManifestFile = z.infer<typeof fileSchema>

export interface Manifest {
  head: ManifestHead
  files: ManifestFile[]
}

/** One line that says what the backup is, then one for each file. */
export function formatManifest({ head, files }: Manifest): Buffer {
  return Buffer.from([head, ...files].map((line) => `${canonicalJson(line)}\n`).join(''))
}

export function parseManifest(bytes: Uint8Array): Manifest {
  try {
    const [head, ...files] = new TextDecoder('utf-8', { fatal: true }).decode(bytes).trimEnd().split('\n')
    return {
      head: headSchema.parse(JSON.parse(head!)),
      files: files.map((line) => fileSchema.parse(JSON.parse(line))),
    }
  } catch (cause) {
    throw damaged('the list of files cannot be read', MANIFEST, cause)
  }
}

/** Compares what an archive held with its list; the first file that differs is named. */
export function compareWithManifest(manifest: Manifest, found: ReadonlyMap<string, ManifestFile>): void {
  const listed = new Set<string>()
  for (const { path, size, sha256 } of manifest.files) {
    const file = found.get(path)
    if (!file) throw damaged('a file of the backup is missing', path)
    if (file.size !== size || file.sha256 !== sha256) throw damaged('a file is not the one that was saved', path)
    listed.add(path)
  }
  for (const path of found.keys()) if (!listed.has(path)) throw damaged('a file was put in that was not saved', path)
}
