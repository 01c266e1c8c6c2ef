import { canonicalJson, fromHex, parseJson, sha256Hex } from '../../foundation/index.ts'
import { noteIsSignedBy, parseNote, type NoteVerifier } from '../../log/index.ts'
import { itemProofSchema, verifyItem } from '../../register/index.ts'
import { verifyReceipt, type ReceiptVerdict } from '../../statements/index.ts'
import {
  EVIDENCE,
  EVIDENCE_RECEIPT,
  EVIDENCE_SALT,
  LIST_NOTE,
  LIST_RECEIPT,
  noteTextOf,
  type OpenBundle,
} from './format.ts'
import { need, readEvidence, text, type BundleFinding } from './parts.ts'

/** Only the log's own key signs a list: everybody may put commitments on the log, so they say nothing of who made it. */
export function judgeNote({ listBytes, read }: OpenBundle, log: NoteVerifier): BundleFinding {
  const note = parseNote(text(need(read, LIST_NOTE)))
  return note.text === noteTextOf(listBytes) && noteIsSignedBy(note, log)
    ? { code: 'list_signed', severity: 'good', detail: `made by whoever runs ${log.name}: its key signs the list` }
    : { code: 'list_not_signed', severity: 'bad', detail: `the key of ${log.name} does not sign this list` }
}

/** The receipts of the two commitments; undefined where there is none. */
export interface Receipts {
  list: ReceiptVerdict | undefined
  evidence: ReceiptVerdict | undefined
}

export function readReceipts({ read }: OpenBundle, log: NoteVerifier): Receipts {
  const receiptOf = (path: string) => {
    const bytes = read(path)
    return bytes && verifyReceipt(new TextDecoder().decode(bytes), { log })
  }
  return { list: receiptOf(LIST_RECEIPT), evidence: receiptOf(EVIDENCE_RECEIPT) }
}

/** A receipt whose statement anchors the SHA-256 of something, for a purpose. */
function judgeCommitment(
  receipt: ReceiptVerdict | undefined,
  content: Uint8Array,
  { path, name, purpose }: { path: string; name: string; purpose: string },
): BundleFinding[] {
  if (!receipt) throw new Error(`${path} is missing`)
  const commitment = sha256Hex(content)
  const isAnchored = subjectsOf(receipt, 'Anchor').some(
    (subject) => subject.commitment === commitment && subject.purpose === purpose,
  )
  return [
    ...prefixed(receipt, path),
    isAnchored
      ? {
          code: `${name}_committed`,
          severity: 'good',
          detail: `the ${name} stood on the log at ${receipt.recordedAt}, signed by ${receipt.statement!.issuer}`,
        }
      : { code: `${name}_not_committed`, severity: 'bad', detail: `the log committed to another ${name}` },
  ]
}

export function judgeList({ list, listBytes }: OpenBundle, { list: receipt }: Receipts): BundleFinding[] {
  return [
    ...judgeCommitment(receipt, listBytes, { path: LIST_RECEIPT, name: 'list', purpose: 'document' }),
    ...judgeTime('the bundle was made', list.madeAt, receipt),
  ]
}

export function judgeEvidence({ list, read }: OpenBundle, { list: of, evidence: receipt }: Receipts): BundleFinding[] {
  const frozen = need(read, EVIDENCE)
  if (canonicalJson(parseJson(text(frozen), EVIDENCE)) !== text(frozen))
    return [{ code: 'evidence_not_canonical', severity: 'bad', detail: 'the evidence is not written as it was frozen' }]
  const salt = fromHex(text(need(read, EVIDENCE_SALT)).trim())
  // What stands on the log is the hash of salt and evidence: nobody can guess it from the evidence alone.
  const content = Buffer.concat([salt, frozen])
  const findings = judgeCommitment(receipt, content, { path: EVIDENCE_RECEIPT, name: 'evidence', purpose: 'case' })
  const [one, other] = [receipt?.statement?.issuer, of?.statement?.issuer]
  if (one !== other)
    findings.push({
      code: 'evidence_of_another',
      severity: 'bad',
      detail: `the evidence was committed to by ${one}, the list by ${other}`,
    })
  return [...findings, ...judgeTime('the case was opened', list.case.openedAt, receipt)]
}

/** Between writing something down and the log there are moments, not days. */
const MOMENTS_MS = 10 * 60_000

/** What a bundle says of a time, beside the log's own. */
function judgeTime(what: string, said: string, receipt: ReceiptVerdict | undefined): BundleFinding[] {
  const apartMs = Math.abs(Date.parse(said) - Date.parse(receipt?.recordedAt ?? ''))
  if (apartMs <= MOMENTS_MS) return []
  return [
    {
      code: 'times_differ',
      severity: 'bad',
      detail: `${what} at ${said}, it says; the log says ${receipt?.recordedAt}`,
    },
  ]
}

const DECLARED = /^declared\/[a-z0-9-]+\.(tlog-proof|item-proof)$/

export function judgeDeclarations(
  { list, read }: OpenBundle,
  log: NoteVerifier,
  { evidence }: Receipts,
): BundleFinding[] {
  const paths = list.files.map(({ path }) => path).filter((path) => DECLARED.test(path))
  if (paths.length === 0)
    return [{ code: 'nothing_declared', severity: 'open', detail: 'the bundle holds no declaration of the work' }]
  const { codes } = readEvidence({ read })
  const judge = (path: string, verdict: ReceiptVerdict, works: Work[]) =>
    declared(path, verdict, works, { codes, foundIndex: evidence?.logIndex })
  return paths.flatMap((path): BundleFinding[] => {
    const content = text(need(read, path))
    if (path.endsWith('.item-proof')) {
      const { receipt, item } = parseJson(content, path) as { receipt: string; item: unknown }
      const proof = itemProofSchema.parse(item)
      const verdict = verifyReceipt(receipt, { log })
      const isMember = subjectsOf(verdict, 'Collection').some((each) => verifyItem(proof, each as never))
      if (!isMember) return [{ code: 'item_not_in_collection', severity: 'bad', detail: path }]
      return [...prefixed(verdict, path), judge(path, verdict, [parseJson(proof.line, path) as Work])]
    }
    const verdict = verifyReceipt(content, { log })
    const works = subjectsOf(verdict, 'Work') as Work[]
    return [...prefixed(verdict, path), ...(works.length > 0 ? [judge(path, verdict, works)] : [])]
  })
}

interface Work {
  title?: string
  fingerprints?: Record<string, string>
}

function declared(
  path: string,
  { recordedAt, logIndex, statement }: ReceiptVerdict,
  works: Work[],
  { codes, foundIndex }: { codes: object; foundIndex: number | undefined },
): BundleFinding {
  const own = codes as Record<string, string>
  const shared = works.flatMap(({ fingerprints = {} }) =>
    Object.entries(fingerprints).flatMap(([name, code]) => (own[name] === code ? [name] : [])),
  )
  const who = `${works[0]?.title ?? path}: declared at ${recordedAt} by ${statement?.issuer}`
  if (shared.length === 0)
    return { code: 'declared_alike', severity: 'open', detail: `${who}; no code is equal, so the two are only alike` }
  const equal = `${who}; equal codes: ${[...new Set(shared)].join(', ')}`
  // The order of the log, not a clock.
  return logIndex !== undefined && foundIndex !== undefined && logIndex < foundIndex
    ? { code: 'declared_before', severity: 'good', detail: equal }
    : { code: 'declared_after', severity: 'open', detail: `${equal}; not before it was found` }
}

function subjectsOf({ statement }: ReceiptVerdict, type: string): Record<string, unknown>[] {
  return (statement?.credentialSubject ?? []).filter((subject) => subject.type === type) as never
}

/** What is wrong with a receipt is said of its file; what is right in one line. */
function prefixed({ isSound, findings }: ReceiptVerdict, path: string): BundleFinding[] {
  if (!isSound)
    return findings
      .filter(({ severity }) => severity === 'bad')
      .map(({ code, detail }) => ({ code, severity: 'bad' as const, detail: `${path}: ${detail}` }))
  const place = findings.find(({ code }) => code === 'inclusion_verified')?.detail ?? ''
  return [{ code: 'receipt_verified', severity: 'good', detail: `${path}: ${place}, signatures hold` }]
}
