import { ColophonError } from '../../foundation/index.ts'
import { assertionFault } from './assertionSchemas.ts'
import { ACTIONS_LABEL, isJsonAssertion } from './labels.ts'
import type { Action, ManifestDefinition } from './manifestDefinition.ts'

/** What a manifest is to say. */
export interface ManifestContent {
  title?: string
  assertions: { label: string; data: unknown }[]
  /**
   * In their order. A file that does not begin with `c2pa.created` begins with `c2pa.opened` of what it was, which is
   * put before them. Of a file that carries a manifest already `c2pa.created` has been said; here it becomes
   * `c2pa.edited.metadata`.
   */
  actions: Action[]
}

const ASSERTIONS_MAX = 50
const DATA_CHARACTERS_MAX = 256 * 1024
const TITLE_CHARACTERS_MAX = 200
const LABEL = /^[a-z0-9_-]+(\.[a-z0-9_-]+)+$/i

/** Checks what a manifest is to say. Errors: `invalid_input`, `too_large`. */
export function defineManifest({ title, ...content }: ManifestContent, mediaType: string): ManifestDefinition {
  // That the file was opened is said by the library, together with what it was: said twice, both are lost.
  const actions = content.actions.filter(({ action }) => action !== 'c2pa.opened')
  if (actions.some(({ action, digitalSourceType }, i) => action === 'c2pa.created' && (i > 0 || !digitalSourceType)))
    throw new ColophonError('invalid_input', 'c2pa.created stands first, and with a digitalSourceType', {
      where: ACTIONS_LABEL,
    })
  const said = [...(actions.length > 0 ? [{ label: ACTIONS_LABEL, data: { actions } }] : []), ...content.assertions]
  if (said.length > ASSERTIONS_MAX)
    throw new ColophonError('too_large', `more than ${ASSERTIONS_MAX} assertions`, { remedy: 'Say less at once.' })
  for (const { label, data } of said) {
    const fault = LABEL.test(label) ? assertionFault(label, data) : 'not the label of an assertion'
    if (fault) throw new ColophonError('invalid_input', fault, { where: label.slice(0, 200) })
    if ((JSON.stringify(data) ?? '').length > DATA_CHARACTERS_MAX)
      throw new ColophonError('too_large', 'an assertion is too large', { where: label, remedy: 'Say it shorter.' })
  }
  return {
    claim_generator_info: [{ name: 'Colophon', version: '0.1.0' }],
    ...(title ? { title: title.slice(0, TITLE_CHARACTERS_MAX).toWellFormed() } : {}),
    format: mediaType,
    assertions: said.map(({ label, data }) => ({
      label,
      data,
      kind: isJsonAssertion(label) ? 'Json' : 'Cbor',
      created: true,
    })),
  }
}
