import { ColophonError } from '../../foundation/index.ts'

/**
 * An address as it may stand in a header, a file of settings or an attribute: `https`, and none of the characters by
 * which those end or mean something else. Errors: `invalid_input`.
 */
export function addressOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url?.protocol !== 'https:' || url.username + url.password !== '')
    throw new ColophonError('invalid_input', 'the address of the statement is not an https address', {
      where: 'statementUrl',
    })
  return url.href.replaceAll(
    /[^A-Za-z0-9\-._~:/?#[\]@!&()*+,;=%]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  )
}
