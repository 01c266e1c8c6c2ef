const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'

/**
 * The check character of letters and digits: ISO/IEC 7064, MOD 37,36, as ISAN has it. It finds every single character
 * that was misread and almost every pair that was exchanged. Text has only `0-9 A-Z`.
 */
export function checkCharacter(text: string): string {
  let product = 36
  for (const character of text) {
    const sum = (product + ALPHABET.indexOf(character)) % 36 || 36
    product = (sum * 2) % 37
  }
  return ALPHABET[(37 - product) % 36]!
}
