import { ColophonError } from '../foundation/index.ts'

/** Cents as people write them, with a point and the currency: `1,234.50 EUR`. */
export function formatCents(cents: bigint, currency: string): string {
  const digits = String(cents < 0n ? -cents : cents).padStart(3, '0')
  const whole = digits.slice(0, -2).replaceAll(/\B(?=(\d{3})+$)/g, ',')
  return `${cents < 0n ? '−' : ''}${whole}.${digits.slice(-2)} ${currency}`
}

/** Cents as a reader of a language writes them, with the code of the currency; a difference has its sign. */
export function moneyIn(
  language: string,
  cents: bigint,
  currency: string,
  signDisplay: 'auto' | 'exceptZero' = 'auto',
): string {
  const digits = String(cents < 0n ? -cents : cents).padStart(3, '0')
  const text = `${cents < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`
  const format = new Intl.NumberFormat(language, { style: 'currency', currency, currencyDisplay: 'code', signDisplay })
  return format.format(text as Intl.StringNumericLiteral)
}

/** Reads an amount as `1234.5`, `1234.50` or `1234`: cents. Errors: `invalid_input`. */
export function parseAmount(text: string, where: string): bigint {
  const match = /^(-?)(\d{1,13})(?:\.(\d{1,2}))?$/.exec(text)
  if (!match)
    throw new ColophonError('invalid_input', `“${text.slice(0, 40)}” is no amount`, {
      where,
      remedy: 'Write it with a point and at most two decimals, without separators: 1234.50.',
    })
  const cents = BigInt(match[2]! + (match[3] ?? '').padEnd(2, '0'))
  return match[1] ? -cents : cents
}
