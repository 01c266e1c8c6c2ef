import { findDisclosures, findPointedWorks, findPointers } from '../disclosure/index.ts'
import type { FileCodes } from '../fingerprints/index.ts'
import { isoTime } from '../foundation/index.ts'
import type { Node } from '../main.ts'
import type { RegisteredWork, RegisterLookup } from '../marking/index.ts'
import { findWork, findWorksByCodes, readWorkDetails } from '../register/index.ts'
import { findGoneWorks } from '../rights/index.ts'
import { nearDeclared } from './declaredCodes.ts'
import { sameWorks } from './runCheck.ts'

/** Codes of content, which marks do not change: whoever has the same one has the same text, sound or film. */
const CONTENT_CODES = ['iscc-audio-v0', 'iscc-video-v0'] as const
/** Codes that are near when only little was changed: of a text a few words, of any file its marks. */
const NEAR_CODES = ['iscc-text-v0', 'iscc-data-v0'] as const

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
      const works = await findPointedWorks(db, pointer)
      return Promise.all((await shown(node, works)).map((id) => registered(node, id, 'pointer')))
    },
    async bySha256(sha256) {
      const works = (await findWorksByCodes(db, 'sha256', [sha256])).map(({ id }) => id)
      return Promise.all((await shown(node, works)).map((id) => registered(node, id, 'attested')))
    },
  }
}

/** Works with the same or nearly the same text, the same sound or film, and files of nearly the same bytes. */
async function sameContent(node: Node, { codes }: FileCodes): Promise<string[]> {
  const { db } = node.register.database
  const found: string[] = []
  for (const name of CONTENT_CODES)
    if (codes[name]) found.push(...(await findWorksByCodes(db, name, [codes[name]])).map(({ id }) => id))
  for (const name of NEAR_CODES)
    if (codes[name]) found.push(...(await nearDeclared(node, name, [codes[name]])).map(({ id }) => id))
  return shown(node, found)
}

/** Each once, without those that were taken back or whose communities keep them out of sight. */
async function shown(node: Node, works: readonly string[]): Promise<string[]> {
  const gone = await findGoneWorks(node.register.database.db, [...works], isoTime(node.register.effects.now()))
  return [...new Set(works)].filter((id) => !gone.has(id)).slice(0, WORKS_MAX)
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
    pointers: await findPointers(db, id),
  }
}
