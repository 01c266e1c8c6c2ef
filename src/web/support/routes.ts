import { needSession, sessionOf, type Api } from '../../api/index.ts'
import { ColophonError } from '../../foundation/index.ts'
import {
  callState,
  dayOf,
  draftProblems,
  fileAppeal,
  findApplication,
  findCall,
  formOf,
  listAssessors,
  listToAssess,
  needApplication,
  readApplication,
  saveDraft,
  sendApplication,
  waiveAppeal,
  withdrawApplication,
  type CallRow,
  type Scheme,
} from '../../levy/index.ts'
import type { Node } from '../../main.ts'
import { fromHere, noStore } from '../account/fromHere.ts'
import { readForm } from '../forms.ts'
import { t } from '../text.ts'
import type { Filled } from './fields.ts'
import { applicationPage } from './applicationPage.ts'
import { applyPage, type FormNotice } from './applyPage.ts'
import { addAssessRoutes } from './assessRoutes.ts'
import { callPage, callsPage, noSchemePage } from './callPages.ts'
import { needCall, readFields, schemeOf, signedIn, wordsLimit } from './common.ts'
import { toAssessPage } from './assessPages.ts'
import { addOfficeRoutes } from './officeRoutes.ts'

/** The fund's support scheme: calls for everybody, applications for whoever is signed in. */
export function addSupportPages(web: Api, node: Node): void {
  for (const path of ['/fund/calls/*', '/fund/applications/*', '/fund/office']) web.use(path, noStore)
  addCallRoutes(web, node)
  addApplyRoutes(web, node)
  addApplicationRoutes(web, node)
  addAssessRoutes(web, node)
  addOfficeRoutes(web, node)
}

function addCallRoutes(web: Api, node: Node): void {
  web.get('/fund/calls', async (context) => {
    if (node.config.fundParty === undefined) return context.html(noSchemePage(node))
    return context.html(await callsPage(node, schemeOf(node), await sessionOf(node, context)))
  })
  web.get('/fund/calls/:id', async (context) => {
    const scheme = schemeOf(node)
    return context.html(await callPage(node, scheme, await needCall(scheme, context), await sessionOf(node, context)))
  })
  web.get(
    '/fund/calls/:id/assess',
    signedIn(node, async (context, { party }) => {
      const scheme = schemeOf(node)
      const call = await needCall(scheme, context)
      return context.html(toAssessPage(node, call, await listToAssess(scheme, call, party)))
    }),
  )
}

function addApplyRoutes(web: Api, node: Node): void {
  web.get(
    '/fund/calls/:id/apply',
    signedIn(node, async (context, { party }) => {
      const scheme = schemeOf(node)
      const call = await needCall(scheme, context)
      const known = await findApplication(scheme.db, { call: call.id, party })
      if (known && known.state !== 'draft') return context.redirect(`/fund/applications/${known.id}`, 303)
      if (callState(call, dayOf(scheme.effects.now())) !== 'open')
        return context.redirect(`/fund/calls/${call.id}`, 303)
      const form = formOf(known ? (JSON.parse(known.fields) as Record<string, unknown>) : {})
      return context.html(await applyPage(node, scheme, call, form))
    }),
  )
  web.post('/fund/calls/:id/apply', fromHere, wordsLimit, async (context) => {
    const scheme = schemeOf(node)
    const call = await needCall(scheme, context)
    const sent = await readForm(context.req.parseBody({ all: true }))
    const form = formOf(sent)
    const again = async (notice: FormNotice, status: 403 | 409 | 422) =>
      context.html(await applyPage(node, scheme, call, form, notice), status)
    const session = await sessionOf(node, context)
    if (!session) return again({ problems: [], isSignedOut: true }, 403)
    const isSent = sent.action !== 'save'
    const problems = isSent ? await problemsOf(scheme, call, form) : draftProblems(form)
    if (problems.length > 0) return again({ problems }, 422)
    try {
      const id = await (isSent ? sendApplication : saveDraft)(scheme, session.party, call.id, form)
      return context.redirect(`/fund/applications/${id}`, 303)
    } catch (error) {
      // Nothing that was typed is lost, whatever speaks against it.
      if (!(error instanceof ColophonError) || error.code === 'internal') throw error
      return again({ problems: [], refused: `${error.message}. ${error.remedy ?? ''}` }, 409)
    }
  })
}

async function problemsOf(scheme: Scheme, call: CallRow, form: ReturnType<typeof formOf>) {
  const assessors = (await listAssessors(scheme.db, call.id)).map(({ party }) => party)
  const read = readApplication(form, { awardCapCents: Number(call.award_cap_cents), assessors })
  return 'problems' in read ? read.problems : []
}

/** The applicant's own page; for anybody else there is none. */
async function ownPage(node: Node, scheme: Scheme, id: string, party: string, filled?: Filled) {
  const application = await needApplication(scheme.db, id)
  if (application.party !== party) throw new ColophonError('not_found', 'There is no such application here.')
  const call = (await findCall(scheme.db, application.in_call))!
  return applicationPage(node, scheme, call, application, dayOf(scheme.effects.now()), filled)
}

function addApplicationRoutes(web: Api, node: Node): void {
  web.get(
    '/fund/applications/:id',
    signedIn(node, async (context, { party }) => {
      return context.html(await ownPage(node, schemeOf(node), context.req.param('id') ?? '', party))
    }),
  )
  web.post('/fund/applications/:id/withdraw', fromHere, async (context) => {
    const { party } = await needSession(node, context)
    await withdrawApplication(schemeOf(node), party, context.req.param('id'))
    return context.redirect('/fund/calls', 303)
  })
  web.post('/fund/applications/:id/appeal', fromHere, wordsLimit, async (context) => {
    const { party } = await needSession(node, context)
    const { grounds = '' } = await readFields(context)
    const id = context.req.param('id')
    const scheme = schemeOf(node)
    if (grounds.trim() === '') {
      const problems = { grounds: t('support_problem_missing') }
      return context.html(await ownPage(node, scheme, id, party, { values: { grounds }, problems }), 422)
    }
    await fileAppeal(scheme, party, id, grounds)
    return context.redirect(`/fund/applications/${id}`, 303)
  })
  web.post('/fund/applications/:id/waive', fromHere, async (context) => {
    const { party } = await needSession(node, context)
    const id = context.req.param('id')
    await waiveAppeal(schemeOf(node), party, id)
    return context.redirect(`/fund/applications/${id}`, 303)
  })
}
