import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { PreparedSource, SourceFormat } from '../collecting/index.ts'
import { dataPath, sha256Hex, writeFileDurably, type Config } from '../foundation/index.ts'

/** What stands in `import.json` of an import. */
export interface ImportFile {
  party: string
  format: SourceFormat
  role: string
  address?: string
  creator?: string
  /** What people call the source: the name of a file, or an address. */
  source: string
  /** Which column is what, where somebody has said so: fields by the numbers of columns. */
  map?: string
  /** SHA-256 of what was declared of the source before, when reading began; empty when nothing was. */
  base: string
  bytes: number
  isDeclared: boolean
}

/** The files of imports: `imports/PARTY/ID/…`, and what was declared of each source: `imports/PARTY/states/SOURCE`. */
export function importFiles(config: Config) {
  const root = dataPath(config, 'imports')
  const partyFolder = (party: string) => join(root, sha256Hex(Buffer.from(party)).slice(0, 32))
  const folder = (party: string, id: string) => join(partyFolder(party), id)
  const names = (path: string) => (existsSync(path) ? readdirSync(path) : [])
  const parse = <Content>(path: string): Content | undefined => {
    try {
      return JSON.parse(readFileSync(path, 'utf8')) as Content
    } catch {
      return undefined
    }
  }
  return {
    folder,
    ids: (party: string) => names(partyFolder(party)).filter((name) => name !== 'states'),
    /** How many imports of all parties there are, and the bytes that were sent for them. */
    total(): { count: number; bytes: number } {
      const sent = names(root).flatMap((name) => names(join(root, name)).map((id) => join(root, name, id, 'source')))
      const bytes = sent.map((path) => statSync(path, { throwIfNoEntry: false })?.size ?? 0)
      return { count: sent.length, bytes: bytes.reduce((sum, size) => sum + size, 0) }
    },
    read: (party: string, id: string) => parse<ImportFile>(join(folder(party, id), 'import.json')),
    write(id: string, file: ImportFile) {
      mkdirSync(folder(file.party, id), { recursive: true, mode: 0o700 })
      writeFileDurably(join(folder(file.party, id), 'import.json'), JSON.stringify(file), 0o600)
    },
    prepared(party: string, id: string): { text: string; content: PreparedSource } | undefined {
      const path = join(folder(party, id), 'prepared.json')
      const content = parse<PreparedSource>(path)
      return content && { text: readFileSync(path, 'utf8'), content }
    },
    failure: (party: string, id: string) => parse<{ message: string }>(join(folder(party, id), 'failure.json')),
    remove: (party: string, id: string) => rmSync(folder(party, id), { recursive: true, force: true }),
    removeAll: (party: string) => rmSync(partyFolder(party), { recursive: true, force: true }),
    state({ party, format, source }: ImportFile): string {
      const states = join(partyFolder(party), 'states')
      mkdirSync(states, { recursive: true, mode: 0o700 })
      return join(states, sha256Hex(Buffer.from(`${format}\n${source}`)))
    },
    /** Folders of all parties that were last written before a moment (milliseconds). */
    old(before: number): { path: string }[] {
      return names(root).flatMap((name) =>
        names(join(root, name))
          .filter((id) => id !== 'states')
          .map((id) => ({ path: join(root, name, id) }))
          .filter(({ path }) => statSync(path).mtimeMs < before),
      )
    },
  }
}

/** What is compared to tell whether something was declared since: SHA-256 of a file, empty when there is none. */
export function hashOfFile(path: string): string {
  return existsSync(path) ? sha256Hex(new Uint8Array(readFileSync(path))) : ''
}
