import { openCodeIndex } from '../../src/similarity/index.ts'

/** Adds codes to an index one by one and says of each that it is written, until it is killed. */
const index = openCodeIndex(process.argv[2]!)
for (let row = 1; ; row++) {
  const code = new Uint8Array(32)
  new DataView(code.buffer).setUint32(0, row)
  index.add(Uint32Array.of(row), code)
  process.send!(row)
  await new Promise((resolve) => setImmediate(resolve))
}
