import { readdirSync, readFileSync, statSync } from 'node:fs'
import { extname, join } from 'node:path'
import type { RightsFinding, RightsReading } from '../exports/findings.ts'
import { readCawg } from '../exports/cawg.ts'
import { MANIFEST_NOT_READ, readMarks } from './marks.ts'
import type { Place } from './places.ts'

const folderLimits = { entriesMax: 20_000, fileBytesMax: 64 * 1024 * 1024, bytesMax: 1024 ** 3 } as const

/** Kinds of file that say something about themselves and whose marks are read. */
// prettier-ignore
const READ = new Set([
  'jpg', 'jpeg', 'png', 'webp', 'tif', 'tiff', 'gif', 'heic', 'heif', 'avif', 'jxl', 'dng', 'psd', 'svg', 'pdf', 'epub',
])

/** The assertions of the manifest that speaks for a file; undefined when there is none that is unchanged since it was signed. */
export type ManifestReader = (bytes: Uint8Array) => Promise<{ label: string; data: unknown }[] | undefined>

/**
 * What the pictures, PDF and EPUB files of a folder say about themselves, those that say the same together, and one
 * finding that tells what was not looked at. Names that begin with a dot are not served and are passed over; no link is
 * followed.
 */
export async function readFolderFiles(
  root: string,
  known: ReadonlySet<string>,
  readManifest?: ManifestReader,
): Promise<Place[]> {
  const { files, isWhole } = listFiles(root)
  const others = files.filter((path) => !known.has(path))
  const marked = others.filter((path) => READ.has(extensionOf(path)))
  const said = new Map<string, { paths: string[]; reading: RightsReading }>()
  let bytesLeft: number = folderLimits.bytesMax
  for (const path of marked) {
    const { rules, findings, bytes } = await readFile(root, path, bytesLeft, readManifest)
    bytesLeft -= bytes
    if (rules.length + findings.length === 0) continue
    const key = JSON.stringify(rules)
    const { paths, reading } = said.get(key) ?? { paths: [], reading: { rules, findings: [] } }
    said.set(key, { paths: [...paths, path], reading: { rules, findings: [...reading.findings, ...findings] } })
  }
  const places = [...said.values()].map(({ paths, reading }): Place => {
    const more = paths.length > 1 ? ` and ${paths.length - 1} more` : ''
    return { place: `file ${paths[0]!}${more}`, state: 'read', ...reading, isFile: true }
  })
  if (others.length === 0) return places
  const notRead = others.filter((path) => !READ.has(extensionOf(path)))
  const findings = [told(marked.length, notRead, root), ...(isWhole ? [] : [tooLarge(root)])]
  const state = marked.length > 0 ? 'read' : 'not there'
  return [...places, { place: 'files', state, rules: [], findings, isFile: true }]
}

const extensionOf = (path: string) => extname(path).slice(1).toLowerCase()

async function readFile(
  root: string,
  path: string,
  bytesLeft: number,
  readManifest: ManifestReader | undefined,
): Promise<RightsReading & { bytes: number }> {
  try {
    const { size } = statSync(join(root, path))
    if (size > folderLimits.fileBytesMax || size > bytesLeft) return { rules: [], findings: [tooLarge(path)], bytes: 0 }
    const content = readFileSync(join(root, path))
    const read = readMarks(content, extensionOf(path), path)
    const speaks = read.findings.some(({ what }) => what === MANIFEST_NOT_READ)
    return { ...(speaks && readManifest ? await withManifest(read, content, path, readManifest) : read), bytes: size }
  } catch {
    const remedy = 'What stands there counts as unknown; make it readable.'
    const finding = { code: 'unreadable', severity: 'error', where: path, what: 'it cannot be opened', remedy } as const
    return { rules: [], findings: [finding], bytes: 0 }
  }
}

/** What a manifest says of training counts like every other mark, as long as nobody has changed the file since. */
async function withManifest(
  { rules, findings }: RightsReading,
  content: Uint8Array,
  path: string,
  readManifest: ManifestReader,
): Promise<RightsReading> {
  const assertions = (await readManifest(content))?.filter(({ label }) => /\.training-mining(__\d+)?$/.test(label))
  if (!assertions || assertions.length === 0) return { rules, findings }
  const said = assertions.map(({ label, data }) =>
    readCawg(JSON.stringify({ label: label.replace(/__\d+$/, ''), data }), path),
  )
  return {
    rules: [...rules, ...said.flatMap((each) => each.rules)],
    findings: [...findings.filter(({ what }) => what !== MANIFEST_NOT_READ), ...said.flatMap((each) => each.findings)],
  }
}

/** The regular files below a folder, by their paths in it, in a fixed order. */
function listFiles(root: string): { files: string[]; isWhole: boolean } {
  const files: string[] = []
  const folders = ['']
  for (let seen = 0; folders.length > 0;) {
    const folder = folders.shift()!
    const entries = readdirSync(join(root, folder), { withFileTypes: true })
    for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
      if (++seen > folderLimits.entriesMax) return { files, isWhole: false }
      if (entry.name.startsWith('.')) continue
      const path = join(folder, entry.name)
      if (entry.isDirectory()) folders.push(path)
      else if (entry.isFile()) files.push(path)
    }
  }
  return { files, isWhole: true }
}

function tooLarge(where: string): RightsFinding {
  const what = 'more files, or more bytes, than are read'
  const remedy = 'What stands there counts as unknown; ask about a part of it.'
  return { code: 'too_large', severity: 'error', where, what, remedy }
}

function told(count: number, notRead: readonly string[], where: string): RightsFinding {
  const kinds = [...Map.groupBy(notRead, extensionOf)].map(([kind, paths]) => `${paths.length} × .${kind.slice(0, 20)}`)
  const others = kinds.length > 0 ? `; not read: ${kinds.slice(0, 10).join(', ')}${kinds.length > 10 ? ' …' : ''}` : ''
  const what = `of the files beside the page, the marks in ${count} pictures, PDF and EPUB were read${others}`
  return { code: 'not_read', severity: 'note', where, what, remedy: 'Ask about other pages one by one.' }
}
