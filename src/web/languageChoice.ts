import { setCookie } from 'hono/cookie'
import { html } from 'hono/html'
import { languageDetector } from 'hono/language'
import type { Api } from '../api/index.ts'
import type { Node } from '../main.ts'
import { page, type Html } from './layout.ts'
import { isExample } from './pages.ts'
import { languageCodes, languages, readAs, t } from './text.ts'

/** What browsers call languages that we call otherwise. */
const OTHER_NAMES: Record<string, string> = { no: 'nb', nn: 'nb', mo: 'ro', 'sr-me': 'cnr', 'sr-latn-me': 'cnr' }

function otherName(asked: string): string | undefined {
  return OTHER_NAMES[asked] ?? OTHER_NAMES[asked.split('-')[0]!]
}

/** Answers every request in the language that it asks for: by `?lang=`, then by what was chosen, then by the browser. */
export function useLanguages(web: Api, node: Node): void {
  const isSecure = node.config.publicUrl.startsWith('https:')
  web.use(
    languageDetector({
      supportedLanguages: languageCodes,
      fallbackLanguage: 'en',
      caches: false,
      convertDetectedLanguage: (asked) => otherName(asked.toLowerCase()) ?? asked,
    }),
  )
  web.use(async (context, next) => {
    const language = context.get('language' as never) as string
    const { pathname, search } = new URL(context.req.url)
    // A choice lasts as long as the browser is open; nothing else is kept on the device.
    if (context.req.query('lang') === language)
      setCookie(context, 'language', language, { httpOnly: true, sameSite: 'Lax', path: '/', secure: isSecure })
    await readAs({ language, place: context.req.method === 'GET' ? pathname + search : '/' }, next)
    if (!context.res.headers.get('content-type')?.startsWith('text/html')) return
    context.header('content-language', language)
    context.header('vary', 'accept-language, cookie')
  })
}

export function addLanguageRoutes(web: Api, node: Node): void {
  web.get('/languages', (context) => context.html(languagesPage(node, context.req.query('to') ?? '/')))
}

/** Every language, by its own name, back to the page that was left; and who has read its texts. */
function languagesPage(node: Node, to: string): Html {
  const back = new URL(/^\/(?![/\\])/.test(to) ? to : '/', 'http://localhost')
  const linkTo = (code: string) => {
    back.searchParams.set('lang', code)
    // Dots and slashes are folded by now: what begins with two slashes would be another host.
    return back.pathname.replace(/^\/{2,}/, '/') + back.search
  }
  return page({
    title: t('languages.title'),
    path: '/languages',
    isExample: isExample(node),
    content: html`<p>${t('languages.lead')}</p>
      <ul class="languages">
        ${Object.entries(languages).map(
          ([code, { name, reviewed }]) =>
            html`<li>
              <a href="${linkTo(code)}" lang="${code}" hreflang="${code}">${name}</a>
              <span class="soft"
                >${reviewed === 'original' ? t('languages.original') : reviewed ? t('languages.reviewed', { by: reviewed }) : t('languages.unread')}</span
              >
            </li>`,
        )}
      </ul>`,
  })
}
