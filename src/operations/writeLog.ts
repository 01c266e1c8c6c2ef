import { LOG_LEVELS, isoTime, type LogLevel } from '../foundation/index.ts'

export type LogFields = Record<string, string | number | boolean | null | undefined>

let threshold = LOG_LEVELS.indexOf('warn')

/** Sets the least important lines that this process writes; until then, warnings. */
export function setLogLevel(level: LogLevel): void {
  threshold = LOG_LEVELS.indexOf(level)
}

/**
 * Writes one line of JSON to stderr: when, how important, what happened. Whoever calls it leaves out what tells of
 * people or opens something: names, addresses, keys, query strings, bodies.
 */
export function writeLog(level: Exclude<LogLevel, 'silent'>, event: string, fields: LogFields = {}): void {
  if (LOG_LEVELS.indexOf(level) < threshold) return
  process.stderr.write(`${JSON.stringify({ time: isoTime(Date.now()), level, event, ...fields })}\n`)
}

/** A defect of our own, with the place in the code where it came up. */
export function logDefect(event: string, thrown: unknown): void {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown))
  writeLog('error', event, { message: error.message, stack: error.stack })
}
