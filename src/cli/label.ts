import { labelsOfParty, labelsOfWork } from '../api/index.ts'
import { ColophonError } from '../foundation/index.ts'
import type { LabelReading } from '../rights/index.ts'
import { words } from '../web/index.ts'
import { needOne, print, readArgs, readVerb, type Command, type ExitCode } from './command.ts'
import { ask, withPlace, type Place } from './place.ts'
import { readSigner } from './recording.ts'
import { needKey, signForm, signingOptions } from './signing.ts'

const options = {
  ...signingOptions,
  work: { type: 'string' },
  collection: { type: 'string' },
  domain: { type: 'string' },
  party: { type: 'string' },
  code: { type: 'string' },
  'label-name': { type: 'string' },
  text: { type: 'string' },
  language: { type: 'string' },
  url: { type: 'string' },
  season: { type: 'string' },
  'benefit-sharing': { type: 'string' },
  from: { type: 'string' },
  approver: { type: 'string', multiple: true },
  needed: { type: 'string' },
} as const

type Values = ReturnType<typeof readArgs<typeof options>>['values']

export const label: Command = {
  forms: [
    'label apply --key KEY.pem --work ID | --collection ID | --domain HOST --code CODE [--name COMMUNITY] [--label-name NAME] [--text TEXT] [--language CODE] [--url URL] [--season 06-01/08-31] [--benefit-sharing TEXT] [-o RECEIPT]',
    'label approvers --key KEY.pem [--approver DID …] [--needed N] [--name COMMUNITY] [-o RECEIPT]',
    'label approve ID --key KEY.pem [-o RECEIPT]',
    'label withdraw ID --key KEY.pem [--from DAY] [-o RECEIPT]',
    'label list --work ID | --party DID | --key KEY.pem',
  ],
  does: 'Applies a label of a community (or a notice of an institution) to a work, a collection or a web site, says who has to approve a community’s labels, approves one, and takes one back; signs with the key file and writes the receipt. --name is who signs, the first time.',
  async run(args) {
    const { run, values, positionals } = readVerb('label', VERBS, options, args)
    return withPlace((place) => run(place, values, positionals))
  },
}

const VERBS: Record<string, (place: Place, values: Values, positionals: string[]) => Promise<ExitCode>> = {
  apply(place, values) {
    const [seasonFrom, seasonUntil = ''] = values.season?.split('/') ?? []
    const { work, collection, domain, code, text, language, url } = values
    return signForm(place, values, {
      kind: 'label',
      work,
      collection,
      domain,
      code,
      text,
      language,
      url,
      labelName: values['label-name'],
      benefitSharing: values['benefit-sharing'],
      ...(seasonFrom === undefined ? {} : { seasonFrom, seasonUntil }),
    })
  },
  approvers: (place, values) =>
    signForm(place, values, {
      kind: 'approvers',
      approvers: values.approver?.join(' '),
      approvalsNeeded: values.needed,
    }),
  approve(place, values, positionals) {
    const id = needOne(positionals, 'label')
    return signForm(place, values, { kind: 'approval', label: id, approver: readSigner(needKey(values)).issuer })
  },
  withdraw: (place, values, positionals) =>
    signForm(place, values, { kind: 'withdrawal', label: needOne(positionals, 'label'), from: values.from }),
  async list(place, values) {
    const labels = await readLabels(place, values)
    for (const each of labels) print(values.json, each, [lineOf(each)])
    if (labels.length === 0 && !values.json) print(false, {}, [words.t('label.list.none')])
    return 0
  },
}

async function readLabels({ url, node }: Place, values: Values): Promise<LabelReading[]> {
  if (values.work !== undefined && values.party !== undefined)
    throw new ColophonError('usage', 'give either --work or --party')
  const id = values.work ?? values.party ?? readSigner(needKey(values)).issuer
  const kind = values.work === undefined ? 'parties' : 'works'
  if (node) return kind === 'works' ? labelsOfWork(node, id) : labelsOfParty(node, id)
  return (await ask<{ labels: LabelReading[] }>(url, `/api/${kind}/${encodeURIComponent(id)}/labels`)).labels
}

function lineOf({
  id,
  code,
  state,
  party,
  partyName,
  target,
  recordedAt,
  approvals,
  approvalsNeeded,
}: LabelReading): string {
  const name = partyName ?? party
  const count =
    approvalsNeeded === 0
      ? ''
      : ` ${words.t('label.approvals.count', { given: approvals.length, needed: approvalsNeeded })}`
  const said = `${words.t(`labels.code.${code}`)} (${code})`
  return `${recordedAt.slice(0, 10)} ${id}: ${said}, ${target.id}. ${words.t(`label.state.${state}`, { name })}${count}`
}
