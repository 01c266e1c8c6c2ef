import { writePdf, type PdfBlock } from '../../foundation/index.ts'
import type { IssuedAssessment } from '../fund/assessments.ts'
import { formatCents } from '../money.ts'

/** The notice of an assessment as a PDF: what is due and when, each step of the computation, and what can be done about it. */
export async function writeNotice(
  { id, corrects, notifiedOn, assessment, facts }: IssuedAssessment,
  fund: string,
  at: string,
): Promise<Uint8Array> {
  const { currency, dueCents, alreadyCents, lines, instalments, period, scheme, version } = assessment
  const amount = (cents: bigint) => formatCents(cents, currency)
  const blocks: PdfBlock[] = [
    { heading: `Assessment notice: ${amount(dueCents)}`, level: 1 },
    { text: [facts.name, ...facts.address].join('\n') },
    {
      text: `${fund} assesses the contribution of ${facts.name} (${facts.provider}) under ${scheme}, version ${version}, for ${period.from} to ${period.to}. Notice ${id} of ${notifiedOn}.`,
    },
    ...(corrects
      ? [
          {
            text: `It corrects notice ${corrects}, which asked for ${amount(alreadyCents)}. What follows is the difference.`,
          },
        ]
      : []),
    ...(assessment.isEstimated
      ? [{ text: 'Some figures are estimates. They are put right when you give yours.' }]
      : []),
    { heading: 'What is due, and when', level: 2 },
    ...(instalments.every(({ cents }) => cents === 0n)
      ? [
          {
            text:
              dueCents < alreadyCents
                ? `Nothing is due: ${amount(alreadyCents - dueCents)} were asked for too much, and are yours.`
                : 'Nothing is due.',
          },
        ]
      : instalments.map(({ dueOn, cents }) => ({ text: `${dueOn}: ${amount(cents)}` }))),
    { heading: 'How it was computed', level: 2 },
    { note: 'Amounts within the steps are in cents. Each line is rounded to the cent, half up.' },
    ...lines.flatMap((line): PdfBlock[] => [
      { term: `${line.step}: ${amount(line.cents)}` },
      { text: line.text },
      ...(line.legalBasis
        ? [{ note: `${line.legalBasis} (${line.status})${line.level ? `; base ${line.level}` : ''}` }]
        : []),
    ]),
    { heading: 'What this is, and what you can do', level: 2 },
    { text: 'This contribution grants no licence: whether works may be used for training does not depend on it.' },
    {
      text: 'You can object to this notice in writing, and give other figures with evidence. A correction is a new notice; this one is not changed.',
    },
    {
      note: `Plan ${assessment.planDigest}. Facts ${assessment.factsDigest}. Whoever has both computes the same amount.`,
    },
  ]
  return writePdf({ title: `Assessment notice ${id}`, language: 'en', at }, blocks)
}
