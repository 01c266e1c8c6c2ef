/** Labels that tell readers what a number is; the others are known by their form. */
const WRITTEN: Record<string, (value: string) => string> = {
  isbn: (value) => `urn:isbn:${value}`,
  issn: (value) => `urn:issn:${value}`,
  doi: (value) => `doi:${value}`,
  iscc: (value) => value,
  isan: (value) => `isan:${value}`,
  isrc: (value) => `isrc:${value}`,
  iswc: (value) => value,
}

/** A number of a standard as it is written where no other field says of which. */
export function writeIdentifier({ scheme, value }: { scheme: string; value: string }): string {
  return WRITTEN[scheme]?.(value) ?? `${scheme}:${value}`
}
