import { readFileSync } from 'node:fs'
import { html, raw } from 'hono/html'
import {
  USES,
  phases,
  useLetters,
  type Degree,
  type DisclosureCode,
  type DisclosureFields,
  type Phase,
  type RecordedDisclosure,
} from '../disclosure/index.ts'
import { sayDate, sayRules } from '../rights/index.ts'
import { code, facts, type Html } from './layout.ts'
import { language, t, words } from './text.ts'

const LABELS = JSON.parse(readFileSync(new URL('../../locales/disclosure.json', import.meta.url), 'utf8')) as Record<
  string,
  Record<string, string>
>

/** The word pair for a degree, in the visitor's language: it is read where a work is shown. */
export function degreeLabel(degree: Degree): string {
  return (LABELS[language()] ?? LABELS.en!)[degree === 'undisclosed' ? 'undisclosed' : `degree${degree}`]!
}

export function phaseLabel(phase: Phase): string {
  return (LABELS[language()] ?? LABELS.en!)[`phase_${phase}`]!
}

/** Icon and word pair; the words say it, so the icon is not read out. */
export function degreeMark(degree: Degree): Html {
  const name = degree === 'undisclosed' ? degree : `degree-${degree}`
  return html`<span class="degree"
    ><img src="/assets/icons/${name}.svg" alt="" width="24" height="24" /> <strong>${degreeLabel(degree)}</strong></span
  >`
}

/** The card of a disclosure: small enough to stand beside a work. */
export function disclosureCard(said: {
  degree: Degree
  code: string
  by?: Html | string
  fields?: DisclosureFields
  /** What the code itself says, where nothing else is known. */
  brief?: DisclosureCode
}): Html {
  const { degree, by, fields, brief } = said
  return html`<div class="card">
    <p>${degreeMark(degree)}</p>
    <p class="soft">${t(`disclosure.means.${degree}`)}</p>
    ${facts([
      by ? [t('disclosure.by'), by] : undefined,
      ...(fields ? factsOf(fields) : brief ? [...factsOf(brief), usesInBrief(brief)] : []),
      [t('disclosure.code'), code(said.code)],
    ])}
  </div>`
}

function list(items: readonly (Html | string)[]): Html {
  return html`<ul>
    ${items.map((item) => html`<li>${item}</li>`)}
  </ul>`
}

/** Whoever reads only the code treats what depends as no. */
function usesInBrief({ terms, until }: DisclosureCode) {
  const said = useLetters.filter((letter) => terms[letter] !== undefined)
  if (said.length === 0) return undefined
  const lines = said.map((letter) => {
    const use = USES[letter]
    const name = use === 'commercial' || use === 'promotion' ? t(`brief.${use}`) : t(`rule.action.${use}`)
    return `${name}: ${t(`brief.${terms[letter]}`)}`
  })
  return [t('mark.uses'), list(until ? [...lines, t('brief.until', { day: sayDate(until, words) })] : lines)] as const
}

function factsOf({
  phases: said,
  review,
  systems = [],
  human = [],
  replicas = [],
  uses = [],
  license,
}: Pick<DisclosureFields, 'phases' | 'review'> & Partial<DisclosureFields>) {
  const inPhases = phases.filter((phase) => said[phase] !== undefined)
  return [
    inPhases.length > 0
      ? ([
          t('disclosure.phases'),
          list(inPhases.map((phase) => `${phaseLabel(phase)}: ${degreeLabel(said[phase]!)}`)),
        ] as const)
      : undefined,
    [t('disclosure.review'), t(`disclosure.review.${review}`)] as const,
    systems.length > 0
      ? ([
          t('disclosure.systems'),
          list(
            systems.map(
              ({ name, version, phase }) => `${[name, version].filter(Boolean).join(' ')}: ${phaseLabel(phase)}`,
            ),
          ),
        ] as const)
      : undefined,
    human.length > 0
      ? ([
          t('disclosure.human'),
          list(human.map(({ language, text }) => html`<span lang="${language}">${text}</span>`)),
        ] as const)
      : undefined,
    replicas.length > 0
      ? ([
          t('disclosure.replicas'),
          list(
            replicas.map(
              (replica) =>
                `${t(`disclosure.replica.${replica.of}`)}${replica.person ? `, ${replica.person}` : ''}: ${t(`disclosure.consent.${replica.consent}`)}`,
            ),
          ),
        ] as const)
      : undefined,
    uses.length > 0 ? ([t('mark.uses'), list(sayRules(uses, words))] as const) : undefined,
    license
      ? ([t('disclosure.license'), html`<a href="${license}" rel="noreferrer">${license}</a>`] as const)
      : undefined,
  ]
}

/** What is said of a work, whoever says it; who made it stands first. */
export function recordedDisclosures(disclosures: readonly RecordedDisclosure[]): Html {
  return html`${disclosures.map(
    ({ fields, code: text, party, partyName, isByMaker }) =>
      html`${disclosureCard({
        degree: fields.degree,
        code: text,
        fields,
        by: html`<a href="/parties/${encodeURIComponent(party)}">${partyName ?? party}</a>${isByMaker ? '' : raw(` (${t('disclosure.notMaker')})`)}`,
      })}`,
  )}`
}
