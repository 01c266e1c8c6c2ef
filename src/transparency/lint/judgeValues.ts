import { judgedSentence, namesIn, shorten } from './evidence.ts'
import { isEmptyAnswer, isPromise } from './judgeText.ts'
import { readDates, type ReadDate } from './dates.ts'
import { bandOf, contentWords, readSizes, type ReadSize } from './sizes.ts'
import { readChoice, readDomains, readItems, readLinks, readModalities } from './values.ts'
import { contradictory, finding, missing, notApplicable, useful, vague, type Judgement } from './verdict.ts'

const UNMARKED =
  'the options are printed and no mark can be read; boxes that are drawn are not in the text, look at the page'

/** Judges a yes or no. What is not said, or cannot be read, is never taken for a no. */
export function judgeChoice(text: string): Judgement {
  const { answer, isOnlyOption } = readChoice(text)
  const [line = ''] = text.split('\n')
  const sentence = shorten(readChoice(line).answer === answer ? line : text)
  if (answer === 'none') return missing('neither yes nor no')
  if (answer === 'both') return contradictory('yes and no are both ticked', sentence)
  if (answer === 'unmarked')
    return { ...missing(UNMARKED, sentence), findings: [finding('marks not readable', UNMARKED, { sentence })] }
  if (answer === 'outside') {
    const why = 'answered outside its choices: neither yes nor no'
    return {
      ...vague(why, sentence),
      severity: 'error',
      findings: [finding('outside the choices', why, { severity: 'error', sentence })],
    }
  }
  if (!isOnlyOption) return useful(`says ${answer}`, sentence)
  const why = `says ${answer}, the only option printed; its box is empty`
  return { ...useful(why, sentence), severity: 'warning', findings: [finding('marks not readable', why, { sentence })] }
}

const MONTH_MS = (365.25 * 86_400_000) / 12
const EARLIEST = Date.UTC(2000, 0)

/** Judges a date: it must be one, with a month, not after `at`, and not before the year 2000. */
export function judgeDate(id: string, text: string, at: number): Judgement {
  const sentence = shorten(text.split('\n\n')[0]!)
  if (isPromise(text)) return missing('a date is promised, not given', sentence)
  const dates = readDates(text, at)
  const date = id === 'latestAcquisition' ? latest(dates) : dates[0]
  if (!date) {
    const why = isEmptyAnswer(text) ? `“${sentence}” where a date is asked` : 'there is no date with a month in it'
    const judgement = isEmptyAnswer(text) ? missing(why, sentence) : vague(why, sentence)
    return { ...judgement, findings: [finding('date', why, { severity: 'error', sentence })] }
  }
  const said = sentenceWith(text, date.text)
  if (date.from > at) return futureDate(id, date, said)
  if (date.from < EARLIEST) return withFinding(contradictory(`${date.text} is before the year 2000`, said))
  if (id === 'latestAcquisition' && /\blater (?:date|cut-?off)\b/i.test(text))
    return vague(`names ${date.text}, and says that some data is later without saying when`, said)
  return id === 'lastUpdate' ? judgeAge(date, at, said) : useful(`a date: ${date.text}`, said)
}

/** The line, or the sentence where it is divided into lines, that has a date in it. */
function sentenceWith(text: string, date: string): string {
  const line = text.split('\n').find((each) => each.includes(date)) ?? text
  if (/^\W*[^.\n]{0,40}\W*$/.test(line)) return shorten(line)
  return judgedSentence(text, (each) => (each.includes(date) ? 1 : 0)) ?? shorten(line)
}

function latest(dates: ReadDate[]): ReadDate | undefined {
  return dates.toSorted((a, b) => b.from - a.from)[0]
}

function futureDate(id: string, { text }: ReadDate, sentence: string): Judgement {
  const why = `${text} has not come yet`
  if (id !== 'marketDate') return withFinding(contradictory(why, sentence))
  return { ...useful(`a date: ${text}`, sentence), severity: 'warning', findings: [finding('date', why, { sentence })] }
}

function withFinding(judgement: Judgement): Judgement {
  return {
    ...judgement,
    findings: [finding('date', judgement.why, { severity: 'error', sentence: judgement.sentence })],
  }
}

/** A summary is brought up to date at least every six months (explanatory notice, on updates). */
function judgeAge({ text, to }: ReadDate, at: number, sentence: string): Judgement {
  const months = Math.floor((at - to) / MONTH_MS)
  if (months < 6) return useful(`a date: ${text}`, sentence)
  const why = `${text} is ${months} months ago; an update is due every six`
  return { ...useful(why, sentence), severity: 'warning', findings: [finding('out of date', why, { sentence })] }
}

/** Judges which kinds of content are ticked. */
export function judgeModalities(text: string): Judgement {
  const sentence = shorten(text)
  if (isEmptyAnswer(text)) return missing(`“${sentence}” where kinds of content are asked`, sentence)
  const found = readModalities(text)
  if (found === 'unmarked')
    return { ...missing(UNMARKED, sentence), findings: [finding('marks not readable', UNMARKED, { sentence })] }
  return found.length > 0
    ? useful(`says ${found.join(', ')}`, sentence)
    : missing('no kind of content is ticked', sentence)
}

/** Judges section 1.3: each kind of content in one band, what it is, and numbers that lie in the band. */
export function judgeSizes(text: string): Judgement {
  const sizes = readSizes(text)
  const sentence = shorten(sizes[0]?.text ?? text)
  if (sizes.length === 0)
    return text.trim() === '' || isEmptyAnswer(text)
      ? missing('no kind of content and no size', shorten(text))
      : vague('no kind of content with a size can be read', shorten(text))
  const findings = sizes.flatMap((size) => sizeProblems(size))
  const worst = findings.find(({ severity }) => severity === 'error')
  if (worst) return { ...contradictory(worst.message, worst.sentence), findings }
  const unmarked = sizes.filter(({ isUnmarked }) => isUnmarked)
  if (unmarked.length > 0)
    return {
      ...missing(UNMARKED, sentence),
      severity: 'warning',
      findings: [...findings, finding('marks not readable', UNMARKED, { sentence })],
    }
  const unsized = sizes.filter(({ bands, amounts }) => bands.length + amounts.length === 0)
  if (unsized.length > 0)
    return { ...vague(`no size for ${unsized.map(({ modality }) => modality).join(', ')}`, sentence), findings }
  if (contentWords(text).length < 3) return { ...vague('sizes without what the content is', sentence), findings }
  return { ...useful(sizes.map(sizeInWords).join('; '), sentence), findings }
}

function sizeInWords({ modality, bands, amounts }: ReadSize): string {
  return `${modality}: ${[...bands.map((band) => `${band} band`), ...amounts.slice(0, 1).map(({ text }) => text)].join(', ')}`
}

/** A size of the whole, not of a part: said to be one, or the only one. */
const WHOLE = /(?:size|total|overall|approximately|about|around|made up of|unit|up to|\bof)\W*$/i

function sizeProblems({ modality, bands, amounts, text }: ReadSize) {
  const sentence = shorten(text)
  const about = (message: string, severity: 'error' | 'note' = 'error') =>
    finding('size', message, { severity, field: 'sizes', sentence })
  if (bands.length > 1) return [about(`${modality}: two bands are ticked (${bands.join(', ')})`)]
  if (modality === 'other' || amounts.length === 0) return []
  const most = amounts.toSorted((a, b) => b.amount - a.amount)[0]!
  const band = bandOf(modality, most.amount)
  if (bands.length === 0)
    return [about(`${modality}: no band of the template is chosen; “${most.text}” lies in the ${band} one`, 'note')]
  const order = ['low', 'mid', 'high']
  const isMore = order.indexOf(band) > order.indexOf(bands[0]!)
  const before = text.slice(0, text.indexOf(most.text)).slice(-30)
  if (band === bands[0] || !(isMore || (amounts.length === 1 && WHOLE.test(before)))) return []
  return [about(`${modality}: “${most.text}” does not lie in the ${bands[0]} band that is chosen`)]
}

/** Judges a list of data sets: each needs an identifier that leads to it. */
export function judgeDatasets(id: string, text: string): Judgement {
  const sentence = shorten(text)
  if (isEmptyAnswer(text))
    return id === 'privateList'
      ? notApplicable('none is publicly known', sentence)
      : missing(`“${sentence}” where data sets are asked`, sentence)
  const items = readItems(text)
  const links = readLinks(text)
  const named = items.filter((item) => namesOfItem(item).length > 0)
  const dated = named.filter((item) => /\d{4}|\bv\d|\(\S*\d\S*\)/.test(item))
  const best = judgedSentence(text, (each) => readLinks(each).length * 3 + namesOfItem(each).length)
  if (links.length > 0) return useful(counted(links.length, 'link'), best)
  if (dated.length > 0)
    return {
      ...useful(`${counted(named.length, 'name')} with a version or a date, without links`, best),
      severity: 'warning',
      findings: [finding('no link', 'data sets are named without a link', { field: id, sentence: best })],
    }
  const why =
    named.length > 0
      ? 'names without a link, a version or a date: what exactly was used cannot be found'
      : 'no name and no link: a description where a list is asked'
  return {
    ...vague(
      why,
      judgedSentence(text, () => 0),
    ),
    findings: [finding('no link', why, { field: id, sentence })],
  }
}

/** A short entry begins with its name; a sentence begins with a capital and no name. */
function namesOfItem(item: string): string[] {
  return namesIn(item.split(/\s+/).length <= 6 ? `the ${item}` : item)
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`
}

/** Judges the list of domain names: a list, or a file that has it; kinds of sites are none. */
export function judgeDomains(text: string): Judgement {
  const sentence = shorten(text)
  if (isEmptyAnswer(text)) return missing(`“${sentence}” where domain names are asked`, sentence)
  const domains = readDomains(text.slice(0, 2_000_000))
  const words = text.slice(0, 100_000).match(/\p{L}{2,}/gu)?.length ?? 0
  const isFile = /\b(?:list|file|download\w*|csv|annex|spreadsheet)\b/i.test(text) && readLinks(text).length > 0
  const named = /\b[\w-]{1,80}\.(?:csv|jsonl?|txt|tsv|xlsx?|parquet|zip|gz)\b/i.exec(
    text.replaceAll(/robots\.txt/gi, ''),
  )
  if (named && words < 40) return useful(`the list is in a file, ${named[0]}`, sentence)
  if (isFile)
    return useful(
      'a link to the list',
      judgedSentence(text, (each) => readLinks(each).length),
    )
  if (domains.length > 0 && domains.length * 12 >= words)
    return useful(counted(domains.length, 'domain name'), sentence)
  const why = 'a narrative where the list of domain names belongs'
  return {
    ...vague(
      why,
      judgedSentence(text, () => 0),
    ),
    findings: [finding('narrative instead of a list', why, { field: 'domains', severity: 'error', sentence })],
  }
}
