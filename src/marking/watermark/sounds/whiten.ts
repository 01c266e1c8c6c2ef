import { END_BIN, FIRST_BIN, POWER_LEAST, maskOf } from './masking.ts'
import { HOP, addSpectrum, newSpectrum, spectrumAt } from './transforms.ts'

/** Bins on each side of one whose power is taken for its noise. */
const REACH = 2
/** No bin counts more than this, however well it is masked. */
const COUNT_MAX = 3

/**
 * The sound, weighed so that a watermark is heard best in it: each bin as strong as the watermark would be there, by the
 * power of what else is there (a matched filter). How loud the sound is falls out of it.
 */
export function whiten(samples: Float32Array): Float32Array {
  const white = new Float32Array(samples.length)
  const spectrum = newSpectrum()
  const [mask, factors] = [new Float64Array(HOP + 1), new Float64Array(HOP)]
  for (let at = -HOP; at < samples.length; at += HOP) {
    spectrumAt(samples, at, spectrum)
    if (weigh(spectrum.power, mask, factors)) addSpectrum(spectrum, factors, white, at)
  }
  return white
}

/** Whether there is anything to be weighed. */
function weigh(power: Float64Array, mask: Float64Array, factors: Float64Array): boolean {
  maskOf(power, mask)
  let [near, whole] = [0, 0]
  for (let k = FIRST_BIN - REACH; k < FIRST_BIN + REACH; k++) near += power[k]!
  for (let k = FIRST_BIN; k < END_BIN; k++) {
    near += power[k + REACH]!
    whole += power[k]!
    const factor = mask[k]! / (Math.max(0, near) / (2 * REACH + 1) + POWER_LEAST)
    const counts = factor * Math.sqrt(power[k]!)
    factors[k] = counts > COUNT_MAX ? (factor * COUNT_MAX) / counts : factor
    near -= power[k - REACH]!
  }
  return whole > POWER_LEAST
}
