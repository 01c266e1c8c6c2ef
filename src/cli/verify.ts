import { existsSync, readFileSync } from 'node:fs'
import { z } from 'zod'
import { identifyFile } from '../fingerprints/index.ts'
import { ColophonError, parseJson } from '../foundation/index.ts'
import { parseVkey } from '../log/index.ts'
import { findWorksByCodes, itemProofSchema, verifyItem, type ItemProof } from '../register/index.ts'
import { decideAll } from '../rights/index.ts'
import { verifyReceipt, type ReceiptVerdict } from '../statements/index.ts'
import { log, readVkey } from './log.ts'
import { needOne, print, readArgs, withNode, type Command, type ExitCode } from './command.ts'

export const verify: Command = {
  forms: ['verify FILE', 'verify RECEIPT.tlog-proof [--vkey KEY]', 'verify FILE.item-proof [--vkey KEY]'],
  does: 'Says what the register says about a file: who declared it, in what role, and what may be done with it. A receipt is verified offline.',
  async run(args) {
    const { values, positionals } = readArgs(args, { vkey: { type: 'string' } })
    const file = needOne(positionals, 'file')
    if (!existsSync(file)) throw new ColophonError('unreadable_file', 'there is no such file', { where: file })
    if (file.endsWith('.tlog-proof')) return log.run(['verify', ...args])
    if (file.endsWith('.item-proof')) return verifyItemProof(file, values)
    const { codes } = await identifyFile(file)
    const findings = await withNode(async ({ register }) => {
      const { db } = register.database
      const works = await findWorksByCodes(db, 'sha256', [codes.sha256!])
      return Promise.all(
        works.map(async (work) => ({
          work: work.id,
          title: work.title,
          declaredBy: work.party,
          role: work.role,
          identity: 'self-declared',
          rightsStatement: work.rights_statement,
          logIndex: Number(work.log_index),
          decisions: Object.fromEntries(
            (await decideAll(db, work.id, register.effects.now())).map(({ action, answer }) => [
              action,
              answer.decision,
            ]),
          ),
        })),
      )
    })
    const lines = findings.flatMap(({ title, declaredBy, role, decisions }) => [
      `${title}: declared by ${declaredBy} as ${role} (self-declared)`,
      ...Object.entries(decisions).map(([action, decision]) => `  ${action}: ${decision}`),
    ])
    print(
      values.json,
      { file, findings },
      lines.length > 0 ? lines : ['The register says nothing about this file. That proves nothing.'],
    )
    return 0
  },
}

/** A work of a collection: the receipt of the collection, the path to its root, and the file itself when it lies there. */
async function verifyItemProof(path: string, values: { vkey?: string; json?: boolean }): Promise<ExitCode> {
  const read = proofFileSchema.safeParse(parseJson(readFileSync(path, 'utf8'), path))
  if (!read.success) throw new ColophonError('unreadable_file', 'this is no proof of an item', { where: path })
  const { receipt, item } = read.data
  const verdict = verifyReceipt(receipt, { log: parseVkey(readVkey(values.vkey, path)) })
  const findings = [...verdict.findings, judgeItem(verdict, item), ...(await judgeFile(path, item))]
  const isSound = findings.every(({ severity }) => severity === 'good')
  const lines = findings.map(({ code, severity, detail }) => `${severity === 'good' ? '✓' : '✗'} ${code}: ${detail}`)
  print(values.json, { isSound, findings }, [...lines, isSound ? 'Sound.' : 'NOT sound.'])
  return isSound ? 0 : 1
}

const proofFileSchema = z.strictObject({ receipt: z.string(), item: itemProofSchema })

type Finding = ReceiptVerdict['findings'][number]

function judgeItem({ statement }: ReceiptVerdict, item: ItemProof): Finding {
  const collections = (statement?.credentialSubject ?? []).filter(({ type }) => type === 'Collection')
  return collections.some((collection) => verifyItem(item, collection as { type: string; root: string; count: number }))
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
