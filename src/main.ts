import { createPrivateKey, generateKeyPairSync } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { openWorkshop, type Workshop } from './datasets/index.ts'
import {
  ColophonError,
  dataPath,
  isoTime,
  migrate,
  openDatabase,
  safeFetch,
  systemEffects,
  writeFileDurably,
  type Config,
  type OpenDatabase,
} from './foundation/index.ts'
import { statementKinds } from './kinds.ts'
import {
  askWitness,
  directoryFiles,
  lockDirectory,
  makeSigner,
  openLog,
  parseVkey,
  signatureTypes,
  type Log,
  type NoteSigner,
} from './log/index.ts'
import { admitNoPublicDomain } from './rights/index.ts'
import { admitWithinQuota, countWaiting, createMetrics, type Metrics } from './operations/index.ts'
import { admitDidWeb, admitManifest, manifestDirectory, type ManifestStore } from './register/index.ts'
import {
  followLog,
  openRegister,
  signerFromKey,
  type LogHolder,
  type Register,
  type StatementSigner,
} from './statements/index.ts'

/** Everything a running node has. */
export interface Node {
  config: Config
  register: Register
  manifests: ManifestStore
  datasets: Workshop
  /** The key that the node signs its own statements with. */
  signer: StatementSigner
  witness: NoteSigner
  /** The key of the log, for notes about it. */
  logSigner: NoteSigner
  /** What this process has counted. */
  metrics: Metrics
  /** Tells other processes on this machine where to reach this one. */
  announce(url: string): void
  close(): Promise<void>
}

/**
 * Opens a node: take the log, open the database, migrate, follow the log. What serves it comes after, and sets quotas:
 * whoever has the data directory may put on its log as much as he likes.
 */
export async function openNode(config: Config, quotas: Config['quotas'] = UNBOUNDED): Promise<Node> {
  const lock = lockDirectory(dataPath(config, 'log'), { pid: process.pid, since: isoTime(Date.now()) })
  const database = openDatabase(databaseOf(config))
  await migrate(database)
  const log = await openLog({ files: directoryFiles(dataPath(config, 'log')), signer: logSigner(config) })
  const node = assemble(config, database, log, quotas)
  await followLog(node.register)
  return {
    ...node,
    announce: lock.announce,
    async close() {
      await log.close()
      await node.close()
      lock.release()
    },
  }
}

/**
 * Opens the same beside the process that holds the log, to read what its tables say and to work on cases. What is
 * appended, and receipts, go through that process where it is reached; whatever asks for the log itself is refused.
 */
export function openBeside(config: Config, holder?: LogHolder): Node {
  const held = () => {
    throw new ColophonError('log_locked', 'another process serves this data directory, and holds its log', {
      remedy: 'Ask it at its address, or stop it first.',
    })
  }
  return assemble(
    config,
    openDatabase(databaseOf(config)),
    new Proxy({} as Log, { get: (_, name) => (name === 'origin' ? readOrigin(config) : held()) }),
    UNBOUNDED,
    holder,
  )
}

const UNBOUNDED = { statements: 0, bytes: 0 }

function assemble(
  config: Config,
  database: OpenDatabase,
  log: Log,
  quotas: Config['quotas'],
  holder?: LogHolder,
): Node {
  const manifests = manifestDirectory(dataPath(config, 'manifests'))
  const metrics = createMetrics()
  const datasets = countWaiting(openWorkshop(dataPath(config, 'datasets')), metrics)
  return {
    config,
    register: openRegister({
      log,
      holder,
      database,
      kinds: statementKinds(manifests),
      effects: systemEffects,
      admit: [
        admitDidWeb(),
        admitManifest(manifests),
        admitNoPublicDomain(manifests),
        admitWithinQuota(quotas, systemEffects, metrics),
      ],
    }),
    manifests,
    datasets,
    signer: signerFromKey(createPrivateKey(keyFile(config, 'node'))),
    witness: makeSigner(`${readOrigin(config)}/witness`, keyFile(config, 'witness'), signatureTypes.cosignature),
    logSigner: makeSigner(readOrigin(config), keyFile(config, 'log')),
    metrics,
    announce() {},
    async close() {
      await datasets.close()
      await database.close()
    },
  }
}

function databaseOf(config: Config) {
  return { databaseUrl: config.databaseUrl, file: dataPath(config, 'register.sqlite') }
}

function readOrigin(config: Config): string {
  return readFileSync(dataPath(config, 'log', 'origin'), 'utf8').trim()
}

/** The log's name is given once, when its key is made, and kept: a log that changes its name is another log. */
function logSigner(config: Config): NoteSigner {
  if (existsSync(dataPath(config, 'log', 'checkpoint')) && !existsSync(dataPath(config, 'keys', 'log.pem')))
    throw new ColophonError('log_corrupt', 'the key of this log is not here, and another cannot go on with it', {
      where: dataPath(config, 'keys', 'log.pem'),
      remedy: 'Put the folder of keys back from where you keep it.',
    })
  const pem = keyFile(config, 'log')
  const path = dataPath(config, 'log', 'origin')
  if (!existsSync(path)) {
    const keyId = Buffer.from(makeSigner('x', pem).keyId).toString('hex')
    writeFileDurably(path, `${new URL(config.publicUrl).hostname}/log/${keyId}\n`)
  }
  const signer = makeSigner(readOrigin(config), pem)
  writeFileDurably(dataPath(config, 'log', 'vkey'), `${signer.vkey}\n`)
  return signer
}

/** A private Ed25519 key in the data directory, made on first use, readable by its owner alone. */
function keyFile(config: Config, name: string): string {
  const path = dataPath(config, 'keys', `${name}.pem`)
  if (!existsSync(path)) {
    const pem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }) as string
    writeFileDurably(path, pem, 0o600)
  }
  return readFileSync(path, 'utf8')
}

/** Asks every configured witness for the newest checkpoint; those that do not answer are asked again next time. */
export async function askWitnesses({ config, register }: Node): Promise<number> {
  const { log } = register
  const size = log.checkpoint().size
  let cosigned = 0
  for (const { url, vkey } of config.witnesses) {
    const send = async (body: string) => {
      const answer = await safeFetch(`${url.replace(/\/$/, '')}/add-checkpoint`, {
        method: 'POST',
        body,
        allowPrivate: true,
      })
      return { status: answer.status, body: new TextDecoder().decode(answer.body) }
    }
    const signature = await askWitness(log, parseVkey(vkey), send).catch(() => undefined)
    if (!signature) continue
    await log.addCosignature(size, signature)
    cosigned++
  }
  return cosigned
}
