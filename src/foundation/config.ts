import { join, resolve } from 'node:path'
import { ColophonError } from './errors.ts'

/** Everything that the environment decides. */
export interface Config {
  /** Where the log, keys, blobs, indexes and the embedded database lie. */
  dataDir: string
  databaseUrl: string | undefined
  port: number
  /** The address that people reach this node at; passkeys and receipts are bound to it. */
  publicUrl: string
  /** Logs that this node witnesses: verifier keys, comma separated. */
  witnessedLogs: string[]
  /** Witnesses that this node asks for cosignatures: `url|vkey`, comma separated. */
  witnesses: { url: string; vkey: string }[]
  /** Who stamps the time of bundles (RFC 3161), and whether the operator says that it is a qualified one (eIDAS). */
  timeAuthority: { url: string; isQualified: boolean } | undefined
}

/** Reads PORT, DATA_DIR, DATABASE_URL, PUBLIC_URL, WITNESS_LOGS, WITNESSES and TIME_AUTHORITY; a wrong value is a `usage` error. */
export function readConfig(env: Record<string, string | undefined>): Config {
  const port = Number(env.PORT ?? 8787)
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new ColophonError('usage', 'PORT is not a number from 0 to 65535', { where: `PORT=${env.PORT}` })
  }
  return {
    dataDir: resolve(env.DATA_DIR ?? 'data'),
    databaseUrl: env.DATABASE_URL || undefined,
    port,
    publicUrl: readPublicUrl(env.PUBLIC_URL ?? `http://localhost:${port}`),
    witnessedLogs: commaList(env.WITNESS_LOGS),
    witnesses: commaList(env.WITNESSES).map(readWitness),
    timeAuthority: env.TIME_AUTHORITY ? readTimeAuthority(env.TIME_AUTHORITY) : undefined,
  }
}

function readPublicUrl(text: string): string {
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) {
    throw new ColophonError('usage', 'PUBLIC_URL is not an http or https address', { where: `PUBLIC_URL=${text}` })
  }
  return new URL(text).origin
}

function commaList(text: string | undefined): string[] {
  return (text ?? '')
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '')
}

function readWitness(text: string): { url: string; vkey: string } {
  const [url, vkey] = text.split('|')
  if (url && vkey && URL.canParse(url)) return { url, vkey }
  throw new ColophonError('usage', 'a witness is written as url|vkey', { where: `WITNESSES=${text}` })
}

/** `https://…`, or `qualified|https://…`. */
function readTimeAuthority(text: string): { url: string; isQualified: boolean } {
  const isQualified = text.startsWith('qualified|')
  const url = isQualified ? text.slice('qualified|'.length) : text
  if (URL.canParse(url) && /^https?:/.test(url)) return { url, isQualified }
  throw new ColophonError('usage', 'a time authority is written as its address, or as qualified|address', {
    where: `TIME_AUTHORITY=${text}`,
  })
}

/** The path of something in the data directory. */
export function dataPath(config: Pick<Config, 'dataDir'>, ...parts: string[]): string {
  return join(config.dataDir, ...parts)
}
