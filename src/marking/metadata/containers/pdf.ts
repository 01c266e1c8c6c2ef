import { bigEndian, concat } from '../bytes.ts'
import type { Container } from '../container.ts'
import { notWritable, type MetadataFinding } from '../findings.ts'
import { PdfFile } from '../pdf/file.ts'
import { entryOf, withEntry } from '../pdf/syntax.ts'

/**
 * PDF: XMP is the stream that the catalogue names (ISO 32000-2, 14.3.2). It is added at the end with a new version of the
 * catalogue and a new section of the cross-reference, so that every byte that was there stays.
 */
export const pdf: Container = {
  find(bytes) {
    const file = new PdfFile(bytes)
    const findings: MetadataFinding[] = []
    if (isSigned(bytes))
      findings.push({ code: 'signed_document', severity: 'note', message: 'The PDF is signed; nothing can be added.' })
    if (file.isEncrypted) {
      const message = 'The PDF is encrypted; what it says of itself is not read.'
      return { packets: [], findings: [...findings, { code: 'encrypted_document', severity: 'warning', message }] }
    }
    const metadata = entryOf(file.root().catalogue, 'Metadata', 'reference')
    return { packets: metadata ? [file.stream(metadata.object)] : [], findings }
  },

  embed(bytes, packet) {
    if (isSigned(bytes))
      throw notWritable('the PDF is signed, and whatever is added shows as a change', 'Mark it before it is signed.')
    const file = new PdfFile(bytes)
    if (file.isEncrypted) throw notWritable('the PDF is encrypted', 'Mark a copy without protection.')
    return concat(bytes, update(file, packet))
  },
}

/** The range of bytes that a signature covers must stand in the file in clear (ISO 32000-2, 12.8.1). */
function isSigned(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).includes('/ByteRange')
}

interface Added {
  object: number
  generation: number
  offset: number
}

/** What is appended (ISO 32000-2, 7.5.6). */
function update(file: PdfFile, packet: Uint8Array): Uint8Array {
  const size = entryOf(file.trailer, 'Size', 'number')?.value ?? 0
  const root = file.root()
  const old = entryOf(root.catalogue, 'Metadata', 'reference')
  const metadata = old ? { object: old.object, generation: old.generation } : { object: size, generation: 0 }
  const catalogue = withEntry(root.catalogue, 'Metadata', `${metadata.object} ${metadata.generation} R`)
  const added: Added[] = []
  let out = concat('\n')
  const add = (object: number, generation: number, ...content: (Uint8Array | string)[]) => {
    added.push({ object, generation, offset: file.bytes.length + out.length })
    out = concat(out, `${object} ${generation} obj\n`, ...content, '\nendobj\n')
  }
  const head = `<</Type/Metadata/Subtype/XML/Length ${packet.length}>>\nstream\n`
  add(metadata.object, metadata.generation, head, packet, '\nendstream')
  add(root.object, root.generation, catalogue)
  const startXref = file.bytes.length + out.length
  const sizeNow = Math.max(size, metadata.object + 1)
  const section = file.sections[0]!.isStream
    ? streamSection(file, [...added, { object: sizeNow, generation: 0, offset: startXref }], sizeNow)
    : tableSection(file, added, sizeNow)
  return concat(out, section, `startxref\n${startXref}\n%%EOF\n`)
}

/** Entries of the trailer that hold for the whole file. */
function trailerEntries(file: PdfFile): string {
  return ['Root', 'Info', 'ID']
    .flatMap((key) => {
      const entry = file.trailer.entries.get(key)
      return entry ? [file.trailer.source.slice(entry.start, entry.end)] : []
    })
    .join(' ')
}

function tableSection(file: PdfFile, added: Added[], size: number): string {
  const rows = added
    .toSorted((a, b) => a.object - b.object)
    .map(({ object, generation, offset }) => {
      const entry = `${String(offset).padStart(10, '0')} ${String(generation).padStart(5, '0')} n`
      return `${object} 1\n${entry} \n`
    })
  return `xref\n${rows.join('')}trailer\n<</Size ${size} ${trailerEntries(file)} /Prev ${file.startXref}>>\n`
}

/** A file whose cross-reference is a stream goes on with one: readers need not know both. */
function streamSection(file: PdfFile, added: Added[], sectionObject: number): Uint8Array {
  const sorted = added.toSorted((a, b) => a.object - b.object)
  const rows = sorted.map(({ generation, offset }) => concat('\x01', bigEndian(offset, 5), bigEndian(generation, 2)))
  const content = concat(...rows)
  const index = sorted.map(({ object }) => `${object} 1`).join(' ')
  const dictionary =
    `<</Type/XRef/Size ${sectionObject + 1} /W[1 5 2]/Index[${index}]/Length ${content.length} ` +
    `${trailerEntries(file)} /Prev ${file.startXref}>>`
  return concat(`${sectionObject} 0 obj\n${dictionary}\nstream\n`, content, '\nendstream\nendobj\n')
}
