import { fromHex } from '../foundation/index.ts'
import type { FileCodes } from './codes.ts'
import { formatComposite, type formatIscc, type IsccUnit } from './iscc.ts'

/** Units of ISO 24138 by the names of our codes; 'semantic' codes have no standard algorithm yet. */
export const ISCC_UNITS: Record<
  string,
  Pick<IsccUnit, 'mainType' | 'subType'> & { kind: Parameters<typeof formatIscc>[0] }
> = {
  'iscc-text-v0': { kind: 'text', mainType: 'content', subType: 'text' },
  'iscc-image-v0': { kind: 'image', mainType: 'content', subType: 'image' },
  'iscc-audio-v0': { kind: 'audio', mainType: 'content', subType: 'audio' },
  'iscc-video-v0': { kind: 'video', mainType: 'content', subType: 'video' },
  'iscc-data-v0': { kind: 'data', mainType: 'data', subType: 'none' },
  'iscc-instance-v0': { kind: 'instance', mainType: 'instance', subType: 'none' },
}

/** The ISCC-CODE of a file: 64 bits of each of its units. */
export function compositeOf(codes: FileCodes['codes']): string {
  const units = Object.entries(codes).flatMap(([name, code]) => {
    const unit = ISCC_UNITS[name]
    return unit ? [{ mainType: unit.mainType, subType: unit.subType, digest: fromHex(code) }] : []
  })
  return formatComposite(units)
}
