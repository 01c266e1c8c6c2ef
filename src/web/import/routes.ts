import { dropImport, importSchema, mapImport, needImport, outcomesOf, startImport } from '../../accounts/index.ts'
import { needSession, sessionOf, type Api } from '../../api/index.ts'
import { signInPage } from '../account/signInPage.ts'
import { fromHere, noStore } from '../account/fromHere.ts'
import type { Node } from '../../main.ts'
import { formLimit, parseForm, readForm, uploadLimit } from '../forms.ts'
import { importPage, importedPage } from './pages.ts'

/** Whole collections from tables, records and servers, for whoever is signed in. */
export function addImportPages(web: Api, node: Node): void {
  web.use('/import', noStore)
  web.use('/import/*', noStore)
  web.get('/import', async (context) => {
    const session = await sessionOf(node, context)
    return context.html(session ? await importPage(node, session) : signInPage(node, '/import'))
  })
  web.post('/import', fromHere, uploadLimit, async (context) => {
    const { party } = await needSession(node, context)
    const { file, ...fields } = await readForm(context.req.parseBody())
    const given = Object.entries(fields).filter(([, value]) => typeof value === 'string' && value.trim() !== '')
    const input = parseForm(importSchema, Object.fromEntries(given))
    const isSent = file instanceof File && file.size > 0
    const sent = isSent ? { name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) } : undefined
    return context.redirect(`/import/${await startImport(node, party, input, sent)}`, 303)
  })
  web.get('/import/:id', async (context) => {
    const { party } = await needSession(node, context)
    return context.html(await importedPage(node, await needImport(node, party, context.req.param('id'))))
  })
  web.get('/import/:id/outcomes.csv', async (context) => {
    const { party } = await needSession(node, context)
    return context.body(outcomesOf(node, await needImport(node, party, context.req.param('id'))), 200, {
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': 'attachment; filename="outcomes.csv"',
    })
  })
  web.post('/import/:id/columns', fromHere, formLimit, async (context) => {
    const { party } = await needSession(node, context)
    const found = await needImport(node, party, context.req.param('id'))
    const form = await readForm(context.req.parseBody())
    const fields = Object.entries(form).map(([name, value]) => [Number(name.slice(7)), String(value)] as const)
    mapImport(node, found, new Map(fields))
    return context.redirect(`/import/${found.id}`, 303)
  })
  web.post('/import/:id/drop', fromHere, async (context) => {
    const { party } = await needSession(node, context)
    dropImport(node, await needImport(node, party, context.req.param('id')))
    return context.redirect('/import', 303)
  })
}
