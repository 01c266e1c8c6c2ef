import { needSession, type Api } from '../../api/index.ts'
import { ColophonError } from '../../foundation/index.ts'
import {
  criteriaOf,
  declareConflict,
  findCall,
  giveScore,
  needApplication,
  sayOpinion,
  type CallRow,
  type Scheme,
} from '../../levy/index.ts'
import type { Node } from '../../main.ts'
import { fromHere } from '../account/fromHere.ts'
import { t } from '../text.ts'
import { assessPage } from './assessPages.ts'
import { readFields, schemeOf, signedIn, wordsLimit } from './common.ts'

type Fields = Record<string, string>

/** What assessors do with an application, one form each; what is wrong stands beside its field, with all that was typed. */
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
    const values = await readFields(context)
    const call = (await findCall(scheme.db, (await needApplication(scheme.db, id)).in_call))!
    const problems = problemsOf(values, call)
    if (Object.keys(problems).length > 0)
      return context.html(await assessPage(node, scheme, id, party, { values, problems }), 422)
    await act(scheme, id, party, values, call)
    // Whoever has said that there is no conflict goes on to the application, otherwise back to the list.
    const isNext = values.action === 'declare' && values.isConflict === 'no'
    return context.redirect(isNext ? `/fund/applications/${id}/assess` : `/fund/calls/${call.id}/assess`, 303)
  })
}

async function act(scheme: Scheme, id: string, party: string, values: Fields, call: CallRow): Promise<void> {
  const { action, isConflict, conflictWords = '' } = values
  if (action === 'declare')
    return declareConflict(scheme, id, party, { isConflict: isConflict === 'yes', words: conflictWords })
  if (action === 'opinion') return sayOpinion(scheme, party, id, readOpinion(values))
  const scores = criteriaOf(call).map((_, i) => ({
    points: Number(values[`points-${i}`]),
    words: values[`words-${i}`] ?? '',
  }))
  return giveScore(scheme, id, party, scores)
}

/** What is missing in a form, or is no such number of points, by field. */
function problemsOf(values: Fields, call: CallRow): Fields {
  const missing = t('support_problem_missing')
  const isBlank = (name: string) => (values[name] ?? '').trim() === ''
  const isOpen = (name: string) => values[name] !== 'yes' && values[name] !== 'no'
  const wrong: [string, string | false][] = []
  if (values.action === 'declare')
    wrong.push(
      ['isConflict', isOpen('isConflict') && missing],
      ['conflictWords', values.isConflict === 'yes' && isBlank('conflictWords') && missing],
    )
  else if (values.action === 'opinion')
    wrong.push(['upholds', isOpen('upholds') && missing], ['words', isBlank('words') && missing])
  else
    for (const [i, { pointsMax }] of criteriaOf(call).entries()) {
      const points = values[`points-${i}`]?.trim() ?? ''
      const isRight = /^\d{1,3}$/.test(points) && Number(points) <= pointsMax
      wrong.push([`points-${i}`, !isRight && t('support_give', { max: pointsMax })])
      wrong.push([`words-${i}`, isBlank(`words-${i}`) && missing])
    }
  return Object.fromEntries(wrong.filter((one): one is [string, string] => one[1] !== false))
}

/** Errors: `invalid_input` for an answer that is neither yes nor no. */
export function readOpinion({ upholds, words = '' }: Fields) {
  if (upholds === 'yes' || upholds === 'no') return { upholds: upholds === 'yes', words }
  throw new ColophonError('invalid_input', 'Answer yes or no.', {
    where: 'upholds',
    remedy: 'Go back and choose one.',
  })
}
