import { needSession, type Api } from '../../api/index.ts'
import { ColophonError } from '../../foundation/index.ts'
import {
  addAssessor,
  decideCall,
  decideUrgent,
  dropCall,
  extendCall,
  findCall,
  makeCall,
  needApplication,
  noteCall,
  refuseUrgency,
  requireOfficer,
  sayOpinion,
  writeWords,
  type Scheme,
} from '../../levy/index.ts'
import type { Node } from '../../main.ts'
import { fromHere } from '../account/fromHere.ts'
import { readOpinion } from './assessRoutes.ts'
import { readAssessor, readCallForm } from './callForm.ts'
import { newCallPage, officeApplicationPage, officePage } from './officePages.ts'
import { needCall, readFields, schemeOf, signedIn, wordsLimit } from './common.ts'

type Fields = Record<string, string>

/** What the fund's officer does: everything here is refused to anybody else. */
export function addOfficeRoutes(web: Api, node: Node): void {
  web.get(
    '/fund/office',
    signedIn(node, async (context, { party }) => {
      requireOfficer(schemeOf(node), party)
      return context.html(newCallPage(node))
    }),
  )
  web.post('/fund/office', fromHere, wordsLimit, async (context) => {
    const { party } = await needSession(node, context)
    const scheme = schemeOf(node)
    requireOfficer(scheme, party)
    const values = await readFields(context)
    try {
      const { input, plan } = readCallForm(values)
      return context.redirect(`/fund/calls/${await makeCall(scheme, party, input, plan)}`, 303)
    } catch (error) {
      if (!(error instanceof ColophonError) || error.status >= 500) throw error
      const [field = ''] = (error.where ?? '').split(/[. ]/)
      const problems = { [field in values ? field : 'title']: error.message }
      return context.html(newCallPage(node, { values, problems }), 422)
    }
  })
  web.get(
    '/fund/calls/:id/office',
    signedIn(node, async (context, { party }) => {
      const scheme = schemeOf(node)
      requireOfficer(scheme, party)
      return context.html(await officePage(node, scheme, await needCall(scheme, context), context.req.query('after')))
    }),
  )
  web.post('/fund/calls/:id/office', fromHere, wordsLimit, async (context) => {
    const { party } = await needSession(node, context)
    const id = context.req.param('id')
    const form = await readFields(context)
    await actOnCall(schemeOf(node), party, id, form)
    return context.redirect(form.action === 'drop' ? '/fund/calls' : `/fund/calls/${id}/office`, 303)
  })
  addApplicationRoutes(web, node)
}

async function actOnCall(scheme: Scheme, party: string, id: string, form: Fields): Promise<void> {
  const { action, closes = '', note = '', assessor = '', agreed = '' } = form
  if (action === 'extend') return extendCall(scheme, party, id, closes)
  if (action === 'note') return noteCall(scheme, party, id, note)
  if (action === 'assessor') return addAssessor(scheme, party, id, readAssessor(assessor))
  if (action === 'drop') return dropCall(scheme, party, id)
  if (action === 'decide') return decideCall(scheme, party, id, agreed)
  throw new ColophonError('invalid_input', 'This form asks for nothing.', { where: 'action' })
}

function addApplicationRoutes(web: Api, node: Node): void {
  web.get(
    '/fund/applications/:id/office',
    signedIn(node, async (context, { party }) => {
      const scheme = schemeOf(node)
      requireOfficer(scheme, party)
      const application = await needApplication(scheme.db, context.req.param('id') ?? '')
      if (application.state === 'draft') throw new ColophonError('not_found', 'This was not sent.')
      const call = (await findCall(scheme.db, application.in_call))!
      return context.html(await officeApplicationPage(node, scheme, call, application))
    }),
  )
  web.post('/fund/applications/:id/office', fromHere, wordsLimit, async (context) => {
    const { party } = await needSession(node, context)
    const scheme = schemeOf(node)
    requireOfficer(scheme, party)
    const id = context.req.param('id')
    const form = await readFields(context)
    await actOnApplication(scheme, party, id, form)
    return context.redirect(`/fund/applications/${id}/office`, 303)
  })
}

async function actOnApplication(scheme: Scheme, party: string, id: string, form: Fields): Promise<void> {
  const { action, officerWords = '', notUrgent = '' } = form
  if (action === 'words') return writeWords(scheme, party, id, officerWords)
  if (action === 'refuse') return refuseUrgency(scheme, party, id, notUrgent)
  if (action === 'urgent') return decideUrgent(scheme, party, id)
  if (action === 'opinion') return sayOpinion(scheme, party, id, readOpinion(form))
  throw new ColophonError('invalid_input', 'This form asks for nothing.', { where: 'action' })
}
