import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { serve as listen } from '@hono/node-server'
import { checkSitesAgain, clearImports, tellByMail } from '../accounts/index.ts'
import { ColophonError, dataPath, readConfig } from '../foundation/index.ts'
import { askWitnesses, openNode, type Node } from '../main.ts'
import { lookAgain, tellSubscribers, watchOnce } from '../watching/index.ts'
import { logDefect, setLogLevel, writeLog } from '../operations/index.ts'
import { runDeadlines, smtpMailer } from '../requests/index.ts'
import { createWeb, speak } from '../web/index.ts'
import { readArgs, type Command } from './command.ts'

export const serve: Command = {
  forms: ['serve', 'serve --empty'],
  does: 'Serves the API and the pages. On its first start it loads a worked example; --empty starts without it. PORT, DATA_DIR, DATABASE_URL and PUBLIC_URL change where.',
  async run(args) {
    const { values } = readArgs(args, { empty: { type: 'boolean' } })
    const config = readConfig(process.env)
    setLogLevel(config.logLevel)
    if (!values.empty && !existsSync(dataPath(config, 'log', 'checkpoint'))) await loadExampleApart()
    const node = await openNode(config, config.quotas)
    const server = listen({
      fetch: createWeb(node).fetch,
      port: config.port,
      hostname: process.env.HOST ?? '127.0.0.1',
    })
    await new Promise<void>((resolve, reject) => {
      server.once('listening', resolve)
      server.once('error', reject)
    })
    const address = server.address() as { port: number }
    const url = `http://127.0.0.1:${address.port}`
    node.announce(url)
    const stopAsking = keepAskingWitnesses(node)
    const stopWatching = keepWatching(node)
    const stopDeadlines = keepDeadlines(node)
    console.log(`Colophon is ready at ${url}`)
    writeLog('info', 'ready', { publicUrl: config.publicUrl, logEntries: node.register.log.size })
    await new Promise<void>((resolve) => {
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve())
    })
    writeLog('info', 'stopping')
    stopAsking()
    await stopWatching()
    stopDeadlines()
    server.close()
    await node.close()
    return 0
  },
}

/** In a process of its own, because decoding pictures and indexing leave much memory behind that serving never needs. */
async function loadExampleApart(): Promise<void> {
  const entry = fileURLToPath(new URL('../../examples/loadExampleProcess.ts', import.meta.url))
  const child = spawn(process.execPath, [...process.execArgv, entry], { stdio: ['ignore', 'inherit', 'inherit'] })
  const exitCode = await new Promise((resolve) => child.once('close', resolve))
  if (exitCode === 0) return
  throw new ColophonError('internal', 'the worked example could not be loaded', {
    remedy: 'Start with --empty to go on without it.',
  })
}

const WITNESS_EVERY_MS = 10_000

/** Whenever the log has grown, its witnesses are asked again. */
function keepAskingWitnesses(node: Node): () => void {
  let askedSize = -1
  const timer = setInterval(() => {
    const { size } = node.register.log
    if (node.config.witnesses.length === 0 || size === askedSize) return
    askedSize = size
    askWitnesses(node).catch((error: unknown) => logDefect('witnesses', error))
  }, WITNESS_EVERY_MS)
  return () => clearInterval(timer)
}

const WATCH_EVERY_MS = 10 * 60_000
/** A node that has just started is asked by people first. */
const WATCH_FIRST_MS = 60_000
const STOP_WAITS_MS = 5000
/** Works whose addresses are looked at again in one go. */
const LOOK_AGAIN_MAX = 20

/** Looks for works in data sets again and again, one look at a time; stopping waits for the question that is asked. */
function keepWatching(node: Node): () => Promise<void> {
  let isStopped = false
  let looking: Promise<unknown> = Promise.resolve()
  const look = () => {
    looking = looking.then(async () => {
      if (isStopped) return
      const { damaged } = await watchOnce(node.register, node.datasets, () => !isStopped)
      for (const id of damaged)
        console.error(`data set ${id} is damaged and is not watched: colophon index repair ${id}`)
      await tellSubscribers(node.register, node.config.publicUrl)
      await sendNews(node, () => !isStopped)
      await lookAgain(node.register, LOOK_AGAIN_MAX, { allowed: () => !isStopped })
      clearImports(node)
      await checkSitesAgain(node.register, LOOK_AGAIN_MAX, {}, () => !isStopped)
    })
    looking = looking.catch((error: unknown) => console.error(error))
  }
  const first = setTimeout(look, WATCH_FIRST_MS)
  const timer = setInterval(look, WATCH_EVERY_MS)
  return async () => {
    isStopped = true
    clearTimeout(first)
    clearInterval(timer)
    // Somebody else's site may be slow to answer: stopping does not wait for it.
    await Promise.race([looking, delay(STOP_WAITS_MS, undefined, { ref: false })])
  }
}

/** What is new goes by mail to whoever has asked for it, where this node sends mail. */
async function sendNews({ register, config }: Node, isAllowed: () => boolean): Promise<void> {
  const { mail, publicUrl } = config
  if (!mail) return
  await tellByMail(register, { mailer: smtpMailer(mail.smtpUrl, mail.from), publicUrl, speak }, isAllowed)
}

/** Days end at other hours elsewhere: an hourly look writes what is due on its day, and once. */
const DEADLINES_EVERY_MS = 3_600_000

function keepDeadlines({ register }: Node): () => void {
  const run = () => {
    runDeadlines(register, register.effects.now()).catch((error: unknown) => console.error(error))
  }
  run()
  const timer = setInterval(run, DEADLINES_EVERY_MS)
  return () => clearInterval(timer)
}
