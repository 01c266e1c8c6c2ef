import type { ExampleWork } from '../index.ts'
import { abstract } from './abstract.ts'
import { botanical } from './botanical.ts'
import { harbour } from './harbour.ts'
import { koi } from './koi.ts'
import { lighthouse } from './lighthouse.ts'
import { mask } from './mask.ts'
import { mountains } from './mountains.ts'
import { rasterise } from './raster.ts'
import { seasons } from './seasons.ts'
import { skyline } from './skyline.ts'
import { starMap } from './starMap.ts'
import { stillLife } from './stillLife.ts'
import { textile } from './textile.ts'

const DRAWINGS = [
  harbour,
  mountains,
  stillLife,
  skyline,
  seasons,
  botanical,
  textile,
  abstract,
  mask,
  starMap,
  lighthouse,
  koi,
]

/** Twelve illustrations, drawn by code and rasterised side by side. */
export async function drawPictures(): Promise<ExampleWork[]> {
  return Promise.all(
    DRAWINGS.map(async (draw): Promise<ExampleWork> => {
      const drawing = draw()
      return {
        fileName: drawing.fileName,
        medium: 'picture',
        mediaType: drawing.fileName.endsWith('.png') ? 'image/png' : 'image/jpeg',
        title: drawing.title,
        party: 'illustrator',
        role: 'creator',
        bytes: await rasterise(drawing),
      }
    }),
  )
}
