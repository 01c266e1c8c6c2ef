import { admitInbox, askForInbox, casesFor, findGiven, listInboxes, takeAnswer } from '../requests/index.ts'
import { makeStatement, signStatement, type StatementSigner } from '../statements/index.ts'
import { ColophonError, systemEffects } from '../foundation/index.ts'
import type { Node } from '../main.ts'
import { needOne, print, readArgs, readVerb, withRegister, type Command, type ExitCode } from './command.ts'
import { readSigner } from './recording.ts'
import { needKey } from './signing.ts'

const options = {
  key: { type: 'string' },
  about: { type: 'string' },
  name: { type: 'string' },
  status: { type: 'string' },
  reason: { type: 'string' },
} as const

type Values = ReturnType<typeof readArgs<typeof options>>['values']

export const inbox: Command = {
  forms: [
    'inbox open --key KEY.pem --about DATASET-OR-MODEL --name NAME',
    'inbox admit ID',
    'inbox close ID',
    'inbox waiting',
    'inbox list --key KEY.pem',
    'inbox answer CASE --key KEY.pem --status received|valid|incomplete|removed|partial|refused|licensed [--reason TEXT]',
  ],
  does: 'Inboxes of providers, for requests about a data set (by its id) or a model (by its name). open asks for one, signed; it waits until the operator, who has seen that the party is who it says, admits it. list and answer are signed by its key. None of it is put on the log.',
  async run(args) {
    const { run, values, positionals } = readVerb('inbox', ACTIONS, options, args)
    return withRegister((node) => run(node, values, positionals))
  },
}

type Action = (node: Node, values: Values, positionals: string[]) => Promise<ExitCode>

const ACTIONS: Record<string, Action> = {
  async open({ register }, values) {
    if (!values.about || !values.name) throw new ColophonError('usage', 'give --about and --name')
    const signed = sign(readSigner(needKey(values)), {
      type: 'Inbox',
      log: register.log.origin,
      about: values.about,
      name: values.name,
    })
    const { id, state } = await askForInbox(register, signed)
    print(values.json, { id, state }, [`${id}: ${state}`])
    return 0
  },
  async admit({ register }, _, positionals) {
    await admitInbox(register, needOne(positionals, 'inbox id'), 'open')
    return 0
  },
  async close({ register }, _, positionals) {
    await admitInbox(register, needOne(positionals, 'inbox id'), 'closed')
    return 0
  },
  async waiting({ register }, values) {
    const inboxes = (await listInboxes(register.database.db, { state: 'waiting' })).map(
      ({ id, party, about, name }) => ({ id, party, about, name }),
    )
    const lines = inboxes.map(({ id, party, about, name }) => `${id} ${about} ${name} ${party}`)
    print(values.json, { inboxes }, lines.length > 0 ? lines : ['No inbox waits.'])
    return 0
  },
  async list({ register }, values) {
    const rows = await casesFor(register, readSigner(needKey(values)).didKey)
    const cases = rows.map(({ id, kind, state, dataset, handed_over_at: handedOverAt }) => ({
      id,
      kind,
      state,
      dataset,
      handedOverAt,
    }))
    const lines = cases.map(({ id, kind, state, dataset }) => `${id} ${kind} ${state} ${dataset}`)
    print(values.json, { cases }, lines.length > 0 ? lines : ['No cases.'])
    return 0
  },
  async answer({ register }, values, positionals) {
    const id = needOne(positionals, 'case id')
    const signer = readSigner(needKey(values))
    const given = await findGiven(register, signer.didKey, id)
    if (!given) throw new ColophonError('not_found', 'no such case lies in an inbox of this key', { where: id })
    const { status, reason } = values
    const subject = {
      type: 'CaseAnswer',
      log: register.log.origin,
      case: id,
      evidenceHash: given.evidence_hash,
      status,
    }
    const { state } = await takeAnswer(register, sign(signer, { ...subject, ...(reason ? { reason } : {}) }))
    print(values.json, { id, state }, [`${id}: ${state}`])
    return 0
  },
}

function sign(signer: StatementSigner, subject: { type: string } & Record<string, unknown>) {
  return signStatement(makeStatement(signer.didKey, [subject], systemEffects), signer)
}
