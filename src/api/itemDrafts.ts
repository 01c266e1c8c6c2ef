import { z } from '@hono/zod-openapi'
import { ColophonError } from '../foundation/index.ts'
import type { Node } from '../main.ts'
import { findWork, itemPosition } from '../register/index.ts'
import type { Statement } from '../statements/index.ts'
import { workField } from './targetFields.ts'

/** What somebody fills in to take single works out of a collection: their ids, or the addresses of their pages. */
export const itemDraftSchema = z.object({
  kind: z.literal('itemsBack'),
  items: z
    .string()
    .max(5000)
    .transform((text) => text.split(/[\s,;]+/).filter((each) => each !== ''))
    .pipe(z.array(workField).min(1, 'say which works')),
})

export type ItemDraft = z.infer<typeof itemDraftSchema>

/** What such a draft comes to, and the page that shows it then. Errors: those of `needItems`. */
export async function itemSubject(
  node: Node,
  draft: ItemDraft,
): Promise<{ subject: Statement['credentialSubject'][number]; next: string }> {
  const { collection, items } = await needItems(node, draft)
  const positions = items.map(({ position }) => position).sort((a, b) => a - b)
  const subject = { type: 'ItemWithdrawal', collection, items: [...new Set(positions)] }
  return { subject, next: `/works/${items[0]!.id}` }
}

/** Who declared the collection, and so has to sign. */
export async function signerOfItems(node: Node, draft: ItemDraft): Promise<string> {
  return (await needItems(node, draft)).party
}

/**
 * The items of one collection that a draft names. Errors: `not_found` for a work that is not here, `invalid_input` for one
 * that is none of a collection, or is of another one.
 */
async function needItems(node: Node, draft: ItemDraft) {
  const items: { id: string; position: number; collection: string; party: string }[] = []
  for (const id of draft.items) {
    const work = id === undefined ? undefined : await findWork(node.register.database.db, id)
    if (!work) throw new ColophonError('not_found', 'there is no such work', { where: id ?? 'items' })
    const position = itemPosition(work)
    if (position === undefined)
      throw new ColophonError('invalid_input', 'this work was not declared in a collection', {
        where: work.id,
        remedy: 'Take back the statement that declared it.',
      })
    items.push({ id: work.id, position, collection: work.collection!, party: work.party })
  }
  const [{ collection, party }] = items as [(typeof items)[number]]
  const strange = items.find((item) => item.collection !== collection)
  if (strange)
    throw new ColophonError('invalid_input', 'these works are of different collections', {
      where: strange.id,
      remedy: 'Take them back one collection at a time.',
    })
  return { collection, party, items }
}
