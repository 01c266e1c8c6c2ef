import { globSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { loadExampleWorks } from '../../../examples/works/index.ts'
import { findParts } from '../../../src/datasets/compare.ts'
import { identifyBytes, type FileCodes } from '../../../src/fingerprints/index.ts'
import { hammingDistance, type FeatureIndex } from '../../../src/similarity/index.ts'
import { debianFolders } from './debian.ts'
import { halfOf, type Half } from './halves.ts'

export interface Picture {
  name: string
  half: Half
  bytes: Uint8Array
  width: number
  height: number
  found: FileCodes
}

/** Debian's packages of photographs and paintings, and which of their files are such. */
const PACKAGES: Record<string, string> = {
  'gnome-backgrounds': 'usr/share/backgrounds/gnome/*',
  'mate-backgrounds': 'usr/share/backgrounds/mate/*/*',
  'ukui-wallpapers': 'usr/share/backgrounds/*',
  'lomiri-wallpapers': 'usr/share/backgrounds/*',
  'lomiri-wallpapers-16.04': 'usr/share/backgrounds/*',
  'lomiri-wallpapers-20.04': 'usr/share/backgrounds/*',
  'plasma-workspace-wallpapers': 'usr/share/wallpapers/*/contents/images/*',
  'lxqt-themes': 'usr/share/lxqt/wallpapers/*',
  'wesnoth-1.16-data': 'usr/share/games/wesnoth/1.16/data/core/images/story/*',
}

/** The pictures of the example, and those of `PICTURES` or, without it, of Debian's packages; none twice, none nearly plain. */
export async function loadPictures(): Promise<Picture[]> {
  const pictures: Picture[] = []
  for (const [name, source] of await sources()) {
    const image = sharp(source, { limitInputPixels: 300_000_000 }).rotate()
    const { data, info } = await image
      .resize(1600, 1600, { fit: 'inside', withoutEnlargement: true })
      .flatten({ background: '#fff' })
      .jpeg({ quality: 95, chromaSubsampling: '4:4:4' })
      .toBuffer({ resolveWithObject: true })
    const bytes = new Uint8Array(data)
    const found = await identifyBytes(bytes, name)
    // Gradients and plain colours have nothing by which anything could tell them.
    if ((found.pdqQuality ?? 0) < 50 || found.features!.codes.length < 150 * 32) continue
    // The same in another size or format is the same work.
    if (pictures.some((other) => isAlike(found, other.found))) continue
    pictures.push({ name, half: halfOf(name), bytes, width: info.width, height: info.height, found })
  }
  return pictures
}

async function sources(): Promise<[name: string, source: Uint8Array | string][]> {
  const examples = (await loadExampleWorks()).filter(({ medium }) => medium === 'picture')
  const own = process.env.PICTURES
  const folders = own
    ? [{ folder: own, files: '**/*' }]
    : (debianFolders(Object.keys(PACKAGES), 'photographs and paintings') ?? []).map(({ name, folder }) => ({
        folder,
        files: PACKAGES[name]!,
      }))
  return [
    ...examples.map((work): [string, Uint8Array] => [work.fileName, work.bytes]),
    ...folders.flatMap(({ folder, files }) =>
      largest(globSync(`${files}.{jpg,jpeg,png,webp}`, { cwd: folder }).sort()).map((file): [string, string] => [
        file,
        join(folder, file),
      ]),
    ),
  ]
}

/** Of files that are named by their size (`1920x1080.jpg`) the largest in each folder, and all that are named otherwise. */
function largest(files: string[]): string[] {
  const area = (file: string) => {
    const [, width, height] = /(\d{3,5})x(\d{3,5})\.\w+$/.exec(file) ?? []
    return width ? Number(width) * Number(height) : undefined
  }
  const folder = (file: string) => file.split('/').slice(0, -1).join('/')
  return files.filter((file) => {
    const own = area(file)
    return own === undefined || !files.some((other) => folder(other) === folder(file) && (area(other) ?? 0) > own)
  })
}

/** So many features agree only where two pictures show the same motif to begin with. */
const RELATED_INLIERS = 60

/**
 * Pairs that are not counted against each other: far more of their features agree than the thresholds ask for, or they are
 * the light and the dark form of one picture by their names. A pair that only just passes the thresholds stays in the
 * count: it is what the count is about.
 */
export function relatedPairs(pictures: Picture[], index: FeatureIndex): Set<string> {
  const pairs = new Set<string>()
  const relate = (a: number, b: number) => pairs.add(`${a} ${b}`).add(`${b} ${a}`)
  pictures.forEach(({ found, name }, row) => {
    for (const hit of findParts(index, found.features!))
      if (hit.row !== row && hit.inliers >= RELATED_INLIERS) relate(row, hit.row)
    const motif = motifOf(name)
    pictures.forEach((other, i) => i !== row && motifOf(other.name) === motif && relate(row, i))
  })
  return pairs
}

/** The name without the mark by which light and dark forms are told apart (`wood-l.webp`, `wood-d.webp`). */
function motifOf(name: string): string {
  return name.replace(/-[ld](\.\w+)$/, '$1')
}

/** Whether the pictures as a whole are alike, in any of eight turns and reflections. */
export function isAlike(a: FileCodes, b: FileCodes): boolean {
  return (a.pdqQuality ?? 0) >= 50 && a.pdqDihedral!.some((code) => hammingDistance(code, b.codes.pdq!) <= 31)
}
