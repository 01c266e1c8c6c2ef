import type { Wav } from '../../../fingerprints/index.ts'

/** Writes a sample (−1 to 1) at an offset, as `Wav` reads it; whole numbers are rounded, and held within their range. */
export function writerOf(bytes: Uint8Array, { isFloat, bits }: Wav): (at: number, value: number) => void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (isFloat) return (at, value) => view.setFloat32(at, value, true)
  const full = 2 ** (bits - 1)
  const whole = (value: number) => Math.max(-full, Math.min(full - 1, Math.round(value * full)))
  switch (bits) {
    case 8:
      return (at, value) => view.setUint8(at, whole(value) + 128)
    case 16:
      return (at, value) => view.setInt16(at, whole(value), true)
    case 24:
      return (at, value) => {
        view.setUint16(at, whole(value) & 0xffff, true)
        view.setInt8(at + 2, whole(value) >> 16)
      }
    default:
      return (at, value) => view.setInt32(at, whole(value), true)
  }
}
