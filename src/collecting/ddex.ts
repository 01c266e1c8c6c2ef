import type { OpenSource, SourceCreator, SourceRecord } from './record.ts'
import { readText, requireFile } from './textFile.ts'
import { cutElements, descendants, textsIn, wholeText, type XmlNode } from './xmlTree.ts'

/**
 * Opens a message about a release, as labels exchange them (ERN 3 and 4): its sound recordings and videos, by ISRC. Only
 * what says which recording it is and who plays is read: no deals, no territories.
 */
export function openErn(path: string, language?: string): OpenSource {
  requireFile(path)
  return { format: 'ERN', records: recordings(path, language) }
}

async function* recordings(path: string, language?: string): AsyncGenerator<SourceRecord> {
  const parties = new Map<string, string>()
  const wanted = ['Party', 'SoundRecording', 'Video']
  let number = 0
  for await (const node of cutElements(readText(path), (name) => wanted.includes(name), path)) {
    if (node?.name === 'Party') {
      const [reference] = textsIn(node, ['PartyReference'])
      const [name] = textsIn(node, ['FullName'], language)
      if (reference && name) parties.set(reference, name)
      continue
    }
    const place = `recording ${++number}`
    if (node) yield recordingOf(node, place, parties, language)
    else yield { place, problem: { field: 'record', what: 'it is too large', remedy: 'Give the message in parts.' } }
  }
}

function recordingOf(node: XmlNode, place: string, parties: Map<string, string>, language?: string): SourceRecord {
  const record: SourceRecord = { place, kinds: [node.name === 'Video' ? 'video' : 'sound'] }
  const title =
    textsIn(node, ['DisplayTitleText'], language)[0] ??
    descendants(node, 'ReferenceTitle', 'DisplayTitle', 'Title').flatMap((each) =>
      textsIn(each, ['TitleText'], language),
    )[0]
  if (title !== undefined) record.title = title
  record.identifiers = textsIn(node, ['ISRC'])
    .slice(0, 1)
    .map((value) => ({ scheme: 'isrc' as const, value }))
  const spoken = textsIn(node, ['LanguageOfPerformance'])[0] ?? node.attributes.LanguageOfPerformance
  if (spoken !== undefined) record.language = spoken
  const creators = artistsOf(node, parties, language)
  if (creators.length > 0) record.creators = creators
  return record
}

function artistsOf(node: XmlNode, parties: Map<string, string>, language?: string): SourceCreator[] {
  const artists = new Map<string, SourceCreator>()
  for (const artist of descendants(node, 'DisplayArtist')) {
    const [reference] = textsIn(artist, ['ArtistPartyReference'])
    const name = textsIn(artist, ['FullName'], language)[0] ?? (reference && parties.get(reference))
    const [role] = descendants(artist, 'ArtistRole', 'DisplayArtistRole').map(wholeText)
    // MainArtist is written main-artist.
    if (name) artists.set(name, { name, ...(role ? { role: role.replaceAll(/(\p{Ll})(\p{Lu})/gu, '$1-$2') } : {}) })
  }
  if (artists.size > 0) return [...artists.values()]
  return textsIn(node, ['DisplayArtistName'], language)
    .slice(0, 1)
    .map((name) => ({ name }))
}
