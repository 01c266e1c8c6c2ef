import { readFileSync } from 'node:fs'
import { IntlMessageFormat } from 'intl-messageformat'

const messages = JSON.parse(readFileSync(new URL('../../locales/en.json', import.meta.url), 'utf8')) as Record<
  string,
  string
>
const formats = new Map<string, IntlMessageFormat>()

/** A text of the page in the visitor's language, with its values filled in. A key without text is a defect. */
export function t(key: string, values?: Record<string, string | number>): string {
  const message = messages[key]
  if (message === undefined) throw new Error(`no text for ${key}`)
  if (!values) return message
  let format = formats.get(key)
  if (!format) {
    format = new IntlMessageFormat(message, 'en')
    formats.set(key, format)
  }
  return String(format.format(values))
}

/** The same for rooms that put things into words and know no locale of their own. */
export const words = { language: 'en', t }

/** A moment as people write it, in UTC. */
export function when(isoTime: string): string {
  return `${isoTime.slice(0, 10)} ${isoTime.slice(11, 16)} UTC`
}
