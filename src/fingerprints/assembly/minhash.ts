import { allocate } from './memory'

const DIMENSIONS: u32 = 64
const PRIME: u64 = (1 << 61) - 1

/** 64 multipliers and 64 offsets, 64 bits each, which the caller fills in before the first use. */
export const multipliers: usize = allocate(64 * 8)
export const offsets: usize = allocate(64 * 8)
export const minima: usize = allocate(64 * 4)
const lowMultipliers: usize = allocate(64 * 4)
const raisedOffsets: usize = allocate(64 * 4)
const bounds: usize = allocate(64 * 4)

export function startMinhash(): void {
  for (let i: u32 = 0; i < DIMENSIONS; i++) {
    store<u32>(minima + (i << 2), 0xffffffff)
    store<u32>(bounds + (i << 2), 0xffffffff)
    store<u32>(lowMultipliers + (i << 2), <u32>load<u64>(multipliers + (i << 3)))
    store<u32>(raisedOffsets + (i << 2), <u32>load<u64>(offsets + (i << 3)) + 8)
  }
}

/**
 * Lowers the 64 minima by so many features. Reducing modulo 2^61 − 1 adds 0 to 8 to the low half of a·f + b, so one
 * 32-bit multiplication tells whether a feature can lower a minimum at all; after the first few it rarely can.
 */
export function lowerMinima(features: usize, count: u32): void {
  const BLOCK: u32 = 512
  for (let start: u32 = 0; start < count; start += BLOCK) {
    const end = min(count, start + BLOCK)
    for (let group: usize = 0; group < 256; group += 64) lowerSixteen(features, start, end, group)
  }
}

function lowerSixteen(features: usize, start: u32, end: u32, group: usize): void {
  const a0 = v128.load(lowMultipliers + group, 0)
  const a1 = v128.load(lowMultipliers + group, 16)
  const a2 = v128.load(lowMultipliers + group, 32)
  const a3 = v128.load(lowMultipliers + group, 48)
  const b0 = v128.load(raisedOffsets + group, 0)
  const b1 = v128.load(raisedOffsets + group, 16)
  const b2 = v128.load(raisedOffsets + group, 32)
  const b3 = v128.load(raisedOffsets + group, 48)
  let m0 = v128.load(bounds + group, 0)
  let m1 = v128.load(bounds + group, 16)
  let m2 = v128.load(bounds + group, 32)
  let m3 = v128.load(bounds + group, 48)
  for (let i = start; i < end; i++) {
    const feature = load<u32>(features + (i << 2))
    const f = i32x4.splat(feature)
    const any = v128.or(
      v128.or(i32x4.le_u(i32x4.add(i32x4.mul(a0, f), b0), m0), i32x4.le_u(i32x4.add(i32x4.mul(a1, f), b1), m1)),
      v128.or(i32x4.le_u(i32x4.add(i32x4.mul(a2, f), b2), m2), i32x4.le_u(i32x4.add(i32x4.mul(a3, f), b3), m3)),
    )
    if (!v128.any_true(any)) continue
    lowerExactly(feature, <u32>(group >> 2))
    m0 = v128.load(bounds + group, 0)
    m1 = v128.load(bounds + group, 16)
    m2 = v128.load(bounds + group, 32)
    m3 = v128.load(bounds + group, 48)
  }
}

function lowerExactly(feature: u32, first: u32): void {
  for (let i = first; i < first + 16; i++) {
    const value = <u32>((load<u64>(multipliers + (i << 3)) * <u64>feature + load<u64>(offsets + (i << 3))) % PRIME)
    if (value >= load<u32>(minima + (i << 2))) continue
    store<u32>(minima + (i << 2), value)
    store<u32>(bounds + (i << 2), value > 0xfffffff7 ? 0xffffffff : value + 8)
  }
}
