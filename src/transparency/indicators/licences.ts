import { isSpdxExpression } from '../../rights/index.ts'

const STATEMENT = /^https?:\/\/(www\.)?(creativecommons\.org|rightsstatements\.org)\/[^\s/]\S*$/i

/**
 * Whether a text says a licence that can be looked up: an identifier or an expression of SPDX, or an address of Creative
 * Commons or rightsstatements.org.
 */
export function isLicence(value: string): boolean {
  return STATEMENT.test(value) || isSpdxExpression(value)
}
