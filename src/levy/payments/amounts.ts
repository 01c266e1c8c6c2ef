/** The largest amount of one transfer in SEPA: €999,999,999.99. */
export const TRANSFER_CENTS_MAX = 99_999_999_999n

/** Cents as euros with two decimals: `1234n` → `12.34`. */
export function eurosOf(cents: bigint): string {
  if (cents < 0n) return `-${eurosOf(-cents)}`
  const digits = cents.toString().padStart(3, '0')
  return `${digits.slice(0, -2)}.${digits.slice(-2)}`
}

/** A decimal of a bank's message, exactly; amounts there have up to five decimals. */
export interface DecimalAmount {
  /** In hundred-thousandths. */
  units: bigint
  decimals: number
}

/** Units in a cent. */
export const UNITS_PER_CENT = 1000n

/** Reads a decimal without a sign and with at most 18 digits, five of them decimals; nothing when it is none. */
export function readDecimal(text: string): DecimalAmount | undefined {
  const parts = /^(\d{1,18})(?:\.(\d{1,5}))?$/.exec(text)
  if (!parts) return undefined
  const decimals = parts[2]?.length ?? 0
  return { units: BigInt(parts[1]! + (parts[2] ?? '').padEnd(5, '0')), decimals }
}

/** An amount of a bank's message in cents; nothing when it is no decimal or has parts of a cent. */
export function readCents(text: string | undefined): bigint | undefined {
  const amount = text === undefined ? undefined : readDecimal(text)
  return amount && amount.units % UNITS_PER_CENT === 0n ? amount.units / UNITS_PER_CENT : undefined
}

/** Whether text is a day of the calendar, as `YYYY-MM-DD`. */
export function isDate(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false
  const time = Date.parse(`${text}T00:00:00Z`)
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text)
}
