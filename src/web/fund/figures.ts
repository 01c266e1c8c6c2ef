import { html } from 'hono/html'
import { code, type Html } from '../layout.ts'
import { t, words } from '../text.ts'

/** An amount of cents as the reader writes it, with its currency; a difference has its sign. */
export function money(cents: bigint | string | number, currency: string, sign: 'auto' | 'exceptZero' = 'auto'): string {
  const amount = BigInt(cents)
  const digits = String(amount < 0n ? -amount : amount).padStart(3, '0')
  const text = `${amount < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`
  return new Intl.NumberFormat(words.language, {
    style: 'currency',
    currency,
    currencyDisplay: 'code',
    signDisplay: sign,
  }).format(text as Intl.StringNumericLiteral)
}

/** A whole number of any size. */
export function whole(digits: string | bigint | number): string {
  return BigInt(digits).toLocaleString(words.language)
}

/** Millionths as per cent. */
export function percent(ppm: number): string {
  return new Intl.NumberFormat(words.language, { style: 'percent', maximumFractionDigits: 4 }).format(ppm / 1_000_000)
}

/** What part of a whole an amount is, to a tenth of a per cent. */
export function partOf(cents: bigint, whole_: bigint): string {
  if (whole_ === 0n) return '–'
  const thousandths = Number((cents * 1000n + whole_ / 2n) / whole_)
  return new Intl.NumberFormat(words.language, { style: 'percent', maximumFractionDigits: 1 }).format(
    thousandths / 1000,
  )
}

/** The head of a column, or the label of a field, that several pages have. */
export const column = (name: string): string => t('fundPage.column', { name })

/** A table that scrolls by itself where the screen is narrow: columns after the first hold figures. */
export function figureTable(caption: string, heads: readonly string[], rows: readonly (readonly unknown[])[]): Html {
  return html`<div class="table" role="region" aria-label="${caption}" tabindex="0">
    <table class="figures">
      <caption>
        ${caption}
      </caption>
      <thead>
        <tr>
          ${heads.map((head) => html`<th scope="col">${head}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ([first, ...cells]) =>
            html`<tr>
              <th scope="row">${first}</th>
              ${cells.map((cell) => html`<td>${cell}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`
}

/** The name of whoever keeps a fund, with the number that the log knows. */
export function partyLink(id: string, name: string | null | undefined): Html {
  return html`<a href="/parties/${encodeURIComponent(id)}">${name ?? code(id)}</a>`
}
