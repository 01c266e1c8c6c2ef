import type { X509Certificate } from 'node:crypto'
import { sha256, sha256Hex } from '../../foundation/index.ts'
import { parseVkey, type NoteVerifier } from '../../log/index.ts'
import { verifyTimeStamp } from '../../marking/index.ts'
import type { CaseEvidence } from '../openCase.ts'
import { CAPTURED, LIST, LIST_NOTE, LIST_RECEIPT, LOG_KEY, TIME_STAMP, openBundle, type OpenBundle } from './format.ts'
import { judgeDeclarations, judgeEvidence, judgeList, judgeNote, readReceipts } from './judgeLog.ts'
import { need, readEvidence, text, type BundleFinding } from './parts.ts'
import { recheckMatch } from './recheckMatch.ts'
import { readWarc } from './warc.ts'

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
    look('list_not_signed', () => judgeNote(bundle, key))
    const receipts = readReceipts(bundle, key)
    look('list_not_committed', () => judgeList(bundle, receipts))
    look('evidence_not_committed', () => judgeEvidence(bundle, receipts))
    look('declaration_not_proved', () => judgeDeclarations(bundle, key, receipts))
  }
  look('time_stamp_invalid', () => judgeTimeStamp(bundle, trust.timeAnchors ?? []))
  look('captured_damaged', () => judgeCaptured(bundle))
  look('match_unreadable', () => {
    const evidence = readEvidence(bundle)
    return [...[evidence, ...(evidence.others ?? [])].map(recheckMatch), judgeWork(evidence, trust.workCodes)]
  })
  return { isSound: findings.every(({ severity }) => severity !== 'bad'), findings: findings.map(printable) }
}

/** Names and reasons come from whoever made the bundle: nothing in them moves a cursor or turns letters round. */
function printable(finding: BundleFinding): BundleFinding {
  return { ...finding, detail: finding.detail.replace(/[\p{Cc}\p{Cf}]/gu, '\ufffd') }
}

/** Every file is listed, once, and is what the list says; nothing else lies beside them. */
function judgeFiles({ list, names, ambiguity, read }: OpenBundle): BundleFinding[] {
  const findings: BundleFinding[] = []
  const bad = (code: string, detail: string) => findings.push({ code, severity: 'bad', detail })
  if (ambiguity) bad('archive_ambiguous', `programs may read different files out of it: ${ambiguity}`)
  const expected = new Set([LIST, LIST_RECEIPT, LIST_NOTE, ...list.files.map(({ path }) => path)])
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
