import { SOUND_RATE } from '../../../fingerprints/index.ts'
import { HOP } from './transforms.ts'

const binOf = (hertz: number) => Math.round((hertz * 2 * HOP) / SOUND_RATE)

/** Only bins from this one on, and below the next, are touched: 300 to 4,700 hertz, which every codec keeps. */
export const FIRST_BIN = binOf(300)
export const END_BIN = binOf(4700)

/** Edges of critical bands in hertz, from 2 Bark on (Zwicker, 1961). */
const EDGES = [200, 300, 400, 510, 630, 770, 920, 1080, 1270, 1480, 1720, 2000, 2320, 2700, 3150, 3700, 4400, 5300]
const BIN_OF_EDGE = EDGES.map(binOf)
const BANDS = EDGES.length - 1
const FIRST_BARK = 2.5
/** Powers below this are silence. */
export const POWER_LEAST = 1e-11

/** How much of one band's power masks in another (Schroeder, Atal and Hall, 1979), made to add to one. */
const SPREAD = (() => {
  const gain = (bark: number) => 10 ** ((15.81 + 7.5 * bark - 17.5 * Math.sqrt(1 + bark ** 2)) / 10)
  const whole = Array.from({ length: 41 }, (_, i) => gain(i - 20 + 0.474)).reduce((a, b) => a + b)
  return Float64Array.from({ length: BANDS ** 2 }, (_, i) => gain(Math.floor(i / BANDS) - (i % BANDS) + 0.474) / whole)
})()

/** Flatness of noise in decibels, as chance makes it, and how much less of it is a pure tone. */
const FLATNESS_OF_NOISE = -2.5
const FLATNESS_RANGE = 12

const powers = new Float64Array(BANDS)
const offsets = new Float64Array(BANDS)

/**
 * How strong noise may be in each bin before it is heard beside a block of this power, as an amplitude (Johnston, 1988):
 * a critical band hides what is 5.5 dB weaker when it is noise itself, and what is 14.5 dB and one for each Bark weaker
 * when it is a tone.
 */
export function maskOf(power: Float64Array, mask: Float64Array): void {
  for (let band = 0; band < BANDS; band++) {
    const [first, end] = [BIN_OF_EDGE[band]!, BIN_OF_EDGE[band + 1]!]
    let [sum, logarithms] = [0, 0]
    for (let k = first; k < end; k++) {
      sum += power[k]!
      logarithms += Math.log10(power[k]! + POWER_LEAST / 1000)
    }
    const mean = sum / (end - first)
    const flatness = 10 * (logarithms / (end - first) - Math.log10(mean + POWER_LEAST / 1000))
    const tonality = Math.max(0, Math.min(1, (FLATNESS_OF_NOISE - flatness) / FLATNESS_RANGE))
    powers[band] = mean
    offsets[band] = tonality * (14.5 + FIRST_BARK + band) + (1 - tonality) * 5.5
  }
  for (let band = 0; band < BANDS; band++) {
    let spread = 0
    for (let from = 0; from < BANDS; from++) spread += SPREAD[band * BANDS + from]! * powers[from]!
    mask.fill(Math.sqrt(spread * 10 ** (-offsets[band]! / 10)), BIN_OF_EDGE[band], BIN_OF_EDGE[band + 1])
  }
}
