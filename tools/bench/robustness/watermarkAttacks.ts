import type { Sharp } from 'sharp'

/** What is done to marked pictures: as many hands do it, and as the standard promises that it is survived. */
export const WATERMARK_ATTACKS: Record<string, (picture: Sharp, side: { w: number; h: number }) => Sharp> = {
  'nothing, encoded again': (picture) => picture.jpeg({ quality: 92 }),
  'JPEG 50': (picture) => picture.jpeg({ quality: 50 }),
  'JPEG 30': (picture) => picture.jpeg({ quality: 30 }),
  'JPEG 15': (picture) => picture.jpeg({ quality: 15 }),
  'WebP 60': (picture) => picture.webp({ quality: 60 }),
  'AVIF 40': (picture) => picture.avif({ quality: 40, effort: 2 }),
  'half size': (picture, { w }) => picture.resize(Math.round(w / 2)).jpeg({ quality: 80 }),
  '400 pixels': (picture) => picture.resize(400).jpeg({ quality: 80 }),
  '200 pixels': (picture) => picture.resize(200).jpeg({ quality: 80 }),
  'aspect × 0.7': (picture, { w, h }) => picture.resize(Math.round(w * 0.7), h, { fit: 'fill' }).jpeg({ quality: 85 }),
  'brightness × 1.2': (picture) => picture.modulate({ brightness: 1.2 }).jpeg(),
  'saturation × 1.5': (picture) => picture.modulate({ saturation: 1.5 }).jpeg(),
  grey: (picture) => picture.grayscale().jpeg(),
  'blur 1.5 pixels': (picture) => picture.blur(1.5).jpeg(),
  sharpened: (picture) => picture.sharpen().jpeg(),
  'median of 3': (picture) => picture.median(3).jpeg(),
  mirrored: (picture) => picture.flop().jpeg(),
  'turned by 90°': (picture) => picture.rotate(90).jpeg(),
  'cut to 90% of each side': cut(0.06, 0.04, 0.9, 0.9),
  'cut to 75% of the area': cut(0.1, 0.03, 0.866, 0.866),
  'cut to 75% of the width': cut(0.25, 0, 0.75, 1),
  'cut to 60% of the area': cut(0.12, 0.1, 0.775, 0.775),
  'cut to 75%, JPEG 50, 800 pixels': (picture, side) =>
    cut(0.1, 0.03, 0.866, 0.866)(picture, side).resize(800).jpeg({ quality: 50 }),
  'turned by 2°, on white': (picture) => picture.rotate(2, { background: '#fff' }).jpeg({ quality: 85 }),
  'turned by 5°, on black': (picture) => picture.rotate(5, { background: '#000' }).jpeg({ quality: 85 }),
  'turned by −5°, on grey': (picture) => picture.rotate(-5, { background: '#888' }).jpeg({ quality: 85 }),
}

function cut(left: number, top: number, width: number, height: number) {
  return (picture: Sharp, { w, h }: { w: number; h: number }) =>
    picture
      .extract({
        left: Math.round(w * left),
        top: Math.round(h * top),
        width: Math.floor(w * width),
        height: Math.floor(h * height),
      })
      .jpeg({ quality: 80 })
}
