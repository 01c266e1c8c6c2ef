import { unzip, zipEntries, type ZipEntry } from './zip.ts'

/** A file of a collection, which may lie in an archive. It is opened when its turn comes. */
export interface Source {
  path: string
  bytes: number
  /** What tells one state of it from another: when it was last changed, or in an archive its checksum. */
  state: number
  file: File
  entry?: ZipEntry
  /** Why it cannot be opened, where that is known before. */
  refusal?: string
}

const SOURCES_MAX = 100_000
const FOLDER_DEPTH_MAX = 32

/** Files as they were chosen; of archives, the files in them. What systems hide in folders is left out. */
export async function openSources(files: readonly { path: string; file: File }[]): Promise<Source[]> {
  const sources = new Map<string, Source>()
  for (const { path, file } of files) {
    for (const source of isArchive(file) ? await archived(path, file) : [plain(path, file)]) {
      if (!isHidden(source.path)) sources.set(sourceKey(source), source)
      if (sources.size > SOURCES_MAX) throw new Error(`> ${SOURCES_MAX}`)
    }
  }
  return [...sources.values()]
}

/** The same for the same file, as long as it is not changed. */
export function sourceKey({ path, bytes, state }: Source): string {
  return JSON.stringify([path, bytes, state])
}

export async function openSource({ file, entry, refusal }: Source): Promise<File> {
  if (refusal !== undefined) throw new Error(refusal)
  return entry ? unzip(file, entry) : file
}

/** Files from a field of a form, with their places in the folder that was chosen. */
export function chosenFiles(input: HTMLInputElement): { path: string; file: File }[] {
  return [...(input.files ?? [])].map((file) => ({ path: file.webkitRelativePath || file.name, file }))
}

/** Files and whole folders that were dropped. It is called while the drop is handled: afterwards they are gone. */
export async function droppedFiles(transfer: DataTransfer): Promise<{ path: string; file: File }[]> {
  const entries = [...transfer.items].flatMap((item) => item.webkitGetAsEntry() ?? [])
  const found: { path: string; file: File }[] = []
  for (const entry of entries) await walk(entry, FOLDER_DEPTH_MAX, found)
  return found
}

async function walk(entry: FileSystemEntry, depthLeft: number, found: { path: string; file: File }[]): Promise<void> {
  if (found.length > SOURCES_MAX || depthLeft === 0) throw new Error(`> ${SOURCES_MAX}`)
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject))
    found.push({ path: entry.fullPath.replace(/^\//, ''), file })
    return
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader()
  // A folder is told in parts; the last one is empty.
  for (;;) {
    const part = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject))
    if (part.length === 0) return
    for (const each of part) await walk(each, depthLeft - 1, found)
  }
}

function isArchive({ name, type }: File): boolean {
  return /\.zip$/i.test(name) || /^application\/(x-)?zip(-compressed)?$/.test(type)
}

function isHidden(path: string): boolean {
  return path.split('/').some((part) => part.startsWith('.') || /^(__MACOSX|Thumbs\.db|desktop\.ini)$/i.test(part))
}

function plain(path: string, file: File): Source {
  return { path, bytes: file.size, state: file.lastModified, file }
}

/** An archive that cannot be opened is one line, which says why. */
async function archived(path: string, file: File): Promise<Source[]> {
  try {
    const entries = await zipEntries(file)
    return entries.map((entry) => ({
      path: `${path}/${entry.name}`,
      bytes: entry.bytes,
      state: entry.crc,
      file,
      entry,
    }))
  } catch (error) {
    return [{ ...plain(path, file), refusal: (error as Error).message }]
  }
}
