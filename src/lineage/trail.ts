import { closeSync, existsSync, fsyncSync, ftruncateSync, openSync, readFileSync, statSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { ColophonError, canonicalJson, parseJson, takeLock, type Json } from '../foundation/index.ts'
import { parseStatement, verifyStatement, type Statement } from '../statements/index.ts'
import { buildLineage, stepSchema, type Lineage, type LineageStep } from './graph.ts'

const TRAIL_BYTES_MAX = 512 * 1024 * 1024
/** A gate lists up to a million rows, a crawl its sites. */
export const STEP_BYTES_MAX = 64 * 1024 * 1024

/** Who signed a step, and for whom he says he did: nobody has checked the latter here. */
export interface StepSigner {
  issuer: string
  onBehalfOf?: string
}

export interface Trail {
  lineage: Lineage
  /** By the step's id; steps that nobody signed are not in it. */
  signers: Map<string, StepSigner>
}

/**
 * Reads one step of a pipeline. Errors: `invalid_input`, with the member that is wrong.
 */
export function readStep(value: unknown, where: string): LineageStep {
  const read = stepSchema.safeParse(value)
  if (read.success) return read.data
  const [issue] = read.error.issues
  throw new ColophonError('invalid_input', [issue!.path.join('.'), issue!.message].filter(Boolean).join(': '), {
    where,
    remedy: 'A step is described in ARCHITECTURE.md and in src/lineage/graph.ts.',
  })
}

/**
 * The lines of a trail, and how many bytes of it are whole. A last line without an end was torn off by a crash while it was
 * written, when it begins as one and is no JSON; anything else is no trail, and is left as it is.
 */
function linesOf(path: string): { lines: string[]; whole: number; isEnded: boolean } {
  const { size } = statSync(path)
  if (size > TRAIL_BYTES_MAX)
    throw new ColophonError('too_large', `a trail has at most ${TRAIL_BYTES_MAX} bytes`, { where: path })
  const bytes = readFileSync(path)
  const lines = bytes.toString('utf8').split('\n')
  const last = lines.pop()!
  if (last === '') return { lines, whole: size, isEnded: true }
  if (isJson(last)) return { lines: [...lines, last], whole: size, isEnded: false }
  if (last.startsWith('{"')) return { lines, whole: bytes.lastIndexOf(10) + 1, isEnded: true }
  throw new ColophonError('invalid_input', 'this is no trail', {
    where: `${path}:${lines.length + 1}`,
    remedy: 'Name a file that colophon lineage record has written, or a new one.',
  })
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/**
 * Reads a trail: one step or signed statement on each line. Errors: `unreadable_file` where there is none, and those of
 * `readStep`, of a signature that does not fit, and of `buildLineage`, with file and line.
 */
export function readTrail(path: string): Trail {
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true)
    throw new ColophonError('unreadable_file', 'there is no such trail', {
      where: path,
      remedy: 'Begin one with: colophon lineage record STEP.json --trail TRAIL.',
    })
  const signers = new Map<string, StepSigner>()
  const steps = linesOf(path).lines.map((line, i) => {
    const where = `${path}:${i + 1}`
    const value = parseJson(line, where, STEP_BYTES_MAX) as { proof?: unknown }
    if (!value || typeof value !== 'object' || value.proof === undefined) return readStep(value, where)
    const { step, signer } = stepOfStatement(parseSigned(value as Json, where), where)
    signers.set(step.id, signer)
    return step
  })
  return { lineage: buildLineage(steps), signers }
}

function parseSigned(value: Json, where: string): Statement {
  try {
    const statement = parseStatement(value)
    verifyStatement(statement)
    return statement
  } catch (error) {
    if (!(error instanceof ColophonError)) throw error
    throw new ColophonError(error.code, error.message, { where, remedy: 'The line was changed after it was signed.' })
  }
}

function stepOfStatement(statement: Statement, where: string): { step: LineageStep; signer: StepSigner } {
  const [subject, ...more] = [statement.credentialSubject].flat() as { type: string; onBehalfOf?: string }[]
  if (!subject || more.length > 0) throw new ColophonError('invalid_input', 'one step is signed at a time', { where })
  const { onBehalfOf, ...step } = subject
  return { step: readStep(step, where), signer: { issuer: statement.issuer, ...(onBehalfOf ? { onBehalfOf } : {}) } }
}

/** A step, and the statement that stands for it where it is signed. */
export interface TrailEntry {
  step: LineageStep
  signed?: Statement
}

/**
 * Adds steps to a trail, durably: what was added stays when the machine stops. The whole trail is checked with all of
 * them, so that nothing is added that does not fit, and either all are added or none. Errors: those of `buildLineage`;
 * `state_not_allowed` while another process writes to it, `too_large` for a step that could not be read again.
 */
export function recordSteps(path: string, entries: readonly TrailEntry[]): Lineage {
  const lock = lockOf(path)
  try {
    const isThere = existsSync(path)
    const { whole, isEnded } = isThere ? linesOf(path) : { whole: 0, isEnded: true }
    const earlier = isThere ? readTrail(path).lineage.steps : []
    const lineage = buildLineage([...earlier, ...entries.map(({ step }) => readStep(step, step.id))])
    const lines = entries.map(({ step, signed }) => `${canonicalJson((signed ?? step) as unknown as object)}\n`)
    for (const [i, line] of lines.entries())
      if (Buffer.byteLength(line) > STEP_BYTES_MAX)
        throw new ColophonError('too_large', `a step has at most ${STEP_BYTES_MAX} bytes`, {
          where: entries[i]!.step.id,
        })
    append(path, `${isEnded ? '' : '\n'}${lines.join('')}`, whole)
    return lineage
  } finally {
    lock.release()
  }
}

/** The same of one step. */
export function recordStep(path: string, step: LineageStep, signed?: Statement): Lineage {
  return recordSteps(path, [{ step, ...(signed ? { signed } : {}) }])
}

function lockOf(path: string): { release(): void } {
  if (!existsSync(dirname(path)) || statSync(path, { throwIfNoEntry: false })?.isDirectory())
    throw new ColophonError('unreadable_file', 'a trail cannot be here', {
      where: path,
      remedy: 'Name a file in a folder that is there.',
    })
  try {
    return takeLock(`${path}.lock`)
  } catch (cause) {
    throw new ColophonError('state_not_allowed', 'another process writes to this trail', {
      where: path,
      remedy: 'Wait until it has ended, and repeat.',
      cause,
    })
  }
}

/** Behind what is whole: a line that was torn by a crash was never acknowledged, and goes. */
function append(path: string, text: string, whole: number): void {
  const file = openSync(path, existsSync(path) ? 'r+' : 'w')
  try {
    ftruncateSync(file, whole)
    const bytes = Buffer.from(text)
    for (let done = 0; done < bytes.length;) done += writeSync(file, bytes, done, bytes.length - done, whole + done)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}
