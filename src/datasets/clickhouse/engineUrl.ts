import { ColophonError } from '../../foundation/index.ts'

/** Where a ClickHouse server answers, and as whom we ask. */
export interface Engine {
  /** The address of its HTTP interface, without credentials. */
  endpoint: string
  database: string
  /** The value of the Authorization header. Never shown, never logged. */
  authorization: string
  /** What may not appear in any message. */
  secrets: string[]
  /** The same place without credentials, for messages. */
  label: string
}

const FORM = 'clickhouse://user:password@host:port/database, or clickhouses:// for TLS'

/**
 * Reads `clickhouse://user:password@host:port/database` (`clickhouses://` for TLS). User and password may come from
 * CLICKHOUSE_USER and CLICKHOUSE_PASSWORD instead, so that they stand in no list of processes and no shell history.
 *
 * Errors: `usage`; the message never repeats the address, because a password may stand in it.
 *
 * @example readEngineUrl('clickhouse://127.0.0.1:8123/works', process.env).endpoint // 'http://127.0.0.1:8123/'
 */
export function readEngineUrl(text: string, env: Record<string, string | undefined>): Engine {
  const scheme = /^(clickhouses?):\/\//.exec(text)?.[1]
  if (!scheme) throw wrong(`an engine is written as ${FORM}`)
  const isTls = scheme === 'clickhouses'
  // The parser of URL treats http and https fully (hosts, ports, escapes), a scheme unknown to it only in part.
  const asHttp = text.replace(/^clickhouses?/, isTls ? 'https' : 'http')
  if (!URL.canParse(asHttp)) throw wrong('the address of the engine cannot be read')
  const url = new URL(asHttp)
  if (url.search !== '' || url.hash !== '') throw wrong('the address of the engine ends with its database')
  // A port that is the scheme's own is dropped by the parser although it was written.
  const port = url.port || writtenPort(text) || (isTls ? '8443' : '8123')
  const database = decoded(url.pathname.replace(/^\/|\/$/g, '')) || 'default'
  if (!/^[A-Za-z_]\w{0,62}$/.test(database)) throw wrong('a database is named with letters, digits and _')
  const user = decoded(url.username) || env.CLICKHOUSE_USER || 'default'
  const password = decoded(url.password) || env.CLICKHOUSE_PASSWORD || ''
  if (user.includes(':')) throw wrong('a user name holds no colon')
  const basic = Buffer.from(`${user}:${password}`).toString('base64')
  return {
    endpoint: `${url.protocol}//${url.hostname}:${port}/`,
    database,
    authorization: `Basic ${basic}`,
    secrets: [password, url.password, basic].filter((secret) => secret !== ''),
    label: `${scheme}://${url.hostname}:${port}/${database}`,
  }
}

function writtenPort(text: string): string | undefined {
  return /^clickhouses?:\/\/[^/]*:(\d{1,5})(?:\/|$)/.exec(text)?.[1]
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw wrong('the address of the engine holds a % that is no escape')
  }
}

function wrong(message: string): ColophonError {
  return new ColophonError('usage', message, { remedy: `Write ${FORM}.` })
}
