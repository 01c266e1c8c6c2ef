import { assertionFault } from './assertionSchemas.ts'
import type { Findings, Manifest } from './report.ts'
import type { ManifestDescription } from './storeDescription.ts'
import type { Tidier } from './tidy.ts'

const ASSERTIONS_MAX = 200
/** They bind the manifest to the bytes of the file and say nothing about the work. */
const BINDING = /^c2pa\.hash\./

/** What one manifest says, without what it was made from. */
export function describeManifest(
  label: string,
  manifest: ManifestDescription,
  tidier: Tidier,
  findings: Findings,
): Manifest {
  const title = tidier.name(manifest.title, 'title')
  const [generator] = manifest.claim_generator_info ?? []
  const { name, version } = generator ?? { name: manifest.claim_generator, version: undefined }
  const claimGenerator = tidier.name(
    [name, version].filter((part) => typeof part === 'string').join(' '),
    'claimGenerator',
  )
  const all = (manifest.assertions ?? []).filter(({ label: name }) => typeof name === 'string' && !BINDING.test(name))
  if (all.length > ASSERTIONS_MAX)
    findings.add('assertion_cut', 'warning', `${all.length} assertions, more than are shown`, 'c2pa.assertions')
  const assertions = all.slice(0, ASSERTIONS_MAX).map(({ label: name, data }) => {
    const assertionLabel = tidier.name(name, 'c2pa.assertions') ?? ''
    const fault = assertionFault(assertionLabel, data)
    if (fault) findings.add('assertion_malformed', 'warning', fault, assertionLabel)
    return { label: assertionLabel, data: tidier.value(data, assertionLabel) }
  })
  const actions = assertions
    .filter((assertion) => /^c2pa\.actions(\.v2)?(__\d+)?$/.test(assertion.label))
    .flatMap(({ data }) => (data as { actions?: unknown[] } | null)?.actions ?? [])
  return {
    label: tidier.name(label, 'manifest') ?? '',
    ...(title ? { title } : {}),
    ...(claimGenerator ? { claimGenerator } : {}),
    assertions,
    actions,
    ingredients: [],
  }
}
