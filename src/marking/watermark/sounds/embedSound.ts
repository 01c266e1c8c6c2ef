import { encode } from '../convolutional.ts'
import { payloadBits, type WatermarkPayload } from '../payload.ts'
import { BLOCKS, CARRIERS, PILOT, bitOf, chipsAt, signOf, softBits } from './carriers.ts'
import { FIRST_BIN, maskOf } from './masking.ts'
import { HOP, addLapped, newSpectrum, spectrumAt } from './transforms.ts'
import { whiten } from './whiten.ts'

/** The watermark as part of the amplitude that would just not be heard: 16.5 dB below it. */
const STRENGTH = 0.15
/** It is weaker still where the sound as a whole would be less than this above it, in decibels. */
const SNR_LEAST = 30
/** Blocks over which bits are made equally sure: half a period, so that what is cut out of a sound is even, too. */
const EVEN_BLOCKS = BLOCKS / 2
const ROUNDS = 4
/** Bits that the sound itself says, or speaks against, are still given this much, and no more than that, of the mean. */
const GAIN_LEAST = 0.1
const GAIN_MOST = 2.5

/**
 * What has to be added to each channel (`SOUND_RATE` samples a second) so that all together carry the payload. Each block
 * and band is given what it can hide. The sound is known, so each bit is made as sure as the others (improved spread
 * spectrum, Malvar and Florêncio, 2003). Silence is given nothing.
 */
export function soundWatermarkOf(channels: readonly Float32Array[], payload: WatermarkPayload): Float32Array[] {
  const coded = encode(payloadBits(payload))
  const masks = channels.map(masksOf)
  limit(masks, channels)
  const [mask, sound] = [meanOf(masks), meanOf(channels)]
  const stretches = stretchesOf(mask.length / CARRIERS)
  const gains = stretches.map(() => new Float64Array(coded.length).fill(1))
  const synthesise = (hiding: Float32Array) => {
    const out = new Float32Array(sound.length)
    stretches.forEach(({ first, end }, i) => addBlocks(out, hiding, first, end, gains[i]!, coded))
    return out
  }
  for (let round = 0; round < ROUNDS; round++) {
    const marked = synthesise(mask)
    for (let i = 0; i < marked.length; i++) marked[i]! += sound[i]!
    const white = whiten(marked)
    stretches.forEach(({ from }, i) => even(gains[i]!, softBits(white, from * HOP, from, EVEN_BLOCKS), coded))
  }
  return masks.map(synthesise)
}

/** How strong the watermark may be in each carrier of each block. */
function masksOf(samples: Float32Array): Float32Array {
  const blocks = Math.floor(samples.length / HOP)
  const masks = new Float32Array(blocks * CARRIERS)
  const spectrum = newSpectrum()
  const mask = new Float64Array(HOP + 1)
  for (let block = 0; block < blocks; block++) {
    spectrumAt(samples, block * HOP, spectrum)
    maskOf(spectrum.power, mask)
    const part = STRENGTH * steadiness(samples, block * HOP)
    for (let carrier = 0; carrier < CARRIERS; carrier++)
      masks[block * CARRIERS + carrier] = part * mask[FIRST_BIN + carrier]!
  }
  return masks
}

const PARTS = 8
const PART_SAMPLES = (2 * HOP) / PARTS

/** 1 for a block that is as loud all along, less when a stroke begins in it, for that does not mask what is before it. */
function steadiness(samples: Float32Array, at: number): number {
  let [least, whole] = [Infinity, 1e-12]
  for (let part = 0; part < PARTS; part++) {
    const start = at + part * PART_SAMPLES
    let energy = 0
    for (let i = start; i < Math.min(samples.length, start + PART_SAMPLES); i++) energy += samples[i]! ** 2
    least = Math.min(least, energy)
    whole += energy
  }
  // Parts of a steady sound differ by some decibels, too.
  return Math.min(1, Math.sqrt((3 * PARTS * least) / whole))
}

/** Makes masks weaker, all alike, until the sound is far enough above them. */
function limit(masks: readonly Float32Array[], channels: readonly Float32Array[]): void {
  const energyOf = (all: readonly Float32Array[]) =>
    all.reduce((sum, one) => sum + one.reduce((energy, value) => energy + value ** 2, 0), 0)
  const factor = Math.sqrt(energyOf(channels) / (10 ** (SNR_LEAST / 10) * energyOf(masks)))
  if (factor < 1) for (const mask of masks) for (let i = 0; i < mask.length; i++) mask[i]! *= factor
}

function meanOf(all: readonly Float32Array[]): Float32Array {
  const [first, ...others] = all
  if (others.length === 0) return first!
  const mean = first!.slice()
  for (const other of others) for (let i = 0; i < mean.length; i++) mean[i]! += other[i]!
  for (let i = 0; i < mean.length; i++) mean[i]! /= all.length
  return mean
}

/** Stretches of blocks that have their own gains; those of the last are found over blocks before it, too. */
function stretchesOf(blocks: number): { from: number; first: number; end: number }[] {
  return Array.from({ length: Math.ceil(blocks / EVEN_BLOCKS) }, (_, i) => {
    const first = i * EVEN_BLOCKS
    const end = Math.min(first + EVEN_BLOCKS, blocks)
    return { from: end - EVEN_BLOCKS, first, end }
  })
}

function addBlocks(
  samples: Float32Array,
  mask: Float32Array,
  first: number,
  end: number,
  gains: Float64Array,
  coded: Int8Array,
): void {
  const coefficients = new Float64Array(HOP)
  for (let block = first; block < end; block++) {
    const chip = chipsAt(block)
    for (let carrier = 0; carrier < CARRIERS; carrier++) {
      const bit = bitOf[chip + carrier]!
      const value = bit === PILOT ? 1 : gains[bit]! * coded[bit]!
      coefficients[FIRST_BIN + carrier] = value * signOf[chip + carrier]! * mask[block * CARRIERS + carrier]!
    }
    addLapped(coefficients, samples, block * HOP)
  }
}

/** Gives more to bits that are less sure than the mean, and less to those that are surer; the energy stays. */
function even(gains: Float64Array, soft: Float64Array, coded: Int8Array): void {
  const bits = gains.length
  const mean = soft.reduce((sum, value, i) => sum + value * coded[i]!, 0) / bits
  const gain = gains.reduce((a, b) => a + b) / bits
  const step = (0.7 * gain) / Math.max(mean, 1e-9)
  for (let i = 0; i < bits; i++)
    gains[i] = Math.max(GAIN_LEAST, Math.min(GAIN_MOST, gains[i]! + step * (mean - soft[i]! * coded[i]!)))
  const scale = Math.sqrt(bits / gains.reduce((sum, value) => sum + value ** 2, 0))
  for (let i = 0; i < bits; i++) gains[i]! *= scale
}
