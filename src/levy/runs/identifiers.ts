import type { DuckDBConnection } from '@duckdb/node-api'
import { literal } from '../../datasets/index.ts'
import { ColophonError } from '../../foundation/index.ts'
import { identifierSchemes, normaliseIdentifier, type IdentifierScheme } from '../../register/index.ts'
import { chunksOf } from './chunks.ts'
import { refuseRows, type InputTable } from './inputs.ts'

/** An ISCC has its own prefix in its own form. */
const SCHEMES = identifierSchemes.filter((scheme) => scheme !== 'iscc')

/**
 * Ids that say of which scheme they are, as `iswc:T0345246801` or `ipi:00012345679`, have the right check digits and the one
 * spelling of the scheme: a work under two spellings would be two works. Errors: `dataset_invalid` with the first row.
 */
export async function refuseIdentifiers(
  connection: DuckDBConnection,
  table: InputTable,
  column: string,
  paths: readonly string[],
): Promise<void> {
  const named = `regexp_matches("${column}", '^(${SCHEMES.join('|')}):', 'i')`
  for await (const chunk of chunksOf(connection, paths, `SELECT "${column}" FROM "${table}" WHERE ${named}`)) {
    const ids = chunk.getColumnVector(0)
    for (let i = 0; i < chunk.rowCount; i++) {
      const id = ids.getItem(i) as string
      const message = flawOf(id)
      if (message) await refuseRows(connection, table, paths, [{ condition: `"${column}" = ${literal(id)}`, message }])
    }
  }
}

function flawOf(id: string): string | undefined {
  const scheme = id.slice(0, id.indexOf(':')).toLowerCase() as IdentifierScheme
  try {
    const canonical = `${scheme}:${normaliseIdentifier(scheme, id.slice(scheme.length + 1))}`
    return canonical === id ? undefined : `the id is written ${canonical}`
  } catch (error) {
    if (!(error instanceof ColophonError)) throw error
    return `the ${scheme} ${error.message}`
  }
}
