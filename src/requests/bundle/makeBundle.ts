import { ColophonError, isoTime, sha256Hex, toHex } from '../../foundation/index.ts'
import { formatNote, signNote, type NoteSigner } from '../../log/index.ts'
import { stampBytes, type TimeAuthority } from '../../marking/index.ts'
import type { Words } from '../../rights/index.ts'
import {
  appendStatement,
  makeReceipt,
  makeStatement,
  signStatement,
  type Register,
  type StatementSigner,
} from '../../statements/index.ts'
import { letterPdf, letterText, type LetterInput, type Speak } from '../letter.ts'
import {
  CAPTURED,
  EVIDENCE,
  EVIDENCE_RECEIPT,
  EVIDENCE_SALT,
  LIST,
  LIST_NOTE,
  LIST_RECEIPT,
  LOG_KEY,
  TIME_STAMP,
  listOf,
  noteTextOf,
  packBundle,
  type BundleFile,
} from './format.ts'
import { reportPdf, type DeclaredWork } from './report.ts'

/** What a bundle is made of. */
export interface BundleParts {
  letter: LetterInput
  isPrivate: boolean
  /** The frozen evidence, as it was committed to, and what opens the commitment. */
  evidence: string
  salt: Uint8Array
  events: readonly { state: string; note: string; recordedAt: string }[]
  /** The key of the log: it signs the list, so that nobody but who runs the log can make a bundle. */
  logSigner: NoteSigner
  declared: readonly DeclaredWork[]
  /** A small picture of the row, as JPEG. */
  preview?: Uint8Array
  /** Captured pages, as WARC. */
  captured?: Uint8Array
  timeAuthority?: TimeAuthority
  /** Whether the operator says that the authority is a qualified one. */
  isQualified: boolean
  /** The languages of the letter. */
  speak: Speak
}

/** A bundle, and where it is committed to. */
export interface MadeBundle {
  zip: Uint8Array
  sha256: string
  logIndex: number
}

/**
 * Everything that shows what was declared, what was found, and when, as one ZIP that anybody verifies without this node.
 * The list of its files is signed by the log's key, committed to on the log, and stamped by a time authority where there is one.
 * Errors: `not_authorised` for a private case, of which nothing leaves; those of the log and of the authority.
 */
export async function makeBundle(
  register: Register,
  node: StatementSigner,
  parts: BundleParts,
  words: Words,
): Promise<MadeBundle> {
  const { letter, timeAuthority, isQualified } = parts
  if (parts.isPrivate)
    throw new ColophonError('not_authorised', 'a private case is not bundled', {
      where: letter.id,
      remedy: 'Download its letter; whoever needs more is shown it by you.',
    })
  const madeAt = isoTime(register.effects.now())
  const files = [...(await evidenceFiles(register, parts)), ...(await documents(parts, madeAt, words))]
  const timeStamp = timeAuthority ? (isQualified ? 'said-to-be-qualified' : 'not-qualified') : 'none'
  const about = { id: letter.id, kind: letter.kind, workTitle: letter.workTitle, openedAt: letter.createdAt }
  const list = listOf(files, { case: about, madeAt, timeStamp })
  // The token first: an authority that does not answer must leave no commitment to a bundle that nobody gets.
  const token = timeAuthority ? await stampBytes(timeAuthority, list) : undefined
  const anchor = { type: 'Anchor', commitment: sha256Hex(list), purpose: 'document' }
  const statement = signStatement(makeStatement(node.issuer, [anchor], register.effects), node)
  const { logIndex } = await appendStatement(register, statement)
  const receipt = await makeReceipt(register, logIndex)
  const text = noteTextOf(list)
  const zip = packBundle([
    { path: LIST, bytes: list },
    { path: LIST_RECEIPT, bytes: utf8(receipt) },
    { path: LIST_NOTE, bytes: utf8(formatNote({ text, signatures: [signNote(text, parts.logSigner)] })) },
    ...(token ? [{ path: TIME_STAMP, bytes: token }] : []),
    ...files,
  ])
  return { zip, sha256: sha256Hex(zip), logIndex }
}

async function evidenceFiles(register: Register, parts: BundleParts): Promise<BundleFile[]> {
  const { letter, declared, evidence, salt, logSigner, captured, preview, events } = parts
  const files: (BundleFile | undefined)[] = [
    { path: LOG_KEY, bytes: utf8(`${logSigner.vkey}\n`), holds: 'the key that the log signs with' },
    { path: EVIDENCE, bytes: utf8(evidence), holds: 'what was found, frozen when the case was opened' },
    { path: EVIDENCE_SALT, bytes: utf8(`${toHex(salt)}\n`), holds: 'opens the commitment to the evidence' },
    letter.commitmentIndex === null
      ? undefined
      : {
          path: EVIDENCE_RECEIPT,
          bytes: utf8(await makeReceipt(register, letter.commitmentIndex)),
          holds: 'the receipt of the commitment to the evidence',
        },
    ...declared.flatMap(({ files: proofs }) => proofs),
    preview && { path: 'found/preview.jpg', bytes: preview, holds: 'a small picture of what the data set lists' },
    captured && { path: CAPTURED, bytes: captured, holds: 'pages as they answered when the bundle was made (WARC)' },
    { path: 'history.json', bytes: json(events), holds: 'what has happened in the case' },
  ]
  return files.filter((file) => file !== undefined)
}

async function documents(parts: BundleParts, madeAt: string, words: Words): Promise<BundleFile[]> {
  const { letter } = parts
  return [
    { path: 'report.pdf', bytes: await reportPdf(parts, madeAt, words), holds: 'all of it in words' },
    { path: 'letter.pdf', bytes: await letterPdf(letter, parts.speak), holds: 'the letter' },
    { path: 'letter.txt', bytes: utf8(letterText(letter, parts.speak)), holds: 'the letter as plain text' },
    {
      path: 'readme.txt',
      bytes: utf8(`${words.t('bundle.readme', { id: letter.id })}\n`),
      holds: 'how to verify this',
    },
  ]
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

function json(value: unknown): Uint8Array {
  return utf8(`${JSON.stringify(value, null, 1)}\n`)
}
