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
/** Codes by which content is compared. Bytes that are alike say nothing where these can be had: a file may carry along another. */
const READ_CODES = ['pdq', 'iscc-image-v0', 'iscc-text-v0', 'iscc-audio-v0', 'iscc-video-v0'] as const
/** Of a smaller file a few pieces make the Data-Code, and those may be what every file of its kind has. */
const DATA_BYTES_MIN = 65_536

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

/**
 * Works with the same or nearly the same text, the same sound or film; and, of what nobody here can look into, files of
 * nearly the same bytes.
 */
async function sameContent(node: Node, { codes, byteLength, mediaType }: FileCodes): Promise<string[]> {
  const { db } = node.register.database
  const found: string[] = []
  for (const name of CONTENT_CODES)
    if (codes[name]) found.push(...(await findWorksByCodes(db, name, [codes[name]])).map(({ id }) => id))
  const { 'iscc-text-v0': text, 'iscc-data-v0': data } = codes
  if (text) found.push(...(await nearDeclared(node, 'iscc-text-v0', [text])).map(({ id }) => id))
  const isUnread = READ_CODES.every((name) => codes[name] === undefined) && !mediaType.startsWith('image/')
  if (data && isUnread && byteLength >= DATA_BYTES_MIN)
    for (const { id } of await nearDeclared(node, 'iscc-data-v0', [data])) {
      const { fingerprints } = await readWorkDetails(db, id)
      if (!fingerprints.some(({ algorithm }) => (READ_CODES as readonly string[]).includes(algorithm))) found.push(id)
    }
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
