import type { Context } from 'hono'
import { policySchema, withoutBlanks, type Api } from '../api/index.ts'
import type { Node } from '../main.ts'
import type { RightsExport } from '../rights/index.ts'
import { parseForm, readNumber } from './forms.ts'
import { readBuilder } from './siteBuilders.ts'
import { readRecorded, termsPage } from './termsPages.ts'
import { noPage, previewExports, previewPage, wizardPage } from './wizardPages.ts'

/** The wizard, the no, and terms that were recorded. */
export function addRightsRoutes(web: Api, node: Node): void {
  web.get('/rights', (context) => context.redirect('/rights/new'))
  web.get('/rights/new', (context) => {
    const { work, result } = context.req.query()
    return context.html(wizardPage(node, { work, result }))
  })
  web.get('/rights/no', (context) => context.html(noPage(node)))
  web.get('/rights/preview', (context) => {
    const form = withoutBlanks(context.req.query())
    return context.html(previewPage(node, parseForm(policySchema, form), form, readBuilder(form.builder)))
  })
  web.get('/rights/preview/files', (context) => {
    const policy = parseForm(policySchema, withoutBlanks(context.req.query()))
    return sendFile(context, previewExports(node, policy))
  })
  web.get('/rights/terms/:id', async (context) => {
    const found = await termsPage(node, context.req.param('id'), readBuilder(context.req.query('builder')))
    return found === undefined ? context.notFound() : context.html(found)
  })
  web.get('/rights/terms/:id/files', async (context) => {
    const found = await readRecorded(node, context.req.param('id'))
    return sendFile(context, found?.exports ?? [])
  })
}

function sendFile(context: Context, exports: readonly RightsExport[]): Response | Promise<Response> {
  const { format, file } = context.req.query()
  const found = exports.find((each) => each.format === format)?.files[readNumber(file) ?? -1]
  if (!found) return context.notFound() as Response | Promise<Response>
  const content = typeof found.content === 'string' ? found.content : Uint8Array.from(found.content)
  const name = found.path
    .split('/')
    .at(-1)!
    .replaceAll(/[^\w.-]/g, '_')
  return context.body(content, 200, {
    'content-type': found.mediaType,
    'content-disposition': `attachment; filename="${name}"`,
  })
}
