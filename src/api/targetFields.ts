import { z } from '@hono/zod-openapi'

/** A work as somebody names it: the address of its page counts. */
export const workField = z
  .string()
  .max(500)
  .transform(
    (text) => /urn:(uuid:[0-9a-f-]{36}|colophon:item:[0-9a-f-]{36}:\d{1,7})/.exec(text.replaceAll(/%3A/gi, ':'))?.[0],
  )

/** The host of an address; `www.` is left out, so that the whole site is meant. */
export const domainField = z
  .string()
  .max(500)
  .transform((text) => {
    const address = text.trim()
    const url = URL.parse(/^[a-z]+:\/\//i.test(address) ? address : `https://${address}`)
    const host = url?.hostname.replace(/^www\./, '').replace(/\.$/, '')
    return host?.includes('.') ? host : undefined
  })

/** A party as somebody names it: the address of its page counts. */
export const partyField = z
  .string()
  .max(500)
  .transform((text) => /did:[a-z]+:[\w.%:-]+/.exec(text.replaceAll(/%3A/gi, ':'))?.[0])

/** Several parties, separated by spaces or lines; what names none is told back. */
export const partiesField = z
  .string()
  .max(10_000)
  .transform((text, context) =>
    text
      .split(/[\s,;]+/)
      .filter((each) => each !== '')
      .map((each) => {
        const party = partyField.safeParse(each).data
        if (party === undefined)
          context.addIssue({
            code: 'custom',
            message: `this names no party by its DID or the address of its page: ${each.slice(0, 100)}`,
          })
        return party ?? each
      }),
  )
