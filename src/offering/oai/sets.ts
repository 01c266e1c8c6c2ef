import { didSchema, uuidUrnSchema } from '../../statements/index.ts'

const URN = 'urn:uuid:'

/** The name of a collection or of a party's works as a set: OAI-PMH takes neither colons nor most other signs in it. */
export function setSpecOf({ kind, id }: { kind: 'set' | 'party'; id: string }): string {
  return kind === 'set' ? `collection-${id.slice(URN.length)}` : `party-${Buffer.from(id).toString('base64url')}`
}

/** What a set stands for; undefined when it is no name of a set. */
export function readSetSpec(text: string): { kind: 'set' | 'party'; id: string } | undefined {
  const [, kind, name] = /^(collection|party)-([\w-]{1,400})$/.exec(text) ?? []
  if (kind === undefined) return undefined
  const id = kind === 'collection' ? URN + name! : Buffer.from(name!, 'base64url').toString('utf8')
  if (kind === 'collection') return uuidUrnSchema.safeParse(id).success ? { kind: 'set', id } : undefined
  return didSchema.safeParse(id).success ? { kind: 'party', id } : undefined
}
