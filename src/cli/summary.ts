import { readFileSync, statSync } from 'node:fs'
import { ColophonError } from '../foundation/index.ts'
import {
  SECTIONS,
  diffSummaries,
  lintSummary,
  type FieldChange,
  type SummaryDiff,
  type SummaryLint,
} from '../transparency/index.ts'
import { needOne, print, readVerb, type Command, type ExitCode } from './command.ts'
import { runBuild, type BuildFlags } from './summaryBuild.ts'

type Flags = BuildFlags
type Verb = (files: string[], flags: Flags) => Promise<ExitCode>

const VERBS: Record<string, Verb> = {
  build: (files, flags) => runBuild(files, flags, readTime(flags.at).at ?? Date.now()),
  lint: runLint,
  diff: runDiff,
}

export const summary: Command = {
  forms: [
    'summary build MODEL --trail TRAIL -o FOLDER [--attested FILE.json] [--indicators indicators.json] [--sme]',
    'summary lint FILE [--at TIME]',
    'summary diff OLD NEW [--at TIME]',
  ],
  does: 'Public summaries of training content (Article 53(1)(d) of the AI Act). build writes one, and the Model Documentation Form, from the trail of a pipeline and what the provider attests; it attests nothing by itself. lint and diff read them as PDF, HTML, JSON, DOCX, ODT or text: lint says field by field what is answered usefully, vaguely, not at all, or against something else, with the sentence it judged; diff says what changed between two.',
  async run(args) {
    const { run, values, positionals } = readVerb('summary', VERBS, OPTIONS, args)
    return run(positionals, values)
  },
}

const OPTIONS = {
  at: { type: 'string' },
  trail: { type: 'string' },
  attested: { type: 'string' },
  indicators: { type: 'string' },
  sme: { type: 'boolean' },
  out: { type: 'string', short: 'o' },
} as const

async function runLint(files: string[], { json, at }: Flags): Promise<ExitCode> {
  const path = needOne(files, 'file')
  const time = readTime(at)
  const lint = await lintSummary(readFile(path), path, time)
  print(json, { file: path, ...lint }, asLines(path, lint))
  if (lint.fields.length === 0) return 2
  return lint.fields.some(({ severity }) => severity === 'error') ? 1 : 0
}

async function runDiff(files: string[], { json, at }: Flags): Promise<ExitCode> {
  if (files.length !== 2) throw new ColophonError('usage', 'give exactly two files, the older one first')
  const time = readTime(at)
  const [older, newer] = files.map((name) => ({ bytes: readFile(name), name }))
  const diff = await diffSummaries(older!, newer!, time)
  print(json, { older: files[0], newer: files[1], ...diff }, diffLines(diff))
  return diff.warnings.length > 0 ? 1 : 0
}

/** Larger files are no summaries; they are not even read. */
const FILE_BYTES_MAX = 256 * 1024 * 1024

function readFile(path: string): Uint8Array {
  try {
    if (statSync(path).size <= FILE_BYTES_MAX) return readFileSync(path)
  } catch (cause) {
    const isAbsent = (cause as NodeJS.ErrnoException).code === 'ENOENT'
    throw new ColophonError(
      isAbsent ? 'not_found' : 'unreadable_file',
      isAbsent ? 'there is no such file' : 'the file cannot be read',
      {
        where: path,
        remedy: 'Give the summary as a file.',
        cause,
      },
    )
  }
  throw new ColophonError('too_large', `files of more than ${FILE_BYTES_MAX} bytes are not read`, {
    where: path,
    remedy: 'Give the summary alone.',
  })
}

function readTime(at: string | undefined): { at?: number } {
  if (at === undefined) return {}
  const time = Date.parse(at)
  if (Number.isNaN(time))
    throw new ColophonError('usage', '--at is no time', { where: at, remedy: 'Write it as 2026-11-27.' })
  return { at: time }
}

function asLines(path: string, { fields, findings, counts, quality }: SummaryLint): string[] {
  const sections = Map.groupBy(fields, ({ section }) => section)
  const shown = [...sections].flatMap(([section, all]) => [
    '',
    section === '0' ? 'Header' : `${section} ${SECTIONS[section]}`,
    ...all
      .filter(isWorthALine)
      .flatMap(({ label, verdict, why, sentence }) => [
        `  ${verdict}: ${label} (${why})`,
        ...(sentence ? [`    “${sentence}”`] : []),
      ]),
  ])
  const said = findings.map(({ severity, kind, message }) => `  ${severity} ${kind}: ${message}`)
  const counted = Object.entries(counts)
    .map(([verdict, count]) => `${count} ${verdict}`)
    .join(', ')
  const share = quality === undefined ? [] : [`Disclosure quality: ${Math.round(quality * 100)} %`]
  return [path, ...shown, ...(said.length > 0 ? ['', 'Findings', ...said] : []), '', counted, ...share]
}

/** What does not apply and was left out need not be read. */
function isWorthALine({ verdict, sentence }: SummaryLint['fields'][number]): boolean {
  return verdict !== 'not applicable' || sentence !== undefined
}

function diffLines({ changes, warnings, same }: SummaryDiff): string[] {
  return [
    ...changes.flatMap((change) => [`${change.section} ${change.label}: ${change.change}`, ...detail(change)]),
    ...(warnings.length > 0 ? ['', 'Look at', ...warnings.map(({ message }) => `  ${message}`)] : []),
    '',
    `${changes.length} fields differ, ${same} are answered alike`,
  ]
}

const ITEMS_SHOWN_MAX = 20

function detail({ change, before = '', after = '', words, items }: FieldChange): string[] {
  if (items) return [...listed('+', items.added), ...listed('-', items.removed)]
  if (words)
    return [
      `  ${words.map(({ change: kind, text }) => (kind === 'same' ? text : kind === 'added' ? `[+${text}+]` : `[-${text}-]`)).join(' ')}`,
    ]
  return change === 'changed'
    ? [`  - ${before}`, `  + ${after}`]
    : [`  ${change === 'added' ? `+ ${after}` : `- ${before}`}`]
}

function listed(sign: string, items: string[]): string[] {
  const more = items.length - ITEMS_SHOWN_MAX
  return [
    ...items.slice(0, ITEMS_SHOWN_MAX).map((item) => `  ${sign} ${item}`),
    ...(more > 0 ? [`  ${sign} and ${more} more`] : []),
  ]
}
