import { strToU8 } from 'fflate'
import { FIELDS, SECTIONS, TEMPLATE, type Field } from '../../src/transparency/template.ts'
import { escapeMarkup, makeDocx, makePdf, wordParagraph } from './makeDocuments.ts'

/** Answers of a summary by the ids of its fields, in words; yes and no are written as they are. */
export type Said = Record<string, string>

/** A provider and a model that do not exist, with answers that somebody can check. */
export const GOOD: Said = {
  version: 'Version 2, replaces https://skerry.example/summary-1.pdf',
  lastUpdate: '14/09/2026',
  provider: 'Skerry Language Lab AB, Hamngatan 4, 411 10 Göteborg, data@skerry.example',
  representative: 'N/A',
  models: 'Skerry-7B v2.1, https://skerry.example/models/7b',
  dependencies: 'None',
  marketDate: '1 October 2026',
  sizes:
    'Text: 1 billion to 10 trillion tokens, approximately 4.2 trillion tokens of encyclopedias, parliamentary debates and source code',
  latestAcquisition: '05/2026',
  languages: 'Swedish (31%), Danish, Norwegian, Icelandic and English; 412 billion tokens are Finnish.',
  characteristics: 'About 60% of the documents come from the Nordic countries, mostly from Sweden and Finland.',
  publicUsed: 'Yes',
  publicModalities: 'text',
  publicLarge:
    '- Nordic Web 3 https://data.skerry.example/nordic-web-3 (v3.1)\n- Riksdag Debates https://data.skerry.example/riksdag',
  publicOthers: 'Some 40 smaller sets of Swedish and Danish newspapers from 1850 to 1920, from the Royal Library.',
  licensedUsed: 'No',
  privateUsed: 'Yes',
  privateModalities: 'text',
  privateList: 'Fjord Archive, https://fjord.example/archive',
  privateDescription:
    'Norwegian court decisions from 1990 to 2020, about 2 million documents with personal data removed.',
  crawled: 'Yes',
  crawlerNames: 'SkerryBot/1.2',
  crawlerPurposes: 'Collecting Nordic texts to train language models.',
  crawlerBehaviour:
    'SkerryBot follows robots.txt (RFC 9309) and tdmrep.json, stops at paywalls and passwords, and solves no captchas.',
  crawlPeriod: 'From 02/2024 to 05/2026',
  crawlContent:
    'News sites, government portals and museum catalogues in Swedish, Danish and Norwegian, mostly under .se and .dk.',
  crawlModalities: 'text',
  domains: 'riksarkivet.example\nkb.example\ndagbladet.example\nmuseum.example\nkommune.example\nfolketing.example',
  interactions: 'No',
  otherServices: 'No',
  synthetic: 'Yes',
  syntheticModalities: 'text',
  syntheticMarketed: 'Otter-2 by Lontra, https://lontra.example/otter-2/summary',
  syntheticOthers: 'None',
  others: 'No',
  signatory: 'Yes',
  measures:
    'Before each crawl robots.txt and tdmrep.json were read again; sites that opted out by June 2026 were removed from all earlier crawls.',
  illegalContent: 'Hash matching against the NCMEC list, a classifier for toxic text, and block lists of domains.',
}

/** The questions as the template words them. */
export const QUESTIONS: Record<string, string> = {
  version: 'Version of the Summary',
  lastUpdate: 'Last update',
  provider: 'Provider name and contact details',
  representative: 'Authorised representative name and contact details',
  models: 'Versioned model name(s)',
  dependencies: 'Model dependencies',
  marketDate: 'Date of placement of the model on the Union market',
  latestAcquisition: 'Latest date of data acquisition/collection for model training',
  languages: 'Description of the linguistic characteristics of the overall training data',
  characteristics: 'Other relevant characteristics of the overall training data',
  publicUsed: 'Have you used publicly available datasets to train the model?',
  publicModalities: 'If yes, specify the modality(ies) of the content covered by the datasets concerned',
  publicLarge: 'List of large publicly available datasets',
  publicOthers: 'General description of other publicly available datasets not listed above',
  licensedUsed:
    'Have you concluded transactional commercial licensing agreement(s) with rightsholder(s) or with their representatives?',
  licensedModalities: 'If yes, specify the modality(ies) of the content covered by the datasets concerned',
  privateUsed:
    'Have you obtained private datasets from third parties that are not licensed as described in Section 2.2.1, such as data obtained from providers of private databases, or data intermediaries?',
  privateModalities: 'If yes, specify the modality(ies) of the content covered by the datasets concerned',
  privateList: 'If publicly known, list private datasets obtained from other third parties',
  privateDescription: 'General description of non-publicly known private datasets obtained from third parties',
  crawled: 'Were crawlers used by the provider or on behalf of?',
  crawlerNames: 'If yes, specify crawler name(s)/identifier(s)',
  crawlerPurposes: 'Purposes of the crawler(s)',
  crawlerBehaviour: 'General description of crawler behaviour',
  crawlPeriod: 'Period of data collection',
  crawlContent: 'Comprehensive description of the type of content and online sources crawled',
  crawlModalities: 'Type of modality covered',
  domains: 'Summary of the most relevant domain names crawled',
  interactions:
    'Was data from user interactions with the AI model (e.g. user input and prompts) used to train the model?',
  otherServices:
    'Was data collected from user interactions with the provider’s other services or products used to train the model?',
  userDescription:
    'If yes, provide a general description of the provider’s services or products that were used to collect the user data',
  userModalities: 'Type of modality covered',
  synthetic: 'Was synthetic AI-generated data created by the provider or on their behalf to train the model?',
  syntheticModalities: 'If yes, modality of the synthetic data',
  syntheticMarketed:
    'If yes, specify the general-purpose AI model(s) used to generate the synthetic data if available on the market',
  syntheticOthers:
    'Information about other AI models, including provider’s own AI model(s) not available on the market, used to generate synthetic data to train the model to which this Summary applies',
  others: 'Have data sources other than those described in Sections 2.1 to 2.5 been used to train the model?',
  othersDescription: 'If yes, provide a narrative description of these data sources and the data',
  signatory:
    'Are you a Signatory to the Code of Practice for general-purpose AI models that includes commitments to respect reservations of rights from the TDM exception or limitation?',
  measures:
    'Describe the measures implemented before model training to respect reservations of rights from the TDM exception or limitation before and during data collection, including the opt-out protocols and solutions honoured by the provider or, as applicable, by third parties from which datasets have been obtained',
  illegalContent: 'General description of measures taken',
  otherProcessing: 'Other relevant information about data processing (optional)',
}

interface Entry {
  section: string
  question: string
  answer: string
}

/** The questions that are asked, with what is said to them: boxes for yes and no, and for kinds of content. */
function entriesOf(said: Said): Entry[] {
  return FIELDS.filter(({ id }) => QUESTIONS[id] !== undefined || said[id] !== undefined).map((field) => ({
    section: field.section,
    question: QUESTIONS[field.id] ?? '',
    answer: withBoxes(field, said[field.id] ?? ''),
  }))
}

function withBoxes({ kind }: Field, answer: string): string {
  if (kind === 'choice' && /^(Yes|No)$/.test(answer)) return answer === 'Yes' ? '☒ Yes ☐ No' : '☐ Yes ☒ No'
  if (kind !== 'modalities' || answer === '') return answer
  return ['Text', 'Image', 'Video', 'Audio', 'Other']
    .map((name) => `${answer.includes(name.toLowerCase()) ? '☒' : '☐'} ${name}`)
    .join(' ')
}

function bySection(said: Said): [string, Entry[]][] {
  const sections = Map.groupBy(entriesOf(said), ({ section }) => section)
  return [...sections]
}

const headed = (section: string) => (section === '0' ? '' : `${section}. ${SECTIONS[section]}`)
const asked = ({ question }: Entry) => (question === '' || question.endsWith('?') ? question : `${question}:`)
/** Section 1.3 is a table without a question. */
const table = ({ question, answer }: Entry) =>
  question === '' && answer !== ''
    ? 'Modality  Training data size  Types of content'
    : asked({ question, answer, section: '' })

/** One document in many layouts; each must be read alike. */
export const LAYOUTS: Record<string, (said: Said) => Promise<{ bytes: Uint8Array; name: string }>> = {
  lines: async (said) => text(lines(said).join('\n'), 'summary.txt'),
  inline: async (said) =>
    text(
      bySection(said)
        .map(
          ([section, entries]) =>
            `${headed(section)}\n${entries.map((entry) => `${table(entry)} ${entry.answer}`).join('\n')}`,
        )
        .join('\n\n'),
      'summary.txt',
    ),
  bullets: async (said) =>
    text(
      bySection(said)
        .map(
          ([section, entries]) =>
            `${headed(section)}\n\n${entries.map((entry) => `• ${table(entry)}\n\n    ◦ ${entry.answer.replaceAll('\n', '\n    ')}`).join('\n\n')}`,
        )
        .join('\n\n\n'),
      'summary.txt',
    ),
  markdown: async (said) =>
    text(
      bySection(said)
        .map(
          ([section, entries]) =>
            `## ${headed(section)}\n\n${entries.map((entry) => `**${table(entry)}**\n\n${entry.answer}`).join('\n\n')}`,
        )
        .join('\n\n'),
      'summary.md',
    ),
  spaced: async (said) =>
    text(
      lines(said)
        .join('   ')
        .replaceAll(/[^\S\n]+/g, '  '),
      'summary.txt',
    ),
  columns: async (said) => text(columns(said), 'summary.txt'),
  'html table': async (said) =>
    text(
      `<!doctype html><html lang="en"><title>x</title><script>var a = "Last update: 1999"</script>${bySection(said)
        .map(
          ([section, entries]) =>
            `<h2>${headed(section)}</h2><table>${entries.map((entry) => `<tr><td>${escapeMarkup(table(entry))}</td><td>${inputs(entry.answer)}</td></tr>`).join('')}</table>`,
        )
        .join('')}</html>`,
      'summary.html',
    ),
  'html definitions': async (said) =>
    text(
      bySection(said)
        .map(
          ([section, entries]) =>
            `<h3>${headed(section)}</h3><dl>${entries.map((entry) => `<dt>${escapeMarkup(table(entry))}</dt><dd>${inputs(entry.answer)}</dd>`).join('')}</dl>`,
        )
        .join(''),
      'summary.html',
    ),
  docx: async (said) => ({
    bytes: makeDocx(
      lines(said)
        .flatMap((line) => line.split('\n'))
        .map(wordParagraph)
        .join(''),
    ),
    name: 'summary.docx',
  }),
  pdf: async (said) => ({ bytes: await makePdf(lines(said)), name: 'summary.pdf' }),
}

function text(content: string, name: string) {
  return { bytes: strToU8(content), name }
}

export function lines(said: Said): string[] {
  return bySection(said).flatMap(([section, entries]) => [
    headed(section),
    ...entries.flatMap((entry) => [table(entry), entry.answer].filter((line) => line !== '')),
  ])
}

/** As programs write that keep a page's layout: questions in a narrow column, answers beside them, both centred. */
function columns(said: Said): string {
  return bySection(said)
    .map(([section, entries]) => `${headed(section)}\n${entries.map(row).join('\n')}`)
    .join('\n\n\n')
}

function row(entry: Entry): string {
  if (entry.question === '')
    return ` Modality     Training data size     Types of content\n${wrap(entry.answer, 60)
      .map((line) => `${' '.repeat(41)}${line}`)
      .join('\n')}\n\n`
  const left = wrap(table(entry), 34)
  const right = entry.answer.split('\n').flatMap((line) => wrap(line, 60))
  const height = Math.max(left.length, right.length)
  const at = (cell: string[], i: number) => cell[i - Math.floor((height - cell.length) / 2)] ?? ''
  return Array.from({ length: height }, (_, i) => ` ${at(left, i).padEnd(40)}${at(right, i)}`.trimEnd()).join('\n')
}

function wrap(line: string, width: number): string[] {
  const wrapped: string[] = []
  for (const word of line.split(' ')) {
    const last = wrapped.at(-1)
    if (last !== undefined && last.length + word.length < width) wrapped[wrapped.length - 1] = `${last} ${word}`
    else wrapped.push(word)
  }
  return wrapped
}

function inputs(answer: string): string {
  return escapeMarkup(answer)
    .replaceAll('☒', '<input type="checkbox" checked>')
    .replaceAll('☐', '<input type=checkbox>')
    .replaceAll('\n', '<br>')
}

/** The same in our own form. */
export function ownForm(answers: Record<string, unknown>): string {
  const known = Object.entries(answers).map(([id, value]) => [
    id,
    value === undefined ? { known: 'not provided' } : { value, known: 'attested' },
  ])
  return JSON.stringify({ template: TEMPLATE, answers: Object.fromEntries(known) })
}
