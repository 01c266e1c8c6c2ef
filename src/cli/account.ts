import { createPrivateKey } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createInterface } from 'node:readline/promises'
import { ColophonError, parseJson, systemEffects } from '../foundation/index.ts'
import { parseVkey } from '../log/index.ts'
import {
  accountRequestReader,
  deleteAccount,
  describePlan,
  exportAccount,
  planDeletion,
  signAccountRequest,
  type CaseKey,
  type PlannedDeletion,
} from '../operations/index.ts'
import { signerFromKey, type Statement, type StatementSigner } from '../statements/index.ts'
import { speak } from '../web/index.ts'
import { print, readArgs, readVerb, type Command, type ExitCode } from './command.ts'
import { ask, askText, withPlace, type Place } from './place.ts'

const options = {
  key: { type: 'string' },
  party: { type: 'string' },
  out: { type: 'string', short: 'o' },
  case: { type: 'string', multiple: true, default: [] as string[] },
  at: { type: 'string' },
  yes: { type: 'boolean', default: false },
} as const
type Values = ReturnType<typeof readArgs<typeof options>>['values']

export const account: Command = {
  forms: [
    'account export --key KEY.pem -o FILE.zip [--party DID] [--case LINK]… [--at URL]',
    'account delete --key KEY.pem -o RECEIPT.json [--party DID] [--case LINK]… [--at URL] [--yes]',
  ],
  does: 'Everything that a node holds about the party of a key, as a ZIP; or erases what can be erased of it. Before you sign, it says what goes and what stays on the log; without --yes it asks. --case takes the link of a case, with its key; --at is the address of a node elsewhere.',
  run(args) {
    const { run, values, positionals } = readVerb('account', { export: take, delete: erase }, options, args)
    if (positionals.length > 0) throw new ColophonError('usage', `there is no place for ${positionals[0]}`)
    return run(values)
  },
}

async function take(values: Values): Promise<ExitCode> {
  const [signer, out] = [readHolder(values), needOut(values)]
  const zip = await withAccount(values, async (place, log) => {
    const signed = signAccountRequest(signer, { action: 'export', log, cases: readCases(values.case) }, systemEffects)
    if (!place.node) return askBytes(place.url, '/api/accounts/export', signed)
    return exportAccount(place.node, await accountRequestReader(place.node.register)(signed, 'export'), speak)
  })
  writeFileSync(out, zip, { flag: 'wx', mode: 0o600 })
  print(values.json, { party: signer.issuer, file: out, bytes: zip.length }, [
    `Everything this node holds about ${signer.issuer}: ${out}`,
  ])
  return 0
}

async function erase(values: Values): Promise<ExitCode> {
  const [signer, out] = [readHolder(values), needOut(values)]
  const cases = readCases(values.case)
  return withAccount(values, async (place, log) => {
    const { plan, agreed } = await askPlan(
      place,
      signAccountRequest(signer, { action: 'plan', log, cases }, systemEffects),
    )
    process.stderr.write(`${describePlan(plan).join('\n')}\n`)
    if (!values.yes && !(await isAgreed())) {
      print(values.json, { isErased: false, plan }, ['Nothing was erased. Add --yes to erase it.'])
      return 1
    }
    const signed = signAccountRequest(signer, { action: 'delete', log, cases, agreed }, systemEffects)
    const receipt = place.node
      ? await deleteAccount(place.node, await accountRequestReader(place.node.register)(signed, 'delete'))
      : await ask<Statement>(place.url, '/api/accounts/delete', signed)
    writeFileSync(out, `${JSON.stringify(receipt, null, 2)}\n`, { flag: 'wx' })
    print(values.json, { isErased: true, receipt: out, plan }, [`Erased. What is gone and what stays: ${out}`])
    return 0
  })
}

async function askPlan(place: Place, signed: Statement): Promise<PlannedDeletion> {
  if (!place.node) return ask<PlannedDeletion>(place.url, '/api/accounts/plan', signed)
  return planDeletion(place.node, await accountRequestReader(place.node.register)(signed, 'plan'))
}

/** Only somebody at a terminal can be asked. */
async function isAgreed(): Promise<boolean> {
  if (!process.stdin.isTTY) return false
  const lines = createInterface({ input: process.stdin, output: process.stderr })
  const answer = await lines.question('Write “erase” to erase it: ')
  lines.close()
  return answer.trim() === 'erase'
}

/** The node that is asked, and the name of its log. */
async function withAccount<Result>(
  values: Values,
  run: (place: Place, log: string) => Promise<Result>,
): Promise<Result> {
  const within = async (place: Place) => {
    const log = place.node ? place.node.register.log.origin : parseVkey(await askText(place.url, '/log/vkey')).name
    return run(place, log)
  }
  return values.at === undefined ? withPlace(within) : within({ url: values.at.replace(/\/$/, '') })
}

async function askBytes(url: string, path: string, signed: Statement): Promise<Uint8Array> {
  const response = await fetch(url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(signed),
  })
  if (response.ok) return new Uint8Array(await response.arrayBuffer())
  const { error } = parseJson(await response.text(), url) as { error?: { message: string; remedy?: string } }
  throw new ColophonError('not_authorised', error?.message ?? `the node answered ${response.status}`, {
    where: url,
    ...(error?.remedy ? { remedy: error.remedy } : {}),
  })
}

/** Unlike a command that declares, this one makes no key: a new one holds nothing. */
function readHolder(values: Values): StatementSigner {
  if (!values.key || !existsSync(values.key))
    throw new ColophonError('usage', 'give --key, the file with the key of the party', { where: values.key ?? '--key' })
  try {
    return signerFromKey(createPrivateKey(readFileSync(values.key, 'utf8')), values.party)
  } catch (cause) {
    throw new ColophonError('unreadable_file', 'the key file holds no private Ed25519 key', {
      where: values.key,
      cause,
    })
  }
}

function needOut(values: Values): string {
  if (!values.out) throw new ColophonError('usage', 'give -o, the file to write')
  if (existsSync(values.out))
    throw new ColophonError('usage', 'there is a file of this name already', { where: values.out })
  return values.out
}

function readCases(links: readonly string[]): CaseKey[] {
  return links.map((link) => {
    const [, id, key] = /([0-9a-f-]{36})\?key=([\w-]+)$/.exec(link) ?? []
    if (id && key) return { id, key }
    throw new ColophonError('usage', 'a case is given by its whole link', { where: '--case' })
  })
}
