import type { ValidationEntry } from './validationCodes.ts'

/** A manifest store as the library describes it; what stands in it was written by strangers. */
export interface StoreDescription {
  active_manifest?: string
  manifests?: Record<string, ManifestDescription>
  validation_state?: string
  validation_results?: {
    activeManifest?: ValidationResults
    ingredientDeltas?: { ingredientAssertionURI?: string; validationDeltas?: ValidationResults }[]
  }
}

export interface ValidationResults {
  success?: ValidationEntry[]
  informational?: ValidationEntry[]
  failure?: ValidationEntry[]
}

export interface ManifestDescription {
  label?: string
  title?: unknown
  claim_generator?: unknown
  claim_generator_info?: { name?: unknown; version?: unknown }[]
  assertions?: { label?: string; data?: unknown }[]
  ingredients?: IngredientDescription[]
  signature_info?: { common_name?: unknown; issuer?: unknown }
}

export interface IngredientDescription {
  title?: unknown
  relationship?: unknown
  active_manifest?: string
  validation_results?: { activeManifest?: ValidationResults }
}
