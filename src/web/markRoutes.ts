import { basename } from 'node:path'
import { conclude, findWorks, nodeTrustAnchors } from '../marking/index.ts'
import { readDisclosureForm, registerLookup, withoutBlanks, type Api } from '../api/index.ts'
import { ColophonError, dataPath } from '../foundation/index.ts'
import type { Node } from '../main.ts'
import { newDisclosurePage } from './disclosurePages.ts'
import { readForm, uploadLimit } from './forms.ts'
import { markPage } from './markPages.ts'
import { reportPage, verifyPage } from './verifyPages.ts'

/** Reading marks, for anybody; and putting them in. */
export function addMarkRoutes(web: Api, node: Node): void {
  web.get('/verify', (context) => context.html(verifyPage(node)))
  web.post('/verify', uploadLimit, async (context) => {
    const { file } = await readForm(context.req.parseBody())
    const { bytes, name } = await readFile(file)
    const now = node.register.effects.now()
    const examined = await node.datasets.examine(bytes, name, {
      trustAnchors: nodeTrustAnchors(dataPath(node.config)),
      now,
    })
    const works = await findWorks(registerLookup(node), examined)
    return context.html(reportPage(node, name, conclude(examined, works)))
  })
  web.get('/disclosures/new', async (context) => {
    const content = await newDisclosurePage(node, context.req.query('work'))
    return content === undefined ? context.notFound() : context.html(content)
  })
  web.get('/mark', (context) => context.html(markPage(node)))
  web.post('/mark', uploadLimit, async (context) => {
    const form = await readForm(context.req.parseBody())
    const { bytes, name } = await readFile(form.file)
    const disclosure = readDisclosureForm(withoutBlanks(form))
    const text = (field: string) =>
      typeof form[field] === 'string' && form[field].trim() ? form[field].trim().slice(0, 200) : undefined
    const [title, creator] = [text('title'), text('creator')]
    const marked = await node.datasets.mark(
      bytes,
      {
        disclosure,
        ...(title ? { title } : {}),
        ...(creator ? { creator } : {}),
        watermark: false,
        now: node.register.effects.now(),
      },
      { directory: dataPath(node.config), name: new URL(node.config.publicUrl).hostname },
    )
    const safe = name.replaceAll(/[^\w.-]/g, '_').slice(-100)
    return context.body(Uint8Array.from(marked.bytes), 200, {
      'content-type': 'application/octet-stream',
      'content-disposition': `attachment; filename="marked-${safe}"`,
    })
  })
}

async function readFile(file: unknown): Promise<{ bytes: Uint8Array; name: string }> {
  if (!(file instanceof File) || file.size === 0) throw new ColophonError('invalid_input', 'Choose a file first.')
  return { bytes: new Uint8Array(await file.arrayBuffer()), name: basename(file.name || 'file').slice(0, 200) }
}
