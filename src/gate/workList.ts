import type { Ruling } from './gateIndex.ts'

/** Works of a register, by their places in a list: some 60 bytes each, however many there are. */
export interface WorkList {
  /** Adds a work and gives its place. */
  add(id: string, party: string, ruling: Ruling): number
  id(place: number): string
  party(place: number): string
  ruling(place: number): Ruling
}

/** An empty list. Ids are written as bytes: a text that was cut out of a larger one keeps all of that in memory. */
export function openWorkList(): WorkList {
  let count = 0
  let bytes = Buffer.alloc(1 << 16)
  let ends = new Float64Array(1 << 10)
  let owners = new Uint32Array(1 << 10)
  let rulings = new Uint32Array(1 << 10)
  const [parties, ruled] = [
    openNames<string>((party) => Buffer.from(party).toString()),
    openNames<Ruling>((each) => each),
  ]
  const start = (place: number) => (place === 0 ? 0 : ends[place - 1]!)
  return {
    add(id, party, ruling) {
      const at = start(count)
      if (at + id.length * 3 > bytes.length)
        bytes = Buffer.concat([bytes], Math.max(bytes.length * 2, at + id.length * 3))
      if (count === ends.length) {
        const larger = <Numbers extends Float64Array | Uint32Array>(copy: Numbers, from: Numbers) => (
          copy.set(from),
          copy
        )
        ends = larger(new Float64Array(count * 2), ends)
        owners = larger(new Uint32Array(count * 2), owners)
        rulings = larger(new Uint32Array(count * 2), rulings)
      }
      ends[count] = at + bytes.write(id, at)
      owners[count] = parties.number(party)
      rulings[count] = ruled.number(ruling)
      return count++
    },
    id: (place) => bytes.toString('utf8', start(place), ends[place]),
    party: (place) => parties.values[owners[place]!]!,
    ruling: (place) => ruled.values[rulings[place]!]!,
  }
}

/** Numbers for values of which each occurs many times; `keep` makes what is kept of one. */
function openNames<Value>(keep: (value: Value) => Value) {
  const numbers = new Map<Value, number>()
  const values: Value[] = []
  return {
    values,
    number(value: Value): number {
      const known = numbers.get(value)
      if (known !== undefined) return known
      const kept = keep(value)
      numbers.set(kept, values.length)
      return values.push(kept) - 1
    },
  }
}
