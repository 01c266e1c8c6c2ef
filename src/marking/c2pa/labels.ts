/** Our own assertion: degrees by phase. Reverse domain of colophon.example (C2PA 2.4 section 6.2). */
export const AI_DISCLOSURE_LABEL = 'example.colophon.ai-disclosure'

export const ACTIONS_LABEL = 'c2pa.actions.v2'

/** Assertions that are JSON inside the manifest; all others are CBOR. */
export const isJsonAssertion = (label: string) => label === AI_DISCLOSURE_LABEL || /^(c2pa|cawg)\.metadata$/.test(label)
