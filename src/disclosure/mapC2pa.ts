import { commonLosses, mappingOf, reachOf, readDegree } from './mappings.ts'
import { iptcMapping } from './mapIptc.ts'
import type { DisclosureFields } from './schema.ts'
import type { Degree, Phase } from './degrees.ts'

/** One entry of `c2pa.actions.v2`. */
export interface C2paAction {
  action: string
  digitalSourceType?: string
  softwareAgent?: { name: string; version?: string }
  parameters?: Record<string, unknown>
}

/** The `c2pa.ai-disclosure` assertion of C2PA 2.4. It is there only where a trained model made or changed content. */
export interface C2paAiDisclosure {
  modelType: string
  modelName?: string
  modelIdentifier?: string
  contentProfile?: { humanOversightLevel: 'fully_autonomous' | 'prompt_guided' | 'human_validated' }
}

export interface C2paFields {
  actions: C2paAction[]
  aiDisclosure?: C2paAiDisclosure
}

/** Which action a phase is: what is made first, and what is done to it afterwards. */
const ACTION_OF: Partial<Record<Phase, string>> = {
  production: 'c2pa.created',
  performance: 'c2pa.edited',
  postProduction: 'c2pa.edited',
  translation: 'c2pa.translated',
}

/**
 * C2PA actions and `c2pa.ai-disclosure`. C2PA has no phases and no degree between made and edited, so our own assertion
 * stands beside them. Source: C2PA Technical Specification 2.4, actions and AI disclosure.
 */
export const c2paMapping = mappingOf<C2paFields>({
  id: 'c2pa',
  name: 'C2PA 2.4 actions and c2pa.ai-disclosure',
  write(disclosure) {
    const { reachesContent } = reachOf(disclosure)
    const losses = commonLosses(disclosure, ['systems'])
    const actions = [...createdAction(disclosure), ...systemActions(disclosure)]
    const lost = (disclosure.systems ?? []).filter(({ phase }) => ACTION_OF[phase] === undefined)
    if (lost.length > 0)
      losses.push({
        what: 'systems',
        why: `no action is about ${[...new Set(lost.map(({ phase }) => phase))].join(', ')}`,
      })
    if (reachesContent && disclosure.degree !== 4 && disclosure.review !== 'reviewed')
      losses.push({ what: 'degree', why: 'oversight is left out where nobody said that a person reviewed the work' })
    return { value: { actions, ...(reachesContent ? { aiDisclosure: aiDisclosureOf(disclosure) } : {}) }, losses }
  },
  from({ actions, aiDisclosure }) {
    const source = actions.find(({ action }) => action === 'c2pa.created')?.digitalSourceType
    const bySource = iptcMapping.from(source === undefined ? {} : { digitalSourceType: source })
    const level = aiDisclosure?.contentProfile?.humanOversightLevel
    if (level === 'fully_autonomous') return readDegree(4, 'notReviewed', [])
    // Prompted, and the result approved by nobody (C2PA 2.4, 18.28.4): what was generated and not reviewed is 4.
    if (level === 'prompt_guided' && bySource?.value.degree === 3) return readDegree(4, 'notReviewed', [])
    const ofPerson =
      level === 'human_validated' ? 'reviewed' : level === 'prompt_guided' ? 'notReviewed' : 'undisclosed'
    // Where the assertion stands, or an edit says so, a model took part, whatever was there at first.
    const isEdited = actions.some(({ digitalSourceType }) => {
      const read = digitalSourceType === undefined ? undefined : iptcMapping.from({ digitalSourceType })
      return isAi(read?.value.degree)
    })
    if ((aiDisclosure || isEdited) && !isAi(bySource?.value.degree))
      return readDegree(1, ofPerson, [{ what: 'degree', why: 'a model took part: at least 1 is sure' }])
    if (!bySource) return undefined
    // Whoever says that a person approved the work says that it is not autonomous.
    const isSure = bySource.value.degree === 3 && ofPerson === 'reviewed'
    const losses = isSure ? bySource.losses.filter(({ what }) => what !== 'degree') : bySource.losses
    return { losses, value: { ...bySource.value, review: ofPerson } }
  },
})

/** That it was created may be said only with how; where that cannot be said, a manifest begins with opening the file. */
function createdAction(disclosure: DisclosureFields): C2paAction[] {
  const { digitalSourceType } = iptcMapping.to(disclosure).value
  return digitalSourceType ? [{ action: 'c2pa.created', digitalSourceType }] : []
}

function systemActions({ systems = [] }: DisclosureFields): C2paAction[] {
  return systems.flatMap(({ phase, role, name, version }) => {
    const action = ACTION_OF[phase]
    if (!action) return []
    return [
      {
        // The work is created once; what systems did in its production are edits of it.
        action: action === 'c2pa.created' ? 'c2pa.edited' : action,
        softwareAgent: { name, ...(version ? { version } : {}) },
        parameters: { 'example.colophon.phase': phase, ...(role ? { 'example.colophon.role': role } : {}) },
      },
    ]
  })
}

function isAi(degree: Degree | undefined): boolean {
  return typeof degree === 'number' && degree > 0
}

/** `prompt_guided` would say that nobody approved the result, which has degree 4 here, so it is only read. */
function aiDisclosureOf({ degree, review, systems = [] }: DisclosureFields): C2paAiDisclosure {
  const level = degree === 4 ? 'fully_autonomous' : review === 'reviewed' ? 'human_validated' : undefined
  const [first] = systems
  return {
    modelType: 'c2pa.types.model',
    ...(first ? { modelName: [first.name, first.version].filter(Boolean).join(' ') } : {}),
    ...(level ? { contentProfile: { humanOversightLevel: level } } : {}),
  }
}
