import type { Outcome, OutcomeCounts } from './outcomes.ts'
import type { Preview } from './preview.ts'
import type { Role } from './toWork.ts'

/** A collection as it waits to be signed: its manifest lies beside it, under its SHA-256. */
export interface PreparedCollection {
  id: string
  role: Role
  rightsStatement?: string
  /** Whether terms may reserve it: what is in the public domain nobody may reserve. */
  mayBeReserved: boolean
  manifest: string
  root: string
  count: number
}

/** What a source would declare. */
export interface PreparedSource extends Preview {
  counts: OutcomeCounts
  /** The first that need somebody’s attention. */
  examples: Outcome[]
  collections: PreparedCollection[]
  interrupted?: object
}
