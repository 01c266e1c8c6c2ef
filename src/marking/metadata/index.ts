import { ColophonError } from '../../foundation/index.ts'
import type { MarkFormat } from '../formats.ts'
import { containers } from './containers/index.ts'
import type { MarkProperties, PropertyName } from './fields.ts'
import { notWritable, unreadable, type MetadataFinding } from './findings.ts'
import { parsePacket, readPacket, valuesIn, type PacketReading } from './packetRead.ts'
import { checkProperties, writePacket } from './packetWrite.ts'

export type { MarkProperties } from './fields.ts'
export { NAMESPACES, PLUS_VOCABULARY, fieldLimits } from './fields.ts'
export type { MetadataFinding, MetadataFindingCode } from './findings.ts'

/** Whether Colophon writes and reads XMP in files of this format. */
export function carriesXmp(format: MarkFormat): boolean {
  return containers[format] !== undefined
}

/**
 * The file with these properties merged into its XMP. Pictures, samples, text and all other metadata stay as they are;
 * a property that is given replaces what stood there, one that Colophon wrote before and that is not given is taken back.
 * What signs the bytes of a file (C2PA) must be written after this.
 * Errors: `invalid_input` for a property, `unreadable_file`, `too_large`; `unsupported_media` for formats without XMP and
 * for files that are encrypted or signed.
 *
 * @example await writeMetadata(jpeg, 'jpeg', { title: 'Hills', digitalSourceType: '…/digitalCapture' })
 */
export async function writeMetadata(
  bytes: Uint8Array,
  format: MarkFormat,
  properties: MarkProperties,
): Promise<Uint8Array> {
  checkProperties(properties)
  const container = containers[format]
  if (!container)
    throw notWritable(`metadata is not written into ${format}`, 'Keep the statement beside the file, in the register.')
  return guarded(() => {
    const [existing] = container.find(bytes).packets
    const read = existing && parsePacket(existing)
    if (read && !read.packet) throw unreadable(`it has metadata that cannot be added to. ${read.findings[0]!.message}`)
    const made = new TextEncoder().encode(writePacket(read?.packet, properties))
    checkWritten(made, properties)
    return container.embed(bytes, made)
  })
}

/** What was put together is read as its readers do, before it goes into a file. */
function checkWritten(made: Uint8Array, properties: MarkProperties): void {
  const { packet, findings } = parsePacket(made)
  const said = packet && readPacket(packet).properties
  const isRead = (Object.entries(properties) as [keyof MarkProperties, unknown][]).every(
    ([key, value]) => value === undefined || value === '' || said?.[key] !== undefined,
  )
  if (!isRead) throw unreadable(`its metadata cannot be added to. ${findings[0]?.message ?? ''}`.trim())
}

/** Every value that a field has in a file, fit or not, wherever it stands; none where the file cannot be read. */
export function everyValue(bytes: Uint8Array, format: MarkFormat, key: PropertyName): string[] {
  try {
    const { packets } = guarded(() => containers[format]?.find(bytes) ?? { packets: [] })
    return packets.slice(0, PACKETS_MAX).flatMap((each) => {
      const { packet } = parsePacket(each)
      return packet ? valuesIn(packet, key) : []
    })
  } catch (error) {
    if (!(error instanceof ColophonError)) throw error
    return []
  }
}

/**
 * What a file says of itself in its XMP, and what could not be understood. Never throws on bad input: a file that cannot
 * be read has no properties and a finding that says why.
 *
 * @example (await readMetadata(jpeg, 'jpeg')).properties.title // 'Hills'
 */
export async function readMetadata(bytes: Uint8Array, format: MarkFormat): Promise<PacketReading> {
  const container = containers[format]
  if (!container) {
    const message = `Metadata is not read from ${format}.`
    return { properties: {}, findings: [{ code: 'carries_no_xmp', severity: 'note', message }] }
  }
  try {
    const { packets, findings } = guarded(() => container.find(bytes))
    return readPackets(packets, findings)
  } catch (error) {
    if (!(error instanceof ColophonError)) throw error
    return {
      properties: {},
      before: [],
      findings: [{ code: error.code, severity: 'error', message: `${error.message}.` }],
    }
  }
}

/** How many packets of one file are read; pictures with long metadata have two. */
const PACKETS_MAX = 4

/** The first packet counts; what only a later one says is added. */
function readPackets(packets: Uint8Array[], findings: MetadataFinding[]): PacketReading {
  const all = [...findings]
  let properties: MarkProperties = {}
  const before: MarkProperties[] = []
  for (const packet of packets.slice(0, PACKETS_MAX)) {
    const parsed = parsePacket(packet)
    all.push(...parsed.findings)
    if (!parsed.packet) continue
    const read = readPacket(parsed.packet)
    all.push(...read.findings)
    properties = { ...read.properties, ...properties }
    before.push(...(read.before ?? []))
  }
  return { properties, ...(before.length > 0 ? { before } : {}), findings: all }
}

/** What a damaged file makes fail in us is the file's damage, not our defect: lengths that lie lead out of its bytes. */
function guarded<Result>(work: () => Result): Result {
  try {
    return work()
  } catch (error) {
    if (error instanceof RangeError) throw unreadable('its parts do not fit together', error)
    throw error
  }
}
