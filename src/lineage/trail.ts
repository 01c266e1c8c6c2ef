import { closeSync, existsSync, fsyncSync, openSync, readFileSync, statSync, writeSync } from 'node:fs'
import { ColophonError, canonicalJson, parseJson, type Json } from '../foundation/index.ts'
import { parseStatement, verifyStatement, type Statement } from '../statements/index.ts'
import { buildLineage, stepSchema, type Lineage, type LineageStep } from './graph.ts'

const TRAIL_BYTES_MAX = 512 * 1024 * 1024

export interface Trail {
  lineage: Lineage
  /** Who signed each step, by the step's id; steps that nobody signed are not in it. */
  signers: Map<string, string>
}

/**
 * Reads one step of a pipeline. Errors: `invalid_input`, with the member that is wrong.
 */
export function readStep(value: unknown, where: string): LineageStep {
  const read = stepSchema.safeParse(value)
  if (read.success) return read.data
  const [issue] = read.error.issues
  throw new ColophonError('invalid_input', `${issue!.path.join('.')}: ${issue!.message}`, {
    where,
    remedy: 'A step is described in ARCHITECTURE.md and in src/lineage/graph.ts.',
  })
}

/** The lines of a trail: a step each, or a signed statement of one. A last line that was torn off is none. */
function linesOf(path: string): string[] {
  if (statSync(path).size > TRAIL_BYTES_MAX)
    throw new ColophonError('too_large', `a trail has at most ${TRAIL_BYTES_MAX} bytes`, { where: path })
  const text = readFileSync(path, 'utf8')
  const lines = text.split('\n')
  lines.pop()
  return lines
}

/**
 * Reads a trail: one step or signed statement on each line. Errors: `unreadable_file` where there is none, and those of
 * `readStep`, of a signature that does not fit, and of `buildLineage`, with file and line.
 */
export function readTrail(path: string): Trail {
  if (!existsSync(path))
    throw new ColophonError('unreadable_file', 'there is no such trail', {
      where: path,
      remedy: 'Begin one with: colophon lineage record STEP.json --trail TRAIL.',
    })
  const signers = new Map<string, string>()
  const steps = linesOf(path).map((line, i) => {
    const where = `${path}:${i + 1}`
    const value = parseJson(line, where) as { proof?: unknown }
    if (!value || typeof value !== 'object' || value.proof === undefined) return readStep(value, where)
    const { step, issuer } = stepOfStatement(parseSigned(value as Json, where), where)
    signers.set(step.id, issuer)
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

function stepOfStatement(statement: Statement, where: string): { step: LineageStep; issuer: string } {
  const [subject, ...more] = [statement.credentialSubject].flat() as { type: string; onBehalfOf?: string }[]
  if (!subject || more.length > 0) throw new ColophonError('invalid_input', 'one step is signed at a time', { where })
  const { onBehalfOf, ...step } = subject
  return { step: readStep(step, where), issuer: onBehalfOf ?? statement.issuer }
}

/**
 * Adds a step to a trail, durably: what was added stays when the machine stops. The whole trail is checked with it, so
 * that nothing is added that does not fit. `signed` is the statement that stands for it.
 */
export function recordStep(path: string, step: LineageStep, signed?: Statement): Lineage {
  const earlier = existsSync(path) ? readTrail(path).lineage.steps : []
  const lineage = buildLineage([...earlier, readStep(step, step.id)])
  const whole = existsSync(path) ? wholeBytes(path) : 0
  const file = openSync(path, existsSync(path) ? 'r+' : 'w')
  try {
    // A line that was torn by a crash was never acknowledged: it is written over.
    writeSync(file, `${canonicalJson((signed ?? step) as unknown as object)}\n`, whole)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  return lineage
}

function wholeBytes(path: string): number {
  return readFileSync(path).lastIndexOf(10) + 1
}
