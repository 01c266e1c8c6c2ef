/** Ticked and empty boxes as they come in texts: Unicode, symbol fonts in private use, Markdown, and typed signs. */
const TICKED = '☒☑✓✔✅⊠⮽🗹🗷🗵✗✘■◼⬛\uf0fe\uf0fd\uf078\uf0fc\uf0fb\uf052\uf053'
const EMPTY = '☐□▢◻⬜❏❑❒○◯\uf0a8\uf06f\uf071\uf0a3\uf02a'
const TICKED_SIGN = new RegExp(`^(?:[${TICKED}]|\\[[xX✓✔]\\]|\\([xX✓✔]\\))`, 'u')
const EMPTY_SIGN = new RegExp(`^(?:[${EMPTY}]|\\[\\s?\\]|\\(\\s?\\))`, 'u')
export const ANY_MARK = new RegExp(`[${TICKED}${EMPTY}]|\\[[xX✓✔ ]?\\]|\\([xX✓✔ ]\\)`, 'gu')

type Mark = 'ticked' | 'empty'
export interface Option<Name> {
  name: Name
  mark?: Mark
  start: number
  end: number
}

/**
 * Reads options that are printed with boxes (“☐ Yes ☒ No”, “Yes ☐ No ☒”, “x Text”, or “Yes” alone). A box belongs to
 * the option after it, unless every box stands behind its option.
 */
export function readOptions<Name extends string>(text: string, names: Record<Name, RegExp>): Option<Name>[] {
  const parts: ({ mark: Mark } | Option<Name>)[] = []
  for (let at = 0; at < text.length;) {
    const rest = text.slice(at, at + 40)
    const sign = (TICKED_SIGN.exec(rest) ?? EMPTY_SIGN.exec(rest))?.[0]
    // Markdown lists write “- [x] ☒ Yes”: of several boxes the last one counts.
    if (sign !== undefined) parts.push({ mark: EMPTY_SIGN.test(sign) ? 'empty' : 'ticked' })
    const option = sign === undefined && isWordStart(text, at) ? readOption(rest, at, names) : undefined
    if (option) parts.push(option)
    at = option?.end ?? at + (sign?.length ?? skip(rest))
  }
  return markOptions(parts)
}

function isWordStart(text: string, at: number): boolean {
  return at === 0 || !/[\p{L}\p{N}]/u.test(text[at - 1]!)
}

function skip(rest: string): number {
  return (rest.codePointAt(0) ?? 0) > 0xffff ? 2 : 1
}

function readOption<Name extends string>(
  rest: string,
  at: number,
  names: Record<Name, RegExp>,
): Option<Name> | undefined {
  for (const name of Object.keys(names) as Name[]) {
    const found = names[name].exec(rest)
    if (!found || found.index !== 0) continue
    const typed = found.groups?.x !== undefined ? ({ mark: 'ticked' } as const) : {}
    return { name, start: at, end: at + found[0].length, ...typed }
  }
  return undefined
}

function markOptions<Name>(parts: ({ mark: Mark } | Option<Name>)[]): Option<Name>[] {
  const isOption = (part: { mark?: Mark } | Option<Name> | undefined): part is Option<Name> =>
    part !== undefined && 'name' in part
  const options = parts.filter(isOption)
  const isBehind =
    isOption(parts[0]) &&
    parts.length - options.length === options.length &&
    parts.every((part, i) => isOption(part) === (i % 2 === 0))
  return options.map((option) => {
    const beside = parts[parts.indexOf(option) + (isBehind ? 1 : -1)]
    return beside && !isOption(beside) ? { ...option, mark: (beside as { mark: Mark }).mark } : option
  })
}
