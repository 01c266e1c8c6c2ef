import { ColophonError, canonicalJson, uuidV7 } from '../../foundation/index.ts'
import {
  APPLICATION_FIELDS,
  ASSESSORS_MAX,
  applicationSchema,
  type Application,
  type ApplicationField,
  type ApplicationForm,
  type Problem,
} from './schema.ts'
import { inApplication, inCall, type Scheme, type Turn } from './scheme.ts'
import { callState, daysAfter, refuseState, requireStep } from './states.ts'
import {
  countApplications,
  deleteApplication,
  findApplication,
  listAssessors,
  updateApplication,
  type ApplicationRow,
} from './store.ts'

/** So many applications, drafts included, fit in one call. */
const APPLICATIONS_MAX = 50_000

export interface FormProblem {
  field: ApplicationField | 'knows'
  problem: Problem
}

/** Every field of a form as text, whatever was sent; what is longer than it may be is told when it is read. */
export function formOf(sent: Record<string, unknown>): ApplicationForm {
  const given = sent.knows ?? []
  const knows = (Array.isArray(given) ? given : [given]).filter((party) => typeof party === 'string')
  const text = (name: string) => {
    const value = Object.hasOwn(sent, name) ? sent[name] : ''
    return typeof value === 'string' ? value.replaceAll('\r\n', '\n') : ''
  }
  const fields = Object.keys(APPLICATION_FIELDS).map((name) => [name, text(name)])
  return { ...(Object.fromEntries(fields) as Record<ApplicationField, string>), knows: knows.slice(0, ASSESSORS_MAX) }
}

/** What is wrong with a form that is to be sent, field by field in their order; or the application that it says. */
export function readApplication(
  form: ApplicationForm,
  call: { awardCapCents: number; assessors: readonly string[] },
): { application: Application } | { problems: FormProblem[] } {
  const read = applicationSchema(call).safeParse(form)
  const found = new Map<string, Problem>()
  for (const { path, message } of read.success ? [] : read.error.issues) {
    const field = String(path[0])
    if (!found.has(field)) found.set(field, message as Problem)
  }
  // A union names no problem of its own.
  for (const [field, problem] of found) if (problem.startsWith('Invalid')) found.set(field, 'characters')
  for (const field of ['organisation', 'urgentReason'] as const)
    if (form[field].trim().length > APPLICATION_FIELDS[field]) found.set(field, 'long')
  if (form.isUrgent === 'yes' && form.urgentReason.trim() === '') found.set('urgentReason', 'missing')
  if (read.success && found.size === 0) return { application: read.data }
  const order = [...Object.keys(APPLICATION_FIELDS), 'knows']
  const problems = [...found].map(([field, problem]) => ({ field, problem }) as FormProblem)
  return { problems: problems.toSorted((a, b) => order.indexOf(a.field) - order.indexOf(b.field)) }
}

/** A draft that is longer than its fields cannot be kept. */
export function draftProblems(form: ApplicationForm): FormProblem[] {
  return Object.entries(APPLICATION_FIELDS)
    .filter(([field, max]) => form[field as ApplicationField].length > max)
    .map(([field]) => ({ field: field as ApplicationField, problem: 'long' }))
}

/** Keeps a form as it was typed, to be sent later. Errors: `state_not_allowed`, `duplicate_statement`, `too_large`. */
export async function saveDraft(scheme: Scheme, party: string, call: string, form: ApplicationForm): Promise<string> {
  if (draftProblems(form).length > 0) throw new ColophonError('too_large', 'a field of the draft is too long')
  return inCall(scheme, call, async (turn) => putForm(scheme, turn, party, form))
}

/**
 * Sends an application: from then on it stays as it is. Errors: those of a draft, and `invalid_input` with the first field
 * that has something wrong; `readApplication` tells them all.
 */
export async function sendApplication(
  scheme: Scheme,
  party: string,
  callId: string,
  form: ApplicationForm,
): Promise<string> {
  return inCall(scheme, callId, async (turn) => {
    const { queries, call, at, today } = turn
    const assessors = (await listAssessors(queries, callId)).map((assessor) => assessor.party)
    const read = readApplication(form, { awardCapCents: Number(call.award_cap_cents), assessors })
    if ('problems' in read) {
      const [{ field, problem }] = read.problems as [FormProblem]
      throw new ColophonError('invalid_input', `the application cannot be sent: ${problem}`, { where: field })
    }
    const id = await putForm(scheme, turn, party, form)
    requireStep('draft', 'sent')
    const { application } = read
    await updateApplication(queries, id, {
      state: 'sent',
      fields: canonicalJson(application),
      is_urgent: application.isUrgent ? 1n : 0n,
      asked_cents: BigInt(application.amount),
      country: application.country,
      sector: application.sector,
      sent_at: at,
      urgent_due: application.isUrgent ? daysAfter(today, Number(call.urgent_decision_days)) : null,
    })
    return id
  })
}

async function putForm(scheme: Scheme, { queries, call, at, today }: Turn, party: string, form: ApplicationForm) {
  if (callState(call, today) !== 'open')
    refuseState(`this call is ${callState(call, today)}`, 'Applications are taken while it is open.')
  if (party === scheme.fund) throw new ColophonError('not_authorised', 'the fund cannot apply for its own money')
  if ((await listAssessors(queries, call.id)).some((assessor) => assessor.party === party))
    throw new ColophonError('not_authorised', 'whoever assesses in a call cannot apply to it')
  const known = await findApplication(queries, { call: call.id, party })
  if (known && known.state !== 'draft')
    throw new ColophonError('duplicate_statement', 'you have applied to this call already', {
      where: known.id,
      remedy: 'Each party applies once to a call.',
    })
  const id = known?.id ?? uuidV7(scheme.effects)
  if (known) await updateApplication(queries, id, { fields: canonicalJson(form), saved_at: at })
  else await insertDraft({ queries, call, at }, { id, party, fields: canonicalJson(form) })
  return id
}

async function insertDraft(
  { queries, call, at }: Omit<Turn, 'today'>,
  { id, party, fields }: { id: string; party: string; fields: string },
): Promise<void> {
  if ((await countApplications(queries, call.id)) >= APPLICATIONS_MAX)
    throw new ColophonError('too_many_requests', 'this call has as many applications as it can take')
  const row: ApplicationRow = {
    id,
    in_call: call.id,
    party,
    state: 'draft',
    fields,
    is_urgent: 0n,
    asked_cents: 0n,
    saved_at: at,
    country: null,
    sector: null,
    sent_at: null,
    urgent_due: null,
    not_urgent: null,
    officer_words: null,
  }
  await queries.insertInto('support_application').values(row).execute()
}

/** Takes an application back before it is decided: its texts go at once. A draft goes wholly. */
export async function withdrawApplication(scheme: Scheme, party: string, id: string): Promise<void> {
  await inApplication(scheme, id, async ({ queries, application }) => {
    requireApplicant(application, party)
    if (application.state === 'draft') return deleteApplication(queries, id)
    requireStep(application.state, 'withdrawn')
    for (const table of ['support_conflict', 'support_score'] as const)
      await queries.deleteFrom(table).where('application', '=', id).execute()
    await updateApplication(queries, id, { state: 'withdrawn', fields: '{}', officer_words: null, not_urgent: null })
  })
}

export function requireApplicant(application: ApplicationRow, party: string): void {
  if (application.party !== party)
    throw new ColophonError('not_found', 'there is no such application', { where: application.id })
}

/** What was sent; an application whose texts were erased has none. */
export function sentFields({ state, fields }: ApplicationRow): Application | undefined {
  const read = JSON.parse(fields) as Partial<Application>
  return state === 'draft' || read.name === undefined ? undefined : (read as Application)
}
