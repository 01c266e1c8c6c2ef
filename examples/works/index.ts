import { archiveWorks } from './archive.ts'
import { harbour } from './drawings/harbour.ts'
import { rasterise } from './drawings/raster.ts'
import { smallDrawings } from './drawings/small.ts'
import { soundWorks } from './sounds.ts'

/** A work of the worked example, with the bytes of its file. */
export interface ExampleWork {
  fileName: string
  medium: 'picture' | 'text' | 'sound'
  mediaType: string
  title: string
  language?: string
  party: 'archive' | 'illustrator' | 'musician'
  /** A custodian keeps a work; it does not claim to have made it. */
  role: 'creator' | 'custodian'
  rightsStatement?: string
  bytes: Uint8Array
}

/** All works of the example: public-domain ones that npm ships, and pictures and sounds made by code. */
export async function loadExampleWorks(): Promise<ExampleWork[]> {
  const drawings: ExampleWork[] = []
  for (const drawing of [harbour(), ...smallDrawings()]) {
    drawings.push({
      fileName: drawing.fileName,
      medium: 'picture',
      mediaType: drawing.fileName.endsWith('.png') ? 'image/png' : 'image/jpeg',
      title: drawing.title,
      party: 'illustrator',
      role: 'creator',
      bytes: await rasterise(drawing),
    })
  }
  return [...archiveWorks(), ...drawings, ...soundWorks()]
}
