import { existsSync, readFileSync } from 'node:fs'
import { ColophonError, parseJson } from '../foundation/index.ts'

const RESERVATIONS = {
  mining: 'tdm:mine',
  'ai-training': 'col:trainAI',
  'generative-training': 'col:trainGenAI',
} as const

/** Terms by a word, or by a file: a list of rules, or an object with them and what else terms may say. */
export function readTerms(terms: string): object | undefined {
  if (terms === 'none') return undefined
  if (Object.hasOwn(RESERVATIONS, terms))
    return { rules: [{ action: RESERVATIONS[terms as keyof typeof RESERVATIONS], decision: 'deny' }] }
  if (!terms.endsWith('.json') || !existsSync(terms))
    throw new ColophonError(
      'usage',
      `--terms is one of none, ${Object.keys(RESERVATIONS).join(', ')}, or a file of rules`,
      {
        where: terms,
      },
    )
  const said = parseJson(readFileSync(terms, 'utf8'), terms)
  return Array.isArray(said) ? { rules: said } : (said as object)
}
