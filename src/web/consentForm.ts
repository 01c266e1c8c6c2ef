import { html } from 'hono/html'
import { AS_PROPOSED, lastDay } from '../api/index.ts'
import { actions, purposes, sayRules, type Action, type RightsRule } from '../rights/index.ts'
import { areaField, dayField, selectField, territoryField, textField } from './fields.ts'
import type { Html } from './layout.ts'
import { t, words } from './text.ts'
import { currencyField } from './wizardPages.ts'

const FLOP_EXPONENTS = [20, 21, 22, 23, 24, 25, 26, 27]

/** What is asked for or offered, for what and on which conditions. */
export function proposalForm(manner: 'ask' | 'offer'): Html {
  return html`${ruleForm(manner)} ${whyFields(manner)}`
}

/** One rule with its price. */
export function ruleForm(manner: 'ask' | 'offer'): Html {
  return html`<fieldset>
      <legend>${t(`${manner}.what`)}</legend>
      ${actionFields('', t(`${manner}.action`))}
    </fieldset>
    <fieldset>
      <legend>${t(`${manner}.return`)}</legend>
      ${priceFields('')}
    </fieldset>`
}

/** Every rule that was proposed, with what can be changed in it filled in; what the form has no words for stays. */
export function counterForm(proposed: readonly RightsRule[], manner: 'ask' | 'counter' = 'counter'): Html {
  return html`${proposed.map((rule, place) => {
    const suffix = `-${place + 1}`
    return html`<fieldset>
      <legend>${t(manner === 'ask' ? 'offer.ask.rule' : 'counter.rule', { place: place + 1, count: proposed.length })}</legend>
      ${
        proposed.length === 1
          ? html`<input type="hidden" name="keep${suffix}" value="yes" />`
          : html`<label class="choice"
              ><input type="checkbox" name="keep${suffix}" value="yes" checked /> ${t('counter.keep')}</label
            >`
      }
      <p>${sayRules([rule], words)}</p>
      ${actionFields(suffix, t('counter.action'), rule)} ${priceFields(suffix, rule)}
    </fieldset>`
  })}
  ${whyFields(manner)}`
}

function actionFields(suffix: string, label: string, earlier?: RightsRule): Html {
  const { action = 'col:trainAI', purposes: given = [], territory = [], until, modelFlopExponentMax } = earlier ?? {}
  const named = ASKED.includes(action) ? ASKED : [...ASKED, action]
  const exponents = new Set([...FLOP_EXPONENTS, ...(modelFlopExponentMax === undefined ? [] : [modelFlopExponentMax])])
  return html`${selectField(
    `action${suffix}`,
    label,
    named.map((each) => [each, t(`work.action.${each}`)]),
    action,
  )}
  ${selectField(`for${suffix}`, t('ask.for'), [...asProposed(given.length > 1), ['', t('ask.for.any')], ...purposes.map((purpose) => [purpose, t(`rule.purpose.${purpose}`)] as const)], given.length > 1 ? AS_PROPOSED : given[0])}
  ${territoryField(territory, `territory${suffix}`, asProposed(true))}
  ${dayField(`until${suffix}`, t('ask.until'), t('ask.until.help'), until === undefined ? '' : lastDay(until))}
  ${selectField(`modelFlopExponent${suffix}`, t('ask.model'), [['', t('ask.model.any')], ...[...exponents].map((exponent) => [String(exponent), t('ask.model.at', { exponent })] as const)], String(modelFlopExponentMax ?? ''))}
  ${suffix === '' || suffix === '-1' ? html`<p class="soft">${t('ask.model.help')}</p>` : ''}`
}

function asProposed(isOffered: boolean): (readonly [string, string])[] {
  return isOffered ? [[AS_PROPOSED, t('counter.asProposed')]] : []
}

function priceFields(suffix: string, earlier?: RightsRule): Html {
  const payment = earlier?.duties?.find((duty) => duty.action === 'odrl:compensate')
  return html`<div class="row">
    ${textField(`price${suffix}`, t('wizard.price'), t('wizard.price.help'), payment?.pay.amount)}
    ${currencyField(payment?.pay.currency, `currency${suffix}`)}
    ${selectField(
      `per${suffix}`,
      t('wizard.per'),
      (['once', 'work', 'year', 'use'] as const).map((per) => [per, t(`duty.per.${per}`)]),
      payment?.per,
    )}
  </div>`
}

function whyFields(manner: 'ask' | 'offer' | 'counter'): Html {
  return html`<fieldset>
      <legend>${t(`${manner}.why`)}</legend>
      ${areaField('purpose', t('ask.purpose'), t('ask.purpose.help'))} ${areaField('benefit', t('ask.benefit'))}
      ${areaField('harm', t('ask.harm'), t('ask.harm.help'))}
    </fieldset>
    ${dayField('answerBy', t('ask.answerBy'), t('ask.answerBy.help'))}`
}

/** Being found and accessible copies need nobody's permission here. */
const ASKED: readonly Action[] = actions.filter((action) => action !== 'odrl:index' && action !== 'col:makeAccessible')
