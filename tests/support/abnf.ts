/**
 * Translates a grammar in ABNF (RFC 5234, case-sensitive strings of RFC 7405) into a regular expression for its first
 * rule. It knows what the standard's grammar uses: rules without recursion, alternatives, groups, options, repetitions,
 * strings, and ranges of characters.
 */
export function abnfToRegExp(grammar: string): RegExp {
  const rules = new Map<string, string>([['digit', '%x30-39']])
  let first: string | undefined
  for (const line of grammar.trim().split('\n')) {
    const [, name, elements] = /^([a-z][a-z0-9-]*)\s*=\s*(.+?)\s*$/i.exec(line) ?? []
    if (!name || !elements) throw new Error(`no rule: ${line}`)
    if (rules.has(name.toLowerCase())) throw new Error(`twice: ${name}`)
    rules.set(name.toLowerCase(), elements)
    first ??= name.toLowerCase()
  }
  return new RegExp(`^(?:${translate(rules.get(first!)!, rules)})$`)
}

const TOKEN =
  /%s"(?<exact>[^"]*)"|"(?<folded>[^"]*)"|%x(?<from>[0-9A-F]+)(?:-(?<to>[0-9A-F]+))?|(?<count>\d*\*\d*|\d+)|(?<name>[A-Za-z][A-Za-z0-9-]*)|(?<mark>[()[\]/])|\s+/gy

function translate(elements: string, rules: ReadonlyMap<string, string>): string {
  let repeat = ''
  let out = ''
  const repeats: string[] = []
  const put = (element: string) => {
    out += repeat ? `(?:${element})${repeat}` : element
    repeat = ''
  }
  let at = 0
  for (const { 0: whole, groups: token = {}, index } of elements.matchAll(TOKEN)) {
    if (index !== at) break
    at += whole.length
    if (token.exact !== undefined) put(escape(token.exact))
    else if (token.folded !== undefined) {
      if (/[a-z]/i.test(token.folded)) throw new Error('strings with letters are case-sensitive here')
      put(escape(token.folded))
    } else if (token.from) put(`[\\x${token.from}-\\x${token.to ?? token.from}]`)
    else if (token.count) repeat = quantifier(token.count)
    else if (token.name) {
      const rule = rules.get(token.name.toLowerCase())
      if (rule === undefined) throw new Error(`no such rule: ${token.name}`)
      put(`(?:${translate(rule, rules)})`)
    } else if (token.mark === '/') out += '|'
    else if (token.mark === '(' || token.mark === '[') {
      repeats.push(token.mark === '[' ? '?' : repeat)
      repeat = ''
      out += '(?:'
    } else if (token.mark) out += `)${repeats.pop()!}`
  }
  if (at !== elements.length) throw new Error(`not understood: ${elements.slice(at)}`)
  return out
}

function quantifier(count: string): string {
  const [least, most] = count.split('*')
  return count.includes('*') ? `{${least || '0'},${most ?? ''}}` : `{${count}}`
}

function escape(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
