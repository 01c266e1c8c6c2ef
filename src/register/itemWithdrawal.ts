import { z } from 'zod'
import { ColophonError, limits } from '../foundation/index.ts'
import { didSchema, uuidUrnSchema, type StatementKind } from '../statements/index.ts'
import { itemId } from './collection.ts'
import { findCollection } from './store.ts'
import { findItemsTakenBack, findWithdrawn } from './withdrawn.ts'

declare module '../foundation/tables.ts' {
  interface Tables {
    item_withdrawal: {
      work: string
      id: string
      collection: string
      party: string
      effective_from: string
      log_index: bigint
    }
  }
}

/** So many items are taken back by one statement; whoever takes back more takes back the collection. */
const ITEMS_MAX = 50

const schema = z.strictObject({
  type: z.literal('ItemWithdrawal'),
  onBehalfOf: didSchema.optional(),
  collection: uuidUrnSchema,
  /** Places of the items in the manifest, the first is 0. */
  items: z
    .array(
      z
        .int()
        .min(0)
        .max(limits.collectionItemsMax - 1),
    )
    .min(1)
    .max(ITEMS_MAX)
    .refine((items) => new Set(items).size === items.length, 'an item is named twice'),
})

/**
 * Takes single items out of one's own collection, from its place in the log on: the rest of the collection stands. It is
 * final, as a revocation is; an item that is to count again is declared anew.
 */
export const itemWithdrawalKind: StatementKind<z.infer<typeof schema>> = {
  type: 'ItemWithdrawal',
  schema,
  tables: ['item_withdrawal'],
  powers: ['declare'],
  async judge({ subject, party, recordedAt, isSealed }, rows) {
    const { collection: id, items } = subject
    const queries = await rows.queries()
    if (isSealed)
      throw new ColophonError('invalid_statement', 'what was declared in public is taken back in public', { where: id })
    const set = await findCollection(queries, id)
    if (!set) throw new ColophonError('not_found', 'there is no such collection', { where: id })
    if (set.party !== party)
      throw new ColophonError('not_authorised', 'only the party that declared a collection takes items of it back', {
        where: id,
      })
    // The signed count decides, so that the same follows where the manifest is missing.
    const strange = items.find((position) => BigInt(position) >= set.item_count)
    if (strange !== undefined)
      throw new ColophonError('invalid_statement', `the collection has only ${set.item_count} items, from 0 on`, {
        where: itemId(id, strange),
      })
    if ((await findWithdrawn(queries, [{ id, logIndex: set.log_index }], recordedAt)).size > 0)
      throw new ColophonError('duplicate_statement', 'the whole collection has been taken back already', { where: id })
    const [known] = (
      await findItemsTakenBack(
        queries,
        items.map((position) => itemId(id, position)),
      )
    ).keys()
    if (known !== undefined)
      throw new ColophonError('duplicate_statement', 'this item has been taken back already', { where: known })
  },
  project({ subject, id, party, recordedAt, logIndex }, rows) {
    for (const position of subject.items)
      rows.add('item_withdrawal', {
        work: itemId(subject.collection, position),
        id,
        collection: subject.collection,
        party,
        effective_from: recordedAt,
        log_index: logIndex,
      })
  },
}

/** A work as an item of a collection: its place there. Undefined when its id is not that of an item. */
export function itemPosition({ id, collection }: { id: string; collection: string | null }): number | undefined {
  const place = Number(/:(\d{1,9})$/.exec(id)?.[1] ?? Number.NaN)
  return collection !== null && id === itemId(collection, place) ? place : undefined
}
