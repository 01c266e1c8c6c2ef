import { Archive } from './archive.ts'
import type { DocumentLibraries, DocumentLimits, ParserClass } from './libraries.ts'
import { decodeMarkup, walkMarkup } from './markup.ts'
import { resolvePart } from './paths.ts'
import { TextCollector } from './textCollector.ts'
import { WordStory, type NoteKind } from './wordStory.ts'

interface Reading {
  archive: Archive
  Parser: ParserClass
  most: DocumentLimits
}

/**
 * The text of a word processor's document (ISO/IEC 29500-1, WordprocessingML): its body, then its footnotes and its
 * endnotes in the order in which the body names them. Errors: `unreadable_file`, `too_large`.
 */
export async function docxText(bytes: Uint8Array, libraries: DocumentLibraries, most: DocumentLimits): Promise<string> {
  const [{ Inflate }, { Parser }] = await Promise.all([libraries.fflate(), libraries.htmlparser2()])
  const reading = { archive: new Archive(bytes, Inflate, most), Parser, most }
  const main = relatedPart(reading, '', 'officeDocument') ?? 'word/document.xml'
  const collector = new TextCollector(most.textLength)
  const body = new WordStory(collector)
  walkPart(reading, main, body)
  for (const kind of ['footnote', 'endnote'] as const) addNotes(reading, main, kind, body.notes[kind], collector)
  return collector.toString()
}

function walkPart(reading: Reading, part: string, story: WordStory): void {
  walkMarkup(decodeMarkup(reading.archive.read(part), 'xml'), 'xml', story, reading)
}

function addNotes(reading: Reading, main: string, kind: NoteKind, ids: Set<string>, collector: TextCollector): void {
  const part = ids.size === 0 ? undefined : relatedPart(reading, main, `${kind}s`)
  if (part === undefined) return
  const notes = new Map<string, TextCollector>()
  const story = new WordStory(new TextCollector(reading.most.textLength), (name, id) => {
    if (name !== kind || id === undefined) return undefined
    const note = new TextCollector(reading.most.textLength)
    notes.set(id, note)
    return note
  })
  walkPart(reading, part, story)
  for (const id of ids) {
    collector.line()
    collector.add(notes.get(id)?.toString() ?? '')
  }
}

/** The part to which another one (or, for '', the whole package) has a relationship of this kind, if it is there. */
function relatedPart(reading: Reading, part: string, kind: string): string | undefined {
  const name = part.slice(part.lastIndexOf('/') + 1)
  const relationships = `${part.slice(0, part.length - name.length)}_rels/${name}.rels`
  if (!reading.archive.has(relationships)) return undefined
  let found: string | undefined
  const handler = {
    open(element: string, { Type, Target, TargetMode }: Record<string, string>) {
      if (element !== 'Relationship' || !Target || TargetMode === 'External') return
      if (Type?.endsWith(`/relationships/${kind}`)) found ??= resolvePart(part, Target)
    },
  }
  walkMarkup(decodeMarkup(reading.archive.read(relationships), 'xml'), 'xml', handler, reading)
  return found !== undefined && reading.archive.has(found) ? found : undefined
}
