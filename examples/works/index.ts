import { loadArchivePictures } from './archivePictures.ts'
import { drawPictures } from './drawings/index.ts'
import { composeSounds } from './sounds.ts'
import { loadTexts } from './texts.ts'
import { drawUnrelatedPictures } from './unrelated.ts'

/** A work of the worked example, with its file and what is true of it. */
export interface ExampleWork {
  fileName: string
  medium: 'picture' | 'text' | 'sound'
  mediaType: string
  title: string
  /** BCP 47 tag; texts have one. */
  language?: string
  /** Who declares it: Example Archive, Example Illustrator (drawn by code) or Example Musician. */
  party: 'archive' | 'illustrator' | 'musician'
  role: 'creator' | 'custodian'
  /** Address of the rights statement of a work that is in the public domain. */
  rightsStatement?: string
  /** Who made it, where that is somebody other than the party. */
  creatorName?: string
  /** The page it was taken from, where the package that carries it names one. */
  source?: string
  bytes: Uint8Array
}

/**
 * All works of the example: public-domain pictures and texts of an archive, pictures of an illustrator and sounds of a
 * musician. Two calls on one machine give the same bytes.
 *
 * @example const works = await loadExampleWorks()
 */
export async function loadExampleWorks(): Promise<ExampleWork[]> {
  // The pictures are rasterised on other threads, so that the sounds can be computed meanwhile on this one.
  const pictures = drawPictures()
  const files = Promise.all([loadArchivePictures(), loadTexts()])
  const sounds = composeSounds()
  const [archivePictures, texts] = await files
  return [...archivePictures, ...texts, ...(await pictures), ...sounds]
}

/**
 * `count` small JPEG pictures that are no copies of the works: what else is in a data set.
 *
 * @example const crowd = await loadUnrelatedPictures(300)
 */
export async function loadUnrelatedPictures(count: number): Promise<{ fileName: string; bytes: Uint8Array }[]> {
  return drawUnrelatedPictures(count)
}
