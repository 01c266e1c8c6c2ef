import {
  closeSync,
  createReadStream,
  existsSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readSync,
  writeSync,
} from 'node:fs'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import {
  ColophonError,
  canonicalJson,
  dataPath,
  isoTime,
  sha256Hex,
  takeLock,
  type Config,
} from '../foundation/index.ts'

/** What was done to data that no log holds. It names things by their ids, and no people. */
export interface AuditAction {
  /** For example `request send`, `account delete`, `restore`. */
  action: string
  /** The id of what it was done to. */
  subject?: string
  details?: Record<string, string | number | boolean>
}

const lineSchema = z.strictObject({
  v: z.literal(1),
  at: z.string(),
  action: z.string(),
  subject: z.string().optional(),
  details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
  /** The hash of the line before; 64 zeroes in the first. */
  previous: z.string().regex(/^[0-9a-f]{64}$/),
  /** SHA-256 over the canonical JSON of everything else in the line. */
  hash: z.string().regex(/^[0-9a-f]{64}$/),
})
type AuditLine = z.infer<typeof lineSchema>

const FIRST = '0'.repeat(64)
const LOCK_TRIES = 100
const LOCK_WAIT_MS = 50

export function auditPath(config: Pick<Config, 'dataDir'>): string {
  return dataPath(config, 'audit.jsonl')
}

/**
 * Adds a line to the audit log, chained to the one before, and answers its hash when it is on the disk. Any process of
 * the machine may; they take turns.
 */
export async function recordAction(
  config: Pick<Config, 'dataDir'>,
  { action, subject, details }: AuditAction,
  now: () => number = Date.now,
): Promise<string> {
  const lock = await waitForLock(dataPath(config, 'audit.lock.sqlite'))
  try {
    const descriptor = openSync(auditPath(config), 'a+', 0o600)
    try {
      const last = lastLine(descriptor)
      const previous = last === undefined ? FIRST : lineSchema.parse(JSON.parse(last)).hash
      const unsigned = { v: 1 as const, at: isoTime(now()), action, subject, details, previous }
      const line = { ...unsigned, hash: hashOf(unsigned) }
      writeSync(descriptor, `${canonicalJson(line)}\n`)
      fsyncSync(descriptor)
      return line.hash
    } finally {
      closeSync(descriptor)
    }
  } finally {
    lock.release()
  }
}

async function waitForLock(path: string): Promise<{ release(): void }> {
  for (let attempt = 1; ; attempt++) {
    try {
      return takeLock(path)
    } catch (cause) {
      if (attempt === LOCK_TRIES)
        throw new ColophonError('too_busy', 'another process holds the audit log', { where: path, cause })
      await sleep(LOCK_WAIT_MS)
    }
  }
}

function hashOf(line: Omit<AuditLine, 'hash'>): string {
  return sha256Hex(Buffer.from(canonicalJson(line)))
}

/** The last whole line; what a crash left of a line after it was never answered for, and is taken back. */
function lastLine(descriptor: number): string | undefined {
  const { size } = fstatSync(descriptor)
  let tail = Buffer.alloc(0)
  for (let end = size; end > 0;) {
    const start = Math.max(0, end - 65_536)
    const block = Buffer.alloc(end - start)
    readSync(descriptor, block, 0, block.length, start)
    tail = Buffer.concat([block, tail])
    end = start
    const close = tail.lastIndexOf(0x0a)
    if (close < 0) continue
    const open = tail.lastIndexOf(0x0a, close - 1)
    if (open < 0 && start > 0) continue
    if (start + close + 1 < size) ftruncateSync(descriptor, start + close + 1)
    return tail.subarray(open + 1, close).toString('utf8')
  }
  if (size > 0) ftruncateSync(descriptor, 0)
  return undefined
}

export interface AuditVerdict {
  isSound: boolean
  lines: number
  /** The hash of the last line: whoever keeps it elsewhere can show later that nothing before it was changed. */
  head: string
  findings: { code: string; line: number; detail: string }[]
}

/** Verifies every line and the chain. With `head`, a hash that was kept elsewhere must be among them. It never throws on what it reads. */
export async function verifyAuditLog(path: string, head?: string): Promise<AuditVerdict> {
  const findings: AuditVerdict['findings'] = []
  if (!existsSync(path)) {
    if (head) findings.push({ code: 'head_missing', line: 0, detail: 'there is no audit log' })
    return { isSound: !head, lines: 0, head: FIRST, findings }
  }
  let previous = FIRST
  let count = 0
  let hasHead = head === undefined || head === FIRST
  for await (const text of createInterface({ input: createReadStream(path, 'utf8'), crlfDelay: Infinity })) {
    count++
    const line = readLine(text)
    if (!line) {
      findings.push({ code: 'line_malformed', line: count, detail: 'this is no line of an audit log' })
      continue
    }
    const { hash, ...rest } = line
    if (hashOf(rest) !== hash) findings.push({ code: 'line_changed', line: count, detail: line.action })
    if (line.previous !== previous)
      findings.push({ code: 'chain_broken', line: count, detail: 'it does not follow on the line before' })
    previous = hash
    hasHead ||= hash === head
  }
  if (!endsWithNewline(path)) findings.push({ code: 'line_torn', line: count, detail: 'the last line is not whole' })
  if (!hasHead) findings.push({ code: 'head_missing', line: count, detail: `no line has the hash ${head}` })
  return { isSound: findings.length === 0, lines: count, head: previous, findings }
}

function readLine(text: string): AuditLine | undefined {
  try {
    return lineSchema.parse(JSON.parse(text))
  } catch {
    return undefined
  }
}

function endsWithNewline(path: string): boolean {
  const descriptor = openSync(path, 'r')
  try {
    const last = Buffer.alloc(1)
    const { size } = fstatSync(descriptor)
    if (size > 0) readSync(descriptor, last, 0, 1, size - 1)
    return size === 0 || last[0] === 0x0a
  } finally {
    closeSync(descriptor)
  }
}
