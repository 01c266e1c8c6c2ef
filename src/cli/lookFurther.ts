import { createHash } from 'node:crypto'
import { createReadStream, existsSync, statSync } from 'node:fs'
import { createInterface } from 'node:readline/promises'
import { ColophonError, LruMap, readConfig, systemEffects } from '../foundation/index.ts'
import type { Node } from '../main.ts'
import {
  enabledAdapters,
  findKeptBack,
  lookFurther as look,
  questionOfWork,
  type AskedAddress,
  type AskedHash,
  type EnabledAdapter,
  type FurtherAnswer,
  type FurtherHit,
  type FurtherQuestion,
  type Sending,
} from '../watching/index.ts'
import { words } from '../web/index.ts'
import { print, readArgs, withRegister, type Command } from './command.ts'

const options = {
  with: { type: 'string', multiple: true },
  url: { type: 'string', multiple: true },
  phrase: { type: 'string' },
  passage: { type: 'string' },
  file: { type: 'string', multiple: true },
  dataset: { type: 'string', multiple: true },
  index: { type: 'string', multiple: true },
  dump: { type: 'string' },
  'allow-private': { type: 'boolean' },
  yes: { type: 'boolean' },
} as const
type Values = ReturnType<typeof readArgs<typeof options>>['values']

export const lookFurther: Command = {
  forms: [
    'look-further WORK-ID | --url URL|URL*|DOMAIN… | --phrase WORDS | --passage TEXT | --file FILE… --with ID[,ID] [--dataset OWNER/NAME[:CONFIG[:SPLIT]]…] [--index INDEX|CRAWL…] [--dump FILE|URL [--allow-private]] [--yes]',
  ],
  does: 'Looks for a work in what others hold: common-crawl, dataset-viewer, infini-gram, hash-dump, as far as ADAPTERS switches them on. Says first what would leave this machine and to whom; without --yes it asks. A FILE is not sent: its digests are compared with a dump here. Never asks about sealed works, works that a community keeps, or private cases.',
  async run(args) {
    const { values, positionals } = readArgs(args, options)
    if (positionals.length > 1) throw new ColophonError('usage', 'give at most one work')
    const adapters = chosenAdapters(values)
    return withRegister(async (node) => {
      const question = await readQuestion(node, positionals[0], values)
      const sends = adapters.flatMap(({ adapter, address }) =>
        adapter.lacks(question, address) ? [] : adapter.sends(question, address),
      )
      if (sends.length > 0 && !values.yes && !(await isAgreed(sends))) {
        const told = ['This would leave this machine:', ...sayAll(sends), 'Nothing was sent. Add --yes to send it.']
        print(values.json, { isSent: false, sends }, told)
        return 1
      }
      if (!values.json) process.stderr.write(`${['What leaves this machine:', ...sayAll(sends)].join('\n')}\n`)
      const answers = await look(adapters, question, {
        now: systemEffects.now,
        restingUntil: new LruMap(100),
        allowPrivate: values['allow-private'] === true,
      })
      print(values.json, { isSent: sends.length > 0, sends, answers }, answers.flatMap(describe))
      return answers.every(({ outcome }) => outcome === 'found' || outcome === 'nothing') ? 0 : 1
    })
  },
}

/** Those that are named, when the operator has switched them on. */
function chosenAdapters(values: Values): EnabledAdapter[] {
  const ids = [...new Set((values.with ?? []).flatMap((list) => list.split(',')))].filter((id) => id !== '')
  if (ids.length === 0) throw new ColophonError('usage', 'say with --with who is to be asked')
  const enabled = enabledAdapters(readConfig(process.env).adapters)
  return ids.map((id) => {
    const found = enabled.find(({ adapter }) => adapter.id === id)
    if (found) return found
    const remedy = `Whoever runs this node switches it on: ADAPTERS=${id}`
    throw new ColophonError('usage', 'this adapter is not switched on here', { where: id, remedy })
  })
}

async function readQuestion(node: Node, work: string | undefined, values: Values): Promise<FurtherQuestion> {
  const ofWork = work === undefined ? undefined : await questionOfWork(node.register, work)
  if (work !== undefined && !ofWork)
    throw new ColophonError('not_found', 'there is no such work here that may be asked about elsewhere', {
      where: work,
    })
  const addresses = (values.url ?? []).map(readAddress)
  const hashes = (await Promise.all((values.file ?? []).map(digestsOf))).flat()
  const asked = values.phrase ?? ofWork?.words
  const given = {
    addresses,
    ...(values.phrase === undefined ? {} : { words: values.phrase }),
    ...(values.passage === undefined ? {} : { passage: values.passage }),
  }
  const [kept] = await findKeptBack(node.register, given)
  if (kept !== undefined)
    throw new ColophonError('not_authorised', 'this belongs to a work or a case that this node keeps to itself', {
      where: kept,
      remedy: 'Nothing was sent.',
    })
  return {
    addresses: [...(ofWork?.addresses ?? []), ...addresses],
    hashes: [...(ofWork?.hashes ?? []), ...hashes],
    ...(asked === undefined ? {} : { words: asked }),
    ...(values.passage === undefined ? {} : { passage: values.passage }),
    datasets: values.dataset ?? [],
    indexes: values.index ?? [],
    ...(values.dump === undefined ? {} : { dump: values.dump }),
  }
}

/** An address, what lies below one (`https://example.org/a/*`), or a domain with its subdomains. */
function readAddress(text: string): AskedAddress {
  const value = text.replace(/\*$/, '')
  if (/^https?:\/\//i.test(value) && URL.canParse(value)) return { value, scope: value === text ? 'exact' : 'prefix' }
  if (/^([a-z0-9-]+\.)+[a-z]{2,}$/i.test(text)) return { value: text.toLowerCase(), scope: 'domain' }
  throw new ColophonError('usage', 'this is neither an address nor a domain', { where: text.slice(0, 200) })
}

/** The digests by which archives know a file; `sha1_git` is the SHA-1 over git's head line and the file. */
async function digestsOf(path: string): Promise<AskedHash[]> {
  if (!existsSync(path) || !statSync(path).isFile())
    throw new ColophonError('unreadable_file', 'there is no such file', { where: path })
  const git = createHash('sha1').update(`blob ${statSync(path).size}\0`)
  const all = [
    { algorithm: 'sha256', hash: createHash('sha256') },
    { algorithm: 'sha1', hash: createHash('sha1') },
    { algorithm: 'sha1_git', hash: git },
  ] as const
  for await (const piece of createReadStream(path) as AsyncIterable<Buffer>)
    for (const { hash } of all) hash.update(piece)
  return all.map(({ algorithm, hash }) => ({ algorithm, value: hash.digest('hex') }))
}

function sayAll(sends: readonly Sending[]): string[] {
  if (sends.length === 0) return ['  nothing']
  return sends.map(({ to, what, value }) => `  to ${to}: ${what} ${JSON.stringify(value)}`)
}

/** Only somebody at a terminal can be asked. */
async function isAgreed(sends: readonly Sending[]): Promise<boolean> {
  if (!process.stdin.isTTY) return false
  const lines = createInterface({ input: process.stdin, output: process.stderr })
  const told = ['This would leave this machine:', ...sayAll(sends), 'Write “send” to send it: '].join('\n')
  const answer = await lines.question(told)
  lines.close()
  return answer.trim() === 'send'
}

function describe({ adapter, outcome, lacks, hits, searched, problems, isCut }: FurtherAnswer): string[] {
  const { t } = words
  const looked = searched.map(({ where, isPartial }) => (isPartial ? t('further.part', { place: where }) : where))
  return [
    `${adapter}: ${outcome === 'found' ? t('further.found', { count: hits.length }) : t(`further.${outcome}`)}${lacks ? ` (${lacks})` : ''}`,
    ...hits.map(describeHit),
    ...(isCut ? [`  ${t('further.cut')}`] : []),
    ...(looked.length > 0 ? [`  ${t('further.searched', { places: looked.join(', ') })}`] : []),
    ...problems.map(({ code, where, what }) => `  ${code} (${where}): ${what}`),
    ...(hits.length > 0 ? [`  ${t(`further.${adapter}.means`)} ${t(`further.${adapter}.wrong`)}`] : []),
  ]
}

function describeHit({ match, asked, where, place, url, at, count, excerpt }: FurtherHit): string {
  const more = [at, count === undefined ? undefined : words.t('further.count', { count }), url, excerpt]
  return `  ${words.t(`further.match.${match}`)} “${asked}”: ${where}, ${place}${more.flatMap((each) => (each ? ` · ${each}` : [])).join('')}`
}
