export { checkCharacter } from './checkCharacter.ts'
export { formatCode, flawsOf, parseCode, CODE_LENGTH_MAX, type CodeFlaw, type DisclosureCode } from './code.ts'
export { packCode, unpackCode } from './codeBytes.ts'
export {
  degrees,
  overallDegree,
  phases,
  reviews,
  type Degree,
  type Phase,
  type PhaseDegrees,
  type Review,
} from './degrees.ts'
export { disclosureKind, type DisclosureSubject } from './disclosure.ts'
export { c2paMapping, type C2paAction, type C2paFields } from './mapC2pa.ts'
export { iptcMapping, type IptcFields } from './mapIptc.ts'
export { musicMapping, onixMapping } from './mapIndustry.ts'
export { euCodeMapping, headerMapping, headerText, w3cMapping } from './mapWeb.ts'
export type { Mapped, Mapping, MappingLoss } from './mappings.ts'
export { POINTER_BITS, pointerOf } from './pointer.ts'
export { PROFILES, profileNames, type ProfileName } from './profiles.ts'
export {
  STANDARD_VERSION,
  codeOf,
  codeTextOf,
  disclosureFields,
  disclosureFlaws,
  disclosureFrom,
  disclosureSchema,
  type DisclosureFields,
} from './schema.ts'
export { findDisclosures, findPointedWorks, findPointers, type RecordedDisclosure } from './store.ts'
export { USES, termAnswers, useLetters, type BriefTerms } from './terms.ts'
