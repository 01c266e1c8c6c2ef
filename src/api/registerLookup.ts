import { findDisclosures, findDisclosuresByPointer } from '../disclosure/index.ts'
import type { FileCodes } from '../fingerprints/index.ts'
import type { Node } from '../main.ts'
import type { RegisteredWork, RegisterLookup } from '../marking/index.ts'
import { findWork, findWorksByCodes, readWorkDetails } from '../register/index.ts'
import { findHiddenWorks } from '../rights/index.ts'
import { sameWorks } from './runCheck.ts'

/** Codes of content, which marks do not change: whoever has the same one has the same text, sound or film. */
const CONTENT_CODES = ['iscc-text-v0', 'iscc-audio-v0', 'iscc-video-v0'] as const

const WORKS_MAX = 20

/** What this node's register knows of a file: by its codes, and by what a watermark points to. */
export function registerLookup(node: Node): RegisterLookup {
  const { db } = node.register.database
  return {
    async byCodes(file) {
      const works = await sameWorks(node, file)
      const known = new Set(works.map(({ id }) => id))
      const alike = (await sameContent(node, file)).filter((id) => !known.has(id))
      const found = [
        ...works.map(({ id, match }) => ({
          id,
          match: match === 'exact-file' ? ('same' as const) : ('near' as const),
        })),
        ...alike.map((id) => ({ id, match: 'near' as const })),
      ]
      return Promise.all(found.slice(0, WORKS_MAX).map(({ id, match }) => registered(node, id, match)))
    },
    async byPointer(pointer) {
      const found = await findDisclosuresByPointer(db, pointer)
      const works = [...new Set(found.flatMap(({ target }) => (target.kind === 'work' ? [target.id] : [])))]
      const hidden = await findHiddenWorks(db, works)
      const shown = works.filter((id) => !hidden.has(id)).slice(0, WORKS_MAX)
      return Promise.all(shown.map((id) => registered(node, id, 'pointer')))
    },
  }
}

async function sameContent(node: Node, { codes }: FileCodes): Promise<string[]> {
  const { db } = node.register.database
  const found: string[] = []
  for (const name of CONTENT_CODES)
    if (codes[name]) found.push(...(await findWorksByCodes(db, name, [codes[name]])).map(({ id }) => id))
  const hidden = await findHiddenWorks(db, found)
  return [...new Set(found)].filter((id) => !hidden.has(id))
}

async function registered(node: Node, id: string, match: RegisteredWork['match']): Promise<RegisteredWork> {
  const { db } = node.register.database
  const [work, details, disclosures] = [
    await findWork(db, id),
    await readWorkDetails(db, id),
    await findDisclosures(db, id),
  ]
  return {
    work: id,
    title: work!.title,
    party: work!.party,
    partyName: null,
    match,
    codes: Object.fromEntries(details.fingerprints.map(({ algorithm, code }) => [algorithm, code])),
    disclosures,
  }
}
