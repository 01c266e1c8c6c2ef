import { existsSync, readFileSync } from 'node:fs'
import { z } from 'zod'
import { identifyFile } from '../fingerprints/index.ts'
import { ColophonError, dataPath, isoTime, parseJson, readConfig, safeFetch } from '../foundation/index.ts'
import { parseVkey } from '../log/index.ts'
import {
  findCollection,
  findWithdrawn,
  itemId,
  itemProofSchema,
  verifyItem,
  type ItemProof,
} from '../register/index.ts'
import { verifyReceipt, type ReceiptVerdict } from '../statements/index.ts'
import { print, withRegister, type ExitCode } from './command.ts'
import { readVkey } from './log.ts'

interface Values {
  vkey?: string | undefined
  at?: string | undefined
  json?: boolean | undefined
}

type Finding = ReceiptVerdict['findings'][number]

/**
 * A work of a collection: the receipt of the collection, the path to its root, and the file itself when it lies there. All
 * of it is verified offline; whether the item was taken back since is asked of a register where there is one.
 */
export async function verifyItemProof(path: string, values: Values): Promise<ExitCode> {
  const { verdict, item, collection } = readItemProof(path, values)
  const findings = [...verdict.findings, judgeItem(collection, item), ...(await judgeFile(path, item))]
  const isSound = findings.every(({ severity }) => severity === 'good')
  // Without a sound proof there is nothing to ask about.
  const asked = isSound ? await askTakenBack(collection!, item.position, values.at) : undefined
  const lines = findings.map(({ code, severity, detail }) => `${severity === 'good' ? '✓' : '✗'} ${code}: ${detail}`)
  const told = asked === undefined ? [] : sayTakenBack(asked)
  print(values.json, { isSound, findings, ...asked }, [...lines, isSound ? 'Sound.' : 'NOT sound.', ...told])
  return isSound ? 0 : 1
}

/** The work that a proof is of, by its id. Errors: `unreadable_file` for a proof that is none. */
export function readItemId(path: string, values: Values): string {
  const { item, collection } = readItemProof(path, values)
  if (!collection)
    throw new ColophonError('unreadable_file', 'the proof does not lead to a collection', { where: path })
  return itemId(collection.id, item.position)
}

const proofFileSchema = z.strictObject({ receipt: z.string(), item: itemProofSchema })

interface SignedCollection {
  id: string
  type: string
  root: string
  count: number
}

function readItemProof(path: string, { vkey }: Values) {
  const read = proofFileSchema.safeParse(parseJson(readFileSync(path, 'utf8'), path))
  if (!read.success) throw new ColophonError('unreadable_file', 'this is no proof of an item', { where: path })
  const { receipt, item } = read.data
  const verdict = verifyReceipt(receipt, { log: parseVkey(readVkey(vkey, path)) })
  const subjects = (verdict.statement?.credentialSubject ?? []) as unknown as SignedCollection[]
  const collection = subjects.find((subject) => subject.type === 'Collection' && verifyItem(item, subject))
  return { verdict, item, collection }
}

function judgeItem(collection: SignedCollection | undefined, item: ItemProof): Finding {
  return collection
    ? { code: 'item_in_collection', severity: 'good', detail: `work ${item.position + 1} of ${item.count}` }
    : { code: 'item_not_in_collection', severity: 'bad', detail: 'the path does not lead to the signed root' }
}

async function judgeFile(path: string, item: ItemProof): Promise<Finding[]> {
  const file = path.slice(0, -'.item-proof'.length)
  if (!existsSync(file)) return []
  const { fingerprints } = parseJson(item.line, path) as { fingerprints?: Record<string, string> }
  const { codes } = await identifyFile(file)
  return codes.sha256 === fingerprints?.sha256
    ? [{ code: 'file_is_the_item', severity: 'good', detail: file }]
    : [{ code: 'file_is_another', severity: 'bad', detail: `${file} has another SHA-256 than the declared work` }]
}

/** Who was asked, and from when (ISO) the item is taken back; null while it stands. */
interface TakenBackAnswer {
  asked: string
  takenBackFrom: string | null
}

function sayTakenBack({ asked, takenBackFrom }: TakenBackAnswer): string[] {
  return takenBackFrom === null
    ? [`It stands, says ${asked}.`]
    : [
        `Its declaration was taken back from ${takenBackFrom} on, says ${asked}. The proof says that it was declared before.`,
      ]
}

/** Undefined when there is no register to ask, or it does not know the collection. */
async function askTakenBack(
  { id, root }: SignedCollection,
  position: number,
  url: string | undefined,
): Promise<TakenBackAnswer | undefined> {
  const item = itemId(id, position)
  if (url !== undefined) return { asked: url, takenBackFrom: await askNode(url, item) }
  const config = readConfig(process.env)
  // A command that only verifies makes no register.
  if (!existsSync(dataPath(config, 'log', 'vkey'))) return undefined
  const asked = withRegister(async ({ register }) => {
    const { db } = register.database
    const set = await findCollection(db, id)
    if (set?.root !== root) return undefined
    const declared = { id: item, collection: id, logIndex: set.log_index }
    const withdrawn = await findWithdrawn(db, [declared], isoTime(register.effects.now()))
    return { asked: 'the register here', takenBackFrom: withdrawn.get(item) ?? null }
  })
  // The proof stands by itself, also while another command holds the register.
  return asked.catch((error: unknown) => {
    if (error instanceof ColophonError) return undefined
    throw error
  })
}

const ANSWER_BYTES_MAX = 1_000_000
const answerSchema = z.object({ takenBackFrom: z.iso.datetime().nullable() })

async function askNode(url: string, item: string): Promise<string | null> {
  const address = `${url.replace(/\/$/, '')}/api/works/${encodeURIComponent(item)}`
  const { status, body } = await safeFetch(address, { allowPrivate: true, bytesMax: ANSWER_BYTES_MAX })
  const answer = answerSchema.safeParse(status === 200 ? parseJson(new TextDecoder().decode(body), address) : undefined)
  if (answer.success) return answer.data.takenBackFrom
  throw new ColophonError('not_found', 'that node does not know this item', { where: address })
}
