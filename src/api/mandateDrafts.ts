import { z } from '@hono/zod-openapi'
import { ColophonError, isoTime } from '../foundation/index.ts'
import type { Node } from '../main.ts'
import { firstMomentSchema, lastMomentSchema } from '../rights/index.ts'
import { textSchema, type Statement } from '../statements/index.ts'
import { partyField } from './targetFields.ts'

const POWERS = ['declare', 'reserve', 'grant', 'request'] as const

/** What somebody fills in to let an agent, an estate or a collecting society speak for them. */
export const mandateDraftSchema = z.object({
  kind: z.literal('mandate'),
  name: textSchema(200).optional(),
  isEntitled: z.literal('yes', 'confirm that you speak for yourself'),
  representative: partyField,
  powers: z
    .string()
    .transform((text) => text.split(/[\s,]+/).filter((each) => each !== ''))
    .pipe(z.array(z.enum(POWERS, `the powers are ${POWERS.join(', ')}`)).min(1, 'say what it may do')),
  from: firstMomentSchema.optional(),
  until: lastMomentSchema.optional(),
})

export function mandateSubject(
  node: Node,
  { representative, powers, from, until }: z.infer<typeof mandateDraftSchema>,
): Statement['credentialSubject'][number] {
  if (representative === undefined)
    throw new ColophonError('invalid_input', 'say who is to speak for you, by a DID or the address of a page here', {
      where: 'representative',
    })
  return {
    type: 'Mandate',
    representative,
    powers,
    validFrom: from ?? isoTime(node.register.effects.now()),
    ...(until === undefined ? {} : { validUntil: until }),
  }
}
