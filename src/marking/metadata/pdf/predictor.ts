import { unreadable } from '../findings.ts'
import { entryOf, type PdfDictionary } from './syntax.ts'

/** Undoes what made rows of numbers easier to pack (ISO 32000-2, 7.4.4.4): PNG's filters, of one byte a column. */
export function undoPredictor(content: Uint8Array, parameters: PdfDictionary): Uint8Array {
  const number = (key: string, otherwise: number) => entryOf(parameters, key, 'number')?.value ?? otherwise
  const predictor = number('Predictor', 1)
  if (predictor === 1) return content
  const columns = number('Columns', 1)
  const isPlain = number('Colors', 1) === 1 && number('BitsPerComponent', 8) === 8
  if (predictor < 10 || !isPlain || !(columns >= 1 && columns <= 1000))
    throw unreadable('a stream of the PDF is packed in a way that is not known')
  const rows = Math.floor(content.length / (columns + 1))
  const out = new Uint8Array(rows * columns)
  for (let row = 0; row < rows; row++) {
    const kind = content[row * (columns + 1)]!
    for (let column = 0; column < columns; column++) {
      const at = row * columns + column
      const left = column > 0 ? out[at - 1]! : 0
      const above = row > 0 ? out[at - columns]! : 0
      const corner = column > 0 && row > 0 ? out[at - columns - 1]! : 0
      out[at] = content[row * (columns + 1) + 1 + column]! + predicted(kind, left, above, corner)
    }
  }
  return out
}

function predicted(kind: number, left: number, above: number, corner: number): number {
  if (kind === 0) return 0
  if (kind === 1) return left
  if (kind === 2) return above
  if (kind === 3) return Math.floor((left + above) / 2)
  const estimate = left + above - corner
  const distances = [left, above, corner].map((value) => Math.abs(estimate - value))
  const least = Math.min(...distances)
  return [left, above, corner][distances.indexOf(least)]!
}
