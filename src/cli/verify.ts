import { X509Certificate } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { identifyFile } from '../fingerprints/index.ts'
import { registerLookup } from '../api/index.ts'
import { ColophonError, dataPath } from '../foundation/index.ts'
import type { Node } from '../main.ts'
import { nodeTrustAnchors, readWatermarkModel, verifyFile, type RegisteredWork } from '../marking/index.ts'
import { findWork } from '../register/index.ts'
import { verifyBundle } from '../requests/index.ts'
import { decideAll } from '../rights/index.ts'
import { verifyItemProof } from './itemProof.ts'
import { log, readVkey } from './log.ts'
import { needOne, print, readArgs, withRegister, type Command, type ExitCode } from './command.ts'

export const verify: Command = {
  forms: [
    'verify FILE [--trust CERTIFICATE.pem] [--watermark-model MODEL.json]',
    'verify RECEIPT.tlog-proof [--vkey KEY]',
    'verify FILE.item-proof [--vkey KEY] [--at URL]',
    'verify BUNDLE.zip [--vkey KEY] [--work FILE] [--time-anchor CERTIFICATE.pem]',
  ],
  does: 'Says what a file says of itself (signed manifest, metadata, watermark), what the register says about it, and whether they agree. A receipt, the proof of an item, and a bundle of evidence are verified offline; of an item it says whether it was taken back since, by the register here or by that of the node --at an address.',
  async run(args) {
    const { values, positionals } = readArgs(args, {
      vkey: { type: 'string' },
      trust: { type: 'string', multiple: true },
      'watermark-model': { type: 'string' },
      work: { type: 'string' },
      'time-anchor': { type: 'string', multiple: true },
      at: { type: 'string' },
    })
    const file = needOne(positionals, 'file')
    if (!existsSync(file)) throw new ColophonError('unreadable_file', 'there is no such file', { where: file })
    if (file.endsWith('.tlog-proof')) return log.run(['verify', ...args])
    if (file.toLowerCase().endsWith('.zip')) return verifyEvidence(file, values)
    if (file.endsWith('.item-proof')) return verifyItemProof(file, values)
    return withRegister((node) => verifyMarks(node, file, values))
  },
}

/** What the file says of itself, what the register says of it, and whether they agree. */
async function verifyMarks(
  node: Node,
  file: string,
  { trust = [], json, 'watermark-model': model }: { trust?: string[]; json?: boolean; 'watermark-model'?: string },
): Promise<ExitCode> {
  const { config, register } = node
  const now = register.effects.now()
  const trustAnchors = [...nodeTrustAnchors(dataPath(config)), ...trust.map((path) => readFileSync(path, 'utf8'))]
  const report = await verifyFile(new Uint8Array(readFileSync(file)), file, {
    trustAnchors,
    register: registerLookup(node),
    ...(model === undefined ? {} : { watermarkModel: readWatermarkModel(model, 'detect') }),
    now,
  })
  const works = await Promise.all(report.works.map((work) => tellWork(node, work)))
  print(json, { file, ...report, works }, [
    `${file}: ${report.verdict}`,
    ...report.words.map(({ source, degree, by }) => `  ${source}${by ? ` (${by})` : ''}: degree ${degree}`),
    ...report.findings.map(({ code, severity, message }) => `  ${severity} ${code}: ${message}`),
    ...works.flatMap(({ title, match, declaredBy, role, decisions }) => [
      `${title} (${match}): declared by ${declaredBy} as ${role} (self-declared)`,
      ...Object.entries(decisions).map(([action, decision]) => `  ${action}: ${decision}`),
    ]),
    ...(works.length === 0 ? ['The register does not know this file. That proves nothing.'] : []),
  ])
  return ['contradicts', 'altered'].includes(report.verdict) ? 1 : 0
}

async function tellWork({ register }: Node, { work, title, match, disclosures }: RegisteredWork) {
  const { db } = register.database
  const row = (await findWork(db, work))!
  const decisions = await decideAll(db, work, register.effects.now())
  return {
    work,
    title,
    match,
    declaredBy: row.party,
    role: row.role,
    identity: 'self-declared',
    rightsStatement: row.rights_statement,
    logIndex: Number(row.log_index),
    decisions: Object.fromEntries(decisions.map(({ action, answer }) => [action, answer.decision])),
    disclosures: disclosures.map(({ logIndex, ...said }) => ({ ...said, logIndex: Number(logIndex) })),
  }
}

const SIGNS = { good: '✓', bad: '✗', open: '?' } as const

/** A bundle of evidence, line by line, with nothing but its bytes; no node is opened and nobody is asked. */
async function verifyEvidence(
  path: string,
  values: { vkey?: string; work?: string; 'time-anchor'?: string[]; json?: boolean },
): Promise<ExitCode> {
  const { vkey, work, 'time-anchor': anchors = [] } = values
  const codes = work === undefined ? undefined : (await identifyFile(work)).codes
  const { isSound, findings } = verifyBundle(new Uint8Array(readFileSync(path)), {
    ...(vkey === undefined ? {} : { vkey: readVkey(vkey, path) }),
    timeAnchors: anchors.map((anchor) => new X509Certificate(readFileSync(anchor))),
    ...(codes ? { workCodes: codes as Record<string, string> } : {}),
  })
  const lines = findings.map(({ code, severity, detail }) => `${SIGNS[severity]} ${code}: ${detail}`)
  const open = findings.filter(({ severity }) => severity === 'open').length
  const sound = open === 0 ? 'Sound.' : `Sound, but for ${open} points (?) that could not be decided here.`
  print(values.json, { isSound, findings }, [...lines, isSound ? sound : 'NOT sound.'])
  return isSound ? 0 : 1
}
