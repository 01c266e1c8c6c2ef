import { createReadStream } from 'node:fs'
import { isThing, linkedRecord } from './linkedRecord.ts'
import { collectingLimits, tooLarge, unreadable, type OpenSource, type Problem, type SourceRecord } from '../record.ts'
import { firstBytes, readLines, readText, requireFile } from '../tables/textFile.ts'
import { createGunzip } from 'node:zlib'

const NOT_JSON: Problem = {
  field: 'record',
  what: 'it is not JSON',
  remedy: 'Correct it, or write the file anew with a program that knows JSON.',
}
const NO_OBJECT: Problem = { field: 'record', what: 'it is no object', remedy: 'Give one object for each work.' }

/**
 * Opens records in JSON: one object per line, a list of objects, or an object that holds such a list. Objects are read
 * one by one, so that a file may be larger than memory; a line that is broken costs no other.
 */
export async function openJsonFile(path: string, language?: string): Promise<OpenSource> {
  requireFile(path)
  const start = await firstBytes(path)
  const isPacked = start[0] === 0x1f && start[1] === 0x8b
  const text = () => (isPacked ? unpacked(path) : readText(path))
  let first: { text: string } | undefined
  for await (const line of readLines(text())) {
    first = line
    break
  }
  const isLines = isThing(parsed(first?.text ?? ''))
  return isLines
    ? { format: 'JSON Lines', records: lineRecords(text(), language) }
    : { format: 'JSON', records: listRecords(text(), path, language) }
}

async function* unpacked(path: string): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8')
  let bytes = 0
  for await (const chunk of createReadStream(path).pipe(createGunzip()) as AsyncIterable<Uint8Array>) {
    bytes += chunk.length
    if (bytes > collectingLimits.spreadsheetInflatedBytesMax)
      throw tooLarge('it becomes too large when it is unpacked', path)
    yield decoder.decode(chunk, { stream: true })
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

async function* lineRecords(text: AsyncIterable<string>, language?: string): AsyncGenerator<SourceRecord> {
  for await (const { line, text: content } of readLines(text)) {
    if (content.trim() === '') continue
    yield* recordsOf(parsed(content), `line ${line}`, language)
  }
}

async function* listRecords(
  text: AsyncIterable<string>,
  path: string,
  language?: string,
): AsyncGenerator<SourceRecord> {
  let number = 0
  for await (const value of readElements(text, path))
    yield* recordsOf(value === undefined ? undefined : parsed(value), `record ${++number}`, language)
}

/** Lists that stand in an object, by the names they are given. */
// prettier-ignore
const LISTS = ['@graph', 'items', 'records', 'results', 'data', 'objects', 'artworks', 'works', 'artObjects', 'member', 'itemListElement', 'hasPart', 'docs', 'hits']

/** The records of one value: itself, or those of a list in it. A graph of one work is one record. */
function* recordsOf(value: unknown, place: string, language?: string): Generator<SourceRecord> {
  if (value === undefined) yield { place, problem: NOT_JSON }
  else if (Array.isArray(value))
    for (const [i, each] of value.entries()) yield* recordsOf(each, `${place}.${i + 1}`, language)
  else if (!isThing(value)) yield { place, problem: NO_OBJECT }
  else {
    const list = listOf(value)
    if (!list) yield linkedRecord(value, place, language)
    else
      for (const [i, each] of list.entries()) {
        const item = isThing(each) && isThing(each.item) ? each.item : each
        if (isThing(item)) yield linkedRecord(item, `${place}.${i + 1}`, language)
        else yield { place: `${place}.${i + 1}`, problem: NO_OBJECT }
      }
  }
}

function listOf(value: Record<string, unknown>): unknown[] | undefined {
  for (const key of LISTS) {
    const list = value[key]
    if (!Array.isArray(list) || list.length === 0 || !list.some(isThing)) continue
    if (key !== '@graph') return list
    return splitGraph(list)
  }
  return undefined
}

/** A graph with several works is taken apart at them: what describes each goes with it. */
function splitGraph(nodes: unknown[]): unknown[] | undefined {
  const things = nodes.filter(isThing)
  const isA = (thing: Record<string, unknown>, type: string) =>
    [thing['@type']].flat().some((each) => String(each).endsWith(type))
  const works = things.filter((thing) => isA(thing, 'ProvidedCHO'))
  if (works.length === 0) return things
  if (works.length === 1) return undefined
  const about = (thing: Record<string, unknown>) =>
    ['edm:aggregatedCHO', 'aggregatedCHO', 'ore:proxyFor', 'proxyFor'].flatMap((key) => {
      const target = thing[key]
      return isThing(target) ? [target['@id']] : [target]
    })
  const byWork = Map.groupBy(things, (thing) => about(thing).find((id) => id !== undefined))
  const others = things.filter((thing) => !works.includes(thing) && about(thing).every((id) => id === undefined))
  return works.map((work) => ({ '@graph': [work, ...(byWork.get(work['@id']) ?? []), ...others] }))
}

/**
 * The elements of a list as texts, or the whole of anything else. Brackets and quotes are counted, and nothing is kept but
 * the element that is being read; one that is too long comes out as nothing.
 */
async function* readElements(text: AsyncIterable<string>, path: string): AsyncGenerator<string | undefined> {
  const scanner = { depth: 0, isInText: false, isEscaped: false, isList: undefined as boolean | undefined }
  let element = ''
  let isTooLong = false
  for await (const piece of text) {
    let start = 0
    for (let at = 0; at < piece.length; at++) {
      const character = piece[at]!
      if (scanner.isInText) {
        if (scanner.isEscaped) scanner.isEscaped = false
        else if (character === '\\') scanner.isEscaped = true
        else if (character === '"') scanner.isInText = false
        continue
      }
      if (character === '"') scanner.isInText = true
      else if (character === '[' || character === '{') {
        if (scanner.isList === undefined) {
          scanner.isList = character === '['
          start = scanner.isList ? at + 1 : at
        }
        scanner.depth++
      } else if (character === ']' || character === '}') scanner.depth--
      const isEnd = scanner.isList === true && ((character === ',' && scanner.depth === 1) || scanner.depth === 0)
      if (!isEnd || !scanner.isList) continue
      element += piece.slice(start, at)
      if (element.trim() !== '') yield isTooLong ? undefined : element
      ;[element, isTooLong, start] = ['', false, at + 1]
      if (scanner.depth === 0) return
    }
    element += piece.slice(start)
    const most = scanner.isList ? collectingLimits.recordCharactersMax : collectingLimits.answerBytesMax
    if (element.length > most && scanner.isList) [element, isTooLong] = [' ', true]
    else if (element.length > most)
      throw tooLarge('it is one object, and too large for memory', path, 'Write one object for each line (JSON Lines).')
  }
  if (scanner.isList) throw unreadable('the list is not closed', path, 'The file may be cut short; write it again.')
  if (element.trim() !== '') yield element
}
