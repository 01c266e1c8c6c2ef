import { markSent, readDisclosureForm, sentFile, verifySent, withoutBlanks, type Api } from '../api/index.ts'
import type { Node } from '../main.ts'
import { newDisclosurePage } from './disclosurePages.ts'
import { readForm, uploadLimit } from './forms.ts'
import { markPage } from './markPages.ts'
import { reportPage, verifyPage } from './verifyPages.ts'

/** Reading marks, for anybody; and putting them in. */
export function addMarkRoutes(web: Api, node: Node): void {
  web.get('/verify', (context) => context.html(verifyPage(node)))
  web.post('/verify', uploadLimit, async (context) => {
    const { bytes, name } = await sentFile((await readForm(context.req.parseBody())).file)
    return context.html(reportPage(node, name, await verifySent(node, bytes, name)))
  })
  web.get('/disclosures/new', async (context) => {
    const content = await newDisclosurePage(node, context.req.query('work'))
    return content === undefined ? context.notFound() : context.html(content)
  })
  web.get('/mark', (context) => context.html(markPage(node, context.req.query('work')?.slice(0, 500))))
  web.post('/mark', uploadLimit, async (context) => {
    const form = await readForm(context.req.parseBody())
    const { bytes, name } = await sentFile(form.file)
    const marked = await markSent(node, bytes, readDisclosureForm(withoutBlanks(form)), form)
    return context.body(Uint8Array.from(marked.bytes), 200, {
      'content-type': 'application/octet-stream',
      'content-disposition': `attachment; filename="marked-${name.replaceAll(/[^\w.-]/g, '_').slice(-100)}"`,
    })
  })
}
