import { readFileSync } from 'node:fs'
import { openLanguageIdentifier, type LanguageIdentifier } from './identify.ts'
import { readModel } from './model.ts'

export { openLanguageIdentifier, type Candidate, type Identified, type LanguageIdentifier } from './identify.ts'
export { languageName, toIso3 } from './codes.ts'
export { EU_LANGUAGES, LANGUAGES, type Language } from './languages.ts'
export { readModel, type LanguageModel } from './model.ts'

let identifier: LanguageIdentifier | undefined

/** The model that comes with the program, read at the first call; one identifier for each thread. */
export function languageIdentifier(): LanguageIdentifier {
  return (identifier ??= openLanguageIdentifier(readModel(readLanguageModel())))
}

/** The bytes of that model, as a browser gets them. */
export function readLanguageModel(): Uint8Array<ArrayBuffer> {
  return new Uint8Array(readFileSync(new URL('model.bin', import.meta.url)))
}
