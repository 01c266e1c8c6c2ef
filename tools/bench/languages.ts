import { languageIdentifier, EU_LANGUAGES, LANGUAGES } from '../../src/languages/index.ts'
import { isForGrading, strangeTexts } from '../languages/calibrate.ts'
import { messages } from '../languages/corpus.ts'
import { openPeers, type Peer } from '../languages/peers.ts'
import { median } from './table.ts'

const GROUPS = [
  ['EU-24', (code: string) => EU_LANGUAGES.includes(code)],
  ['regional and neighbours', (code: string) => LANGUAGES.get(code)?.group === 'european'],
  ['world', (code: string) => LANGUAGES.get(code)?.group === 'world'],
] as const

/**
 * Languages of short texts: messages of a program (viewer of PDF) that no model here was trained on, as far as their
 * makers say; ours is calibrated on the other half of them. Macro accuracy: each language counts the same, whatever the
 * number of its texts.
 */
export async function bench(): Promise<void> {
  const ours: Peer = { name: 'Colophon', code: (text) => languageIdentifier().code(text) }
  const peers = [ours, ...(await openPeers())]
  console.log('| letters | texts | identifier | EU-24 | regional and neighbours | world | texts/s |')
  console.log('|---|---|---|---|---|---|---|')
  for (const lettersMin of [15, 25, 60]) {
    const texts = messages(lettersMin).filter(({ text }) => isForGrading(text))
    for (const peer of peers) {
      const answers: string[] = []
      const rates: number[] = []
      for (let round = 0; round < 3; round++) {
        answers.length = 0
        const start = performance.now()
        for (const { text } of texts) answers.push(await peer.code(text))
        rates.push((texts.length / (performance.now() - start)) * 1000)
      }
      const accuracy = GROUPS.map(([, isIn]) => macroAccuracy(texts, answers, isIn))
      console.log(
        `| ≥ ${lettersMin} | ${texts.length} | ${peer.name} | ${accuracy.join(' | ')} | ${Math.round(median(rates)).toLocaleString('en')} |`,
      )
    }
  }
  const strange = strangeTexts()
  const unknown = strange.filter((text) => ours.code(text) === 'und').length
  console.log(
    `\nOf ${strange.length} texts in languages that it does not know, ours calls ${percent(unknown / strange.length)} unknown.`,
  )
}

function macroAccuracy(texts: { code: string }[], answers: string[], isIn: (code: string) => boolean): string {
  const byCode = new Map<string, { right: number; all: number }>()
  texts.forEach(({ code }, i) => {
    if (!isIn(code)) return
    const of = byCode.get(code) ?? { right: 0, all: 0 }
    byCode.set(code, of)
    of.all++
    if (answers[i] === code) of.right++
  })
  const rates = [...byCode.values()].map(({ right, all }) => right / all)
  return rates.length === 0 ? '–' : `${percent(rates.reduce((a, b) => a + b, 0) / rates.length)} (${rates.length})`
}

const percent = (share: number) => `${(100 * share).toFixed(1)}%`
