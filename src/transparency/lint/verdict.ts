import type { Field } from '../template.ts'

export type Verdict = 'useful' | 'vague' | 'missing' | 'contradictory' | 'not applicable'
export type Severity = 'error' | 'warning' | 'note'

export interface FieldVerdict {
  id: string
  section: string
  label: string
  verdict: Verdict
  /** What was judged, as it stands in the document, white space aside. */
  sentence?: string
  why: string
  severity: Severity
}

export type FindingKind =
  | 'contradiction'
  | 'no answer'
  | 'instruction left in'
  | 'narrative instead of a list'
  | 'no link'
  | 'outside the choices'
  | 'marks not readable'
  | 'date'
  | 'out of date'
  | 'size'
  | 'modality'
  | 'synthetic data'
  | 'heading'
  | 'schema'
  | 'language'
  | 'no summary'

export interface Finding {
  kind: FindingKind
  severity: Severity
  /** The field that it is about, if it is about one. */
  field?: string
  message: string
  sentence?: string
}

/** A verdict on one answer, before it is told which field it is of. */
export interface Judgement {
  verdict: Verdict
  why: string
  sentence?: string | undefined
  severity?: Severity
  findings?: Finding[]
}

export const useful = (why: string, sentence?: string): Judgement => ({ verdict: 'useful', why, sentence })
export const vague = (why: string, sentence?: string): Judgement => ({ verdict: 'vague', why, sentence })
export const missing = (why: string, sentence?: string): Judgement => ({ verdict: 'missing', why, sentence })
export const contradictory = (why: string, sentence?: string): Judgement => ({
  verdict: 'contradictory',
  why,
  sentence,
})
export const notApplicable = (why: string, sentence?: string): Judgement => ({
  verdict: 'not applicable',
  why,
  sentence,
})

const SEVERITIES: Record<Verdict, Severity> = {
  useful: 'note',
  'not applicable': 'note',
  vague: 'warning',
  missing: 'error',
  contradictory: 'error',
}

export function asFieldVerdict({ id, section, label }: Field, judgement: Judgement): FieldVerdict {
  const { verdict, why, sentence, severity = SEVERITIES[verdict] } = judgement
  return { id, section, label, verdict, ...(sentence ? { sentence } : {}), why, severity }
}

/** A sentence of ours about a field, for the list of findings. */
export function finding(
  kind: FindingKind,
  message: string,
  {
    severity = 'warning',
    field,
    sentence,
  }: { severity?: Severity; field?: string; sentence?: string | undefined } = {},
): Finding {
  return { kind, severity, ...(field ? { field } : {}), message, ...(sentence ? { sentence } : {}) }
}
