import { html, raw } from 'hono/html'
import type { Html } from '../layout.ts'
import { t, words } from '../text.ts'

/** What stands in a form, and what is wrong with it, by field. */
export interface Filled {
  values: Record<string, string>
  problems: Record<string, string>
}

export const BLANK: Filled = { values: {}, problems: {} }

interface Field {
  name: string
  label: string
  help?: string
  /** Longest text, in characters. */
  max?: number
  /** What browsers may fill in by themselves (WCAG 1.3.5). */
  autocomplete?: string
  inputMode?: 'decimal' | 'email' | 'numeric'
}

/** A line of text, with what is wrong with it beside it. */
export function lineField(filled: Filled, { name, label, help, max = 200, autocomplete, inputMode }: Field): Html {
  return html`<div>
    <label for="${name}">${label}</label>
    ${problemOf(filled, name)}
    <input
      id="${name}"
      name="${name}"
      type="text"
      value="${filled.values[name] ?? ''}"
      maxlength="${max}"
      ${autocomplete ? raw(`autocomplete="${autocomplete}"`) : ''}
      ${inputMode ? raw(`inputmode="${inputMode}"`) : ''}
      ${described(filled, name, help)}
    />
    ${helpOf(name, help)}
  </div>`
}

export function proseField(filled: Filled, { name, label, help, max = 2000 }: Field, rows = 4): Html {
  // Browsers leave out a line end at the very beginning.
  return html`<div>
    <label for="${name}">${label}</label>
    ${problemOf(filled, name)}
    <textarea id="${name}" name="${name}" rows="${rows}" maxlength="${max}" ${described(filled, name, help)}>
${filled.values[name] ?? ''}</textarea
    >
    ${helpOf(name, help)}
  </div>`
}

export function dateField(filled: Filled, { name, label, help }: Field): Html {
  return html`<div>
    <label for="${name}">${label}</label>
    ${problemOf(filled, name)}
    <input id="${name}" name="${name}" type="date" value="${filled.values[name] ?? ''}" ${described(filled, name, help)} />
    ${helpOf(name, help)}
  </div>`
}

export function choiceField(
  filled: Filled,
  { name, label, help, autocomplete }: Field,
  options: readonly (readonly [string, string])[],
): Html {
  return html`<div>
    <label for="${name}">${label}</label>
    ${problemOf(filled, name)}
    <select id="${name}" name="${name}" ${autocomplete ? raw(`autocomplete="${autocomplete}"`) : ''} ${described(filled, name, help)}>
      ${options.map(
        ([value, text]) =>
          html`<option value="${value}" ${value === filled.values[name] ? raw('selected') : ''}>${text}</option>`,
      )}
    </select>
    ${helpOf(name, help)}
  </div>`
}

/** A question that is answered yes or no, as a section of its own. */
export function yesOrNo(filled: Filled, { name, label, help }: Field, more: Html | '' = ''): Html {
  return html`<fieldset ${described(filled, name, help)}>
    <legend>${label}</legend>
    ${help === undefined ? '' : html`<p id="${name}-help" class="soft">${help}</p>`} ${problemOf(filled, name)}
    ${(['yes', 'no'] as const).map(
      (value, i) =>
        html`<label class="choice"
          ><input
            id="${i === 0 ? name : `${name}-no`}"
            type="radio"
            name="${name}"
            value="${value}"
            ${filled.values[name] === value ? raw('checked') : ''}
          />
          ${t(`request.answer.${value}`)}</label
        >`,
    )}
    ${more}
  </fieldset>`
}

export function tick(name: string, value: string, label: string, isTicked: boolean): Html {
  return html`<label class="choice"
    ><input type="checkbox" name="${name}" value="${value}" ${isTicked ? raw('checked') : ''} /> ${label}</label
  >`
}

/** What is to be corrected, first on the page, each with a link to its field. */
export function problemSummary({ problems }: Filled, labels: Record<string, string>): Html | '' {
  const found = Object.entries(problems)
  if (found.length === 0) return ''
  return html`<div role="alert" class="note">
    <h2>${t('support_problems', { count: found.length })}</h2>
    <ul>
      ${found.map(([name, text]) => html`<li><a href="#${name}">${labels[name] ?? name}</a>: ${text}</li>`)}
    </ul>
  </div>`
}

function problemOf({ problems }: Filled, name: string): Html | '' {
  const text = problems[name]
  return text === undefined ? '' : html`<p id="${name}-problem"><strong>${text}</strong></p>`
}

function helpOf(name: string, help: string | undefined): Html | '' {
  return help === undefined ? '' : html`<p id="${name}-help" class="soft">${help}</p>`
}

function described({ problems }: Filled, name: string, help: string | undefined): Html | '' {
  const isWrong = problems[name] !== undefined
  const ids = [isWrong ? `${name}-problem` : '', help === undefined ? '' : `${name}-help`].filter((id) => id !== '')
  return html`${isWrong ? raw('aria-invalid="true"') : ''} ${ids.length > 0 ? html`aria-describedby="${ids.join(' ')}"` : ''}`
}

/** Money as the reader writes it, exact: it never becomes a binary fraction. */
export function money(cents: bigint | number, currency: string): string {
  const whole = BigInt(cents)
  const text = `${whole / 100n}.${String(whole % 100n).padStart(2, '0')}`
  return new Intl.NumberFormat(words.language, { style: 'currency', currency }).format(text as never)
}
