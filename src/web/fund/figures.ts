import { html } from 'hono/html'
import { moneyIn } from '../../levy/index.ts'
import { code, type Html } from '../layout.ts'
import { t, words } from '../text.ts'

/** An amount of cents as the reader writes it, with its currency; a difference has its sign. */
export function money(cents: bigint | string | number, currency: string, sign: 'auto' | 'exceptZero' = 'auto'): string {
  return moneyIn(words.language, BigInt(cents), currency, sign)
}

/** Whole units of a currency, where cents would say more than is known. */
export function roundMoney(cents: bigint, currency: string, sign: 'auto' | 'exceptZero' = 'auto'): string {
  return roundFormat(currency, sign).format((cents + (cents < 0n ? -50n : 50n)) / 100n)
}

/** From one number of whole units to another. */
export function moneyRange(low: number, high: number, currency: string): string {
  return roundFormat(currency, 'auto').formatRange(low, high)
}

function roundFormat(currency: string, signDisplay: 'auto' | 'exceptZero'): Intl.NumberFormat {
  return new Intl.NumberFormat(words.language, {
    style: 'currency',
    currency,
    currencyDisplay: 'code',
    maximumFractionDigits: 0,
    signDisplay,
  })
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

/** Texts that stand for sectors in the register are its media; others are named by whoever made the tables. */
const MEDIA = new Set(['picture', 'text', 'sound', 'video', 'other'])

export const sectorName = (sector: string): string => (MEDIA.has(sector) ? t('fundPage.sector', { sector }) : sector)

/**
 * A table whose columns after the first hold figures. On narrow screens a row of several figures is stacked, each with the
 * head of its column before it; roles keep it a table for whoever hears it. Under a heading of the same words the caption
 * is only heard.
 */
export function figureTable(
  caption: string,
  heads: readonly string[],
  rows: readonly (readonly unknown[])[],
  isHeaded = false,
): Html {
  return html`<table class="figures${heads.length > 2 ? ' stacked' : ''}" role="table">
    <caption class="${isHeaded ? 'heard' : ''}">
      ${caption}
    </caption>
    <thead role="rowgroup">
      <tr role="row">
        ${heads.map((head) => html`<th scope="col" role="columnheader">${head}</th>`)}
      </tr>
    </thead>
    <tbody role="rowgroup">
      ${rows.map(
        ([first, ...cells]) =>
          html`<tr role="row">
            <th scope="row" role="rowheader">${first}</th>
            ${cells.map((cell, i) => html`<td role="cell" data-head="${heads[i + 1]}">${cell}</td>`)}
          </tr>`,
      )}
    </tbody>
  </table>`
}

/** The name of whoever keeps a fund, with the number that the log knows. */
export function partyLink(id: string, name: string | null | undefined): Html {
  return html`<a href="/parties/${encodeURIComponent(id)}">${name ?? code(id)}</a>`
}
