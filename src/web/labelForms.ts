import { html } from 'hono/html'
import { needLabel } from '../api/index.ts'
import type { Node } from '../main.ts'
import { findParty, findWork } from '../register/index.ts'
import { findApprovers, labelCodes, noticeCodes, saySeason, type LabelReading } from '../rights/index.ts'
import { areaField, dayField, textField } from './fields.ts'
import { code, facts, page, type Html } from './layout.ts'
import { isExample } from './pages.ts'
import { isPasskey, partyLink, partyName } from './partyNames.ts'
import { choice } from './reservePages.ts'
import { signingForm } from './signingForm.ts'
import { targetName } from './termsPages.ts'
import { t, when, words } from './text.ts'

/** A community applies its label to a work, an institution a notice. Undefined when there is no such public work. */
export async function newLabelPage(node: Node, id: string | undefined): Promise<Html | undefined> {
  const work = id === undefined ? undefined : await findWork(node.register.database.db, id)
  if (!work || work.is_sealed === 1n) return undefined
  return page({
    title: t('label.new.title'),
    path: '/labels/new',
    isExample: isExample(node),
    script: 'sign',
    content: html`<p class="lead">${t('label.new.lead', { title: work.title })}</p>
      <p>${t('label.new.whose')}</p>
      <p>${t('label.new.restricted')} ${t('audit.unprotected')}</p>
      ${signingForm({
        kind: 'label',
        hidden: { work: work.id },
        isKnown: false,
        nameLabel: t('label.signer'),
        content: labelFields(),
      })}`,
  })
}

function labelFields(): Html {
  const group = (name: string, codes: readonly string[]) =>
    html`<optgroup label="${t(`label.group.${name}`)}">
      ${codes.map((each) => html`<option value="${each}">${t(`labels.code.${each}`)} (${each})</option>`)}
    </optgroup>`
  return html`<fieldset>
      <legend>${t('label.which')}</legend>
      <label for="code">${t('label.code')}</label
      ><select id="code" name="code" required aria-describedby="code-help">
        <option value="">${t('label.choose')}</option>
        ${group(
          'tk',
          labelCodes.filter((each) => each.startsWith('tk')),
        )}
        ${group(
          'bc',
          labelCodes.filter((each) => each.startsWith('bc')),
        )}
        ${group('notice', noticeCodes)}
      </select>
      <p id="code-help" class="soft">${t('label.code.help')}</p>
      <div class="row">
        ${dayField('seasonFrom', t('label.seasonFrom'))} ${dayField('seasonUntil', t('label.seasonUntil'))}
      </div>
      <p class="soft">${t('label.season.help')}</p>
    </fieldset>
    <fieldset>
      <legend>${t('label.words')}</legend>
      ${textField('labelName', t('label.name'), t('label.name.help'))}
      ${areaField('text', t('label.text'), t('label.text.help'), 3000)}
      ${textField('language', t('label.language'), t('label.language.help'))}
      ${textField('url', t('label.url'), t('label.url.help'))}
      ${areaField('benefitSharing', t('labels.benefit'), t('label.benefit.help'), 2000)}
    </fieldset>`
}

/** One label: what it says, who has approved it, where it stands, and what its community can do now. */
export async function labelPage(node: Node, id: string): Promise<Html> {
  const label = await needLabel(node, id)
  const name = await partyName(node, label.party)
  return page({
    title: label.details.name ?? t(`labels.code.${label.code}`),
    path: '/labels',
    isExample: isExample(node),
    script: 'sign',
    content: html`<p class="lead">${t(`label.state.${label.state}`, { name })}</p>
      ${label.details.text ? html`<blockquote lang="${label.details.language ?? ''}">${label.details.text}</blockquote>` : ''}
      ${await labelFacts(node, label, name)} ${await approvals(node, label)} ${await approvalForm(node, label)}
      ${label.state === 'takenBack' ? '' : withdrawalForm(label, name)}`,
  })
}

async function labelFacts(node: Node, label: LabelReading, name: string): Promise<Html> {
  const { details, target, takenBackFrom } = label
  const seasons = details.seasons?.map((season) => saySeason(season, words)).join(', ')
  return facts([
    [t('label.code'), `${t(`labels.code.${label.code}`)} (${label.code})`],
    [t('label.by'), html`${partyLink(label.party, name)}. ${t('labels.vouched', { count: label.vouchedBy })}`],
    [t('terms.about'), target.kind === 'party' ? partyLink(target.id, name) : await targetName(node, target)],
    seasons === undefined ? undefined : [t('label.seasons'), seasons],
    details.benefitSharing === undefined ? undefined : [t('labels.benefit'), details.benefitSharing],
    details.url === undefined
      ? undefined
      : [t('label.url'), html`<a href="${details.url}" rel="noreferrer">${details.url}</a>`],
    [t('label.applied'), html`<a href="/receipts/${label.logIndex}">${when(label.recordedAt)}</a>`],
    takenBackFrom === null ? undefined : [t('consent.takenBack'), when(takenBackFrom)],
    [t('consent.id'), code(label.id)],
  ])
}

/** Who has to approve a community's labels, and how it says otherwise. Undefined for whoever is no community. */
export async function approversPage(node: Node, id: string): Promise<Html | undefined> {
  const party = await findParty(node.register.database.db, id)
  if (party?.kind !== 'community' || party.is_sealed === 1n) return undefined
  const { parties, threshold } = (await findApprovers(node.register.database.db, id)) ?? { parties: [], threshold: 0 }
  const rows = []
  for (const each of parties) rows.push(html`<li>${partyLink(each, await partyName(node, each))} ${code(each)}</li>`)
  return page({
    title: t('approvers.title', { name: party.name }),
    path: '/parties',
    isExample: isExample(node),
    script: 'sign',
    content: html`${
      rows.length === 0
        ? html`<p>${t('approvers.none')}</p>`
        : html`<p>${t('approvers.count', { needed: threshold })}</p>
            <ul>
              ${rows}
            </ul>`
    }
      <h2>${t('approvers.change')}</h2>
      <p>${t('approvers.change.text', { name: party.name })}</p>
      ${signingForm({
        kind: 'approvers',
        hidden: { community: id },
        isKnown: true,
        hasPasskey: isPasskey(id),
        content: html`${areaField('approvers', t('approvers.who'), t('approvers.who.help'), 10_000, parties.join('\n'))}
          <label for="approvalsNeeded">${t('approvers.needed')}</label
          ><input
            id="approvalsNeeded"
            name="approvalsNeeded"
            type="number"
            min="1"
            max="50"
            value="${Math.max(1, threshold)}"
          />`,
      })}`,
  })
}

async function approvals(node: Node, { approvals: given, approvalsNeeded }: LabelReading): Promise<Html | ''> {
  if (approvalsNeeded === 0 && given.length === 0) return ''
  const rows = []
  for (const { party, recordedAt, logIndex } of given)
    rows.push(
      html`<li>
        ${partyLink(party, await partyName(node, party))}, <a href="/receipts/${logIndex}">${when(recordedAt)}</a>
      </li>`,
    )
  return html`<h2>${t('label.approvals')}</h2>
    <p>${t('label.approvals.count', { given: given.length, needed: approvalsNeeded })}</p>
    ${rows.length === 0 ? '' : html`<ul>${rows}</ul>`}`
}

async function approvalForm(node: Node, label: LabelReading): Promise<Html | ''> {
  const { id, state, mayApprove } = label
  if (state !== 'waiting' || mayApprove.length === 0) return ''
  const choices = []
  for (const party of mayApprove)
    choices.push(choice('approver', party, await partyName(node, party), mayApprove.length === 1))
  return html`<h2>${t('label.approve')}</h2>
    ${signingForm({
      kind: 'approval',
      hidden: { label: id },
      isKnown: true,
      hasPasskey: mayApprove.some(isPasskey),
      content: html`<fieldset>
        <legend>${t('label.approve.who')}</legend>
        ${choices}
      </fieldset>`,
    })}`
}

function withdrawalForm({ id, party }: LabelReading, name: string): Html {
  return html`<h2>${t('label.withdraw')}</h2>
    <p>${t('label.withdraw.text', { name })}</p>
    ${signingForm({
      kind: 'withdrawal',
      hidden: { label: id },
      isKnown: true,
      hasPasskey: isPasskey(party),
      content: dayField('from', t('takeBack.from'), t('takeBack.from.help')),
    })}`
}
