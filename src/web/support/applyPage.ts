import { html } from 'hono/html'
import {
  APPLICATION_FIELDS,
  SUPPORT_SECTORS,
  listAssessors,
  type ApplicationForm,
  type CallRow,
  type FormProblem,
  type Scheme,
} from '../../levy/index.ts'
import type { Node } from '../../main.ts'
import { page, type Html } from '../layout.ts'
import { isExample } from '../pages.ts'
import { t } from '../text.ts'
import { callLink, saySector } from './callPages.ts'
import { countryOptions } from './countries.ts'
import { choiceField, lineField, money, problemSummary, proseField, tick, yesOrNo, type Filled } from './fields.ts'

/** What is told above a form beside what is wrong in it: that nobody is signed in any more, or why it was refused. */
export interface FormNotice {
  problems: readonly FormProblem[]
  refused?: string
  isSignedOut?: boolean
}

/** The application: one thing a section; whatever goes wrong, everything that was typed stands there again. */
export async function applyPage(
  node: Node,
  scheme: Scheme,
  call: CallRow,
  form: ApplicationForm,
  { problems, refused, isSignedOut }: FormNotice = { problems: [] },
): Promise<Html> {
  const { knows, ...values } = form
  const filled: Filled = {
    values,
    problems: Object.fromEntries(problems.map(({ field, problem }) => [field, t(`support_problem_${problem}`)])),
  }
  return page({
    title: t('support_apply'),
    path: '/fund/calls/apply',
    isExample: isExample(node),
    content: html`<p class="lead">${callLink(call)}</p>
      <p>${t('support_form_lead')}</p>
      ${isSignedOut ? html`<p role="alert" class="note">${t('support_signedOut')} <a href="/account" target="_blank">${t('account.signIn')}</a></p>` : ''}
      ${refused === undefined ? '' : html`<p role="alert" class="note" lang="en">${refused}</p>`}
      ${problemSummary(filled, labels(call))}
      <form action="/fund/calls/${call.id}/apply" method="post" enctype="multipart/form-data" autocomplete="on">
        ${whoSection(filled, call)} ${whatSection(filled, call)} ${moneySection(filled, call)}
        ${urgentSection(filled, call)} ${otherSection(filled, call)} ${await knowsSection(scheme, call, knows, filled)}
        ${yesOrNo(filled, { name: 'publishes', label: labels(call).publishes! })}
        <p>${t('support_kept')}</p>
        <p>
          <button name="action" value="send">${t('support_send')}</button>
          <button name="action" value="save" class="second">${t('support_save')}</button>
        </p>
      </form>`,
  })
}

function labels({ currency }: CallRow): Record<string, string> {
  return {
    name: t('request.name'),
    contact: t('account.mail.address'),
    country: t('support_country'),
    sector: t('support_sector'),
    organisation: t('support_organisation'),
    purpose: t('support_purpose'),
    amount: t('support_amount', { currency }),
    acceptsLess: t('support_less'),
    isUrgent: t('support_urgent'),
    urgentReason: t('support_urgentReason'),
    otherSupport: t('support_otherSupport'),
    knows: t('support_knows'),
    publishes: t('support_publishes'),
  }
}

function whoSection(filled: Filled, call: CallRow): Html {
  const label = labels(call)
  return html`<fieldset>
    <legend>${t('support_who')}</legend>
    ${lineField(filled, { name: 'name', label: label.name!, autocomplete: 'name' })}
    ${lineField(filled, {
      name: 'contact',
      label: label.contact!,
      help: t('support_contact_help'),
      max: 320,
      autocomplete: 'email',
      inputMode: 'email',
    })}
    ${choiceField(filled, { name: 'country', label: label.country!, autocomplete: 'country' }, [['', '–'], ...countryOptions()])}
    ${choiceField(filled, { name: 'sector', label: label.sector! }, [
      ['', '–'],
      ...SUPPORT_SECTORS.map((sector) => [sector, saySector(sector)] as const),
    ])}
    ${lineField(filled, {
      name: 'organisation',
      label: label.organisation!,
      help: t('support_organisation_help'),
      autocomplete: 'organization',
    })}
  </fieldset>`
}

function whatSection(filled: Filled, call: CallRow): Html {
  const max = APPLICATION_FIELDS.purpose
  const help = t('support_purpose_help', { max })
  return proseField(filled, { name: 'purpose', label: labels(call).purpose!, help, max }, 10)
}

function moneySection(filled: Filled, call: CallRow): Html {
  const cap = money(call.award_cap_cents, call.currency)
  return html`<fieldset>
    <legend>${t('support_money')}</legend>
    ${lineField(filled, {
      name: 'amount',
      label: labels(call).amount!,
      help: t('support_amount_help', { cap }),
      max: APPLICATION_FIELDS.amount,
      inputMode: 'decimal',
    })}
    ${tick('acceptsLess', 'yes', t('support_less'), filled.values.acceptsLess === 'yes')}
    <p class="soft">${t('support_less_help')}</p>
  </fieldset>`
}

function urgentSection(filled: Filled, call: CallRow): Html {
  const label = labels(call)
  return yesOrNo(
    filled,
    {
      name: 'isUrgent',
      label: label.isUrgent!,
      help: t('support_urgent_help', { days: Number(call.urgent_decision_days) }),
    },
    proseField(filled, { name: 'urgentReason', label: label.urgentReason! }),
  )
}

function otherSection(filled: Filled, call: CallRow): Html {
  const help = t('support_otherSupport_help')
  return proseField(filled, { name: 'otherSupport', label: labels(call).otherSupport!, help })
}

/** Whoever is ticked sees nothing of the application. */
async function knowsSection(
  scheme: Scheme,
  call: CallRow,
  knows: readonly string[],
  { problems }: Filled,
): Promise<Html> {
  const assessors = await listAssessors(scheme.db, call.id)
  return html`<fieldset id="knows" aria-describedby="knows-help">
    <legend>${t('support_knows')}</legend>
    <p id="knows-help" class="soft">${t('support_knows_help')}</p>
    ${problems.knows === undefined ? '' : html`<p><strong>${problems.knows}</strong></p>`}
    ${assessors.map(({ party, name, organisation }) =>
      tick('knows', party, organisation === null ? name : `${name} (${organisation})`, knows.includes(party)),
    )}
  </fieldset>`
}
