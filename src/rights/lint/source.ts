import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { ColophonError, safeFetch } from '../../foundation/index.ts'
import type { RightsFinding } from '../exports/findings.ts'
import { readFolderFiles, type ManifestReader } from './folderFiles.ts'
import type { Place } from './places.ts'

/** A place that was read; its headers have names in lower case. */
export interface SiteFile {
  where: string
  text: string
  headers: Record<string, string>
}

export type SiteAnswer = { file: SiteFile } | { finding: RightsFinding } | undefined

/** Where a site's places are read from. `undefined` means that there is no such place. */
export interface SiteSource {
  target: string
  /** The path of the page that is asked about. */
  path: string
  /** Nothing in a folder says under which name it is served. */
  host: string | undefined
  hasHeaders: boolean
  read(place: string, bytesMax: number): Promise<SiteAnswer>
  /** The files that nobody asked for by name; a site cannot be asked for all of its files. */
  readFiles?(): Promise<Place[]>
}

/** The page itself, wherever it is. */
export const PAGE = 'page'

/**
 * A site by its address. Everything is fetched through `safeFetch`: public addresses only, bounded in size and time.
 * Places are paths, or absolute addresses that the site itself names.
 */
export function openUrlSource(url: string, options: { allowPrivate?: boolean; timeoutMs?: number } = {}): SiteSource {
  if (!URL.canParse(url)) throw new ColophonError('usage', 'not an address', { where: url.slice(0, 200) })
  const page = new URL(url)
  page.hash = page.username = page.password = ''
  return {
    target: page.href,
    path: `${page.pathname}${page.search}`,
    host: page.host,
    hasHeaders: true,
    async read(place, bytesMax) {
      const address = new URL(place === PAGE ? page : place, page)
      // Only the host that was asked for may be private, and only in tests: a link must not lead inside.
      const allowPrivate = options.allowPrivate === true && address.host === page.host
      const timeoutMs = options.timeoutMs ?? 10_000
      try {
        const {
          status,
          headers,
          body,
          url: final,
        } = await safeFetch(address.href, { bytesMax, allowPrivate, timeoutMs })
        if (status === 404 || status === 410) return undefined
        if (status < 200 || status > 299) return unreadable(address.href, `it answers with status ${status}`)
        return decode(final, body, headers)
      } catch (error) {
        if (!(error instanceof ColophonError)) throw error
        if (error.code === 'too_large') return tooLarge(address.href, bytesMax)
        return unreadable(address.href, error.message)
      }
    },
  }
}

/**
 * A folder as it would be served, with the marks in its files; a path in it never leads outside. Manifests are read by
 * whoever can: without that what speaks of training in one counts as unknown.
 */
export function openFolderSource(directory: string, readManifest?: ManifestReader): SiteSource {
  const root = realpathSync(directory)
  const known = new Set<string>()
  return {
    target: directory,
    path: '/',
    host: undefined,
    hasHeaders: false,
    async read(place, bytesMax) {
      const path = place === PAGE ? 'index.html' : pathnameOf(place)
      const file = join(root, path)
      known.add(relative(root, file))
      if (!existsSync(file)) return undefined
      const real = realpathSync(file)
      if (!real.startsWith(root + sep) || !statSync(real).isFile())
        return unreadable(path, 'it is not a file of the folder')
      if (statSync(real).size > bytesMax) return tooLarge(path, bytesMax)
      return decode(path, readFileSync(real), {})
    },
    readFiles: () => readFolderFiles(root, known, readManifest),
  }
}

function pathnameOf(place: string): string {
  try {
    return decodeURIComponent(new URL(place, 'https://folder.invalid/').pathname).replaceAll('\0', '')
  } catch {
    return '/'
  }
}

/**
 * Old pages are in other encodings; what is looked for is ASCII, the rest may become replacement characters. UTF-16 and
 * UTF-32 hide ASCII from whoever does not expect them, so they are not read.
 */
function decode(where: string, body: Uint8Array, headers: Record<string, string>): SiteAnswer {
  const isWide = (body[0] === 0xff && body[1] === 0xfe) || (body[0] === 0xfe && body[1] === 0xff)
  if (isWide || body.includes(0)) return unreadable(where, 'it is not in an encoding that holds ASCII as it is')
  return { file: { where, text: new TextDecoder().decode(body), headers } }
}

function unreadable(where: string, what: string): SiteAnswer {
  const remedy = 'What stands there counts as unknown; make it readable.'
  return { finding: { code: 'unreadable', severity: 'error', where, what, remedy } }
}

function tooLarge(where: string, bytesMax: number): SiteAnswer {
  const remedy = 'What stands there counts as unknown; make it smaller.'
  return { finding: { code: 'too_large', severity: 'error', where, what: `more than ${bytesMax} bytes`, remedy } }
}
