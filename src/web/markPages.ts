import { html } from 'hono/html'
import { phases, profileNames, type Degree } from '../disclosure/index.ts'
import type { Node } from '../main.ts'
import { degreeLabel, phaseLabel } from './disclosureCard.ts'
import { areaField, selectField, textField } from './fields.ts'
import { page, type Html } from './layout.ts'
import { isExample } from './pages.ts'
import { t } from './text.ts'
import { useQuestions } from './wizardPages.ts'

const DEGREES: readonly Degree[] = [0, 1, 2, 3, 4, 'undisclosed']

/** The form that marks a file: what was done in which phase, in words; the file comes back marked. */
export function markPage(node: Node, work?: string): Html {
  return page({
    title: t('mark.title'),
    path: '/mark',
    isExample: isExample(node),
    content: html`<p class="lead">${t('mark.lead')}</p>
      <form action="/mark" method="post" enctype="multipart/form-data">
        <label for="file">${t('mark.file')}</label>
        <input id="file" name="file" type="file" required aria-describedby="privacy" />
        <p id="privacy" class="soft">${t('verify.privacy')}</p>
        ${textField('work', t('mark.work'), t('mark.work.help'), work)} ${disclosureFieldset()} ${textField('title', t('mark.workTitle'))} ${textField('creator', t('mark.creator'))}
        <button>${t('mark.submit')}</button>
      </form>
      <p class="soft">${t('mark.exempt')}</p>
      <p class="soft">${t('mark.watermark')}</p>`,
  })
}

/** What is asked about the making of a work, and about what may be done with it. */
export function disclosureFieldset(): Html {
  const options = [
    ['', t('mark.absent')] as const,
    ...DEGREES.map((degree) => [String(degree), `${degreeLabel(degree)}: ${t(`disclosure.means.${degree}`)}`] as const),
  ]
  return html`<fieldset>
      <legend>${t('mark.phases')}</legend>
      <p class="soft">${t('mark.phases.help')}</p>
      ${phases.map((phase) => selectField(`phase_${phase}`, phaseLabel(phase), options))}
    </fieldset>
    ${selectField(
      'review',
      t('mark.review'),
      (['reviewed', 'notReviewed', 'undisclosed'] as const).map(
        (review) => [review, t(`disclosure.review.${review}`)] as const,
      ),
      'undisclosed',
    )}
    ${selectField('profile', t('mark.profile'), [['', t('mark.profile.none')] as const, ...profileNames.map((name) => [name, t(`profile.${name}`)] as const)])}
    ${textField('system', t('mark.system'), t('mark.system.help'))} ${areaField('human', t('mark.human'), t('mark.human.help'))}
    ${usesFieldset()}`
}

const AI_ANSWERS = ['no', 'no-generative', 'research', 'yes'] as const

/** The same questions as for terms; here they go into the file, in brief. */
function usesFieldset(): Html {
  const unsaid = ['', t('wizard.reply.unsaid')] as const
  return html`<details>
    <summary>${t('mark.uses')}</summary>
    <p class="soft">${t('mark.uses.help')}</p>
    ${selectField('ai', t('mark.ai'), [unsaid, ...AI_ANSWERS.map((answer) => [answer, t(`wizard.ai.${answer}`)] as const)])}
    ${useQuestions(t('mark.others'))} ${textField('credit', t('wizard.credit'), t('wizard.credit.help'))}
    ${textField('license', t('disclosure.license'), t('mark.license.help'))}
  </details>`
}
