import { parseJson } from '../../foundation/index.ts'
import type { CaseEvidence } from '../openCase.ts'
import { EVIDENCE, type OpenBundle } from './format.ts'

/** One thing that was looked at. `open`: it could not be decided here, and why. */
export interface BundleFinding {
  code: string
  severity: 'good' | 'bad' | 'open'
  detail: string
}

export function readEvidence({ read }: Pick<OpenBundle, 'read'>): CaseEvidence {
  return parseJson(text(need(read, EVIDENCE)), EVIDENCE) as unknown as CaseEvidence
}

/** A part that has to be there. Throws a plain `Error` where it is not. */
export function need(read: OpenBundle['read'], path: string): Uint8Array {
  const found = read(path)
  if (!found) throw new Error(`${path} is missing`)
  return found
}

export function text(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
}
