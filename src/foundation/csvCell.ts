/** A value as a cell of CSV, quoted where it must be. RFC 4180. */
export function csvCell(value: string | number | bigint): string {
  const text = String(value)
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
