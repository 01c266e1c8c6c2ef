import { cleanUrl } from './reading.ts'
import type { Upstream } from './upstream.ts'

/** What an entity says without an address that is none of http or https, as `javascript:` is; the loss is named. */
export function withoutOddAddress<Said>(said: Said, lost: Set<string>): Said {
  if (typeof said !== 'object' || said === null || !('url' in said) || said.url === undefined) return said
  if (cleanUrl(said.url) !== undefined) return said
  const { url: _, ...more } = said
  const name = 'id' in said && typeof said.id === 'string' ? said.id.slice(0, 200) : 'an entity'
  lost.add(`the address of ${name}: it is none of http or https`)
  return more as Said
}

/** The same of all that a document is written from. */
export function withoutOddAddresses(upstream: Upstream): { sound: Upstream; lost: string[] } {
  const lost = new Set<string>()
  const clean = <Said>(said: Said) => withoutOddAddress(said, lost)
  const sound = {
    ...upstream,
    root: clean(upstream.root),
    entities: new Map([...upstream.entities].map(([id, entity]) => [id, clean(entity)])),
    steps: upstream.steps.map((step) => ({ ...step, entities: step.entities.map(clean) })),
    published: upstream.published.map((each) => ({ ...each, file: clean(each.file) })),
  }
  return { sound, lost: [...lost] }
}
