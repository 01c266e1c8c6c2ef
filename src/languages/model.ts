/**
 * A model as the trainer writes it. Pieces of words are looked up by hash in a table of a power of two; each carries the
 * classes that have it and how strongly it speaks for them. Integers are little-endian.
 *
 *     "CLID" 1 | u8 classes | u16 0 | u32 slots | u32 postings | 4 × f32 calibration | u16 length, JSON of the classes
 *     f32 bias[classes] | u16 print[slots] | u8 count[slots] | u8 class[postings] | u8 value[postings]
 */
export interface LanguageModel {
  /** Code and script of each class; several may have one code. */
  classes: { code: string; script?: string }[]
  mask: number
  prints: Uint16Array
  starts: Uint32Array
  postingClass: Uint8Array
  postingValue: Uint8Array
  /** What a class gets for each piece of a text. */
  bias: Float32Array
  calibration: Calibration
}

/** How scores become probabilities: softmax of score · scale / grams^power; below `unknown` a text is in no language. */
export interface Calibration {
  scale: number
  power: number
  /** Least mean score of a piece, by which a text in another language is told. */
  floor: number
  /** Least probability at which a language is named. */
  unknown: number
}

const MAGIC = [0x43, 0x4c, 0x49, 0x44, 1]
const HEAD = 32

/** Errors: `RangeError` for bytes that are no such model. It needs nothing that a browser lacks. */
export function readModel(bytes: Uint8Array): LanguageModel {
  const fail = (): never => {
    throw new RangeError('this is no language model')
  }
  if (bytes.length < HEAD + 2 || MAGIC.some((byte, i) => bytes[i] !== byte)) fail()
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const slots = view.getUint32(8, true)
  const postings = view.getUint32(12, true)
  const jsonLength = view.getUint16(HEAD, true)
  let at = HEAD + 2 + jsonLength
  const classCount = bytes[5]!
  if (bytes.length !== at + classCount * 4 + slots * 3 + postings * 2 || (slots & (slots - 1)) !== 0) fail()
  const classes = JSON.parse(new TextDecoder().decode(bytes.subarray(HEAD + 2, at))) as LanguageModel['classes']
  const bias = Float32Array.from({ length: classCount }, (_, i) => view.getFloat32(at + 4 * i, true))
  at += 4 * classCount
  const prints = new Uint16Array(slots)
  for (let i = 0; i < slots; i++) prints[i] = view.getUint16(at + 2 * i, true)
  at += 2 * slots
  const starts = new Uint32Array(slots + 1)
  for (let i = 0; i < slots; i++) starts[i + 1] = starts[i]! + bytes[at + i]!
  at += slots
  if (starts[slots] !== postings || classes.length !== classCount) fail()
  const postingClass = bytes.slice(at, at + postings)
  if (postingClass.some((each) => each >= classes.length)) fail()
  return {
    classes,
    mask: slots - 1,
    prints,
    starts,
    postingClass,
    postingValue: bytes.slice(at + postings, at + 2 * postings),
    bias,
    calibration: {
      scale: view.getFloat32(16, true),
      power: view.getFloat32(20, true),
      floor: view.getFloat32(24, true),
      unknown: view.getFloat32(28, true),
    },
  }
}

/** The bytes of a model; `readModel` gives the same model again. */
export function writeModel(model: LanguageModel): Uint8Array {
  const json = new TextEncoder().encode(JSON.stringify(model.classes))
  const slots = model.prints.length
  const postings = model.postingClass.length
  const bytes = new Uint8Array(HEAD + 2 + json.length + model.bias.length * 4 + slots * 3 + postings * 2)
  const view = new DataView(bytes.buffer)
  bytes.set(MAGIC)
  bytes[5] = model.classes.length
  view.setUint32(8, slots, true)
  view.setUint32(12, postings, true)
  const { scale, power, floor, unknown } = model.calibration
  for (const [i, value] of [scale, power, floor, unknown].entries()) view.setFloat32(16 + 4 * i, value, true)
  view.setUint16(HEAD, json.length, true)
  bytes.set(json, HEAD + 2)
  let at = HEAD + 2 + json.length
  model.bias.forEach((value, i) => view.setFloat32(at + 4 * i, value, true))
  at += 4 * model.bias.length
  model.prints.forEach((print, i) => view.setUint16(at + 2 * i, print, true))
  at += 2 * slots
  for (let i = 0; i < slots; i++) bytes[at + i] = model.starts[i + 1]! - model.starts[i]!
  at += slots
  bytes.set(model.postingClass, at)
  bytes.set(model.postingValue, at + postings)
  return bytes
}
