/** Main types of ISO 24138, by number; the composite ISCC-CODE is 5. */
export const MAIN_TYPES = ['meta', 'semantic', 'content', 'data', 'instance', 'iscc'] as const
export type IsccMainType = (typeof MAIN_TYPES)[number]

/** Subtypes: of content and semantic codes, and of composites, which may also be of no content at all. */
const CONTENT_TYPES = ['text', 'image', 'audio', 'video', 'mixed'] as const
const COMPOSITE_TYPES = [...CONTENT_TYPES, 'sum', 'none', 'wide'] as const

/** One unit of ISO 24138: what it describes, and its body of 32 to 256 bits. */
export interface IsccUnit {
  mainType: Exclude<IsccMainType, 'iscc'>
  /** Of content and semantic codes, the medium; otherwise `none`. */
  subType: (typeof CONTENT_TYPES)[number] | 'none'
  digest: Uint8Array
}

/** The units that we write, by name. */
const KINDS = {
  meta: ['meta', 'none'],
  text: ['content', 'text'],
  image: ['content', 'image'],
  audio: ['content', 'audio'],
  video: ['content', 'video'],
  mixed: ['content', 'mixed'],
  data: ['data', 'none'],
  instance: ['instance', 'none'],
} as const

export type IsccUnitKind = keyof typeof KINDS

/** Optional units of a composite, by the number that stands for them in its header. */
const OPTIONAL_UNITS = [
  [],
  ['content'],
  ['semantic'],
  ['semantic', 'content'],
  ['meta'],
  ['meta', 'content'],
  ['meta', 'semantic'],
  ['meta', 'semantic', 'content'],
] as const

/** Instance-Code, 256 bits: the BLAKE3 of the file, which the caller computes. */
export function isccInstanceCode(blake3: Uint8Array): Uint8Array {
  return blake3.slice(0, 32)
}

/** The written form of one ISCC unit, cut to `bits` (64 to 256, in steps of 32). */
export function formatIscc(kind: IsccUnitKind, digest: Uint8Array, bits = 256): string {
  const [mainType, subType] = KINDS[kind]
  return formatUnit({ mainType, subType, digest: digest.subarray(0, bits / 8) })
}

/** The written form of a unit at the length that it has. */
export function formatUnit({ mainType, subType, digest }: IsccUnit): string {
  const type = subType === 'none' ? 0 : CONTENT_TYPES.indexOf(subType)
  return write(MAIN_TYPES.indexOf(mainType), type, digest.length / 4 - 1, digest)
}

/**
 * A composite ISCC-CODE: 64 bits of each unit under one header. Data and instance are needed; a meta, a semantic and a
 * content unit may stand before them. Errors: `RangeError` for units that do not make one.
 */
export function formatComposite(units: readonly IsccUnit[]): string {
  const sorted = units.toSorted((a, b) => MAIN_TYPES.indexOf(a.mainType) - MAIN_TYPES.indexOf(b.mainType))
  const types = sorted.map(({ mainType }) => mainType)
  const optional = OPTIONAL_UNITS.findIndex((names) => names.join() === types.slice(0, -2).join())
  if (types.slice(-2).join() !== 'data,instance' || optional < 0)
    throw new RangeError('an ISCC-CODE is made of at most one unit of each type, data and instance among them')
  if (sorted.some(({ digest }) => digest.length < 8)) throw new RangeError('a unit is shorter than 64 bits')
  const media = new Set(sorted.flatMap(({ subType }) => (subType === 'none' ? [] : [subType])))
  if (media.size > 1) throw new RangeError('the semantic and the content unit are of different media')
  const [medium] = media
  const subType = medium ?? (sorted.length === 2 ? 'sum' : 'none')
  const body = sorted.flatMap(({ digest }) => [...digest.subarray(0, 8)])
  return write(MAIN_TYPES.indexOf('iscc'), COMPOSITE_TYPES.indexOf(subType), optional, Uint8Array.from(body))
}

/**
 * The units of an ISCC in any of its written forms: with or without `ISCC:`, any case, dashes, or as a multibase string
 * (base16, base32, base58btc or base64url with the ISCC multicodec). Undefined when it is none.
 */
export function parseIscc(text: string): IsccUnit[] | undefined {
  const header = decodeIscc(text)
  if (!header || header.version !== 0) return undefined
  const { mainType, subType, length, body } = header
  if (mainType === 'iscc') return splitComposite(subType, length, body)
  if (length > 7 || body.length !== (length + 1) * 4) return undefined
  const hasMedium = mainType === 'content' || mainType === 'semantic'
  const medium = hasMedium ? CONTENT_TYPES[subType] : 'none'
  if (!medium || (!hasMedium && subType !== 0)) return undefined
  return [{ mainType, subType: medium, digest: body }]
}

/** The bytes of an ISCC and the numbers of its header, whether or not they mean anything to us. */
export function decodeIscc(text: string) {
  const bytes = decodeText(text.trim())
  const header = bytes && readHeader(bytes)
  return header ? { bytes, ...header } : undefined
}

/** The canonical written form of an ISCC: `ISCC:` and base32 in capitals. Undefined when it is none. */
export function normaliseIscc(text: string): string | undefined {
  return parseIscc(text) ? `ISCC:${base32(decodeIscc(text)!.bytes)}` : undefined
}

/** How alike two units are: bits that differ, of so many compared. Undefined when they are of different types. */
export function compareUnits(a: IsccUnit, b: IsccUnit): { distance: number; bits: number } | undefined {
  if (a.mainType !== b.mainType || a.subType !== b.subType) return undefined
  const bytes = Math.min(a.digest.length, b.digest.length)
  let distance = 0
  for (let i = 0; i < bytes; i++)
    for (let differing = a.digest[i]! ^ b.digest[i]!; differing > 0; differing &= differing - 1) distance++
  return { distance, bits: bytes * 8 }
}

/** In words, unit by unit, what an ISCC holds. */
export function explainIscc(units: readonly IsccUnit[]): string {
  return units
    .map(({ mainType, subType, digest }) => {
      const name = subType === 'none' ? mainType : `${mainType} (${subType})`
      return `${name}, ${digest.length * 8} bits: ${[...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`
    })
    .join('\n')
}

function splitComposite(subType: number, optional: number, body: Uint8Array): IsccUnit[] | undefined {
  const type = COMPOSITE_TYPES[subType]
  const names = OPTIONAL_UNITS[optional]
  if (!type || !names) return undefined
  const bytes = type === 'wide' ? 16 : 8
  const all = [...names, 'data', 'instance'] as const
  if (body.length !== all.length * bytes) return undefined
  const medium = CONTENT_TYPES.find((name) => name === type)
  if (all.some((name) => name === 'content' || name === 'semantic') !== (medium !== undefined)) return undefined
  return all.map((mainType, i) => ({
    mainType,
    subType: mainType === 'content' || mainType === 'semantic' ? medium! : 'none',
    digest: body.slice(i * bytes, (i + 1) * bytes),
  }))
}

/** Numbers of a header take 4, 8, 12 or 16 bits: a prefix in unary tells, and each length begins where the last ended. */
const NUMBER_FORMS = [
  { prefix: '0', bits: 3, first: 0 },
  { prefix: '10', bits: 6, first: 8 },
  { prefix: '110', bits: 9, first: 72 },
  { prefix: '1110', bits: 12, first: 584 },
] as const

function readHeader(bytes: Uint8Array) {
  const bits = [...bytes.subarray(0, 9)].map((byte) => byte.toString(2).padStart(8, '0')).join('')
  let at = 0
  const numbers: number[] = []
  while (numbers.length < 4) {
    const form = NUMBER_FORMS.find(({ prefix }) => bits.startsWith(prefix, at))
    if (!form || at + form.prefix.length + form.bits > bits.length) return undefined
    const start = at + form.prefix.length
    numbers.push(form.first + Number.parseInt(bits.slice(start, start + form.bits), 2))
    at = start + form.bits
  }
  const [main, subType, version, length] = numbers as [number, number, number, number]
  const mainType = MAIN_TYPES[main]
  return mainType ? { mainType, subType, version, length, body: bytes.slice(Math.ceil(at / 8)) } : undefined
}

function write(mainType: number, subType: number, length: number, body: Uint8Array): string {
  // Everything that we write fits four bits a number.
  const header = Uint8Array.of((mainType << 4) | subType, length)
  return `ISCC:${base32(Uint8Array.of(...header, ...body))}`
}

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
const BASE58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'
/** The multicodec of ISCC, as the bytes that stand before one in a multibase string. */
const MULTICODEC = [0xcc, 0x01]

function base32(bytes: Uint8Array): string {
  let text = ''
  let buffer = 0
  let held = 0
  for (const byte of bytes) {
    buffer = (buffer << 8) | byte
    held += 8
    for (; held >= 5; held -= 5) text += BASE32[(buffer >> (held - 5)) & 31]
    buffer &= 0xff
  }
  return held > 0 ? text + BASE32[(buffer << (5 - held)) & 31] : text
}

function decodeText(text: string): Uint8Array | undefined {
  if (text.length > 200) return undefined
  const plain = text.replace(/^iscc:/i, '').replaceAll('-', '')
  if (/^[A-Z2-7]{8,}$/i.test(plain)) {
    const bytes = fromBits(plain.toUpperCase(), BASE32, 5)
    if (bytes && readHeader(bytes)) return bytes
  }
  const multibase: Record<string, (rest: string) => Uint8Array | undefined> = {
    f: (rest) => (/^([0-9a-f]{2})+$/i.test(rest) ? fromBits(rest.toLowerCase(), '0123456789abcdef', 4) : undefined),
    b: (rest) => fromBits(rest.toUpperCase(), BASE32, 5),
    u: (rest) => fromBits(rest, `${BASE32.slice(0, 26)}abcdefghijklmnopqrstuvwxyz0123456789-_`, 6),
    z: fromBase58,
  }
  const bytes = multibase[text[0] ?? '']?.(text.slice(1))
  return bytes && MULTICODEC.every((byte, i) => bytes[i] === byte) ? bytes.slice(MULTICODEC.length) : undefined
}

function fromBits(text: string, alphabet: string, bitsEach: number): Uint8Array | undefined {
  const bytes: number[] = []
  let buffer = 0
  let held = 0
  for (const character of text) {
    const value = alphabet.indexOf(character)
    if (value < 0) return undefined
    buffer = ((buffer << bitsEach) | value) & 0xfff
    held += bitsEach
    if (held >= 8) bytes.push((buffer >> (held -= 8)) & 0xff)
  }
  return (buffer & ((1 << held) - 1)) === 0 ? Uint8Array.from(bytes) : undefined
}

function fromBase58(text: string): Uint8Array | undefined {
  let value = 0n
  for (const character of text) {
    const digit = BASE58.indexOf(character)
    if (digit < 0) return undefined
    value = value * 58n + BigInt(digit)
  }
  const bytes: number[] = []
  for (; value > 0n; value >>= 8n) bytes.unshift(Number(value & 0xffn))
  return Uint8Array.from(bytes)
}
