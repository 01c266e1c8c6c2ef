import { headerMapping } from '../../disclosure/index.ts'
import { addressOf } from './address.ts'
import type { WebMarkRequest } from './markHtml.ts'

export interface HeaderSnippet {
  server: 'nginx' | 'apache' | 'caddy' | 'netlify' | 'express'
  /** Where it goes. */
  place: string
  text: string
}

const DRAFT = 'AI-Disclosure is the header of draft-abaris-aicdh-01, expired on 3 August 2026, and not registered.'

/**
 * Settings by which a server says with each answer how it was made: a link to the statement (RFC 8288) and, for readers
 * of an expired draft, its header. Empty when neither can be said. Errors: `invalid_input` for the address.
 */
export function headerSnippets(request: WebMarkRequest): HeaderSnippet[] {
  const { value: mode } = headerMapping.to(request.disclosure)
  const address = request.statementUrl === undefined ? undefined : addressOf(request.statementUrl)
  const link = address && `<${address}>; rel="describedby"; type="application/json"`
  const draft = mode && `mode=${mode}`
  if (!link && !draft) return []
  const snippet = (
    server: HeaderSnippet['server'],
    place: string,
    sign: string,
    lines: (string | false | undefined)[],
  ) => ({
    server,
    place,
    text: [draft && `${sign} ${DRAFT}`, ...lines].filter((line) => typeof line === 'string').join('\n'),
  })
  return [
    snippet('nginx', 'in a server or location block; one with add_header of its own needs them again', '#', [
      draft && `add_header AI-Disclosure "${draft}";`,
      link && `add_header Link '${link}';`,
    ]),
    snippet('apache', 'in a virtual host, a directory or .htaccess; needs mod_headers', '#', [
      draft && `Header set AI-Disclosure "${draft}"`,
      // A percent sign would begin a format.
      link && `Header add Link "${link.replaceAll('%', '%%').replaceAll('"', '\\"')}"`,
    ]),
    snippet('caddy', 'in a site block of the Caddyfile', '#', [
      draft && `header AI-Disclosure "${draft}"`,
      link && `header +Link \`${link}\``,
    ]),
    snippet('netlify', 'in the file _headers of the published folder', '#', [
      '/*',
      draft && `  AI-Disclosure: ${draft}`,
      link && `  Link: ${link}`,
    ]),
    snippet('express', 'before the routes', '//', [
      'app.use((request, response, next) => {',
      draft && `  response.set('AI-Disclosure', '${draft}')`,
      link && `  response.append('Link', '${link}')`,
      '  next()',
      '})',
    ]),
  ]
}
