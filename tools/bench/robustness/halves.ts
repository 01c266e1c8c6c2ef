import { createHash } from 'node:crypto'

/** The half on which thresholds may be chosen, and the half that only says whether they hold. */
export type Half = 'calibration' | 'held out'

export const HALVES: readonly Half[] = ['calibration', 'held out']

/** A work belongs to a half by its name and nothing else, so that nobody can choose which. */
export function halfOf(name: string): Half {
  return createHash('sha256').update(name).digest()[0]! % 2 === 0 ? 'calibration' : 'held out'
}

/** A pair belongs to the calibration half only if both works do: no pair that is held out has been looked at. */
export function halfOfPair(a: Half, b: Half): Half {
  return a === 'calibration' && b === 'calibration' ? 'calibration' : 'held out'
}

/** How many of how many, in each half. */
export class Tally {
  private readonly counts = new Map<string, { yes: number; of: number }>()

  add(what: string, half: Half, isSo: boolean): void {
    const count = this.counts.get(`${what} ${half}`) ?? { yes: 0, of: 0 }
    count.of++
    if (isSo) count.yes++
    this.counts.set(`${what} ${half}`, count)
  }

  get(what: string, half: Half): { yes: number; of: number } {
    return this.counts.get(`${what} ${half}`) ?? { yes: 0, of: 0 }
  }

  /** Both halves as percentages: `97 · 95%`. */
  shares(what: string): string {
    const percent = ({ yes, of }: { yes: number; of: number }) => (of === 0 ? '–' : ((yes / of) * 100).toFixed(0))
    return `${HALVES.map((half) => percent(this.get(what, half))).join(' · ')}%`
  }

  /** Both halves as counts: `0 · 2`. */
  numbers(what: string): string {
    return HALVES.map((half) => this.get(what, half).yes).join(' · ')
  }
}

/**
 * Pairs of works that have nothing to do with each other, each compared many times: after everything that was done to
 * either. What is taken for a match once is often taken for one again, so the comparisons are not independent, and the
 * bound counts the pairs that were ever wrong, each with as many wrong comparisons as such a pair had on average.
 */
export class FalseMatches {
  private readonly pairs = new Map<Half, Map<string, { yes: number; of: number }>>()

  add(half: Half, a: number, b: number, isMatch: boolean): void {
    const pairs = this.pairs.get(half) ?? new Map<string, { yes: number; of: number }>()
    this.pairs.set(half, pairs)
    const key = `${Math.min(a, b)} ${Math.max(a, b)}`
    const count = pairs.get(key) ?? { yes: 0, of: 0 }
    pairs.set(key, { yes: count.yes + Number(isMatch), of: count.of + 1 })
  }

  /** One sentence for each half and one for both. */
  report(what: string): string {
    return [...HALVES.map((half) => [half]), HALVES].map((halves) => this.line(what, halves)).join('\n')
  }

  private line(what: string, halves: readonly Half[]): string {
    const pairs = halves.flatMap((half) => [...(this.pairs.get(half)?.values() ?? [])])
    const sum = (pick: (count: { yes: number; of: number }) => number) =>
      pairs.reduce((all, pair) => all + pick(pair), 0)
    const [wrong, compared] = [sum(({ yes }) => yes), sum(({ of }) => of)]
    const wrongPairs = sum(({ yes }) => Math.min(1, yes))
    const most = wrongPairs === 0 ? upperRate(0, pairs.length) : (upperRate(wrongPairs, compared) * wrong) / wrongPairs
    const bound = `the rate is at most ${most.toExponential(2)} with 95% confidence`
    return `${what}, ${halves.join(' and ')}: ${wrong} of ${compared} comparisons, in ${wrongPairs} of ${pairs.length} pairs; ${bound}.`
  }
}

/** The rate that so many hits among so many trials do not exceed, with 95% confidence (Poisson; Wilson and Hilferty, 1931). */
export function upperRate(hits: number, trials: number): number {
  const k = hits + 1
  return hits === 0 ? -Math.log(0.05) / trials : (k * (1 - 1 / (9 * k) + 1.6449 / (3 * Math.sqrt(k))) ** 3) / trials
}
