import { isoTime } from '../foundation/index.ts'
import type { Node } from '../main.ts'
import {
  escalationPack,
  letterOf,
  listEvents,
  moveCase,
  nextStates,
  noteCase,
  requireBody,
  type CaseState,
  type EscalationInput,
} from '../requests/index.ts'
import { bundleOf, type BundleOptions } from './evidenceBundle.ts'

/**
 * Everything to take a case to a body that can do more, and the case becomes `escalated` where its state allows that.
 * Errors: `invalid_input` for a body that cannot do anything about it, those of `bundleOf`.
 */
export async function escalateCase(
  node: Node,
  found: Parameters<typeof bundleOf>[1] & { state: string },
  input: EscalationInput,
  options: BundleOptions,
): Promise<{ zip: Uint8Array; name: string }> {
  const { register } = node
  const letter = letterOf(found, node.datasets.list())
  const name = requireBody(input, letter)
  const { zip: bundle } = await bundleOf(node, found, options)
  const events = await listEvents(register.database.db, found.id)
  const history = events.map(({ state, note, recorded_at }) => ({ state, note, recordedAt: recorded_at }))
  const at = isoTime(register.effects.now())
  const zip = await escalationPack(letter, history, { to: input.to, name }, { speak: options.speak, bundle, at })
  const note = `letter to ${name} made`
  // Only what was refused, or not answered, is escalated; somebody may still prepare the letter before.
  if (nextStates(found.state as CaseState).includes('escalated')) await moveCase(register, found.id, 'escalated', note)
  else await noteCase(register, found.id, note)
  return { zip, name }
}
