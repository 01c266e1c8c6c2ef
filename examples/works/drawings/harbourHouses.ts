import type { Seeded } from '../seeded.ts'
import { brushed, strokes } from './brush.ts'
import { dots, element, mix, path, straight } from './svg.ts'

export const WIDTH = 1280

export const QUAY = 470

const PLASTER = ['#e8b04b', '#d9694f', '#efe3cd', '#7fa3a8', '#c98b9b', '#e2d2a4', '#a9643f', '#8fae7f', '#f0c9a0']

export interface House {
  x: number
  width: number
  top: number
  colour: string
}

/** Houses along the quay, no two neighbours of one colour, lower towards the right. */
export function rowOfHouses(random: Seeded): House[] {
  const houses: House[] = []
  for (let x = -30; x < WIDTH - 250;) {
    const width = random.between(66, 128)
    const slope = 1 - Math.abs(x - 420) / 1100
    const colour = random.pick(PLASTER.filter((plaster) => plaster !== houses.at(-1)?.colour))
    houses.push({ x, width, top: QUAY - random.between(130, 260) * slope, colour })
    x += width + (random.chance(0.16) ? random.between(14, 46) : 0)
  }
  return houses
}

/** The front of a house with its roof, windows, shutters, flower boxes and door; some have a shop's awning. */
export function facade(random: Seeded, house: House): string {
  const front = walls(random, house)
  const shutter = random.pick(['#2f5d50', '#345b84', '#7a2f2f', '#4a4a4a', '#e9e2d0'])
  return front + windows(random, house, shutter) + entrance(random, house, shutter)
}

function walls(random: Seeded, { x, width, top, colour }: House): string {
  const roof = random.pick(['#8c4a35', '#a3573c', '#6d4034', '#58565c'])
  const rise = random.between(16, 52)
  const peak = x + width * random.between(0.4, 0.6)
  const gable = straight([
    [x - 5, top + 3],
    [peak, top - rise],
    [x + width + 5, top + 3],
  ])
  return [
    element('rect', { x, y: top, width, height: QUAY - top, fill: colour }),
    brushed(
      random,
      { x, y: top, width, height: QUAY - top },
      [mix(colour, '#ffffff', 0.4), mix(colour, '#3a2a2a', 0.35)],
      { count: 12, length: 26, thickness: 5, angle: 80, opacity: 0.25 },
    ),
    element('rect', {
      x: x + width * 0.82,
      y: top,
      width: width * 0.18,
      height: QUAY - top,
      fill: '#2b2233',
      opacity: 0.16,
    }),
    element('rect', {
      x: x + width * random.between(0.15, 0.7),
      y: top - rise - 12,
      width: 13,
      height: rise + 10,
      fill: mix(roof, '#201818', 0.4),
    }),
    path(`${gable}Z`, { fill: roof }),
    strokes(gable, mix(roof, '#201010', 0.5), 3),
  ].join('')
}

function windows(random: Seeded, { x, width, top }: House, shutter: string): string {
  const parts: string[] = []
  const columns = Math.max(2, Math.round(width / 36))
  for (let y = top + 18; y < QUAY - 62; y += 47) {
    for (let column = 0; column < columns; column++) {
      const left = x + (width * (column + 0.5)) / columns - 8 + random.bell()
      const lit = random.chance(0.12)
      parts.push(
        element('rect', {
          x: left,
          y,
          width: 16,
          height: 25,
          fill: lit ? '#ffe6a3' : '#39424e',
          stroke: '#f4ecdc',
          'stroke-width': 2,
        }),
      )
      if (random.chance(0.72))
        parts.push(path(`M${left - 9} ${y - 1}h7v27h-7zM${left + 18} ${y - 1}h7v27h-7z`, { fill: shutter }))
      if (random.chance(0.2))
        parts.push(
          path(
            dots(
              Array.from(
                { length: 9 },
                () => [left + random.between(-2, 18), y + 27 + random.bell() * 2, random.between(1.5, 3.5)] as const,
              ),
            ),
            { fill: random.pick(['#c23b4e', '#5f8a3c', '#d889a8']) },
          ),
        )
    }
  }
  return parts.join('')
}

function entrance(random: Seeded, { x, width }: House, shutter: string): string {
  const parts: string[] = []
  const door = x + width * random.between(0.12, 0.6)
  parts.push(path(`M${door} ${QUAY}v-38q11 -15 22 0v38z`, { fill: mix(shutter, '#1c1410', 0.35) }))
  if (random.chance(0.5)) {
    const awning = random.pick(['#b83a32', '#2d6a7a', '#d9a441'])
    for (let stripe = 0; stripe < 6; stripe++) {
      parts.push(path(`M${door + 26 + stripe * 8} ${QUAY - 42}h8l4 15h-8z`, { fill: stripe % 2 ? '#f7efe0' : awning }))
    }
  }
  return parts.join('')
}
