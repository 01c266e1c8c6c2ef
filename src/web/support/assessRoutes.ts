import { needSession, type Api } from '../../api/index.ts'
import { ColophonError } from '../../foundation/index.ts'
import { criteriaOf, declareConflict, findCall, giveScore, needApplication, sayOpinion } from '../../levy/index.ts'
import type { Node } from '../../main.ts'
import { fromHere } from '../account/fromHere.ts'
import { assessPage } from './assessPages.ts'
import { readFields, schemeOf, signedIn, wordsLimit } from './common.ts'

/** What assessors do with an application, one form each. */
export function addAssessRoutes(web: Api, node: Node): void {
  web.get(
    '/fund/applications/:id/assess',
    signedIn(node, async (context, { party }) =>
      context.html(await assessPage(node, schemeOf(node), context.req.param('id') ?? '', party)),
    ),
  )
  web.post('/fund/applications/:id/assess', fromHere, wordsLimit, async (context) => {
    const { party } = await needSession(node, context)
    const scheme = schemeOf(node)
    const id = context.req.param('id')
    const form = await readFields(context)
    if (form.action === 'declare')
      await declareConflict(scheme, id, party, {
        isConflict: isYes('isConflict', form),
        words: form.conflictWords ?? '',
      })
    else if (form.action === 'opinion') await sayOpinion(scheme, party, id, readOpinion(form))
    else {
      const call = (await findCall(scheme.db, (await needApplication(scheme.db, id)).in_call))!
      await giveScore(scheme, id, party, readScores(form, criteriaOf(call).length))
    }
    const call = (await needApplication(scheme.db, id)).in_call
    // Whoever has said that there is no conflict goes on to the application, otherwise back to the list.
    const isNext = form.action === 'declare' && form.isConflict === 'no'
    return context.redirect(isNext ? `/fund/applications/${id}/assess` : `/fund/calls/${call}/assess`, 303)
  })
}

export function readOpinion(form: Record<string, string>) {
  return { upholds: isYes('upholds', form), words: form.words ?? '' }
}

function isYes(name: string, form: Record<string, string>): boolean {
  if (form[name] === 'yes' || form[name] === 'no') return form[name] === 'yes'
  throw new ColophonError('invalid_input', 'Answer yes or no.', { where: name, remedy: 'Go back and choose one.' })
}

function readScores(form: Record<string, string>, count: number) {
  return Array.from({ length: count }, (_, i) => {
    const points = form[`points-${i}`]?.trim() ?? ''
    if (!/^\d{1,3}$/.test(points))
      throw new ColophonError('invalid_input', 'Points are a whole number.', {
        where: `points-${i}`,
        remedy: 'Go back and write one for each criterion.',
      })
    return { points: Number(points), words: form[`words-${i}`] ?? '' }
  })
}
