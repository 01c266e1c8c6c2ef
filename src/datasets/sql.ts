/** A text as SQL writes it. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

/** Texts as a list of SQL. */
export function literalList(texts: readonly string[]): string {
  return `[${texts.map(literal).join(', ')}]`
}
