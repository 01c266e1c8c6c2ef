/** Values of a discrete Fourier transform in two dimensions, row by row. */
export interface Spectrum {
  side: number
  re: Float64Array
  im: Float64Array
}

/** Transforms a square of real values in place of its own copy. `side` is a power of two. */
export function fft2(values: Float64Array, side: number): Spectrum {
  const re = Float64Array.from(values)
  const im = new Float64Array(values.length)
  const plan = planOf(side)
  for (let row = 0; row < side; row++) transform(re, im, row * side, 1, plan)
  for (let column = 0; column < side; column++) transform(re, im, column, side, plan)
  return { side, re, im }
}

/** Transforms complex values in their place. Their number is a power of two. */
export function fft(re: Float64Array, im: Float64Array): void {
  transform(re, im, 0, 1, planOf(re.length))
}

interface Plan {
  side: number
  reversed: Uint32Array
  cos: Float64Array
  sin: Float64Array
  bufferRe: Float64Array
  bufferIm: Float64Array
}

const plans = new Map<number, Plan>()

function planOf(side: number): Plan {
  let plan = plans.get(side)
  if (!plan) {
    const bits = Math.log2(side)
    const reversed = Uint32Array.from({ length: side }, (_, i) => {
      let out = 0
      for (let bit = 0; bit < bits; bit++) if (i & (1 << bit)) out |= 1 << (bits - 1 - bit)
      return out
    })
    const angle = (i: number) => (-2 * Math.PI * i) / side
    plan = {
      side,
      reversed,
      cos: Float64Array.from({ length: side / 2 }, (_, i) => Math.cos(angle(i))),
      sin: Float64Array.from({ length: side / 2 }, (_, i) => Math.sin(angle(i))),
      bufferRe: new Float64Array(side),
      bufferIm: new Float64Array(side),
    }
    plans.set(side, plan)
  }
  return plan
}

/** One line, every `step`-th value from `at` on: gathered, transformed by halves, and put back. */
function transform(re: Float64Array, im: Float64Array, at: number, step: number, plan: Plan): void {
  const { side, reversed, cos, sin, bufferRe: a, bufferIm: b } = plan
  for (let i = 0; i < side; i++) {
    const from = at + reversed[i]! * step
    a[i] = re[from]!
    b[i] = im[from]!
  }
  for (let half = 1; half < side; half *= 2) {
    const turn = side / (2 * half)
    for (let start = 0; start < side; start += 2 * half) {
      for (let k = 0; k < half; k++) {
        const c = cos[k * turn]!
        const s = sin[k * turn]!
        const i = start + k
        const j = i + half
        const x = a[j]! * c - b[j]! * s
        const y = a[j]! * s + b[j]! * c
        a[j] = a[i]! - x
        b[j] = b[i]! - y
        a[i] = a[i]! + x
        b[i] = b[i]! + y
      }
    }
  }
  for (let i = 0; i < side; i++) {
    re[at + i * step] = a[i]!
    im[at + i * step] = b[i]!
  }
}
