import { html } from 'hono/html'
import { actions, purposes, type RightsRule } from '../rights/index.ts'
import { areaField, dayField, selectField, territoryField, textField } from './fields.ts'
import type { Html } from './layout.ts'
import { t } from './text.ts'
import { currencyField } from './wizardPages.ts'

const FLOP_EXPONENTS = [20, 21, 22, 23, 24, 25, 26, 27] as const

/** What is asked for, for what and on which conditions; `earlier` is the rule that is countered. */
export function proposalForm(earlier?: RightsRule): Html {
  const payment = earlier?.duties?.find((duty) => duty.action === 'odrl:compensate')
  return html`<fieldset>
      <legend>${t('ask.what')}</legend>
      ${selectField(
        'action',
        t('ask.action'),
        ASKED.map((action) => [action, t(`work.action.${action}`)]),
        earlier?.action ?? 'col:trainAI',
      )}
      ${selectField('for', t('ask.for'), [['', t('ask.for.any')], ...purposes.map((purpose) => [purpose, t(`rule.purpose.${purpose}`)] as const)], earlier?.purposes?.[0])}
      ${territoryField(earlier?.territory?.[0])} ${dayField('until', t('ask.until'), t('ask.until.help'))}
      ${selectField('modelFlopExponent', t('ask.model'), [['', t('ask.model.any')], ...FLOP_EXPONENTS.map((exponent) => [String(exponent), t('ask.model.at', { exponent })] as const)], String(earlier?.modelFlopExponentMax ?? ''))}
      <p class="soft">${t('ask.model.help')}</p>
    </fieldset>
    <fieldset>
      <legend>${t('ask.return')}</legend>
      <div class="row">
        ${textField('price', t('wizard.price'), t('wizard.price.help'), payment?.pay.amount)}
        ${currencyField(payment?.pay.currency)}
        ${selectField(
          'per',
          t('wizard.per'),
          (['once', 'work', 'year', 'use'] as const).map((per) => [per, t(`duty.per.${per}`)]),
          payment?.per,
        )}
      </div>
    </fieldset>
    <fieldset>
      <legend>${t('ask.why')}</legend>
      ${areaField('purpose', t('ask.purpose'), t('ask.purpose.help'))} ${areaField('benefit', t('ask.benefit'))}
      ${areaField('harm', t('ask.harm'), t('ask.harm.help'))}
    </fieldset>
    ${dayField('answerBy', t('ask.answerBy'), t('ask.answerBy.help'))}`
}

/** Being found and accessible copies need nobody's permission here. */
const ASKED = actions.filter((action) => action !== 'odrl:index' && action !== 'col:makeAccessible')
