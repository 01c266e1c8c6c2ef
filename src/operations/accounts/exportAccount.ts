import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { zipSync, type Zippable } from 'fflate'
import { importFiles, importsOf, listAccountRows } from '../../accounts/index.ts'
import { toHex } from '../../foundation/index.ts'
import type { Node } from '../../main.ts'
import { letterOf, letterText, listEvents, type Speak } from '../../requests/index.ts'
import { makeReceipt, readSeal, type StatementRow } from '../../statements/index.ts'
import { listKeptWorks, listSubscriptions } from '../../watching/index.ts'
import { publicOf, readHoldings, type Holdings } from './holdings.ts'
import type { AccountRequest } from './signedRequest.ts'

/** Manifests of collections up to so many bytes together come along; of others their names do. */
const MANIFEST_BYTES_MAX = 64 * 1024 * 1024

/** Everything that the node holds about a party, as a ZIP: statements with their receipts, seals, manifests, cases. */
export async function exportAccount(
  node: Node,
  { party, cases }: Omit<AccountRequest, 'agreed'>,
  speak: Speak,
): Promise<Uint8Array> {
  const holdings = await readHoldings(node.register, party, cases)
  const files: Zippable = {}
  const add = (path: string, content: unknown) => (files[path] = Buffer.from(`${JSON.stringify(content, null, 2)}\n`))
  for (const row of holdings.own) {
    const name = String(row.log_index)
    add(`statements/${name}.json`, await statementOf(node, row))
    files[`statements/${name}.tlog-proof`] = Buffer.from(await makeReceipt(node.register, Number(row.log_index)))
    const seal = row.commitment ? await readSeal(node.register, row.commitment) : undefined
    if (seal) add(`statements/${name}.seal.json`, { salt: toHex(seal.salt), body: seal.body })
  }
  for (const row of holdings.about) add(`about/${row.log_index}.json`, await statementOf(node, row))
  const left = addManifests(node, holdings, files)
  for (const found of holdings.cases) {
    const { salt, access_hash: _, ...fields } = found
    const events = await listEvents(node.register.database.db, found.id)
    const plain = JSON.stringify({ ...fields, salt: toHex(salt), events }, (_name, value: unknown) =>
      typeof value === 'bigint' ? Number(value) : value,
    )
    add(`cases/${found.id}.json`, JSON.parse(plain))
    files[`cases/${found.id}.letter.txt`] = Buffer.from(letterText(letterOf(found, node.datasets.list()), speak))
  }
  const plain = (rows: unknown) =>
    JSON.parse(
      JSON.stringify(rows, (_name, value: unknown) => (typeof value === 'bigint' ? Number(value) : value)),
    ) as unknown
  const webhooks = await listSubscriptions(node.register.database.db, party)
  const kept = {
    ...(await listAccountRows(node.register.database.db, party)),
    webhooks: webhooks.map(({ url, failures }) => ({ url, failures })),
    worksWithKeptCodes: await listKeptWorks(node.register.database.db, party),
  }
  if (Object.values(kept).some((rows) => rows.length > 0)) add('account.json', plain(kept))
  left.push(...(await addImports(node, party, files)))
  files['README.txt'] = Buffer.from(readme(holdings, left))
  return zipSync(files, { level: 6 })
}

/** As it stands on the log; what was refused there has no other place. */
async function statementOf(node: Node, row: StatementRow): Promise<object> {
  const { log_index, recorded_at, outcome, refusal, body, commitment } = row
  const logIndex = Number(log_index)
  const facts = { logIndex, recordedAt: recorded_at, outcome, refusal, isSealed: commitment !== null }
  if (body !== null) return { ...facts, statement: JSON.parse(body) as object }
  const [entry] = await node.register.log.entries(logIndex, logIndex + 1)
  return { ...facts, entry: JSON.parse(Buffer.from(entry!).toString('utf8')) as object }
}

/** What was sent to be imported, and what came of it. */
async function addImports(node: Node, party: string, files: Zippable): Promise<string[]> {
  const left: string[] = []
  let bytesLeft = MANIFEST_BYTES_MAX
  for (const { id, source } of await importsOf(node, party)) {
    const folder = importFiles(node.config).folder(party, id)
    for (const name of ['import.json', 'source', 'outcomes.csv']) {
      const path = join(folder, name)
      if (!existsSync(path)) continue
      const { size } = statSync(path)
      if (size > bytesLeft) left.push(`the file of the import ${source}`)
      else files[`imports/${id}/${name}`] = new Uint8Array(readFileSync(path))
      bytesLeft -= Math.min(size, bytesLeft)
    }
  }
  return left
}

function addManifests(node: Node, holdings: Holdings, files: Zippable): string[] {
  const left: string[] = []
  let bytesLeft = MANIFEST_BYTES_MAX
  for (const { body } of publicOf(holdings)) {
    const { credentialSubject } = JSON.parse(body ?? '{"credentialSubject":[]}') as {
      credentialSubject: { type: string; manifest?: string }[]
    }
    for (const { type, manifest } of credentialSubject) {
      const bytes = type === 'Collection' && manifest ? node.manifests.read(manifest) : undefined
      if (!bytes) continue
      if (bytes.length > bytesLeft) left.push(`the manifest ${manifest!}`)
      else files[`manifests/${manifest}.jsonl`] = bytes
      bytesLeft -= Math.min(bytes.length, bytesLeft)
    }
  }
  return left
}

function readme({ party, own, about, cases }: Holdings, left: readonly string[]): string {
  return [
    `What this node holds about ${party}.`,
    '',
    `statements/  ${own.length} statements of this party, or in its name, each with its receipt (.tlog-proof); with a .seal.json where only a commitment stands on the log. colophon log verify reads both.`,
    `about/       ${about.length} public statements of others that name this party.`,
    'manifests/   the lists of its collections.',
    `cases/       ${cases.length} cases: those that are kept in the account, and those of which the keys were brought along. Of any other case nobody can tell whose it is.`,
    'account.json mail address, sites, inboxes, names of passkeys, webhooks, and works of which the parts are looked for.',
    'imports/     what was sent to be imported, and what came of each record.',
    '',
    'Not in it: results of checks, which are kept under a secret address and no name; what the log’s files hold beside these statements, which anybody can read.',
    ...left.map((hash) => `Too large to come along: ${hash}.`),
    '',
  ].join('\n')
}
