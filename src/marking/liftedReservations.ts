import { ColophonError } from '../foundation/index.ts'
import {
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
import { NAMESPACES, readMetadata, type MarkProperties } from './metadata/index.ts'

/**
 * Refuses terms that would take the place of a reservation that a file carries and say less, or the contrary: a “no” is
 * not lifted in passing. Errors: `state_not_allowed`, with what is reserved.
 */
export async function refuseLifting(
  bytes: Uint8Array,
  format: MarkFormat,
  rights: RightsDocument,
  now: number,
): Promise<void> {
  const { properties } = await readMetadata(bytes, format)
  const given = {
    metadata: rulesOf(exportRights(rights, 'iptc', now)),
    manifest: rulesOf(exportRights(rights, 'cawg', now)),
  }
  const all = [...given.metadata, ...given.manifest]
  const isDenied = ({ action }: RightsRule, rules: RightsRule[]) =>
    rules.some((rule) => rule.decision === 'deny' && ruleCovers(rule.action, action))
  const isAllowed = ({ action }: RightsRule) =>
    all.some(
      (rule) => rule.decision === 'allow' && (ruleCovers(rule.action, action) || ruleCovers(action, rule.action)),
    )
  const inMetadata = reservationsOf(dataMiningOf(properties))
  const inManifest = reservationsOf(trainingMiningOf(await readManifests(bytes, format, { now })))
  // What an earlier manifest says stays readable in it; what the metadata says has one place.
  const lifted = [
    ...inMetadata.filter((rule) => given.metadata.length > 0 && !isDenied(rule, given.metadata)),
    ...[...inMetadata, ...inManifest].filter(isAllowed),
  ]
  if (lifted.length === 0) return
  const actions = [...new Set(lifted.map(({ action }) => action))].join(', ')
  throw new ColophonError('state_not_allowed', `the file reserves ${actions}, and the terms say less`, {
    remedy:
      'Give terms that reserve as much. Whoever may take the reservation back says so: `--lift-reservation`, or `liftReservation` in the API.',
  })
}

function rulesOf({ files, snippets }: RightsExport): RightsRule[] {
  return [
    ...files.flatMap(({ content }) => readCawg(content, 'terms').rules),
    ...snippets.flatMap(({ text }) => readIptc(text, 'terms').rules),
  ]
}

const reservationsOf = (rules: readonly RightsRule[]) => rules.filter(({ decision }) => decision === 'deny')

function dataMiningOf({ dataMining }: MarkProperties): RightsRule[] {
  if (dataMining === undefined) return []
  const said = xmlTag('plus:DataMining', {}, escapeXml(dataMining))
  return readIptc(xmlTag('plus:Said', { 'xmlns:plus': NAMESPACES.plus }, said), 'file').rules
}

function trainingMiningOf({ active }: C2paReport): RightsRule[] {
  const said = active?.assertions.filter(({ label }) => /^(cawg|c2pa)\.training-mining(__\d+)?$/.test(label)) ?? []
  return said.flatMap(({ data }) => readCawg(JSON.stringify(data), 'file').rules)
}
