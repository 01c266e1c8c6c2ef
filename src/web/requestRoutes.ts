import { bundleOf, needHit, openRequest, type Api, type CheckResult } from '../api/index.ts'
import { ColophonError } from '../foundation/index.ts'
import type { Node } from '../main.ts'
import {
  QUESTIONS,
  letterOf,
  letterPdf,
  letterText,
  readCase,
  requestInputSchema,
  type Question,
} from '../requests/index.ts'
import { formLimit, needResult, parseForm, readForm, readNumber } from './forms.ts'
import { speak, words } from './text.ts'
import { casePage, newRequestPage, noLetterPage } from './requestPages.ts'

/** From a place where a work was found to a case with its letter. */
export function addRequestRoutes(web: Api, node: Node): void {
  web.get('/requests/new', async (context) => {
    const result = await needResult(node, context.req.query('result'))
    return context.html(newRequestPage(node, result, hitIndex(result, context.req.query('hit'))))
  })
  web.post('/requests', formLimit, async (context) => {
    const result = await needResult(node, context.req.query('result'))
    const hit = hitIndex(result, context.req.query('hit'))
    const form = await readForm(context.req.parseBody())
    const input = parseForm(requestInputSchema, {
      ...Object.fromEntries(Object.entries(form).filter(([, value]) => value !== '')),
      isConfirmed: form.isConfirmed === 'yes',
      isInGoodFaith: form.isInGoodFaith === 'yes',
      isIntimate: form.isIntimate === 'yes',
      isOwnPersonalData: form.isOwnPersonalData === 'yes',
    })
    try {
      const { id, accessKey } = await openRequest(node, result, hit, input)
      return context.redirect(`/requests/${id}?key=${accessKey}`, 303)
    } catch (error) {
      const reason = whyNoLetter(error)
      if (!reason) throw error
      return context.html(noLetterPage(node, result, reason), 422)
    }
  })
  web.get('/requests/:id', async (context) => {
    const key = context.req.query('key') ?? ''
    context.header('cache-control', 'no-store')
    return context.html(await casePage(node, await readCase(node.register, context.req.param('id'), key), key))
  })
  web.post('/requests/:id/bundle', formLimit, async (context) => {
    const found = await readCase(node.register, context.req.param('id'), context.req.query('key') ?? '')
    const form = await readForm(context.req.parseBody())
    const { zip } = await bundleOf(node, found, { isCaptured: form.capture === 'yes', words, speak })
    return context.body(Uint8Array.from(zip), 200, {
      'content-type': 'application/zip',
      'content-disposition': `attachment; filename="evidence-${found.id}.zip"`,
      'cache-control': 'no-store',
    })
  })
  web.get('/requests/:id/letter.txt', async (context) => {
    const found = await readCase(node.register, context.req.param('id'), context.req.query('key') ?? '')
    return context.text(letterText(letterOf(found, node.datasets.list()), speak))
  })
  web.get('/requests/:id/letter.pdf', async (context) => {
    const found = await readCase(node.register, context.req.param('id'), context.req.query('key') ?? '')
    return context.body(Uint8Array.from(await letterPdf(letterOf(found, node.datasets.list()), speak)), 200, {
      'content-type': 'application/pdf',
    })
  })
}

/** A case that is not opened because of what it is about gets an explanation, not an error. */
function whyNoLetter(error: unknown): Question | 'candidate' | undefined {
  if (!(error instanceof ColophonError)) return undefined
  if (error.code === 'candidate_not_confirmed') return 'candidate'
  return error.code === 'answer_speaks_against' ? QUESTIONS.find((question) => question === error.where) : undefined
}

function hitIndex(result: CheckResult, text: string | undefined): number {
  const index = readNumber(text)
  needHit(result, index)
  return index!
}
