import { unreadable, type OpenSource, type Problem, type SourceCreator, type SourceRecord } from '../record.ts'
import { encodingOf, firstBytes, readLines, readText, requireFile } from '../tables/textFile.ts'

/** Where a field stands in a record of CISAC's Common Works Registration 2.1 and 2.2: from which character, how many. */
const WORK = { title: [19, 60], language: [79, 2], number: [81, 14], iswc: [95, 11] } as const
const WRITER = {
  last: [28, 45],
  first: [73, 30],
  unknown: [103, 1],
  role: [104, 2],
  ipi: [115, 11],
  share: [129, 5],
} as const
const PUBLISHER = { name: [30, 45], unknown: [75, 1], role: [76, 2], ipi: [87, 11], share: [115, 5] } as const
/** The same in both versions, and not in version 3. */
const EDI_VERSION = [59, 5] as const
type Field = readonly [number, number]

/** Roles of CWR: what a writer did, and what kind of publisher it is. */
const ROLES: Record<string, string> = {
  A: 'author',
  AD: 'adaptor',
  AR: 'arranger',
  C: 'composer',
  CA: 'composer-author',
  SA: 'sub-author',
  SR: 'sub-arranger',
  TR: 'translator',
  E: 'publisher',
  AM: 'administrator',
  PA: 'income-participant',
  ES: 'substituted-publisher',
  AQ: 'acquirer',
  SE: 'sub-publisher',
}

/** Shares of CWR are rounded to hundredths of a percent, and their sum may be so far from 100%. */
const TOLERANCE = 6
const TOTAL = 10_000

/** Opens a file of Common Works Registration: its new and revised works with their writers, publishers and shares. */
export async function openCwr(path: string): Promise<OpenSource> {
  requireFile(path)
  const [header = ''] = new TextDecoder().decode(await firstBytes(path)).split('\n')
  if (!header.startsWith('HDR') || field(header, EDI_VERSION) !== '01.10')
    throw unreadable(
      'it has no header of CWR 2.1 or 2.2',
      path,
      'Give a file of CWR as publishers send it (.V21, .V22).',
    )
  return { format: `CWR, ${await encodingOf(path)}`, records: cwrRecords(readLines(readText(path))) }
}

interface OpenWork {
  record: SourceRecord
  creators: (SourceCreator & { share: number })[]
}

/** Works out of lines; a work ends where the next transaction, or the group, begins or ends. */
export async function* cwrRecords(lines: AsyncIterable<{ line: number; text: string }>): AsyncGenerator<SourceRecord> {
  let work: OpenWork | undefined
  for await (const { line, text } of lines) {
    const type = text.slice(0, 3)
    if (['NWR', 'REV', 'ISW', 'EXC', 'AGR', 'ACK', 'GRH', 'GRT', 'TRL', 'HDR'].includes(type)) {
      if (work) yield finish(work)
      work = type === 'NWR' || type === 'REV' ? openWork(text, line) : undefined
    } else if (work) readDetail(type, text, line, work)
  }
  if (work) yield finish(work)
}

function field(text: string, [start, length]: Field): string {
  return text.slice(start, start + length).trim()
}

function openWork(text: string, line: number): OpenWork {
  const record: SourceRecord = { place: `line ${line}`, kinds: ['music'], title: field(text, WORK.title) }
  const number = field(text, WORK.number)
  if (number !== '') record.id = number
  const iswc = field(text, WORK.iswc)
  if (iswc !== '') record.identifiers = [{ scheme: 'iswc', value: iswc }]
  const language = field(text, WORK.language)
  if (language !== '') record.language = language.toLowerCase()
  return { record, creators: [] }
}

function readDetail(type: string, text: string, line: number, work: OpenWork): void {
  if (type === 'SWR' || type === 'OWR') addParty(text, line, work, WRITER, writerName(text))
  else if (type === 'SPU' || type === 'OPU') addParty(text, line, work, PUBLISHER, field(text, PUBLISHER.name))
}

function writerName(text: string): string {
  return [field(text, WRITER.first), field(text, WRITER.last)].filter(Boolean).join(' ')
}

function addParty(
  text: string,
  line: number,
  { record, creators }: OpenWork,
  at: typeof WRITER | typeof PUBLISHER,
  name: string,
): void {
  const share = shareOf(field(text, at.share))
  if (share === undefined) {
    record.problem ??= problem(
      'shares',
      `line ${line} has the share “${field(text, at.share)}”`,
      'A share has five digits.',
    )
    return
  }
  const role = ROLES[field(text, at.role)]
  // Who has no share in performances is named as a writer, and not as a publisher somewhere down the chain.
  if (share === 0 && at === PUBLISHER) return
  const isUnknown = name === '' || field(text, at.unknown) === 'Y'
  const ipi = field(text, at.ipi)
  if (/[1-9]/.test(ipi)) (record.identifiers ??= []).push({ scheme: 'ipi', value: ipi })
  creators.push({
    name: isUnknown ? '(not known to the publisher)' : name,
    share,
    layer: 'composition',
    ...(role ? { role } : {}),
  })
}

/** `05000` is 50%, which is 5000 ten-thousandths; nothing is none. */
export function shareOf(text: string): number | undefined {
  if (text === '') return 0
  if (!/^\d{3,5}$/.test(text)) return undefined
  const share = Number(text)
  return share <= TOTAL ? share : undefined
}

function problem(name: string, what: string, remedy: string): Problem {
  return { field: name, what, remedy }
}

function finish({ record, creators }: OpenWork): SourceRecord {
  const sum = creators.reduce((total, { share }) => total + share, 0)
  if (creators.length === 0 || sum === 0) {
    // Shares are not said at all: then they are not made up.
    return { ...record, creators: creators.map((creator) => ({ ...creator, share: undefined })) }
  }
  const off = TOTAL - sum
  if (Math.abs(off) <= TOLERANCE) {
    const largest = creators.reduce((a, b) => (b.share > a.share ? b : a))
    largest.share += off
  }
  return { ...record, creators }
}
