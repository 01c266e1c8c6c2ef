import { commonLosses, mappingOf, reachOf, readDegree } from './mappings.ts'

export type W3cValue = 'human-only' | 'ai-assisted' | 'ai-autonomous'

/**
 * The values of the W3C group on AI content disclosure. Two questions make them: did AI take part, and did a person
 * review the result before it was published? Where the second was not answered there is no value. Source: the group's
 * repository, w3c-cg/ai-content-disclosure, changes 24, 39 and 40 (September 2026); no report is published yet.
 */
export const w3cMapping = mappingOf<W3cValue | undefined>({
  id: 'w3c',
  name: 'W3C AI content disclosure (draft)',
  write(disclosure) {
    const { degree, review } = disclosure
    const { reachesContent, isIdeationOnly } = reachOf(disclosure)
    const losses = commonLosses(disclosure)
    if (degree === 'undisclosed') return { value: undefined, losses }
    if (degree === 0) return { value: 'human-only', losses }
    if (isIdeationOnly)
      return {
        value: undefined,
        losses: [...losses, { what: 'degree', why: 'ideas alone are neither human-only nor AI in the content' }],
      }
    if (degree === 4) return { value: 'ai-autonomous', losses }
    if (review === 'notReviewed')
      return {
        value: 'ai-autonomous',
        losses: [...losses, { what: 'degree', why: 'whatever nobody reviewed shares one value' }],
      }
    if (reachesContent && review !== 'reviewed')
      return {
        value: undefined,
        losses: [
          ...losses,
          { what: 'degree', why: 'ai-assisted says that a person reviewed the work, and nobody said so' },
        ],
      }
    return { value: 'ai-assisted', losses }
  },
  from(value) {
    if (value === undefined) return readDegree('undisclosed', 'undisclosed', [])
    if (value === 'human-only') return readDegree(0, 'undisclosed', [])
    if (value === 'ai-assisted')
      return readDegree(1, 'reviewed', [{ what: 'degree', why: '1, 2 or 3: at least 1 is sure' }])
    return value === 'ai-autonomous'
      ? readDegree(1, 'notReviewed', [{ what: 'degree', why: '1, 2 or 4: at least 1 is sure' }])
      : undefined
  },
})

export type AiDisclosureMode = 'none' | 'ai-modified' | 'ai-originated' | 'machine-generated'

/**
 * The `AI-Disclosure` response header, a structured dictionary. Source: draft-abaris-aicdh, expired in August 2026, by
 * the facts collected for this project; no registered field.
 */
export const headerMapping = mappingOf<AiDisclosureMode | undefined>({
  id: 'http-header',
  name: 'AI-Disclosure header (expired draft)',
  write(disclosure) {
    const { degree, review } = disclosure
    const { isIdeationOnly } = reachOf(disclosure)
    const losses = commonLosses(disclosure)
    if (degree === 'undisclosed') return { value: undefined, losses }
    if (isIdeationOnly)
      return {
        value: undefined,
        losses: [...losses, { what: 'degree', why: 'no mode says it; the header is left out' }],
      }
    if (degree === 0) return { value: 'none', losses }
    if (degree <= 2)
      return {
        value: 'ai-modified',
        losses: [...losses, { what: 'degree', why: 'assisted and co-made share one mode' }],
      }
    // A work of which nobody said whether it was reviewed comes back as one that nobody reviewed.
    return { value: degree === 4 || review !== 'reviewed' ? 'machine-generated' : 'ai-originated', losses }
  },
  from(value) {
    if (value === undefined) return readDegree('undisclosed', 'undisclosed', [])
    const found: Record<AiDisclosureMode, ReturnType<typeof readDegree>> = {
      none: readDegree(0, 'undisclosed', []),
      'ai-modified': readDegree(1, 'undisclosed', [{ what: 'degree', why: '1 or 2: at least 1 is sure' }]),
      'ai-originated': readDegree(3, 'reviewed', []),
      'machine-generated': readDegree(4, 'notReviewed', []),
    }
    return Object.hasOwn(found, value) ? found[value] : undefined
  },
})

/** The header as it is sent, such as `AI-Disclosure: mode=ai-modified`. */
export function headerText(mode: AiDisclosureMode): string {
  return `AI-Disclosure: mode=${mode}`
}

export type EuClass = 'none' | 'ai-assisted' | 'ai-generated'

/**
 * The classes of the EU code of practice on marking and labelling of AI-generated content (final, June 2026), by
 * secondary sources: fully generated, assisted, and what needs no mark. Standard editing that does not change the
 * substance needs none (Regulation (EU) 2024/1689, Article 50(2)).
 */
export const euCodeMapping = mappingOf<EuClass | undefined>({
  id: 'eu-code',
  name: 'EU code of practice on marking and labelling (June 2026)',
  write(disclosure) {
    const { degree } = disclosure
    const { isIdeationOnly } = reachOf(disclosure)
    const losses = commonLosses(disclosure)
    if (degree === 'undisclosed') return { value: undefined, losses }
    if (degree === 0) return { value: 'none', losses }
    if (isIdeationOnly)
      return {
        value: 'none',
        losses: [...losses, { what: 'phases.ideation', why: 'ideas are not content, so they need no mark' }],
      }
    if (degree <= 2)
      return {
        value: 'ai-assisted',
        losses: [...losses, { what: 'degree', why: 'assisted and co-made share one class' }],
      }
    return {
      value: 'ai-generated',
      losses: [...losses, { what: 'degree', why: 'generated and autonomous share one class' }],
    }
  },
  from(value) {
    if (value === undefined) return readDegree('undisclosed', 'undisclosed', [])
    const found: Record<EuClass, ReturnType<typeof readDegree>> = {
      none: readDegree(0, 'undisclosed', [{ what: 'phases', why: 'ideation may have had AI' }]),
      'ai-assisted': readDegree(1, 'undisclosed', [{ what: 'degree', why: '1 or 2: at least 1 is sure' }]),
      'ai-generated': readDegree(3, 'undisclosed', [{ what: 'degree', why: '3 or 4: at least 3 is sure' }]),
    }
    return Object.hasOwn(found, value) ? found[value] : undefined
  },
})
