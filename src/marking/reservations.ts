import { ColophonError } from '../foundation/index.ts'
import {
  actions,
  escapeXml,
  exportRights,
  readCawg,
  readIptc,
  ruleCovers,
  xmlTag,
  type RightsDocument,
  type RightsExport,
  type RightsRule,
} from '../rights/index.ts'
import { readManifests, type C2paReport } from './c2pa/index.ts'
import type { MarkFormat } from './formats.ts'
import { NAMESPACES, PLUS_VOCABULARY, everyValue } from './metadata/index.ts'

/** What is reserved in a file: by its metadata, which has one place for it, and by its manifest, which stays readable. */
export interface Reservations {
  inMetadata: RightsRule[]
  /** The word of PLUS that reserves most. */
  dataMining?: string
  inManifest: RightsRule[]
  /** What the manifest says of mining and training, as it is written there, where that reserves anything. */
  trainingMining?: unknown
}

export const NOTHING_RESERVED: Reservations = { inMetadata: [], inManifest: [] }

/** What a file reserves of mining and training. Of several values the strictest counts, and one that is spelled badly, too. */
export async function reservationsOf(bytes: Uint8Array, format: MarkFormat, now: number): Promise<Reservations> {
  const values = everyValue(bytes, format, 'dataMining').flatMap((value) => {
    const [word] = /\bDMI-[A-Z-]{1,60}/i.exec(value) ?? []
    if (word === undefined) return []
    const dataMining = `${PLUS_VOCABULARY}${word.toUpperCase()}`
    return [{ dataMining, rules: denials(readIptc(plusPacket(dataMining), 'file').rules) }]
  })
  const [strictest] = values.filter(({ rules }) => rules.length > 0).sort((a, b) => reach(b.rules) - reach(a.rules))
  return {
    inMetadata: values.flatMap(({ rules }) => rules),
    ...(strictest ? { dataMining: strictest.dataMining } : {}),
    ...reservationsOfManifest(await readManifests(bytes, format, { now })),
  }
}

/** How much rules deny: a rule on mining is wider than one on training. */
function reach(rules: readonly RightsRule[]): number {
  return rules.reduce((sum, { action }) => sum + actions.filter((each) => ruleCovers(action, each)).length, 0)
}

/** The part of it that a manifest reserves. */
export function reservationsOfManifest({ active }: C2paReport): Pick<Reservations, 'inManifest' | 'trainingMining'> {
  const said = active?.assertions.filter(({ label }) => /^(cawg|c2pa)\.training-mining(__\d+)?$/.test(label)) ?? []
  const read = said.map(({ data }) => ({ data, rules: denials(readCawg(JSON.stringify(data), 'file').rules) }))
  const [first] = read.filter(({ rules }) => rules.length > 0)
  return { inManifest: read.flatMap(({ rules }) => rules), ...(first ? { trainingMining: first.data } : {}) }
}

/**
 * Refuses terms that allow what a file reserves: a “no” is not lifted in passing. Errors: `state_not_allowed`, with what
 * is reserved.
 */
export function refuseLifting({ inMetadata, inManifest }: Reservations, rights: RightsDocument, now: number): void {
  const given = [...rulesOf(exportRights(rights, 'iptc', now)), ...rulesOf(exportRights(rights, 'cawg', now))]
  const allowed = given.filter(({ decision }) => decision === 'allow')
  const lifted = [...inMetadata, ...inManifest].filter(({ action }) =>
    allowed.some((rule) => ruleCovers(rule.action, action) || ruleCovers(action, rule.action)),
  )
  if (lifted.length === 0) return
  const named = [...new Set(lifted.map(({ action }) => action))].join(', ')
  throw new ColophonError('state_not_allowed', `the file reserves ${named}, and the terms allow it`, {
    remedy:
      'Give terms that reserve as much. Whoever may take the reservation back says so: `--lift-reservation`, or `liftReservation` in the API.',
  })
}

/** Whether metadata reserves more than terms that take its place would: then what is there stays. */
export function reservesMore({ inMetadata }: Reservations, rights: RightsDocument, now: number): boolean {
  const given = denials(rulesOf(exportRights(rights, 'iptc', now)))
  return inMetadata.some(({ action }) => !given.some((rule) => ruleCovers(rule.action, action)))
}

function rulesOf({ files, snippets }: RightsExport): RightsRule[] {
  return [
    ...files.flatMap(({ content }) => readCawg(content, 'terms').rules),
    ...snippets.flatMap(({ text }) => readIptc(text, 'terms').rules),
  ]
}

const denials = (rules: readonly RightsRule[]) => rules.filter(({ decision }) => decision === 'deny')

function plusPacket(value: string): string {
  const said = xmlTag('plus:DataMining', {}, escapeXml(value))
  return xmlTag('plus:Said', { 'xmlns:plus': NAMESPACES.plus }, said)
}
