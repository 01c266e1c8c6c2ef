import sharp from 'sharp'

/** Width and height of the photograph that is taken of a print. */
const PHOTOGRAPH = { width: 1400, height: 1050 }
/** By how much the print's far edge is shorter than its near one, and how it is turned. */
const KEYSTONE = 0.12
const TURN = (4 * Math.PI) / 180
/** The print fills so much of the photograph. */
const FILL = 0.82

type Point = [x: number, y: number]

/**
 * A print on a table, photographed from an angle: perspective, uneven light, noise, and not quite sharp. `random` gives
 * numbers from 0 to 1.
 */
export async function photographed(bytes: Uint8Array, random: () => number): Promise<Buffer> {
  const { data, info } = await sharp(bytes).removeAlpha().raw().toBuffer({ resolveWithObject: true })
  const { width, height } = PHOTOGRAPH
  const back = projection(printCorners(info.width, info.height), [info.width, info.height])
  const out = Buffer.alloc(width * height * 3)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [u, v] = back(x, y)
      const isPrint = u >= 0 && v >= 0 && u < info.width - 1 && v < info.height - 1
      const light = 0.65 + 0.45 * (x / width) * (1 - 0.4 * (y / height))
      for (let channel = 0; channel < 3; channel++) {
        const seen = isPrint ? bilinear(data, info.width, u, v, channel) : TABLE[channel]!
        const grain = 14 * (random() + random() + random() - 1.5)
        out[(y * width + x) * 3 + channel] = Math.max(0, Math.min(255, seen * light + grain))
      }
    }
  }
  return sharp(out, { raw: { width, height, channels: 3 } })
    .blur(1.2)
    .jpeg({ quality: 80 })
    .toBuffer()
}

const TABLE = [112, 84, 61]

/** Where the print's corners lie in the photograph: the upper edge is farther away. */
function printCorners(width: number, height: number): Point[] {
  const scale = FILL * Math.min(PHOTOGRAPH.width / width, PHOTOGRAPH.height / height)
  const [w, h] = [(width * scale) / 2, (height * scale) / 2]
  const far = 1 - KEYSTONE
  return (
    [
      [-w * far, -h * far],
      [w * far, -h * far],
      [w, h],
      [-w, h],
    ] as Point[]
  ).map(([x, y]) => [
    PHOTOGRAPH.width / 2 + x * Math.cos(TURN) - y * Math.sin(TURN),
    PHOTOGRAPH.height / 2 + x * Math.sin(TURN) + y * Math.cos(TURN),
  ])
}

/** The map from a photographed rectangle back to the rectangle of this size. */
function projection(corners: Point[], [width, height]: [number, number]): (x: number, y: number) => Point {
  const flat: Point[] = [
    [0, 0],
    [width, 0],
    [width, height],
    [0, height],
  ]
  const rows = corners.flatMap(([x, y], i) => {
    const [u, v] = flat[i]!
    return [
      [x, y, 1, 0, 0, 0, -u * x, -u * y, u],
      [0, 0, 0, x, y, 1, -v * x, -v * y, v],
    ]
  })
  const [a, b, c, d, e, f, g, h] = solve(rows) as [number, number, number, number, number, number, number, number]
  return (x, y) => {
    const depth = g * x + h * y + 1
    return [(a * x + b * y + c) / depth, (d * x + e * y + f) / depth]
  }
}

/** Linear equations, the right side last in each row, by elimination with the largest pivot. */
function solve(rows: number[][]): number[] {
  const n = rows.length
  for (let i = 0; i < n; i++) {
    const pivot = rows.slice(i).reduce((best, row) => (Math.abs(row[i]!) > Math.abs(best[i]!) ? row : best))
    rows.splice(rows.indexOf(pivot), 1)
    rows.splice(i, 0, pivot)
    rows.forEach((row, j) => {
      if (j === i) return
      const factor = row[i]! / pivot[i]!
      for (let k = i; k <= n; k++) row[k]! -= factor * pivot[k]!
    })
  }
  return rows.map((row, i) => row[n]! / row[i]!)
}

function bilinear(data: Buffer, width: number, x: number, y: number, channel: number): number {
  const [left, top] = [Math.floor(x), Math.floor(y)]
  const [dx, dy] = [x - left, y - top]
  const at = (column: number, row: number) => data[(row * width + column) * 3 + channel]!
  const upper = at(left, top) * (1 - dx) + at(left + 1, top) * dx
  const lower = at(left, top + 1) * (1 - dx) + at(left + 1, top + 1) * dx
  return upper * (1 - dy) + lower * dy
}
