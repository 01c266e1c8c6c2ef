import type { Phase } from './degrees.ts'
import { commonLosses, reachOf, readDegree, type Mapping } from './mappings.ts'
import type { DisclosureFields } from './schema.ts'

const BASE = 'http://cv.iptc.org/newscodes/digitalsourcetype/'

/** IPTC's fields for AI, of the Photo Metadata Standard 2025.1, beside its older Digital Source Type. */
export interface IptcFields {
  digitalSourceType?: string
  aiSystemUsed?: string
  aiSystemVersionUsed?: string
}

/**
 * IPTC Digital Source Type. `digitalCreation` and its like say that no trained model was called, so a work whose ideas
 * alone came with AI gets none of them; nor does one of which nothing is disclosed.
 * Source: IPTC NewsCodes, Digital Source Type; IPTC Photo Metadata Standard 2025.1.
 */
export const iptcMapping: Mapping<IptcFields> = {
  id: 'iptc',
  name: 'IPTC Digital Source Type and AI fields (2025.1)',
  to(disclosure) {
    const { reachesContent, isIdeationOnly } = reachOf(disclosure)
    const { degree, systems = [] } = disclosure
    const losses = commonLosses(disclosure, ['systems'])
    const isAi = (phase: Phase) => typeof disclosure.phases[phase] === 'number' && disclosure.phases[phase] > 0
    const used = systems.filter(({ phase }) => isAi(phase) && phase !== 'translation' && phase !== 'promotion')
    const distinct = (names: (string | undefined)[]) =>
      [...new Set(names.filter((name) => name !== undefined))].join('; ')
    const value: IptcFields = {
      ...(sourceOf(disclosure) ? { digitalSourceType: BASE + sourceOf(disclosure) } : {}),
      ...(used.length > 0 ? { aiSystemUsed: distinct(used.map(({ name }) => name)) } : {}),
      ...(used.some(({ version }) => version)
        ? { aiSystemVersionUsed: distinct(used.map(({ version }) => version)) }
        : {}),
    }
    if (isIdeationOnly)
      losses.push({ what: 'degree', why: 'no value says that AI gave ideas only; every human one denies AI' })
    else if (degree === 'undisclosed')
      losses.push({ what: 'degree', why: 'no value says that nothing is disclosed; the field is left out' })
    else if (reachesContent && degree !== 3)
      losses.push({ what: 'degree', why: 'assisted and co-made share one value, as do generated and autonomous' })
    if (systems.length > 1) losses.push({ what: 'systems', why: 'which system did what is not told' })
    return { value, losses }
  },
  from({ digitalSourceType, aiSystemUsed }) {
    const source = digitalSourceType?.replace(/^https?:\/\/cv\.iptc\.org\/newscodes\/digitalsourcetype\//, '')
    const read =
      source === undefined
        ? readDegree('undisclosed', 'undisclosed', [])
        : Object.hasOwn(READ, source)
          ? READ[source as keyof typeof READ]()
          : undefined
    // Whoever names a system says that one took part, whatever the source type says.
    if (aiSystemUsed && !(typeof read?.value.degree === 'number' && read.value.degree > 0))
      return readDegree(1, 'undisclosed', [unsaid('phases'), unsaid('degree: at least 1 is sure')])
    return read
  },
}

function sourceOf(disclosure: DisclosureFields): string | undefined {
  const { degree, profile } = disclosure
  const { isIdeationOnly } = reachOf(disclosure)
  if (degree === 'undisclosed' || isIdeationOnly) return undefined
  if (degree >= 3) return 'trainedAlgorithmicMedia'
  if (degree > 0) return 'compositeWithTrainedAlgorithmicMedia'
  return profile === 'heritageDigitisation' ? 'digitalCapture' : 'digitalCreation'
}

const unsaid = (what: string) => ({ what, why: 'the value does not tell' })
const none = () => readDegree(0, 'undisclosed', [unsaid('phases')])
const READ = {
  trainedAlgorithmicMedia: () =>
    readDegree(3, 'undisclosed', [unsaid('phases'), unsaid('whether a person reviewed it')]),
  compositeWithTrainedAlgorithmicMedia: () =>
    readDegree(1, 'undisclosed', [unsaid('phases'), unsaid('1 or 2: at least 1 is sure')]),
  compositeSynthetic: () => readDegree(1, 'undisclosed', [unsaid('phases'), unsaid('1 or 2: at least 1 is sure')]),
  algorithmicMedia: () =>
    readDegree('undisclosed', 'undisclosed', [unsaid('degree: an algorithm that was not trained')]),
  dataDrivenMedia: () => readDegree('undisclosed', 'undisclosed', [unsaid('degree: made from data')]),
  algorithmicallyEnhanced: () =>
    readDegree('undisclosed', 'undisclosed', [unsaid('degree: whether a model was trained')]),
  composite: () => readDegree('undisclosed', 'undisclosed', [unsaid('degree: what was put together')]),
  compositeCapture: none,
  digitalCapture: none,
  computationalCapture: () => readDegree('undisclosed', 'undisclosed', [unsaid('degree: what the camera computed')]),
  negativeFilm: none,
  positiveFilm: none,
  print: none,
  humanEdits: none,
  digitalCreation: none,
  digitalArt: none,
  minorHumanEdits: none,
  softwareImage: () => readDegree('undisclosed', 'undisclosed', [unsaid('degree')]),
  screenCapture: () => readDegree('undisclosed', 'undisclosed', [unsaid('degree of what was on the screen')]),
  virtualRecording: () => readDegree('undisclosed', 'undisclosed', [unsaid('degree of what was recorded')]),
}
