import { brushed, strokes } from './drawings/brush.ts'
import { curve, element, group, mix, path, type Point, ridge, straight } from './drawings/svg.ts'
import type { Seeded } from './seeded.ts'
import type { Canvas } from './unrelatedShapes.ts'

/** Ridges under a sun or a moon. */
export function landscape(random: Seeded, { width, height, colours }: Canvas): string {
  const layers = random.whole(2, 5)
  const disc = element('circle', {
    cx: random.between(20, width - 20),
    cy: random.between(20, height * 0.6),
    r: random.between(8, 44),
    fill: colours[4],
  })
  return (
    disc +
    Array.from({ length: layers }, (_, layer) => {
      const y = height * (random.between(0.25, 0.45) + (layer / layers) * 0.55)
      const points = ridge(
        random,
        [-5, y + random.bell() * 22],
        [width + 5, y + random.bell() * 22],
        random.between(20, 90),
        random.between(0.4, 0.6),
        6,
      )
      return path(`${straight(points)}V${height}H-5Z`, { fill: mix(colours[1], colours[3], layer / layers) })
    }).join('')
  )
}

/** Flowers that rise from one place. */
export function bouquet(random: Seeded, { width, height, colours }: Canvas): string {
  const foot: Point = [width * random.between(0.3, 0.7), height * random.between(0.9, 1.1)]
  return Array.from({ length: random.whole(2, 9) }, () => {
    const head: Point = [random.between(20, width - 20), random.between(16, height * 0.65)]
    const stem = strokes(
      curve([foot, [(foot[0] + head[0]) / 2 + random.bell() * 20, (foot[1] + head[1]) / 2], head]),
      '#3b6b3a',
      random.between(1.5, 4),
    )
    const [petals, long] = [random.whole(4, 11), random.between(10, 40)]
    const flower = Array.from({ length: petals }, (_, petal) =>
      element('ellipse', {
        cx: head[0],
        cy: head[1] - long * 0.6,
        rx: long * 0.3,
        ry: long * 0.6,
        fill: colours[(petal % 2) + 1],
        transform: `rotate(${((petal * 360) / petals).toFixed(0)} ${head[0].toFixed(1)} ${head[1].toFixed(1)})`,
      }),
    )
    return stem + flower.join('') + element('circle', { cx: head[0], cy: head[1], r: long * 0.28, fill: colours[4] })
  }).join('')
}

/** Rows of waves, with a few sails. */
export function sea(random: Seeded, { width, height, colours }: Canvas): string {
  const rows = random.whole(5, 14)
  const [swing, length] = [random.between(3, 22), random.between(18, 70)]
  const sails = Array.from({ length: random.whole(1, 5) }, () => {
    const [x, y] = [random.between(10, width - 10), random.between(height * 0.3, height * 0.9)]
    const tall = random.between(20, 90)
    return straight(
      [
        [x, y],
        [x, y - tall],
        [x + tall * random.between(-0.7, 0.7), y - tall * 0.1],
      ],
      true,
    )
  })
  const waves = Array.from({ length: rows }, (_, row) => {
    const y = height * (0.15 + (row / rows) * 0.9)
    const points = Array.from({ length: 12 }, (__, step): Point => [
      -20 + (step * (width + 40)) / 11,
      y + Math.sin((step * width) / length / 4 + row * 1.7) * swing * random.between(0.5, 1),
    ])
    return path(`${curve(points)}V${height + 9}H-20Z`, { fill: mix(colours[1], colours[2], row / rows) })
  })
  return waves.join('') + path(sails.join(''), { fill: colours[4], stroke: colours[3], 'stroke-width': 2 })
}

/** House fronts side by side. */
export function town(random: Seeded, { width, height, colours }: Canvas): string {
  const parts: string[] = []
  for (let x = random.between(-20, 0); x < width;) {
    const [wide, top] = [random.between(22, 70), height * random.between(0.15, 0.75)]
    parts.push(element('rect', { x, y: top, width: wide, height, fill: random.pick(colours.slice(1)) }))
    if (random.chance(0.5))
      parts.push(
        path(
          straight(
            [
              [x, top],
              [x + wide / 2, top - random.between(8, 34)],
              [x + wide, top],
            ],
            true,
          ),
          { fill: colours[3] },
        ),
      )
    for (let y = top + 8; y < height - 8; y += 18)
      parts.push(
        path(`M${(x + 5).toFixed(1)} ${y.toFixed(1)}h7v9h-7zM${(x + wide - 13).toFixed(1)} ${y.toFixed(1)}h7v9h-7z`, {
          fill: colours[0],
        }),
      )
    x += wide
  }
  return parts.join('')
}

/** Frames that shrink towards one point. */
export function corridor(random: Seeded, { width, height, colours }: Canvas): string {
  const vanish: Point = [width * random.between(0.2, 0.8), height * random.between(0.2, 0.8)]
  const frames = random.whole(4, 9)
  return Array.from({ length: frames }, (_, frame) => {
    const share = 1 - frame / frames
    const at = (x: number, y: number): Point => [
      vanish[0] + (x - vanish[0]) * share,
      vanish[1] + (y - vanish[1]) * share,
    ]
    return path(straight([at(0, 0), at(width, 0), at(width, height), at(0, height)], true), {
      fill: frame % 2 ? mix(colours[1], colours[2], share) : mix(colours[3], colours[4], share),
    })
  }).join('')
}

/** Leaves scattered over brushed ground. */
export function leaves(random: Seeded, { width, height, colours }: Canvas): string {
  const ground = brushed(random, { x: 0, y: 0, width, height }, [colours[1], colours[2]], {
    count: 22,
    length: 70,
    thickness: 9,
    angle: random.between(0, 180),
  })
  return (
    ground +
    Array.from({ length: random.whole(5, 26) }, () => {
      const [long, wide] = [random.between(24, 90), random.between(7, 26)]
      const place = `translate(${random.between(0, width).toFixed(0)} ${random.between(0, height).toFixed(0)}) rotate(${random.whole(0, 359)})`
      return group(
        { transform: place },
        path(`M0 0Q${wide} ${-long * 0.5} 0 ${-long}Q${-wide} ${-long * 0.5} 0 0Z`, { fill: random.pick(colours) }),
        strokes(`M0 8V${-long * 0.9}`, colours[3], 1.5),
      )
    }).join('')
  )
}
