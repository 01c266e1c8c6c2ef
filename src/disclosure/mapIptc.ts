import type { Phase } from './degrees.ts'
import { commonLosses, mappingOf, reachOf, readDegree, type MappingLoss } from './mappings.ts'
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
export const iptcMapping = mappingOf<IptcFields>({
  id: 'iptc',
  name: 'IPTC Digital Source Type and AI fields (2025.1)',
  write(disclosure) {
    const { isIdeationOnly } = reachOf(disclosure)
    const { systems = [] } = disclosure
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
      return readDegree(1, 'undisclosed', [unsaid('phases'), unsure('at least 1 is sure')])
    return read
  },
})

function sourceOf(disclosure: DisclosureFields): string | undefined {
  const { degree, profile } = disclosure
  const { isIdeationOnly } = reachOf(disclosure)
  if (degree === 'undisclosed' || isIdeationOnly) return undefined
  if (degree >= 3) return 'trainedAlgorithmicMedia'
  if (degree > 0) return 'compositeWithTrainedAlgorithmicMedia'
  return profile === 'heritageDigitisation' ? 'digitalCapture' : 'digitalCreation'
}

const unsaid = (what: string): MappingLoss => ({ what, why: 'the value does not tell' })
const unsure = (why: string): MappingLoss => ({ what: 'degree', why })
const none = () => readDegree(0, 'undisclosed', [unsaid('phases')])
const untold = (why: string) => () => readDegree('undisclosed', 'undisclosed', [unsure(why)])
const some = () => readDegree(1, 'undisclosed', [unsaid('phases'), unsure('1 or 2: at least 1 is sure')])
const READ = {
  trainedAlgorithmicMedia: () =>
    readDegree(3, 'undisclosed', [unsaid('phases'), unsure('3 or 4: whether a person reviewed it is not told')]),
  compositeWithTrainedAlgorithmicMedia: some,
  compositeSynthetic: some,
  algorithmicMedia: untold('an algorithm that was not trained'),
  dataDrivenMedia: untold('made from data'),
  algorithmicallyEnhanced: untold('whether a model was trained is not told'),
  composite: untold('what was put together is not told'),
  compositeCapture: none,
  digitalCapture: none,
  computationalCapture: untold('what the camera computed is not told'),
  negativeFilm: none,
  positiveFilm: none,
  print: none,
  humanEdits: none,
  digitalCreation: none,
  digitalArt: none,
  minorHumanEdits: none,
  softwareImage: untold('the value does not tell'),
  screenCapture: untold('what was on the screen is not told'),
  virtualRecording: untold('what was recorded is not told'),
}
