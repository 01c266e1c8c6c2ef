import { z } from 'zod'
import { keepCase } from '../accounts/index.ts'
import { bundleOf, escalateCase, needHit, openRequest, sessionOf, type Api, type CheckResult } from '../api/index.ts'
import { ColophonError } from '../foundation/index.ts'
import type { Node } from '../main.ts'
import {
  QUESTIONS,
  escalationSchema,
  handOver,
  letterOf,
  letterPdf,
  letterText,
  readCase,
  recordPost,
  requestInputSchema,
  sendByMail,
  smtpMailer,
  type Question,
} from '../requests/index.ts'
import { formLimit, needResult, parseForm, readForm, readNumber } from './forms.ts'
import { speak, words } from './text.ts'
import { waysOut } from './caseActions.ts'
import { statisticsPage } from './statisticsPage.ts'
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
      const session = await sessionOf(node, context)
      if (session && !input.isIntimate) await keepCase(node.register, session.party, id, accessKey)
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
  web.post('/requests/:id/send', formLimit, async (context) => {
    const key = context.req.query('key') ?? ''
    const found = await readCase(node.register, context.req.param('id'), key)
    await sendFrom(node, found, await readForm(context.req.parseBody()))
    return context.redirect(`/requests/${found.id}?key=${key}`, 303)
  })
  web.post('/requests/:id/escalate', formLimit, async (context) => {
    const found = await readCase(node.register, context.req.param('id'), context.req.query('key') ?? '')
    const form = Object.entries(await readForm(context.req.parseBody())).filter(([, value]) => value !== '')
    const input = parseForm(escalationSchema, Object.fromEntries(form))
    const { zip } = await escalateCase(node, found, input, { isCaptured: false, words, speak })
    return context.body(Uint8Array.from(zip), 200, {
      'content-type': 'application/zip',
      'content-disposition': `attachment; filename="escalation-${found.id}.zip"`,
      'cache-control': 'no-store',
    })
  })
  web.get('/statistics/requests', async (context) => context.html(await statisticsPage(node)))
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

/** Sends a case where the page offers it; a visitor names no address. */
async function sendFrom(
  node: Node,
  found: Awaited<ReturnType<typeof readCase>>,
  form: Record<string, unknown>,
): Promise<void> {
  const { register, config } = node
  const { mail, inbox } = await waysOut(node, found)
  if (form.way === 'mail' && mail && config.mail) {
    const mailer = smtpMailer(config.mail.smtpUrl, config.mail.from)
    await sendByMail(register, mailer, letterOf(found, node.datasets.list()), mail, speak)
  } else if (form.way === 'inbox' && inbox) await handOver(register, found.id, inbox.id)
  else if (form.way === 'post') {
    const { sentOn, tracking } = parseForm(postSchema, form)
    await recordPost(register, found.id, sentOn, tracking)
  } else throw new ColophonError('invalid_input', 'This case cannot be sent this way.', { where: 'way' })
}

const postSchema = z.object({ sentOn: z.string().max(20), tracking: z.string().trim().max(100).default('') })

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
