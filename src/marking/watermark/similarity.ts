/** A picture as rows of pixels. */
export interface Raster {
  data: ArrayLike<number>
  width: number
  height: number
  channels: number
}

export const WINDOW = 8
/** Windows that are looked at, spread evenly: enough for the third digit. */
const WINDOWS_MAX = 8_000

/** One window in so many pixels, across and down. */
export function windowStep({ width, height }: { width: number; height: number }): number {
  return Math.max(WINDOW, Math.ceil(Math.sqrt((width * height) / WINDOWS_MAX)))
}

/** Luma (Rec. 601) of all windows of 8 × 8 beside each other in a picture, one after the other. */
export function sampleWindows({ data, width, height, channels }: Raster): Float64Array {
  const [across, down] = [Math.floor(width / WINDOW), Math.floor(height / WINDOW)]
  const windows = new Float64Array(across * down * WINDOW ** 2)
  let to = 0
  for (let top = 0; top < down; top++)
    for (let left = 0; left < across; left++)
      for (let i = 0; i < WINDOW ** 2; i++) {
        const at = ((top * WINDOW + (i >> 3)) * width + left * WINDOW + (i & 7)) * channels
        windows[to++] = channels < 3 ? data[at]! : 0.299 * data[at]! + 0.587 * data[at + 1]! + 0.114 * data[at + 2]!
      }
  return windows
}

/** Mean structural similarity of the same windows of two pictures (SSIM; Wang and others, 2004), 1 when they are equal. */
export function structuralSimilarity(a: Float64Array, b: Float64Array): number {
  const [c1, c2] = [(0.01 * 255) ** 2, (0.03 * 255) ** 2]
  const pixels = WINDOW ** 2
  let sum = 0
  for (let start = 0; start < a.length; start += pixels) {
    let [sa, sb, saa, sbb, sab] = [0, 0, 0, 0, 0]
    for (let i = start; i < start + pixels; i++) {
      const [p, q] = [a[i]!, b[i]!]
      sa += p
      sb += q
      saa += p * p
      sbb += q * q
      sab += p * q
    }
    const [ma, mb] = [sa / pixels, sb / pixels]
    const [va, vb, cab] = [saa / pixels - ma * ma, sbb / pixels - mb * mb, sab / pixels - ma * mb]
    sum += ((2 * ma * mb + c1) * (2 * cab + c2)) / ((ma * ma + mb * mb + c1) * (va + vb + c2))
  }
  return sum / (a.length / pixels)
}
