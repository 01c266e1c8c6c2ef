import type { RightsRule } from '../rules.ts'

/** What a reader can find; a program may rely on these names. */
export type RightsFindingCode =
  | 'unreadable'
  | 'too_large'
  | 'malformed_json'
  | 'malformed_xml'
  | 'malformed_structured_field'
  | 'malformed_line'
  | 'doctype_refused'
  | 'unknown_word'
  | 'unknown_value'
  | 'words_mixed_up'
  | 'repeated_word'
  | 'said_both'
  | 'wider_than_said'
  | 'condition_not_read'
  | 'silence_is_not_permission'
  | 'agents_partly_blocked'
  | 'contradiction'
  | 'missing_place'
  | 'nothing_said'
  | 'wrong_address'
  | 'wrong_media_type'
  | 'link_not_followed'
  | 'not_read'

/**
 * `error`: something is said that cannot be understood or that contradicts itself; `warning`: something is likely not
 * what was meant; `note`: good to know.
 */
export interface RightsFinding {
  code: RightsFindingCode
  severity: 'error' | 'warning' | 'note'
  /** A file, a header, a line. */
  where: string
  what: string
  remedy: string
}

/** What a vocabulary's document says, as rules of our own, and what could not be understood or taken over. */
export interface RightsReading {
  rules: RightsRule[]
  /** Only when a yes goes before a no; everywhere else the no wins. */
  conflict?: 'perm'
  findings: RightsFinding[]
}

/** Text from outside, shortened so that a finding stays readable; control characters become spaces. */
export function quoted(text: string): string {
  const plain = text.slice(0, 81).replaceAll(/[\p{Cc}\p{Cs}]/gu, ' ')
  return plain.length > 80 ? `“${plain.slice(0, 80)}…”` : `“${plain}”`
}
