import { describeConfirmation } from './confirmation.ts'
import type { CaseEvidence } from './openCase.ts'
import { writePdf } from './pdf.ts'

export interface LetterInput {
  id: string
  kind: string
  createdAt: string
  workTitle: string
  sender: { name: string; contact: string }
  recipient: string | null
  evidence: CaseEvidence
  evidenceHash: string
  commitmentIndex: number | null
}

/** The letter of a case, from its frozen evidence; the recipient is whoever the data set names. */
export function letterOf(
  found: {
    id: string
    kind: string
    created_at: string
    subject: string
    sender: string
    evidence: string
    evidence_hash: string
    commitment_index: bigint | null
    dataset: string
  },
  datasets: readonly { id: string; contact: string | null }[],
): LetterInput {
  return {
    id: found.id,
    kind: found.kind,
    createdAt: found.created_at,
    workTitle: found.subject,
    sender: JSON.parse(found.sender) as LetterInput['sender'],
    recipient: datasets.find(({ id }) => id === found.dataset)?.contact ?? null,
    evidence: JSON.parse(found.evidence) as CaseEvidence,
    evidenceHash: found.evidence_hash,
    commitmentIndex: found.commitment_index === null ? null : Number(found.commitment_index),
  }
}

const REQUESTS: Record<string, string> = {
  removal:
    'Please remove this entry from the data set and from what is derived from it, and tell me when that is done.',
  'opt-out':
    'Please leave this work out of data sets for the training of AI models from now on. I reserve the use of this work for text and data mining under Article 4(3) of Directive (EU) 2019/790.',
  information:
    'Please tell me from where this entry was taken, under which terms, and which models were trained on the data set.',
}

/** The letter as plain text: what was found, what it does not show, and what is asked. */
export function letterText(letter: LetterInput): string {
  const { evidence, sender } = letter
  const { hit } = evidence
  return [
    `${sender.name}\n${sender.contact}`,
    letter.createdAt.slice(0, 10),
    `To: ${letter.recipient ?? `whoever is responsible for ${hit.datasetName}`}`,
    `Subject: ${letter.workTitle} in ${hit.datasetName} (${hit.datasetVersion})`,
    `My work “${letter.workTitle}” appears in ${hit.datasetName}, version ${hit.datasetVersion}, row ${hit.row}.` +
      (hit.url ? ` The entry gives the address ${hit.url}` : ''),
    `How it was found: ${describeMatch(hit)}. ${describeConfirmation(evidence.confirmation)}`,
    ...describeSubject(evidence),
    'That the work is listed there does not by itself show that a model was trained on it.',
    REQUESTS[letter.kind]!,
    'What I state here is accurate to the best of my knowledge. Please confirm receipt and answer within a reasonable time.',
    `Evidence: SHA-256 ${letter.evidenceHash}, frozen ${evidence.foundAt}` +
      (letter.commitmentIndex === null ? '.' : `; committed as entry ${letter.commitmentIndex} of a public log.`),
    `Reference: ${letter.id}`,
    sender.name,
  ].join('\n\n')
}

/** Where the register knows a public-domain work here, the letter says so itself, instead of claiming a copy of that. */
function describeSubject({ hit, confirmation }: CaseEvidence): string[] {
  const declared = hit.declaredPublicDomain
  if (!declared) return []
  const entry = `“${declared.title}” (${declared.work})`
  if (!declared.isSameFile)
    return [
      `A public register declares ${entry}, which is alike, as being in the public domain. I claim nothing in that work: two pictures of one subject are two works, and this is about mine.`,
    ]
  const answer = confirmation?.publicDomain === 'no' ? 'I state that it is not' : 'I cannot say whether that is right'
  return [`A public register declares this very file, as ${entry}, as being in the public domain. ${answer}.`]
}

function describeMatch({ match, measure, outline, stretch, alignment }: CaseEvidence['hit']): string {
  const part = outline
    ? `, the part at ${percent(outline.row)} of the picture listed there${outline.isMirrored ? ', mirrored' : ''}`
    : ''
  const times = stretch ? `, from second ${stretch.rowStart} on of what is listed there` : ''
  const descriptions: Record<CaseEvidence['hit']['match'], string> = {
    'exact-file': 'the file is the same, byte for byte (SHA-256)',
    'near-picture': `the picture is alike (PDQ, ${measure} of 256 bits differ)`,
    'part-of-picture': `a part of the picture is the same (${measure} local features agree${part})`,
    film: `about ${measure} seconds of film are the same${times}`,
    'near-text': `the text is alike as a whole (ISCC Text-Code, ${measure} of 256 bits differ)`,
    sound: `about ${measure} seconds of sound are the same${times}`,
    passage: `a passage of ${alignment?.isExact ? '' : 'at least '}${measure} bytes is the same`,
    url: 'the entry gives the same address',
    domain: 'the entry comes from the same domain',
  }
  return descriptions[match]
}

/** Where an outline lies, in shares of width and height. */
function percent(corners: readonly (readonly [number, number])[]): string {
  const range = (values: number[]) =>
    `${Math.round(Math.min(...values) * 100)}–${Math.round(Math.max(...values) * 100)}%`
  return `${range(corners.map(([x]) => x))} of the width and ${range(corners.map(([, y]) => y))} of the height`
}

/** The letter as a tagged PDF. */
export function letterPdf(letter: LetterInput): Promise<Uint8Array> {
  const paragraphs = letterText(letter).split('\n\n')
  const about = { title: `Request ${letter.id}`, language: 'en', at: letter.createdAt }
  return writePdf(
    about,
    paragraphs.map((text) => ({ text })),
  )
}
