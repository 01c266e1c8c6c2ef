import type { Words } from '../rights/index.ts'
import type { WorkEvidence } from './openCase.ts'

/** How a work was found, in whole sentences. */
export function sayMatch({ match, measure, outline, stretch, alignment }: WorkEvidence['hit'], { t }: Words): string {
  const isExact = alignment?.isExact ? 'yes' : 'no'
  const sentences = [t(`letter.match.${match}`, { measure: String(measure), isExact })]
  if (match === 'part-of-picture' && outline) {
    const across = range(outline.row.map(([x]) => x))
    const down = range(outline.row.map(([, y]) => y))
    sentences.push(t('letter.match.part', { across, down, isMirrored: outline.isMirrored ? 'yes' : 'no' }))
  }
  if ((match === 'film' || match === 'sound') && stretch)
    sentences.push(t('letter.match.from', { second: String(stretch.rowStart) }))
  return sentences.join(' ')
}

/** From where to where, in shares of the whole. */
function range(values: number[]): string {
  return `${Math.round(Math.min(...values) * 100)}–${Math.round(Math.max(...values) * 100)}%`
}
