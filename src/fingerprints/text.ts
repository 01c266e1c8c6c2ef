/**
 * Text reduced to what two copies of it share, as ISO 24138 does before hashing: decomposed, without white space,
 * lower case, without control characters, marks and punctuation, then composed for compatibility.
 */
export function collapseText(text: string): string {
  if (isAscii(text)) return text.toLowerCase().replaceAll(/[^0-9a-z$+<=>^`|~]+/g, '')
  return text
    .normalize('NFD')
    .replaceAll(/\s+/gu, '')
    .toLowerCase()
    .replaceAll(/[\p{C}\p{M}\p{P}]+/gu, '')
    .normalize('NFKC')
}

/**
 * Text for comparing passages: like `collapseText`, but words stay apart by single spaces, so that a passage can be
 * shown again as it reads.
 */
export function normalisePassageText(text: string): string {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[\p{C}\p{M}\p{P}\s]+/gu, ' ')
    .normalize('NFKC')
    .trim()
}

function isAscii(text: string): boolean {
  // oxlint-disable-next-line no-control-regex -- the whole range of ASCII is meant.
  return /^[\x00-\x7f]*$/.test(text)
}
