export const META_NAME = 'ai-disclosure'
/** By this attribute what was put in is found again. */
export const OWN_ATTRIBUTE = 'data-ai-disclosure'
export const CODE_PROPERTY = 'https://colophon.example/ai-disclosure/1.0'

/** Whether a `meta` has the name of disclosures, in which others put other words. */
export function isNamed({ name = '' }: Record<string, string>): boolean {
  return name.trim().toLowerCase() === META_NAME
}
