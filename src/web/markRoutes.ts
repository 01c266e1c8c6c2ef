import { basename } from 'node:path'
import { conclude, findWorks, nodeTrustAnchors } from '../marking/index.ts'
import { registerLookup, type Api } from '../api/index.ts'
import { disclosureFrom, disclosureSchema, phases, type DisclosureFields } from '../disclosure/index.ts'
import { ColophonError, dataPath } from '../foundation/index.ts'
import type { Node } from '../main.ts'
import { parseForm, readForm, uploadLimit } from './forms.ts'
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
  web.get('/mark', (context) => context.html(markPage(node)))
  web.post('/mark', uploadLimit, async (context) => {
    const form = await readForm(context.req.parseBody())
    const { bytes, name } = await readFile(form.file)
    const disclosure = disclosureOfForm(form as Record<string, string>)
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

/** A disclosure from the fields of `disclosureFieldset`. Errors: `invalid_input`, with the field. */
export function disclosureOfForm(form: Record<string, unknown>): DisclosureFields {
  const text = (name: string) => (typeof form[name] === 'string' ? form[name].trim() : '')
  const said = Object.fromEntries(
    phases.flatMap((phase) => {
      const value = text(`phase_${phase}`)
      return value === '' ? [] : [[phase, value === 'undisclosed' ? value : Number(value)]]
    }),
  )
  if (Object.keys(said).length === 0)
    throw new ColophonError('invalid_input', 'Say for at least one phase how far AI took part.', {
      remedy: 'Go back, choose it, and send the form again.',
    })
  // A system is named with the first phase that it can have had a part in.
  const phase = phases.find((each) => typeof said[each] === 'number' && said[each] > 0)
  const fields = disclosureFrom({
    phases: said,
    review: (text('review') || 'undisclosed') as DisclosureFields['review'],
    ...(text('profile') ? { profile: text('profile') as NonNullable<DisclosureFields['profile']> } : {}),
    ...(text('system') && phase ? { systems: [{ name: text('system'), phase }] } : {}),
    ...(text('human') ? { human: [{ language: 'und', text: text('human') }] } : {}),
  })
  return parseForm(disclosureSchema, fields)
}
