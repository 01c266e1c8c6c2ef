import { sql, type RawBuilder, type SqlBool } from 'kysely'
import type { Queries } from '../../foundation/index.ts'
import type { WorkScope } from '../../register/index.ts'
import { changedWithin, surelyChangedWithin } from '../../rights/index.ts'
import { describePage, type DescribedWork } from '../describe.ts'
import { worksOf } from '../scope.ts'
import type { ListState } from './request.ts'
import { readSetSpec } from './sets.ts'

/** Works on a page. */
const PAGE_WORKS = 100

/**
 * A page of works, those that are gone too, whose record changed last within the asked time; `next` is the work behind
 * which the following page begins.
 */
export async function listPage(
  queries: Queries,
  asked: ListState,
  at: string,
): Promise<{ works: DescribedWork[]; next: string | undefined }> {
  const scope = scopeOf(asked)
  if (!scope) return { works: [], next: undefined }
  const span = { from: firstMoment(asked.from), until: lastMoment(asked.until) }
  const where = narrowed(asked, span, at)
  const works: DescribedWork[] = []
  let after: string | undefined = asked.after
  while (after !== undefined) {
    const page = await describePage(queries, scope, { after, limit: PAGE_WORKS + 1, at, where })
    for (const work of page.works) {
      if (work.changedAt < span.from || work.changedAt > span.until) continue
      if (works.length === PAGE_WORKS) return { works, next: works.at(-1)!.id }
      works.push(work)
    }
    after = page.next
  }
  return { works, next: undefined }
}

function scopeOf({ set }: ListState): WorkScope | undefined {
  if (set === undefined) return {}
  const named = readSetSpec(set)
  return named && worksOf(named)
}

/** What the database can tell by itself: works that changed within the time, and not again behind it. */
function narrowed(
  { from, until }: ListState,
  span: { from: string; until: string },
  at: string,
): RawBuilder<SqlBool> | undefined {
  if (from === undefined && until === undefined) return undefined
  const within = changedWithin({ from: span.from, until: span.until < at ? span.until : at })
  if (until === undefined || span.until >= at) return within
  // `~` follows the Z at the end of a moment.
  return sql<SqlBool>`${within} AND ${surelyChangedWithin({ from: `${span.until}~`, until: at })} IS NOT TRUE`
}

const EVER = ['0000-01-01T00:00:00.000Z', '9999-12-31T23:59:59.999Z'] as const

function firstMoment(from: string | undefined): string {
  if (from === undefined) return EVER[0]
  return from.length === DAY ? `${from}T00:00:00.000Z` : from.replace('Z', '.000Z')
}

function lastMoment(until: string | undefined): string {
  if (until === undefined) return EVER[1]
  return until.length === DAY ? `${until}T23:59:59.999Z` : until.replace('Z', '.999Z')
}

const DAY = '2026-01-31'.length
