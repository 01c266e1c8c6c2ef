import { ColophonError } from '../../foundation/index.ts'
import type { Engine } from './engineUrl.ts'

/** Values for the placeholders `{name:Type}` of a statement, as text. They never become part of the statement. */
export type Parameters = Record<string, string>

/** The part of ClickHouse's HTTP interface that is needed here. */
export interface ClickHouseClient {
  readonly label: string
  /** Rows of a SELECT, as arrays in the order of its columns. */
  select(sql: string, parameters?: Parameters): Promise<unknown[][]>
  /** A statement that gives nothing back. */
  run(sql: string, parameters?: Parameters): Promise<void>
  /** An INSERT whose statement ends in FORMAT, and its data. */
  insert(sql: string, data: Blob | Uint8Array, parameters?: Parameters): Promise<void>
}

/** A slice of a data set is written within the longer time, or the push fails and can be repeated. */
const TIMEOUTS_MS = { select: 120_000, write: 1_800_000 }
const ANSWER_BYTES_MAX = 256 * 1024 * 1024
const MESSAGE_CHARACTERS_MAX = 300

/**
 * Speaks to a ClickHouse server over HTTP. The address comes from the operator, on this machine's own network as a
 * rule, so it is not fetched by `safeFetch`; redirects are refused, because credentials must not follow them.
 *
 * Errors: `not_authorised`, `not_found` (database or tables), `too_large`, `fetch_failed` (connection, time, everything
 * the server refuses). No message holds the password.
 *
 * @example await openClickHouse(readEngineUrl(url, process.env)).select('SELECT {n:UInt8}', { n: '1' }) // [[1]]
 */
export function openClickHouse(engine: Engine, timeoutsMs = TIMEOUTS_MS): ClickHouseClient {
  const { label } = engine
  return {
    label,
    async select(sql, parameters = {}) {
      // A form has room for long parameters, where an address has none.
      const form = new FormData()
      form.set('query', `${sql}\nFORMAT JSONCompact`)
      for (const [name, value] of Object.entries(parameters)) form.set(`param_${name}`, escaped(value))
      return rowsOf(await send(engine, {}, form, timeoutsMs.select), label)
    },
    async run(sql, parameters = {}) {
      await send(engine, parameters, sql, timeoutsMs.write)
    },
    async insert(sql, data, parameters = {}) {
      // A view of bytes that is not a copy may belong to a shared buffer, which fetch does not take.
      await send(
        engine,
        parameters,
        data instanceof Blob ? data : new Blob([Uint8Array.from(data)]),
        timeoutsMs.write,
        sql,
      )
    },
  }
}

/** An array as a parameter, `{name:Array(T)}`: numbers, or hexadecimal text. Nothing in it can need an escape. */
export function arrayParameter(items: readonly (string | number | bigint)[]): string {
  const written = items.map((item) => {
    if (typeof item !== 'string') return String(item)
    if (!/^[0-9a-f]*$/.test(item))
      throw new ColophonError('invalid_input', 'not lower-case hexadecimal text', { where: item.slice(0, 80) })
    return `'${item}'`
  })
  return `[${written.join(',')}]`
}

/** Parameters are read like a field of tab-separated text, so these characters are escaped. */
function escaped(value: string): string {
  const escapes: Record<string, string> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r', '\0': '\\0' }
  return value.replaceAll(/[\\\t\n\r\0]/g, (character) => escapes[character]!)
}

async function send(
  engine: Engine,
  parameters: Parameters,
  body: FormData | Blob | string,
  timeoutMs: number,
  query?: string,
): Promise<string> {
  const url = new URL(engine.endpoint)
  url.searchParams.set('database', engine.database)
  // The server then answers with a status that is true: an error cannot come after the first rows.
  url.searchParams.set('wait_end_of_query', '1')
  if (query) url.searchParams.set('query', query)
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(`param_${name}`, escaped(value))
  const abort = new AbortController()
  const timer = setTimeout(() => abort.abort(), timeoutMs).unref()
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { authorization: engine.authorization, 'user-agent': 'colophon' },
      body,
      redirect: 'error',
      signal: abort.signal,
    })
    const text = await readText(response, engine.label)
    if (!response.ok || response.headers.has('x-clickhouse-exception-code')) throw refusal(engine, response, text)
    return text
  } catch (cause) {
    if (cause instanceof ColophonError) throw cause
    const reason = abort.signal.aborted ? `no complete answer within ${timeoutMs} ms` : reasonOf(cause)
    // The cause is left out: it may quote the request.
    throw new ColophonError('fetch_failed', `the engine does not answer: ${scrubbed(engine, reason)}`, {
      where: engine.label,
    })
  } finally {
    clearTimeout(timer)
  }
}

async function readText(response: Response, label: string): Promise<string> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length
    if (bytes > ANSWER_BYTES_MAX)
      throw new ColophonError('too_large', `the answer is larger than ${ANSWER_BYTES_MAX} bytes`, { where: label })
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function refusal(engine: Engine, response: Response, text: string): ColophonError {
  const code = Number(response.headers.get('x-clickhouse-exception-code') ?? /^Code: (\d+)/.exec(text)?.[1] ?? 0)
  const firstLine = text.trim().split('\n')[0]!
  const message = scrubbed(engine, firstLine).slice(0, MESSAGE_CHARACTERS_MAX) || `status ${response.status}`
  const where = engine.label
  // Wrong password (192–194, 516) or a right that is missing (497).
  if ([192, 193, 194, 497, 516].includes(code) || response.status === 401)
    return new ColophonError('not_authorised', 'the engine does not let this user in, or not do this', {
      where,
      remedy: 'Check user and password: in the address, or CLICKHOUSE_USER and CLICKHOUSE_PASSWORD.',
    })
  if (code === 81)
    return new ColophonError('not_found', 'the engine has no such database', {
      where,
      remedy: 'Create it: CREATE DATABASE.',
    })
  if (code === 60)
    return new ColophonError('not_found', 'no data set was ever pushed to this engine', {
      where,
      remedy: 'Push one with: colophon index push DATASET --engine …',
    })
  return new ColophonError('fetch_failed', `the engine refused: ${message}`, { where })
}

function rowsOf(text: string, label: string): unknown[][] {
  try {
    const { data } = JSON.parse(text) as { data: unknown[][] }
    if (Array.isArray(data) && data.every(Array.isArray)) return data
  } catch {
    // What is not JSON is not the answer of this interface; the same error says so.
  }
  throw new ColophonError('fetch_failed', 'what answers there is not the HTTP interface of ClickHouse', {
    where: label,
    remedy: 'Its port is 8123 as a rule, 8443 with TLS.',
  })
}

function reasonOf(cause: unknown): string {
  const inner = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause
  if (inner instanceof AggregateError && inner.errors.length > 0) return reasonOf(inner.errors[0])
  return inner instanceof Error && inner.message !== '' ? inner.message : String(inner)
}

function scrubbed(engine: Engine, message: string): string {
  return engine.secrets.reduce((text, secret) => text.replaceAll(secret, '***'), message)
}
