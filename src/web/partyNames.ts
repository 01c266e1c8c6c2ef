import { html } from 'hono/html'
import type { Node } from '../main.ts'
import { findParty } from '../register/index.ts'
import type { Html } from './layout.ts'

/** What a party goes by, or its identifier where it has not said or only under a seal. */
export async function partyName(node: Node, id: string): Promise<string> {
  const party = await findParty(node.register.database.db, id)
  return party && party.is_sealed !== 1n ? party.name : id
}

export function partyLink(id: string, name: string): Html {
  return html`<a href="/parties/${encodeURIComponent(id)}">${name}</a>`
}

/** Whether a passkey can hold the key of this party: a P-256 key, as its did:key says. */
export function isPasskey(party: string): boolean {
  return party.startsWith('did:key:zDn')
}
