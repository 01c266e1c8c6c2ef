import { z } from 'zod'
import { disclosureFields } from './schema.ts'

/** The statement of the standard as JSON Schema (2020-12), for implementations in other languages. */
export function disclosureJsonSchema(): object {
  return {
    $id: 'https://colophon.example/ai-disclosure/1.0/schema.json',
    title: 'AI disclosure statement 1.0',
    ...z.toJSONSchema(disclosureFields, { io: 'input' }),
  }
}
