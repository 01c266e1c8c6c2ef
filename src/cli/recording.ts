import { createPrivateKey } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { ColophonError, parseJson, toHex, writeFileDurably } from '../foundation/index.ts'
import type { Node } from '../main.ts'
import {
  appendStatement,
  findStatementAt,
  makeReceipt,
  newSigner,
  readSeal,
  signerFromKey,
  type LogHolder,
  type Statement,
  type StatementSigner,
} from '../statements/index.ts'
import { askText } from './place.ts'

/** What a node answers when a statement stands on its log. */
interface Recorded {
  logIndex: number
  receipt: string
  seal?: { salt: string; body: string }
}

/** In a node that this process has opened. */
export async function recordHere(node: Node, statement: Statement, isSealed?: boolean): Promise<Recorded> {
  const { logIndex } = await appendStatement(node.register, statement, { isSealed: isSealed ?? false })
  const row = await findStatementAt(node.register.database.db, logIndex)
  const seal = row?.commitment ? await readSeal(node.register, row.commitment) : undefined
  const receipt = await makeReceipt(node.register, logIndex)
  return seal ? { logIndex, receipt, seal: { salt: toHex(seal.salt), body: seal.body } } : { logIndex, receipt }
}

/** Through the process that holds the data directory. */
export async function recordThere(
  url: string,
  statement: Statement,
  isSealed?: boolean,
  manifest?: Uint8Array,
): Promise<Recorded> {
  const [path, body] = manifest
    ? ['/api/collections', { statement, manifest: new TextDecoder().decode(manifest) }]
    : [isSealed ? '/api/sealed-statements' : '/api/statements', statement]
  const response = await fetch(url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  const answer = parseJson(await response.text(), url) as Partial<Recorded> & {
    error?: { code: string; message: string }
  }
  const isFree = answer.error?.code === 'public_domain_cannot_be_reserved'
  if (!answer.receipt)
    throw new ColophonError(
      isFree ? 'public_domain_cannot_be_reserved' : 'invalid_statement',
      answer.error?.message ?? `the node answered ${response.status}`,
      {
        where: url,
      },
    )
  return answer as Recorded
}

/** The process that serves at an address, for a register that is opened beside it. */
export function holderAt(url: string): LogHolder {
  return {
    append: async (statement, isSealed) => (await recordThere(url, statement, isSealed)).logIndex,
    receipt: (logIndex) => askText(url, `/receipts/${logIndex}.tlog-proof`),
  }
}

/** The signer of a key file; a file that is missing is made. */
export function readSigner(path: string): StatementSigner {
  if (!existsSync(path)) {
    const pem = newSigner().privateKey.export({ type: 'pkcs8', format: 'pem' }) as string
    writeFileDurably(path, pem, 0o600)
    process.stderr.write(`Made a new key: ${path}. Keep it; whoever holds it speaks for you.\n`)
  }
  try {
    return signerFromKey(createPrivateKey(readFileSync(path, 'utf8')))
  } catch (cause) {
    throw new ColophonError('unreadable_file', 'the key file holds no private Ed25519 key', { where: path, cause })
  }
}
