import { identifyFile } from '../fingerprints/index.ts'
import { ColophonError } from '../foundation/index.ts'
import type { Node } from '../main.ts'
import {
  countKept,
  deleteSubscription,
  dropCodes,
  findFound,
  keepCodes,
  listSubscriptions,
  subscribe,
  tellSubscribers,
  watchOnce,
} from '../watching/index.ts'
import { needOne, print, readArgs, readVerb, withRegister, type Command, type ExitCode } from './command.ts'

const options = { party: { type: 'string' }, webhook: { type: 'string' } } as const
type Values = ReturnType<typeof readArgs<typeof options>>['values']

export const watch: Command = {
  forms: [
    'watch run',
    'watch list --party DID',
    'watch subscribe --party DID --webhook URL',
    'watch subscriptions',
    'watch unsubscribe ID',
    'watch keep FILE… --party DID',
    'watch drop --party DID',
  ],
  does: 'Looks for every declared work in every indexed data set, each pair once (a node that serves does so by itself), shows what was found of a party’s works, and tells an address of what is new: one message a run, signed by HMAC-SHA256 over the body. `keep` keeps the codes of the parts of declared files on this node, so that crops, quotations and cuts are looked for, too; `drop` forgets them.',
  async run(args) {
    const { run, values, positionals } = readVerb('watch', ACTIONS, options, args)
    return withRegister((node) => run(node, values, positionals))
  },
}

type Action = (node: Node, values: Values, positionals: string[]) => Promise<ExitCode>

const LISTED_MAX = 1000

const ACTIONS: Record<string, Action> = {
  async run(node, values) {
    const run = await watchOnce(node.register, node.datasets)
    const told = await tellSubscribers(node.register, node.config.publicUrl)
    print(values.json, { ...run, ...told }, [
      ...run.damaged.map((id) => `Not asked, because it is damaged: ${id}; see: colophon index repair ${id}`),
      `${run.compared} works compared, ${run.parts} by their parts, ${run.found} places that were not known before, ${run.reopened} cases opened again; ${told.told} told, ${told.failed} not reached.`,
    ])
    return 0
  },
  async list(node, values) {
    const party = needParty(values)
    const found = (await findFound(node.register, { party, limit: LISTED_MAX })).found.map((each) => ({
      work: each.work,
      title: each.title,
      dataset: each.dataset,
      version: each.dataset_version,
      row: Number(each.row_number),
      match: each.kind,
      measure: Number(each.measure),
      status: each.status,
      url: each.url,
      foundAt: each.found_at,
    }))
    const lines = found.map(
      ({ title, dataset, row, match, status }) => `${title}: ${dataset} row ${row}, ${match} (${status})`,
    )
    print(values.json, { found }, lines.length > 0 ? lines : ['Nothing was found. That is no proof of absence.'])
    return 0
  },
  async subscribe(node, values) {
    const party = needParty(values)
    if (!values.webhook) throw new ColophonError('usage', 'give the address that is to be told with --webhook')
    const { id, secret } = await subscribe(node.register, { party, url: values.webhook })
    print(values.json, { id, secret }, [`Subscription ${id}`, `Secret of its signatures, shown once: ${secret}`])
    return 0
  },
  async subscriptions(node, values) {
    const rows = (await listSubscriptions(node.register.database.db)).map(({ id, party, url, failures }) => ({
      id,
      party,
      url,
      failures: Number(failures),
    }))
    const lines = rows.map(({ id, party, url, failures }) => `${id} ${party} ${url} (${failures} failures in a row)`)
    print(values.json, { subscriptions: rows }, lines.length > 0 ? lines : ['No subscriptions.'])
    return 0
  },
  async keep(node, values, positionals) {
    const party = needParty(values)
    if (positionals.length === 0) throw new ColophonError('usage', 'give the files that were declared')
    for (const path of positionals) {
      const works = await keepCodes(node.register, party, await identifyFile(path))
      print(values.json, { file: path, works }, [
        `${path}: the parts of ${works} ${works === 1 ? 'work' : 'works'} are looked for.`,
      ])
    }
    return 0
  },
  async drop(node, values) {
    const party = needParty(values)
    const works = await countKept(node.register.database.db, party)
    await dropCodes(node.register.database.db, party)
    print(values.json, { works }, [`${works} works are looked for as wholes only.`])
    return 0
  },
  async unsubscribe(node, values, positionals) {
    const id = needOne(positionals, 'subscription')
    if (!(await deleteSubscription(node.register.database.db, id)))
      throw new ColophonError('not_found', 'there is no such subscription', { where: id })
    print(values.json, { id }, [`Subscription ${id} is gone.`])
    return 0
  },
}

function needParty({ party }: Values): string {
  if (!party) throw new ColophonError('usage', 'give the party with --party')
  return party
}
