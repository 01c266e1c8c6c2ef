import { readCawg } from '../../src/rights/exports/cawg.ts'
import { readLicenceUrl } from '../../src/rights/exports/creativeCommons.ts'
import type { RightsReading } from '../../src/rights/exports/findings.ts'
import type { RightsFormat } from '../../src/rights/exports/index.ts'
import { readIptc } from '../../src/rights/exports/iptc.ts'
import { readIscc } from '../../src/rights/exports/iscc.ts'
import { readOdrl } from '../../src/rights/exports/odrlRead.ts'
import { readRightsStatement } from '../../src/rights/exports/rightsStatements.ts'
import { matchesPattern } from '../../src/rights/exports/robotsTxt.ts'
import { readSchemaOrg } from '../../src/rights/exports/schemaOrg.ts'
import { readRobotsPlaces, readRslPlace, readTdmrepPlace } from '../../src/rights/lint/places.ts'
import type { RightsExport, RightsRule } from '../../src/rights/rules.ts'

type Reader = (text: string, path: string) => RightsReading

const NOTHING: RightsReading = { rules: [], findings: [] }
const asFile = (text: string) => ({ where: 'f', text, headers: {} })
const linkIn = (text: string) => /https?:[^">]*/.exec(text)![0]

/** What somebody who knows a vocabulary takes from its file, or from its first snippet, for one path of the site. */
const READERS: Record<RightsFormat, Reader> = {
  odrl: readOdrlAt,
  tdmrep: (text, path) => readTdmrepPlace(asFile(text), path),
  aipref: readRobotsAt,
  rsl: (text, path) => readRslPlace(asFile(text), path, 'publisher.example'),
  'content-signal': readRobotsAt,
  'robots-agents': readRobotsAt,
  iptc: (text) => readIptc(text, 'f'),
  cawg: (text) => readCawg(text, 'f'),
  iscc: (text) => readIscc(text, 'f'),
  'schema-org': (text) => readSchemaOrg(text, 'f'),
  rightsstatements: (text) => readRightsStatement(linkIn(text), 'f'),
  'creative-commons': (text) => readLicenceUrl(linkIn(text), 'f'),
  'story-pil': readPil,
  'local-contexts': () => NOTHING,
}

/** What is read back of an export at one path; headers and tags are for whoever puts them somewhere. */
export function readBack(written: RightsExport, path: string): RightsReading {
  const format = written.format as RightsFormat
  const isInRobots = READERS[format] === readRobotsAt
  const text = isInRobots
    ? written.snippets.find(({ place }) => place === 'robots.txt')?.text
    : (written.files.find((file) => file.path !== 'tdm-policy.jsonld')?.content ??
      (written.files.length === 0 ? written.snippets[0]?.text : undefined))
  if (text === undefined || (format === 'tdmrep' && written.files.length === 0)) return NOTHING
  return READERS[format](String(text), path)
}

function readRobotsAt(text: string, path: string): RightsReading {
  const { places } = readRobotsPlaces(asFile(text), path)
  return { rules: places.flatMap(({ rules }) => rules), findings: places.flatMap(({ findings }) => findings) }
}

function readOdrlAt(text: string, path: string): RightsReading {
  const { permission = [], prohibition = [] } = JSON.parse(text)
  const paths = [...permission, ...prohibition][0]?.target.refinement?.[0].rightOperand as string[] | undefined
  return paths && !paths.some((each) => matchesPattern(each, path)) ? NOTHING : readOdrl(text, 'f')
}

/** Use without commerce is part of every licence of this kind. */
function readPil(text: string): RightsReading {
  const { onChain, offChain } = JSON.parse(text)
  const { territory, channelsOfDistribution: channels } = offChain
  const shared = {
    ...(territory.length > 0 ? { territory } : {}),
    ...(channels.length > 0 ? { channels } : {}),
    ...(onChain.expiration === '0' ? {} : { elapsed: `P${onChain.expiration / 86_400}D` }),
  }
  const dutiesOf = (names: Record<string, boolean>) => {
    const duties = Object.entries(names).flatMap(([action, isAsked]) => (isAsked ? [{ action }] : []))
    return duties.length > 0 ? { duties } : {}
  }
  const allow = (action: string, more: object) => ({ action, decision: 'allow', ...more })
  const base = ['odrl:reproduce', 'odrl:distribute', 'odrl:display']
  const asked = (isAsked: boolean) => ({ ...shared, ...dutiesOf({ 'odrl:attribute': isAsked }) })
  const derived = {
    'odrl:attribute': onChain.derivativesAttribution,
    'odrl:obtainConsent': onChain.derivativesApproval,
    'cc:ShareAlike': onChain.derivativesReciprocal,
  }
  const rules = [
    ...base.map((action) => allow(action, { ...asked(offChain.attribution), purposes: ['col:nonCommercial'] })),
    ...(onChain.commercialUse ? base.map((action) => allow(action, asked(onChain.commercialAttribution))) : []),
    ...(onChain.derivativesAllowed ? [allow('odrl:derive', { ...shared, ...dutiesOf(derived) })] : []),
    ...(offChain.aiLearningModels ? [allow('col:trainAI', {})] : []),
  ]
  return { rules: rules as RightsRule[], findings: [] }
}
