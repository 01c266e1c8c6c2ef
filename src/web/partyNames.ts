import { html } from 'hono/html'
import type { Node } from '../main.ts'
import { countWorksOf, findParty } from '../register/index.ts'
import { listStatements } from '../statements/index.ts'
import type { Html } from './layout.ts'

/** What a party goes by, or its identifier where it has not said or only under a seal. */
export async function partyName(node: Node, id: string): Promise<string> {
  const party = await findParty(node.register.database.db, id)
  return party && party.is_sealed !== 1n ? party.name : id
}

/**
 * A party as its pages show it: as it describes itself, or by its identifier alone where it has only declared or signed
 * something that anybody may see. Undefined for whoever has not.
 */
export async function shownParty(
  node: Node,
  id: string,
): Promise<{ id: string; name: string; kind: string | undefined } | undefined> {
  const { db } = node.register.database
  const party = await findParty(db, id)
  if (party?.is_sealed === 0n) return { id, name: party.name, kind: party.kind }
  const hasSigned = (await listStatements(db, { issuer: id, limit: 50 })).some(
    ({ commitment, outcome }) => commitment === null && outcome === 'accepted',
  )
  return hasSigned || (await countWorksOf(db, id)) > 0 ? { id, name: id, kind: undefined } : undefined
}

export function partyLink(id: string, name: string): Html {
  return html`<a href="/parties/${encodeURIComponent(id)}">${name}</a>`
}

/** Whether a passkey can hold the key of this party: a P-256 key, as its did:key says. */
export function isPasskey(party: string): boolean {
  return party.startsWith('did:key:zDn')
}
