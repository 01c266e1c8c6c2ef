import { FIELDS, type Modality } from '../template.ts'
import { readDates } from './dates.ts'
import { namesIn, shorten } from './evidence.ts'
import { choiceOf, type Answers } from './judge.ts'
import { isEmptyAnswer } from './judgeText.ts'
import { readSizes } from './sizes.ts'
import { readDomains, readLinks, readModalities } from './values.ts'
import { contradictory, finding, notApplicable, type Finding, type Judgement } from './verdict.ts'

/**
 * Compares answers with each other. A contradiction is held against the answer that it makes doubtful: the yes or no
 * above filled fields, and the kinds of content that section 1.3 does not have. Returns findings beside the verdicts.
 */
export function crossCheck(answers: Answers, judgements: Map<string, Judgement>, at: number): Finding[] {
  return [
    ...checkDenials(answers, judgements),
    ...checkModalities(answers, judgements),
    ...checkSynthetic(answers, judgements),
    ...checkGenerators(judgements),
    ...checkDates(answers, judgements, at),
  ]
}

const textOf = (answers: Answers, id: string) => answers.get(id)?.text ?? ''
const labelOf = (id: string) => FIELDS.find((field) => field.id === id)!.label
const sectionOf = (id: string) => FIELDS.find((field) => field.id === id)!.section

/** A no above fields that are filled. */
function checkDenials(answers: Answers, judgements: Map<string, Judgement>): Finding[] {
  return FIELDS.filter(({ kind }) => kind === 'choice').flatMap(({ id, section }) => {
    if (choiceOf(answers, id) !== 'no') return []
    const children = FIELDS.filter(
      ({ onlyIf }) => onlyIf?.every((parent) => choiceOf(answers, parent) === 'no') && onlyIf.includes(id),
    )
    const filled = children.filter((child) => isFilled(child.id, child.kind, textOf(answers, child.id)))
    const [first] = filled
    if (!first) return []
    const sentence = shorten(textOf(answers, first.id))
    const why = `says no, and these are filled in all the same: ${filled.map(({ label }) => label).join('; ')}`
    judgements.set(id, { ...contradictory(why, shorten(textOf(answers, id))) })
    return [finding('contradiction', `${section} ${labelOf(id)}: ${why}`, { severity: 'error', field: id, sentence })]
  })
}

/** Something definite is there: a date, a name, a box; a sentence that says once more that there is nothing is not. */
function isFilled(id: string, kind: string, text: string): boolean {
  if (text === '' || isEmptyAnswer(text)) return false
  if (kind === 'modalities')
    return (
      readModalities(text) !== 'unmarked' && readModalities(text).length > 0 && !/\bno\b|not applicable/i.test(text)
    )
  if (kind === 'domains') return readDomains(text).length > 0
  if (kind === 'datasets') return readLinks(text).length > 0
  if (id === 'crawlPeriod') return readDates(text, Number.MAX_SAFE_INTEGER, true).length > 0
  if (id === 'crawlerNames' || id === 'syntheticMarketed')
    return namesIn(`the ${text}`).length > 0 && !/\b(?:no|not|none)\b/i.test(text)
  return false
}

const SOURCE_MODALITIES = [
  'publicModalities',
  'licensedModalities',
  'privateModalities',
  'crawlModalities',
  'userModalities',
  'syntheticModalities',
]

/** Kinds of content that a source has and the overall data of section 1.3 has not. */
function checkModalities(answers: Answers, judgements: Map<string, Judgement>): Finding[] {
  const overall = new Set<Modality>(readSizes(textOf(answers, 'sizes')).map(({ modality }) => modality))
  if (overall.size === 0) return []
  return SOURCE_MODALITIES.flatMap((id) => {
    const ticked = readModalities(textOf(answers, id))
    const extra =
      ticked === 'unmarked' ? [] : ticked.filter((modality) => modality !== 'other' && !overall.has(modality))
    if (extra.length === 0 || judgements.get(id)?.verdict !== 'useful') return []
    const sentence = shorten(textOf(answers, id))
    const why = `names ${extra.join(', ')}, which section 1.3 does not have`
    judgements.set(id, contradictory(why, sentence))
    return [finding('modality', `${sectionOf(id)} ${why}`, { severity: 'error', field: id, sentence })]
  })
}

const SYNTHETIC =
  /\bsynthetic(?:ally)?\b|-synth(?:etic)?\b|\bdistill(?:ed|ation)\b|machine[- ]generated|AI[- ]generated|\bgenerated (?:by|with|using) (?:GPT|Llama|Qwen|Claude|Gemini|Mistral|DeepSeek|Phi|large language)/i

/** “No synthetic data” beside a list that names a synthetic set: public sets of others are rightly only in 2.1. */
function checkSynthetic(answers: Answers, judgements: Map<string, Judgement>): Finding[] {
  if (choiceOf(answers, 'synthetic') !== 'no') return []
  for (const id of ['publicLarge', 'publicOthers', 'privateDescription', 'privateList', 'publicComments', 'sizes']) {
    const text = textOf(answers, id)
    const found = SYNTHETIC.exec(text.replaceAll(/-\s*\n\s*/g, '-'))
    if (!found || /\b(?:no|not|without|excluding) (?:any )?$/i.test(text.slice(0, found.index).slice(-20))) continue
    const sentence = shorten(
      text
        .replaceAll(/-\s*\n\s*/g, '-')
        .split('\n')
        .find((line) => SYNTHETIC.test(line)) ?? text,
    )
    const message = `2.5 says that no synthetic data was created, while ${sectionOf(id)} names some (“${found[0]}”): right only if others made it, which should be said`
    const before = judgements.get('synthetic')!
    if (before.verdict === 'useful')
      judgements.set('synthetic', {
        ...before,
        severity: 'warning',
        why: `${before.why}; ${sectionOf(id)} names a synthetic set`,
      })
    return [finding('synthetic data', message, { field: 'synthetic', sentence })]
  }
  return []
}

/** Models on the market, or others: naming the one is enough where the other says that there are none. */
function checkGenerators(judgements: Map<string, Judgement>): Finding[] {
  const pair = ['syntheticMarketed', 'syntheticOthers'] as const
  for (const [id, other] of [pair, pair.toReversed() as unknown as typeof pair]) {
    const judgement = judgements.get(id)!
    if (judgement.verdict !== 'missing' || judgements.get(other)!.verdict !== 'useful') continue
    const isSaid = judgement.sentence !== undefined
    judgements.set(
      id,
      isSaid
        ? notApplicable('said to be none; the models are named beside it', judgement.sentence)
        : { ...judgement, severity: 'warning' },
    )
  }
  return []
}

/** Data that was collected after the day on which the summary was last changed. */
function checkDates(answers: Answers, judgements: Map<string, Judgement>, at: number): Finding[] {
  const [update] = readDates(textOf(answers, 'lastUpdate'), at)
  const latest = readDates(textOf(answers, 'latestAcquisition'), at).toSorted((a, b) => b.from - a.from)[0]
  if (!update || !latest || latest.from < update.to) return []
  const why = `${latest.text} is after the last update of the summary, ${update.text}`
  judgements.set('latestAcquisition', contradictory(why, judgements.get('latestAcquisition')?.sentence))
  return [
    finding('date', `1.3 ${why}`, {
      severity: 'error',
      field: 'latestAcquisition',
      sentence: shorten(textOf(answers, 'latestAcquisition')),
    }),
  ]
}
