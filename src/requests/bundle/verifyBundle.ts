import type { X509Certificate } from 'node:crypto'
import { canonicalJson, fromHex, parseJson, sha256, sha256Hex } from '../../foundation/index.ts'
import { parseVkey, type NoteVerifier } from '../../log/index.ts'
import { verifyTimeStamp } from '../../marking/index.ts'
import { itemProofSchema, verifyItem } from '../../register/index.ts'
import { verifyReceipt, type ReceiptVerdict } from '../../statements/index.ts'
import type { CaseEvidence } from '../openCase.ts'
import {
  CAPTURED,
  EVIDENCE,
  EVIDENCE_RECEIPT,
  EVIDENCE_SALT,
  LIST,
  LIST_RECEIPT,
  LOG_KEY,
  TIME_STAMP,
  openBundle,
  type OpenBundle,
} from './format.ts'
import { recheckMatch } from './recheckMatch.ts'
import { readWarc } from './warc.ts'

/** One thing that was looked at. `open`: it could not be decided here, and why. */
export interface BundleFinding {
  code: string
  severity: 'good' | 'bad' | 'open'
  detail: string
}

export interface BundleVerdict {
  isSound: boolean
  findings: BundleFinding[]
}

/** What whoever verifies trusts and has. */
export interface BundleTrust {
  /** The log's key, from somewhere else than the bundle. */
  vkey?: string
  /** Roots of time authorities. */
  timeAnchors?: readonly X509Certificate[]
  /** Codes of the work itself, where its file is at hand. */
  workCodes?: Record<string, string>
}

/**
 * Verifies a bundle with nothing but its bytes: every file, the commitments and their receipts, the time-stamp, the
 * captured pages, and what was said to agree. It collects findings and never throws on what a bundle holds; what is no
 * bundle is `unreadable_file`.
 */
export function verifyBundle(bytes: Uint8Array, trust: BundleTrust = {}): BundleVerdict {
  const bundle = openBundle(bytes)
  const findings: BundleFinding[] = []
  const look = (code: string, what: () => BundleFinding | BundleFinding[]) => {
    try {
      findings.push(...[what()].flat())
    } catch (error) {
      findings.push({ code, severity: 'bad', detail: (error as Error).message })
    }
  }
  look('files_differ', () => judgeFiles(bundle))
  let log: NoteVerifier | undefined
  look('log_key_unreadable', () => {
    const [verifier, finding] = readLogKey(bundle, trust.vkey)
    log = verifier
    return finding
  })
  if (log) {
    const key = log
    look('list_not_committed', () => judgeCommitment(bundle, LIST_RECEIPT, bundle.listBytes, key, 'list'))
    look('evidence_not_committed', () => judgeEvidence(bundle, key))
    look('declaration_not_proved', () => judgeDeclarations(bundle, key))
  }
  look('time_stamp_invalid', () => judgeTimeStamp(bundle, trust.timeAnchors ?? []))
  look('captured_damaged', () => judgeCaptured(bundle))
  look('match_unreadable', () => {
    const evidence = readEvidence(bundle)
    return [...[evidence, ...(evidence.others ?? [])].map(recheckMatch), judgeWork(evidence, trust.workCodes)]
  })
  return { isSound: findings.every(({ severity }) => severity !== 'bad'), findings }
}

/** Every file is listed, once, and is what the list says; nothing else lies beside them. */
function judgeFiles({ list, names, read }: OpenBundle): BundleFinding[] {
  const findings: BundleFinding[] = []
  const bad = (code: string, detail: string) => findings.push({ code, severity: 'bad', detail })
  const expected = new Set([LIST, LIST_RECEIPT, ...list.files.map(({ path }) => path)])
  if (list.timeStamp !== 'none') expected.add(TIME_STAMP)
  for (const [name, same] of Map.groupBy(names, (name) => name)) {
    if (!expected.has(name)) bad('file_not_listed', `${name} is not in the list`)
    if (same.length > 1) bad('file_twice', `${name} is there ${same.length} times`)
  }
  for (const { path, sha256: digest, bytes } of list.files) {
    let found: Uint8Array | undefined
    try {
      found = read(path)
    } catch (error) {
      bad('file_damaged', `${path}: ${(error as Error).message}`)
      continue
    }
    if (!found) bad('file_missing', `${path} is listed and not there`)
    else if (found.length !== bytes || sha256Hex(found) !== digest) bad('file_changed', `${path} is not what is listed`)
  }
  if (findings.length === 0)
    findings.push({
      code: 'files_verified',
      severity: 'good',
      detail: `${list.files.length} files are what the list says`,
    })
  return findings
}

function readLogKey({ read }: OpenBundle, given: string | undefined): [NoteVerifier, BundleFinding] {
  const brought = text(need(read, LOG_KEY)).trim()
  if (given === undefined)
    return [
      parseVkey(brought),
      {
        code: 'log_key_from_bundle',
        severity: 'open',
        detail: `the key of the log comes with the bundle: ${brought}. Compare it with one that you got elsewhere, or give that with --vkey`,
      },
    ]
  if (given.trim() !== brought)
    return [
      parseVkey(given.trim()),
      { code: 'log_key_differs', severity: 'bad', detail: 'the bundle names another log key' },
    ]
  return [
    parseVkey(brought),
    { code: 'log_key_trusted', severity: 'good', detail: 'the key of the log is the one given' },
  ]
}

/** A receipt whose statement anchors the SHA-256 of something. */
function judgeCommitment(
  { read }: OpenBundle,
  path: string,
  content: Uint8Array,
  log: NoteVerifier,
  name: string,
): BundleFinding[] {
  const receipt = verifyReceipt(text(need(read, path)), { log })
  const commitment = sha256Hex(content)
  const isAnchored = subjectsOf(receipt, 'Anchor').some((subject) => subject.commitment === commitment)
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

function judgeEvidence(bundle: OpenBundle, log: NoteVerifier): BundleFinding[] {
  const frozen = need(bundle.read, EVIDENCE)
  if (canonicalJson(parseJson(text(frozen), EVIDENCE)) !== text(frozen))
    return [{ code: 'evidence_not_canonical', severity: 'bad', detail: 'the evidence is not written as it was frozen' }]
  const salt = fromHex(text(need(bundle.read, EVIDENCE_SALT)).trim())
  // What stands on the log is the hash of salt and evidence: nobody can guess it from the evidence alone.
  return judgeCommitment(bundle, EVIDENCE_RECEIPT, Buffer.concat([salt, frozen]), log, 'evidence')
}

const DECLARED = /^declared\/[a-z0-9-]+\.(tlog-proof|item-proof)$/

function judgeDeclarations({ list, read }: OpenBundle, log: NoteVerifier): BundleFinding[] {
  const paths = list.files.map(({ path }) => path).filter((path) => DECLARED.test(path))
  if (paths.length === 0)
    return [{ code: 'nothing_declared', severity: 'open', detail: 'the bundle holds no declaration of the work' }]
  const { codes } = readEvidence({ read })
  return paths.flatMap((path): BundleFinding[] => {
    const content = text(need(read, path))
    if (path.endsWith('.item-proof')) {
      const { receipt, item } = parseJson(content, path) as { receipt: string; item: unknown }
      const proof = itemProofSchema.parse(item)
      const verdict = verifyReceipt(receipt, { log })
      const isMember = subjectsOf(verdict, 'Collection').some((each) => verifyItem(proof, each as never))
      if (!isMember) return [{ code: 'item_not_in_collection', severity: 'bad', detail: path }]
      return [...prefixed(verdict, path), declared(path, verdict, [parseJson(proof.line, path) as Work], codes)]
    }
    const verdict = verifyReceipt(content, { log })
    const works = subjectsOf(verdict, 'Work') as Work[]
    return [...prefixed(verdict, path), ...(works.length > 0 ? [declared(path, verdict, works, codes)] : [])]
  })
}

interface Work {
  title?: string
  fingerprints?: Record<string, string>
}

function declared(
  path: string,
  { recordedAt, statement }: ReceiptVerdict,
  works: Work[],
  codes: object,
): BundleFinding {
  const own = codes as Record<string, string>
  const shared = works.flatMap(({ fingerprints = {} }) =>
    Object.entries(fingerprints).flatMap(([name, code]) => (own[name] === code ? [name] : [])),
  )
  const who = `${works[0]?.title ?? path}: declared at ${recordedAt} by ${statement?.issuer}`
  return shared.length > 0
    ? { code: 'declared_before', severity: 'good', detail: `${who}; equal codes: ${[...new Set(shared)].join(', ')}` }
    : { code: 'declared_alike', severity: 'open', detail: `${who}; no code is equal, so the two are only alike` }
}

function judgeTimeStamp({ list, listBytes, read }: OpenBundle, anchors: readonly X509Certificate[]): BundleFinding[] {
  if (list.timeStamp === 'none')
    return [{ code: 'no_time_stamp', severity: 'open', detail: 'no time authority was asked; the time is the log’s' }]
  const verdict = verifyTimeStamp(need(read, TIME_STAMP), sha256(listBytes), anchors)
  const { at, signer, issuer, isTrusted } = verdict
  return [
    { code: 'time_stamp_verified', severity: 'good', detail: `the bundle existed at ${at}, says ${signer}` },
    {
      code: 'time_stamp_kind',
      severity: isTrusted ? 'good' : 'open',
      detail: `${list.timeStamp === 'said-to-be-qualified' ? 'said to be a qualified time-stamp (eIDAS Article 42): look the authority up in the EU trusted list' : 'not a qualified time-stamp: the presumption of eIDAS Article 41(2) does not apply'}; issued by ${issuer}${isTrusted ? ', which you trust' : ''}`,
    },
  ]
}

function judgeCaptured({ read }: OpenBundle): BundleFinding {
  const bytes = read(CAPTURED)
  if (!bytes) return { code: 'nothing_captured', severity: 'open', detail: 'no page was captured' }
  const records = readWarc(bytes)
  const answers = records.filter(({ type }) => type === 'response')
  return {
    code: 'captured_verified',
    severity: 'good',
    detail: `${answers.length} pages as they answered: ${answers.map(({ url, date }) => `${url} at ${date}`).join('; ') || 'none'}`,
  }
}

function judgeWork({ codes }: CaseEvidence, work: Record<string, string> | undefined): BundleFinding {
  if (!work) return { code: 'work_not_given', severity: 'open', detail: 'the file of the work was not given (--work)' }
  const own = codes as Record<string, string>
  const shared = Object.keys(own).filter((name) => own[name] === work[name])
  return shared.length > 0
    ? {
        code: 'work_is_the_one',
        severity: 'good',
        detail: `the file has the codes of the evidence: ${shared.join(', ')}`,
      }
    : {
        code: 'work_is_another',
        severity: 'bad',
        detail: 'the file that was given has none of the codes of the evidence',
      }
}

function readEvidence({ read }: Pick<OpenBundle, 'read'>): CaseEvidence {
  return parseJson(text(need(read, EVIDENCE)), EVIDENCE) as unknown as CaseEvidence
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

function need(read: OpenBundle['read'], path: string): Uint8Array {
  const found = read(path)
  if (!found) throw new Error(`${path} is missing`)
  return found
}

function text(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
}
