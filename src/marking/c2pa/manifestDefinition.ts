import { ACTIONS_LABEL } from './labels.ts'

/** An entry of `c2pa.actions.v2`. */
export interface Action {
  /** For instance `c2pa.created`. */
  action: string
  /** The full URI of the IPTC code. */
  digitalSourceType?: string
  when?: string
  softwareAgent?: { name: string; version?: string }
  description?: string
  parameters?: Record<string, unknown>
}

/** As the library takes it. */
export interface ManifestDefinition {
  claim_generator_info: { name: string; version: string }[]
  title?: string
  format: string
  assertions: { label: string; data: unknown; kind: 'Json' | 'Cbor'; created: true }[]
}

/** True when the manifest says that the file begins with it, and not what it was before. */
export function beginsFile({ assertions }: ManifestDefinition): boolean {
  return assertions.some((each) => each.label === ACTIONS_LABEL && actionsOf(each)[0]?.action === 'c2pa.created')
}

/** The same for a file that carries a manifest: it was created once, and is only spoken of here. */
export function continued(manifest: ManifestDefinition): ManifestDefinition {
  const assertions = manifest.assertions.map((each) => {
    if (each.label !== ACTIONS_LABEL) return each
    const actions = actionsOf(each).map((entry) =>
      entry.action === 'c2pa.created' ? { ...entry, action: 'c2pa.edited.metadata' } : entry,
    )
    return { ...each, data: { actions } }
  })
  return { ...manifest, assertions }
}

function actionsOf({ data }: { data: unknown }): Action[] {
  return (data as { actions: Action[] }).actions
}

/** The name by which an action refers to what a file was before. */
export const PARENT = 'parent'

/** The same for a file that was changed since it was signed: what it was before was opened. */
export function opened(
  manifest: ManifestDefinition,
  parameters: Record<string, unknown> = { ingredientIds: [PARENT] },
): ManifestDefinition {
  const { assertions } = continued(manifest)
  const said = assertions.filter(({ label }) => label === ACTIONS_LABEL).flatMap(actionsOf)
  const actions = [{ action: 'c2pa.opened', parameters }, ...said]
  const others = assertions.filter(({ label }) => label !== ACTIONS_LABEL)
  return {
    ...manifest,
    assertions: [{ label: ACTIONS_LABEL, data: { actions }, kind: 'Cbor', created: true }, ...others],
  }
}
