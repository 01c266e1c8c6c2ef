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
  /** Letters of cases go out by mail only where both are given: the address of the server, and who writes. */
  mail: { smtpUrl: string; from: string } | undefined
  /** Services elsewhere that people may have works looked for in; none by default. */
  adapters: AdapterSetting[]
  /** The party whose fund this node keeps: its plans, runs and support scheme. Without it there is no scheme. */
  fundParty: string | undefined
  /** A chain on which checkpoints of the log are anchored; none by default, and nothing else needs one. */
  chain: ChainSettings | undefined
  /** How people reach whoever runs this node: a mail address or a page. */
  operatorContact: string | undefined
  /** Addresses or networks (CIDR) whose `X-Forwarded-For` is believed; nobody's by default. */
  trustedProxies: string[]
  /** How many requests of each sort a client may make in how many seconds; none are counted when it is undefined. */
  rateLimits: Record<RateClass, RateLimit> | undefined
  /** What one party may put on the log in a day (UTC); 0 is without bound. */
  quotas: { statements: number; bytes: number }
  /** With this token health and metrics may be read from elsewhere than this machine. */
  operatorToken: string | undefined
  /** The least important lines that are written to stderr. */
  logLevel: LogLevel
  /** Whether lines name the address of whoever asked. */
  logsClients: boolean
}

/** Sorts of requests by what they cost; `read` is everything else. */
export const RATE_CLASSES = ['check', 'upload', 'statement', 'request', 'send', 'witness', 'account', 'read'] as const
export type RateClass = (typeof RATE_CLASSES)[number]

export interface RateLimit {
  count: number
  seconds: number
}

/** Adapters that look further than this node's own data sets. */
export const ADAPTER_IDS = ['common-crawl', 'dataset-viewer', 'infini-gram', 'hash-dump'] as const
export type AdapterId = (typeof ADAPTER_IDS)[number]

export interface AdapterSetting {
  id: AdapterId
  /** Where it asks instead of where it asks by itself; for a dump also the path of a file. */
  address?: string
}

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

const RATE_LIMITS: Record<RateClass, RateLimit> = {
  check: { count: 60, seconds: 60 },
  upload: { count: 20, seconds: 60 },
  statement: { count: 120, seconds: 60 },
  request: { count: 20, seconds: 3600 },
  send: { count: 30, seconds: 86_400 },
  witness: { count: 60, seconds: 60 },
  account: { count: 10, seconds: 3600 },
  read: { count: 1200, seconds: 60 },
}

/** Reads what the environment sets, each by the name that `docs/operations.md` lists; a wrong value is a `usage` error. */
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
    mail: readMail(env.SMTP_URL, env.MAIL_FROM),
    adapters: commaList(env.ADAPTERS).map(readAdapter),
    chain: readChain(env),
    operatorContact: env.OPERATOR_CONTACT ? readContact(env.OPERATOR_CONTACT) : undefined,
    fundParty: env.FUND_PARTY ? readParty('FUND_PARTY', env.FUND_PARTY) : undefined,
    trustedProxies: commaList(env.TRUSTED_PROXIES),
    rateLimits: readRateLimits(env.RATE_LIMITS),
    quotas: {
      statements: readCount('QUOTA_STATEMENTS', env.QUOTA_STATEMENTS, 20_000),
      bytes: readCount('QUOTA_BYTES', env.QUOTA_BYTES, 512 * 1024 * 1024),
    },
    operatorToken: readToken(env.OPERATOR_TOKEN),
    logLevel: readChoice('LOG_LEVEL', env.LOG_LEVEL, LOG_LEVELS, 'info'),
    logsClients: readChoice('LOG_CLIENTS', env.LOG_CLIENTS, ['no', 'yes'], 'no') === 'yes',
  }
}

/** `off`, or what differs from the defaults: `check=100/60,upload=5/60`. */
function readRateLimits(text: string | undefined): Config['rateLimits'] {
  if (text === 'off') return undefined
  const limits = { ...RATE_LIMITS }
  for (const item of commaList(text)) {
    const [, name, count, seconds] = /^(\w+)=(\d{1,9})\/(\d{1,6})$/.exec(item) ?? []
    if (!RATE_CLASSES.includes(name as RateClass) || Number(count) < 1 || Number(seconds) < 1)
      throw new ColophonError('usage', 'a limit is written as sort=count/seconds', {
        where: `RATE_LIMITS=${item}`,
        remedy: `The sorts are ${RATE_CLASSES.join(', ')}; “off” counts nothing.`,
      })
    limits[name as RateClass] = { count: Number(count), seconds: Number(seconds) }
  }
  return limits
}

function readCount(name: string, text: string | undefined, fallback: number): number {
  const count = text ? Number(text) : fallback
  if (!Number.isSafeInteger(count) || count < 0)
    throw new ColophonError('usage', `${name} is no whole number`, { where: `${name}=${text}` })
  return count
}

function readChoice<Choice extends string>(
  name: string,
  text: string | undefined,
  choices: readonly Choice[],
  fallback: Choice,
): Choice {
  const choice = choices.find((one) => one === (text || fallback))
  if (!choice) throw new ColophonError('usage', `${name} is one of ${choices.join(', ')}`, { where: `${name}=${text}` })
  return choice
}

const TOKEN_CHARACTERS_MIN = 16

/** The token is a secret: an error does not repeat it. */
function readToken(text: string | undefined): string | undefined {
  if (!text) return undefined
  if (text.length < TOKEN_CHARACTERS_MIN)
    throw new ColophonError('usage', `OPERATOR_TOKEN has at least ${TOKEN_CHARACTERS_MIN} characters`)
  return text
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

/** `id`, or `id=address`; a dump may lie in a file, by its whole path. */
function readAdapter(text: string): AdapterSetting {
  const [, name, address] = /^([^=]*)(?:=(.*))?$/.exec(text) ?? []
  const id = ADAPTER_IDS.find((each) => each === name)
  const isAddress = address === undefined || (URL.canParse(address) && /^https?:$/.test(new URL(address).protocol))
  if (id && (isAddress || (id === 'hash-dump' && address.startsWith('/'))))
    return { id, ...(address === undefined ? {} : { address }) }
  throw new ColophonError('usage', 'an adapter is written as its id, or as id=https://address', {
    where: `ADAPTERS=${text}`,
    remedy: `The ids are ${ADAPTER_IDS.join(', ')}.`,
  })
}

/** How a chain is reached: its address, who writes, how deep a block is final, and which contract. */
export interface ChainSettings {
  url: string
  key: string | undefined
  contract: string | undefined
  /** The contract that holds terms and grants. */
  terms: string | undefined
  depth: number
  chainId: number | undefined
}

function readChain(env: NodeJS.ProcessEnv): ChainSettings | undefined {
  if (!env.CHAIN_URL) return undefined
  const number = (name: string, text: string | undefined, otherwise: number | undefined) => {
    if (text === undefined || text === '') return otherwise
    if (/^[1-9]\d{0,8}$/.test(text)) return Number(text)
    throw new ColophonError('usage', `${name} is no whole number above 0`, { where: `${name}=${text}` })
  }
  return {
    url: env.CHAIN_URL,
    key: env.CHAIN_KEY || undefined,
    contract: env.CHAIN_CONTRACT || undefined,
    terms: env.CHAIN_TERMS || undefined,
    depth: number('CHAIN_DEPTH', env.CHAIN_DEPTH, 12)!,
    chainId: number('CHAIN_ID', env.CHAIN_ID, undefined),
  }
}

function readMail(smtpUrl: string | undefined, from: string | undefined): Config['mail'] {
  if (!smtpUrl && !from) return undefined
  // The address may hold a password, so the error does not repeat it.
  if (smtpUrl && from && /^smtps?:\/\//.test(smtpUrl) && URL.canParse(smtpUrl)) return { smtpUrl, from }
  throw new ColophonError('usage', 'mail needs SMTP_URL (smtp:// or smtps://) and MAIL_FROM together', {
    where: 'SMTP_URL, MAIL_FROM',
  })
}

/** A mail address, or the address of a page. */
function readContact(text: string): string {
  if (/^[^\s@]+@[^\s@]+$/.test(text) || (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol))) return text
  throw new ColophonError('usage', 'OPERATOR_CONTACT is neither a mail address nor the address of a page', {
    where: `OPERATOR_CONTACT=${text}`,
  })
}

function readParty(name: string, text: string): string {
  if (/^did:(key:z[1-9A-HJ-NP-Za-km-z]{40,80}|web:[a-z0-9.-]+(%3A\d+)?(:[A-Za-z0-9._-]+)*)$/.test(text)) return text
  throw new ColophonError('usage', `${name} is no party: did:key:… or did:web:…`, { where: `${name}=${text}` })
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
