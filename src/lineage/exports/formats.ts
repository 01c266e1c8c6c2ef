/** What a writer gives: the document, what did not fit, and what the format asks for and nobody has said. */
export interface Written {
  text: string
  lost: string[]
  missing: string[]
}
