/** Writes small ONNX models byte by byte (onnx.proto of ONNX 1.14), so that real ones can be run without a download. */

const bytesOf = (text: string) => new TextEncoder().encode(text)

function varint(value: number | bigint): number[] {
  const bytes: number[] = []
  for (let left = BigInt.asUintN(64, BigInt(value)); ; left >>= 7n) {
    if (left < 128n) return [...bytes, Number(left)]
    bytes.push(Number(left & 127n) | 128)
  }
}

/** A field that is a number. */
const number = (field: number, value: number | bigint) => Uint8Array.from([...varint(field * 8), ...varint(value)])

/** A field that is a text, bytes or a message. */
const message = (field: number, ...parts: (string | Uint8Array)[]) => {
  const body = Buffer.concat(parts.map((part) => (typeof part === 'string' ? bytesOf(part) : part)))
  return Buffer.concat([Uint8Array.from([...varint(field * 8 + 2), ...varint(body.length)]), body])
}

const FLOAT = 1
const INT64 = 7
const BOOL = 9

function tensor(name: string, type: number, shape: number[], data: ArrayBufferView): Uint8Array {
  const raw = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
  return Buffer.concat([...shape.map((n) => number(1, n)), number(2, type), message(8, name), message(9, raw)])
}

const floats = (name: string, shape: number[], values: ArrayLike<number>) =>
  tensor(name, FLOAT, shape, Float32Array.from(values))
const integers = (name: string, values: number[]) =>
  tensor(name, INT64, [values.length], BigInt64Array.from(values.map(BigInt)))

/** An input or output of a graph, with its type and shape. */
function value(name: string, shape: number[], type = FLOAT): Uint8Array {
  const dimensions = shape.map((n) => message(1, number(1, n)))
  return Buffer.concat([message(1, name), message(2, message(1, number(1, type), message(2, ...dimensions)))])
}

const wholeNumbers = (name: string, values: number[]) =>
  message(5, message(1, name), ...values.map((n) => number(8, n)), number(20, 7))
const subgraph = (name: string, graph: Uint8Array) => message(5, message(1, name), message(6, graph), number(20, 5))

function node(operation: string, inputs: string[], outputs: string[], ...attributes: Uint8Array[]): Uint8Array {
  return Buffer.concat([
    ...inputs.map((name) => message(1, name)),
    ...outputs.map((name) => message(2, name)),
    message(4, operation),
    ...attributes,
  ])
}

interface Graph {
  nodes: Uint8Array[]
  constants?: Uint8Array[]
  inputs: Uint8Array[]
  outputs: Uint8Array[]
}

const graphOf = ({ nodes, constants = [], inputs, outputs }: Graph) =>
  Buffer.concat([
    ...nodes.map((each) => message(1, each)),
    message(2, 'graph'),
    ...constants.map((each) => message(5, each)),
    ...inputs.map((each) => message(11, each)),
    ...outputs.map((each) => message(12, each)),
  ])

/** IR version 8, operators of version 13. */
const modelOf = (graph: Graph): Uint8Array =>
  Buffer.concat([number(1, 8), message(7, graphOf(graph)), message(8, message(1, ''), number(2, 13))])

export interface PatternModel {
  side: number
  bits: number
  layout: 'NCHW' | 'NHWC'
  /** What lies between black and white: 1, or 2. */
  span: 1 | 2
  gives: 'image' | 'residual'
}

/** The length of all patterns together in a marked picture, in levels of 255. */
const STRENGTH = 240
/** Waves across and down that patterns begin with: fine enough that pictures have little of them. */
const FREQUENCY_MIN = 10

/** One cosine wave a bit, each of length 1 and orthogonal to all others: `bits` rows of side². */
function patterns({ side, bits }: PatternModel): Float32Array {
  const across = Math.ceil(Math.sqrt(bits))
  return Float32Array.from({ length: bits * side ** 2 }, (_, i) => {
    const bit = Math.floor(i / side ** 2)
    const [x, y] = [i % side, Math.floor(i / side) % side]
    const [u, v] = [FREQUENCY_MIN + (bit % across), FREQUENCY_MIN + Math.floor(bit / across)]
    return (2 / side) * Math.cos(((x + 0.5) * u * Math.PI) / side) * Math.cos(((y + 0.5) * v * Math.PI) / side)
  })
}

const shapeOf = ({ layout, side }: PatternModel) => (layout === 'NCHW' ? [1, 3, side, side] : [1, side, side, 3])

/** How much of each pattern is in the picture, as `amounts`: [1, bits]. */
const measuring = (model: PatternModel) => ({
  nodes: [
    node('ReduceMean', ['image'], ['grey'], wholeNumbers('axes', [model.layout === 'NCHW' ? 1 : 3])),
    node('Reshape', ['grey', 'flat'], ['row']),
    node('Transpose', ['patterns'], ['columns'], wholeNumbers('perm', [1, 0])),
    node('MatMul', ['row', 'columns'], ['amounts']),
  ],
  constants: [
    integers('flat', [1, model.side ** 2]),
    floats('patterns', [model.bits, model.side ** 2], patterns(model)),
  ],
})

/** `image`, `message` (0 or 1) → `marked`: each pattern is brought to +strength or −strength, whatever was there. */
export function embedModel(model: PatternModel): Uint8Array {
  const { nodes, constants } = measuring(model)
  const strength = (STRENGTH / Math.sqrt(model.bits) / 255) * model.span
  const [, ...rest] = shapeOf(model)
  const plane = rest.map((n) => (n === 3 ? 1 : n))
  return modelOf({
    nodes: [
      ...nodes,
      node('Mul', ['message', 'double'], ['scaled']),
      node('Sub', ['scaled', 'strength'], ['wanted']),
      node('Sub', ['wanted', 'amounts'], ['missing']),
      node('MatMul', ['missing', 'patterns'], ['sum']),
      node('Reshape', ['sum', 'plane'], ['residual']),
      // Three colours, also where only what is to be added is asked for.
      node('Sub', ['image', 'image'], ['nothing']),
      node('Add', [model.gives === 'image' ? 'image' : 'nothing', 'residual'], ['marked']),
    ],
    constants: [
      ...constants,
      floats('double', [1], [2 * strength]),
      floats('strength', [1], [strength]),
      integers('plane', [1, ...plane]),
    ],
    inputs: [value('image', shapeOf(model)), value('message', [1, model.bits])],
    outputs: [value('marked', shapeOf(model))],
  })
}

/** `image` → `found`: [1, bits], above 0 where a bit is set, or as a probability. */
export function detectModel(model: PatternModel, gives: 'logits' | 'probabilities' = 'logits'): Uint8Array {
  const { nodes, constants } = measuring(model)
  return modelOf({
    nodes: [
      ...nodes,
      gives === 'logits' ? node('Identity', ['amounts'], ['found']) : node('Sigmoid', ['amounts'], ['found']),
    ],
    constants,
    inputs: [value('image', shapeOf(model))],
    outputs: [value('found', [1, model.bits])],
  })
}

/** `image`, `message` → `marked` of another shape, or with values that are no numbers, or far from the picture, or never. */
export function badEmbedModel(model: PatternModel, flaw: 'shape' | 'not a number' | 'damage' | 'endless'): Uint8Array {
  const { bits } = model
  const io = { inputs: [value('image', shapeOf(model)), value('message', [1, bits])] }
  const marked = [value('marked', shapeOf(model))]
  if (flaw === 'shape')
    return modelOf({ ...io, nodes: [node('Identity', ['message'], ['marked'])], outputs: [value('marked', [1, bits])] })
  if (flaw === 'damage') return modelOf({ ...io, nodes: [node('Neg', ['image'], ['marked'])], outputs: marked })
  if (flaw === 'not a number')
    return modelOf({
      ...io,
      nodes: [node('Sub', ['image', 'image'], ['zero']), node('Div', ['zero', 'zero'], ['marked'])],
      outputs: marked,
    })
  const body = graphOf({
    nodes: [node('Identity', ['go'], ['again']), node('Abs', ['before'], ['after'])],
    inputs: [value('turn', [], INT64), value('go', [], BOOL), value('before', shapeOf(model))],
    outputs: [value('again', [], BOOL), value('after', shapeOf(model))],
  })
  return modelOf({
    ...io,
    nodes: [node('Loop', ['', 'yes', 'image'], ['marked'], subgraph('body', body))],
    constants: [tensor('yes', BOOL, [], Uint8Array.of(1))],
    outputs: marked,
  })
}
