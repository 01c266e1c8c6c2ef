const IPTC = 'http://cv.iptc.org/newscodes/digitalsourcetype/'
const SCHEMA_ORG = 'https://schema.org/'

/** The members of schema.org’s IPTCDigitalSourceEnumeration that we write; it has none for `digitalCreation`. */
const MEMBERS: Record<string, string> = {
  trainedAlgorithmicMedia: 'TrainedAlgorithmicMediaDigitalSource',
  compositeWithTrainedAlgorithmicMedia: 'CompositeWithTrainedAlgorithmicMediaDigitalSource',
  digitalCapture: 'DigitalCaptureDigitalSource',
}

/** The word of schema.org for an address of IPTC, or the address where it has none. */
export function schemaOrgSourceOf(iptc: string): string {
  const member = MEMBERS[iptc.slice(IPTC.length)]
  return member ? SCHEMA_ORG + member : iptc
}

/** The address of IPTC for a word of schema.org, written with or without its own; all others as they are. */
export function iptcSourceOf(word: string): string {
  const name = /^(?:https?:\/\/schema\.org\/|schema:)?([A-Za-z]+)DigitalSource$/.exec(word)?.[1]
  return name ? `${IPTC}${name[0]!.toLowerCase()}${name.slice(1)}` : word
}
