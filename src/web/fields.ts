import { html, raw } from 'hono/html'
import type { Html } from './layout.ts'
import { sayPlace } from '../rights/index.ts'
import { t, words } from './text.ts'

/** A line of text with its label, and help that is read out with it. */
export function textField(name: string, label: string, help?: string, value = ''): Html {
  return html`<div>
    <label for="${name}">${label}</label
    ><input id="${name}" name="${name}" type="text" value="${value}" maxlength="500" ${describedBy(name, help)} />
    ${helpText(name, help)}
  </div>`
}

export function areaField(name: string, label: string, help?: string, lengthMax = 1000, value = ''): Html {
  return html`<label for="${name}">${label}</label
    ><textarea id="${name}" name="${name}" rows="2" maxlength="${lengthMax}" ${describedBy(name, help)}>${value}</textarea>
    ${helpText(name, help)}`
}

export function dayField(name: string, label: string, help?: string, value = ''): Html {
  return html`<div>
    <label for="${name}">${label}</label><input id="${name}" name="${name}" type="date" value="${value}" ${describedBy(name, help)} />
    ${helpText(name, help)}
  </div>`
}

export function selectField(
  name: string,
  label: string,
  options: readonly (readonly [string, string])[],
  chosen?: string,
): Html {
  return html`<div>
    <label for="${name}">${label}</label
    ><select id="${name}" name="${name}">
      ${options.map(([value, text]) => html`<option value="${value}" ${value === chosen ? raw('selected') : ''}>${text}</option>`)}
    </select>
  </div>`
}

const COUNTRIES =
  'AL AT BA BE BG CH CY CZ DE DK EE ES FI FR GB GR HR HU IE IS IT LI LT LU LV MD ME MK MT NL NO PL PT RO RS SE SI SK TR UA US'.split(
    ' ',
  )

/**
 * Everywhere, a group of countries, or one of them, by their names in the visitor's language. Where several are chosen,
 * or one that is not listed, the choices in `otherwise` stand for them.
 */
export function territoryField(
  chosen: readonly string[] = [],
  name = 'territory',
  otherwise: readonly (readonly [string, string])[] = [],
): Html {
  const countries = COUNTRIES.map((code) => [code, sayPlace(code, words)] as const)
  const byName = countries.toSorted((a, b) => a[1].localeCompare(b[1], words.language))
  const groups = (['WORLD', 'EU', 'EEA'] as const).map((code) => [code, t(`wizard.place.${code}`)] as const)
  const options = [...groups, ...byName]
  const isListed = chosen.length === 0 || (chosen.length === 1 && options.some(([code]) => code === chosen[0]))
  return isListed
    ? selectField(name, t('wizard.territory'), options, chosen[0])
    : selectField(name, t('wizard.territory'), [...otherwise, ...options])
}

/** One country, or none. */
export function countryField(name: string, label: string): Html {
  const byName = COUNTRIES.map((code) => [code, sayPlace(code, words)] as const).toSorted((a, b) =>
    a[1].localeCompare(b[1], words.language),
  )
  return selectField(name, label, [['', '–'], ...byName])
}

function describedBy(name: string, help: string | undefined): Html | '' {
  return help === undefined ? '' : html`aria-describedby="${name}-help"`
}

function helpText(name: string, help: string | undefined): Html | '' {
  return help === undefined ? '' : html`<p id="${name}-help" class="soft">${help}</p>`
}
