import { describeManifest } from './describeManifest.ts'
import type { IngredientDescription, StoreDescription } from './storeDescription.ts'
import type { Findings, Ingredient } from './report.ts'
import type { Tidier } from './tidy.ts'
import { UNTRUSTED } from './validationCodes.ts'

const DEPTH_MAX = 16
const INGREDIENTS_MAX = 200

/** What a manifest was made from, and what that was made from, as deep and as much as anyone follows. */
export function readIngredients(
  active: string,
  store: StoreDescription,
  tidier: Tidier,
  findings: Findings,
): Ingredient[] {
  let count = 0
  const read = (label: string, path: string[]): Ingredient[] => {
    const ingredients: Ingredient[] = []
    for (const ingredient of store.manifests?.[label]?.ingredients ?? []) {
      if (++count > INGREDIENTS_MAX || path.length > DEPTH_MAX) {
        findings.add('ingredients_cut', 'warning', 'the file was made from more than is shown', 'ingredients')
        break
      }
      ingredients.push(readOne(ingredient, path))
    }
    return ingredients
  }
  const readOne = (ingredient: IngredientDescription, path: string[]): Ingredient => {
    const title = tidier.name(ingredient.title, 'ingredients')
    const own = {
      ...(title ? { title } : {}),
      relationship: tidier.name(ingredient.relationship, 'ingredients') ?? 'unknown',
      state: stateOf(ingredient),
    }
    if (own.state === 'invalid')
      findings.add('ingredient_invalid', 'warning', 'what it was made from was not valid when it was taken in', title)
    const label = ingredient.active_manifest
    const manifest = label === undefined ? undefined : store.manifests?.[label]
    if (label === undefined || !manifest) return own
    if (path.includes(label)) {
      findings.add('ingredients_cyclic', 'error', 'a manifest says that it was made from itself', label.slice(0, 200))
      return own
    }
    const commonName = tidier.name(manifest.signature_info?.common_name, 'ingredients')
    const organisation = tidier.name(manifest.signature_info?.issuer, 'ingredients')
    return {
      ...own,
      manifest: {
        ...describeManifest(label, manifest, tidier, findings),
        ingredients: read(label, [...path, label]),
        ...(commonName ? { commonName } : {}),
        ...(organisation ? { organisation } : {}),
      },
    }
  }
  return read(active, [active])
}

/** As it was found when it was taken in, by whoever signed what was made from it. */
function stateOf(ingredient: IngredientDescription): Ingredient['state'] {
  if (ingredient.active_manifest === undefined) return 'none'
  const failures = ingredient.validation_results?.activeManifest?.failure
  if (!failures) return 'unknown'
  return failures.some(({ code }) => code !== UNTRUSTED) ? 'invalid' : 'valid'
}
