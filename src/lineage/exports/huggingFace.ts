import { stringify } from 'yaml'
import { measures, type Entity } from '../graph.ts'
import { known } from './document.ts'
import type { Written } from './formats.ts'
import { cardLicence } from './huggingFaceLicences.ts'
import { shortCodeOf } from './languages.ts'
import { lossesOf, measureWords } from './losses.ts'
import { iriOf, lastPartOf } from './names.ts'
import { sourcesOf, type Upstream } from './upstream.ts'

/** Where a card says what the entity is called in a lineage; the Hub passes over words that it does not know. */
export const ID_KEY = 'colophon_id'

/**
 * A data set as a card of the Hugging Face Hub, a model as a model card: front matter in YAML with what the lineage knows,
 * and a text that lists the sources. Tasks are for people to say. Source: huggingface.co/docs/hub/datasets-cards
 */
export function exportHuggingFace(upstream: Upstream): Written {
  const { root } = upstream
  const front = root.type === 'Model' ? modelFront(upstream) : dataFront(upstream)
  const header = stringify(known(front), { lineWidth: 0, aliasDuplicateObjects: false })
  const missing = root.licence ? [] : ['license (the Hub asks for it)']
  return {
    text: `---\n${header}---\n\n${bodyOf(upstream)}`,
    lost: [
      'what stands in the text only, for people: sizes, versions, digests and licences of sources, and the steps',
      ...lossesOf(upstream, CARRIED),
    ],
    missing,
  }
}

const ITEM = ['name', 'version', 'licence', 'url', 'sha256', ...measures] as const
const CARRIED = {
  root: ['name', 'description', 'licence', 'languages'],
  sources: ITEM,
  steps: ['activity', 'stepName', 'stepDescription', 'endedAt'],
} as const

function commonFront(root: Entity): Record<string, unknown> {
  const codes = Object.keys(root.languages ?? {}).filter((code) => code !== 'und')
  return {
    ...cardLicence(root.licence),
    language: codes.length > 0 ? codes.map(shortCodeOf) : undefined,
  }
}

function dataFront(upstream: Upstream): Record<string, unknown> {
  const { root } = upstream
  const sources = sourcesOf(upstream, root.id).map((id) => hubName(id))
  const size = sizeCategory(root.weights?.rows)
  return {
    pretty_name: root.name,
    ...commonFront(root),
    size_categories: size && [size],
    source_datasets: sources.length > 0 ? sources : undefined,
    [ID_KEY]: root.id,
  }
}

function modelFront(upstream: Upstream): Record<string, unknown> {
  const { root, entities } = upstream
  const of = (isModel: boolean) => {
    const ids = sourcesOf(upstream, root.id).filter((id) => (entities.get(id)!.type === 'Model') === isModel)
    return ids.length > 0 ? ids.map((id) => hubName(id, isModel)) : undefined
  }
  return { model_name: root.name, ...commonFront(root), datasets: of(false), base_model: of(true), [ID_KEY]: root.id }
}

/** Data sets and models of the Hub are called by owner and name; nothing else may look as if it were one of them. */
function hubName(id: string, isModel = false): string {
  const page = isModel ? 'https://huggingface.co/' : 'https://huggingface.co/datasets/'
  const hub = /^([\w.-]+\/[\w.-]+)$/.exec(id.startsWith(page) ? id.slice(page.length) : '')
  if (hub) return hub[1]!
  return /^[\w.-]+$/.test(id) && id !== 'original' ? id : iriOf(id)
}

const SIZES = ['1K', '10K', '100K', '1M', '10M', '100M', '1B', '10B', '100B', '1T']

/** The bands of the Hub, each ten times the one before. */
export function sizeCategory(rows: number | undefined): string | undefined {
  if (rows === undefined) return undefined
  const band = SIZES.findIndex((_, at) => rows < 10 ** (at + 3))
  if (band === -1) return 'n>1T'
  return band === 0 ? 'n<1K' : `${SIZES[band - 1]}<n<${SIZES[band]}`
}

function bodyOf(upstream: Upstream): string {
  const { root, entities, steps } = upstream
  const direct = new Set(sourcesOf(upstream, root.id))
  const others = [...entities.values()].filter(({ id }) => id !== root.id && !direct.has(id))
  const sections = [
    `# ${root.type === 'Model' ? 'Model' : 'Dataset'} Card for ${plain(root.name ?? lastPartOf(root.id))}`,
    root.description && plain(root.description),
    direct.size > 0 && `## Source Data\n\n${[...direct].map((id) => item(entities.get(id)!)).join('\n')}`,
    others.length > 0 && `### Further Upstream\n\n${others.map(item).join('\n')}`,
    steps.length > 0 &&
      `### Data Collection and Processing\n\n${steps.map(({ activity, name, description, endedAt }) => `- ${endedAt.slice(0, 10)}: ${plain([activity, name, description].filter(Boolean).join(' – '))}`).join('\n')}`,
  ]
  return `${sections.filter(Boolean).join('\n\n')}\n`
}

function item({ id, name, version, licence, url, weights, sha256 }: Entity): string {
  const amounts = measures.flatMap((measure) => {
    const amount = weights?.[measure]
    return amount === undefined ? [] : [`${amount} ${measureWords[measure]}`]
  })
  const facts = [
    version && `version ${version}`,
    licence && `licence ${licence}`,
    ...amounts,
    url,
    sha256 && `sha256 ${sha256}`,
  ]
  return `- ${plain([name ?? lastPartOf(id), `(${id})`, facts.filter(Boolean).join(', ')].filter(Boolean).join(' '))}`
}

/** Words of others as they are: nothing in them becomes a heading, a list, an image or HTML. */
function plain(text: string): string {
  return text
    .replaceAll(/[\\`*_{}[\]<>()#!|~&]/g, (sign) => `\\${sign}`)
    .replace(/^(\d*)([-+=.])/, (_, digits: string, sign: string) => `${digits}\\${sign}`)
}
