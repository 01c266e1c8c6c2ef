import { Parser } from 'htmlparser2'
import type { Container } from '../container.ts'
import { notWritable, unreadable } from '../findings.ts'

interface Drawing {
  text: string
  /** Behind the opening tag of the drawing. */
  contentStart: number
  hasPrefix: boolean
  /** Behind the opening tag of its metadata, if it has some: readers of manifests want one `metadata` and no more. */
  metadataStart: number | undefined
  /** The `xmpmeta` element in its metadata. */
  packet: { start: number; end: number } | undefined
}

const SVG_BYTES_MAX = 256 * 1024 * 1024
const DEPTH_MAX = 10_000
const PACKET = /(?:^|:)x[am]pmeta$/

/** SVG 2, 5.8: XMP stands in a `metadata` element, which comes first in the drawing. */
export const svg: Container = {
  find(bytes) {
    const { text, packet } = readDrawing(bytes)
    const packets = packet ? [new TextEncoder().encode(text.slice(packet.start, packet.end))] : []
    return { packets, findings: [] }
  },

  embed(bytes, packet) {
    const { text, contentStart, metadataStart, hasPrefix, packet: old } = readDrawing(bytes)
    const made = new TextDecoder('utf-8', { ignoreBOM: true }).decode(packet)
    if (old) return new TextEncoder().encode(`${text.slice(0, old.start)}${made}${text.slice(old.end)}`)
    if (text[contentStart - 2] === '/') throw notWritable('the drawing is empty', 'Draw something.')
    if (metadataStart !== undefined && text[metadataStart - 2] !== '/')
      return new TextEncoder().encode(`${text.slice(0, metadataStart)}${made}${text.slice(metadataStart)}`)
    // A drawing whose names have a prefix may have no default namespace, or another one.
    const namespace = hasPrefix ? ' xmlns="http://www.w3.org/2000/svg"' : ''
    const metadata = `<metadata${namespace}>${made}</metadata>`
    return new TextEncoder().encode(`${text.slice(0, contentStart)}${metadata}${text.slice(contentStart)}`)
  },
}

function decodeUtf8(bytes: Uint8Array): string {
  if (bytes.length > SVG_BYTES_MAX) throw unreadable('the drawing is too large')
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch (error) {
    throw unreadable('the drawing is not written in UTF-8', error)
  }
}

function readDrawing(bytes: Uint8Array): Drawing {
  const text = decodeUtf8(bytes)
  const declared = /^\ufeff?<\?xml\s[^>]*?encoding\s*=\s*["']([\w.:-]+)/.exec(text)?.[1]
  if (declared && !/^(utf-8|us-ascii)$/i.test(declared)) throw unreadable('the drawing is not written in UTF-8')
  const drawing: Drawing = { text, contentStart: 0, hasPrefix: false, metadataStart: undefined, packet: undefined }
  const open: string[] = []
  let isClosed = false
  let packetStart = -1
  const parser = new Parser(
    {
      onprocessinginstruction(name, data) {
        if (/^!doctype/i.test(name) && data.includes('[')) throw unreadable('the drawing declares entities of its own')
      },
      onopentag(name) {
        if (open.length === 0) {
          if (drawing.contentStart > 0 || !/^([\w.-]+:)?svg$/.test(name)) throw unreadable('it is not an SVG')
          drawing.contentStart = parser.endIndex + 1
          drawing.hasPrefix = name !== 'svg'
        }
        if (open.length >= DEPTH_MAX) throw unreadable('the drawing is nested too deeply')
        if (open.length === 1 && /(^|:)metadata$/.test(name)) drawing.metadataStart ??= parser.endIndex + 1
        if (open.length === 2 && PACKET.test(name) && /(^|:)metadata$/.test(open[1]!)) packetStart = parser.startIndex
        open.push(name)
      },
      onclosetag(_name, isImplied) {
        open.pop()
        const end = parser.endIndex + 1
        if (open.length === 2 && packetStart >= 0) {
          drawing.packet ??= { start: packetStart, end }
          packetStart = -1
        }
        const closesItself = text.slice(end - 2, end) === '/>'
        if (open.length === 0) isClosed = !isImplied || closesItself
      },
    },
    { xmlMode: true },
  )
  parser.end(text)
  if (!isClosed) throw unreadable('it is not an SVG, or it is cut short')
  return drawing
}
