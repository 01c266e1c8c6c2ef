import { writeFileSync } from 'node:fs'
import { formatIscc } from '../src/fingerprints/iscc.ts'
import { isccImageCode } from '../src/fingerprints/isccImage.ts'
import { isccDataCode } from '../src/fingerprints/isccData.ts'
import { isccTextCode } from '../src/fingerprints/isccText.ts'
import { passageCodes } from '../src/fingerprints/passages.ts'
import { pdq } from '../src/fingerprints/pdq.ts'
import { normalisePassageText } from '../src/fingerprints/text.ts'
import { formulaGrey, formulaPicture } from '../tests/support/formulaPicture.ts'

/** Writes the vectors anew. Run it only for a new version of an algorithm: a vector that changes breaks the version. */
const texts = {
  'iso-empty': '',
  'iso-hello': 'Hello World',
  greek: 'Ἐν ἀρχῇ ἦν ὁ λόγος, καὶ ὁ λόγος ἦν πρὸς τὸν θεόν',
  combining: 'Zu\u0308rich  —  Zürich',
  long: 'It was the best of times, it was the worst of times. '.repeat(40),
}
const data = {
  'iso-two-bytes': 'ff00',
  'iso-empty': '',
  counting: Buffer.from(Array.from({ length: 5000 }, (_, i) => (i * i) & 255)).toString('hex'),
}

write('iscc-units-v0', [
  ...Object.entries(texts).map(([name, text]) => ({
    name,
    kind: 'text',
    input: text,
    output: formatIscc('text', isccTextCode(text)),
  })),
  ...Object.entries(data).map(([name, hex]) => ({
    name,
    kind: 'data',
    input: hex,
    output: formatIscc('data', isccDataCode(Buffer.from(hex, 'hex'))),
  })),
  ...[1, 2].map((seed) => ({
    name: `formula-${seed}`,
    kind: 'image',
    input: { seed },
    output: formatIscc('image', isccImageCode(formulaGrey(seed))),
  })),
])
write(
  'pdq',
  [1, 2, 3].map((seed) => ({
    name: `formula-${seed}`,
    input: { seed, width: 200, height: 150 },
    output: pdq(formulaPicture(seed, 200, 150)),
  })),
)
write(
  'passages-v1',
  Object.entries(texts).map(([name, text]) => {
    const { high, low, offset } = passageCodes(normalisePassageText(text))
    return { name, input: text, output: { high: [...high], low: [...low], offset: [...offset] } }
  }),
)

function write(algorithm: string, cases: object[]): void {
  writeFileSync(
    new URL(`../vectors/${algorithm}.json`, import.meta.url),
    `${JSON.stringify({ algorithm, cases }, null, 1)}\n`,
  )
}
