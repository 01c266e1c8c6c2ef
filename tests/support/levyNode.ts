import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { dataPath, isoTime, systemEffects } from '../../src/foundation/index.ts'
import {
  bookEntries,
  bookRun,
  importPayees,
  issueAssessment,
  readFacts,
  readPlan,
  readPreset,
  receiptEntry,
  runDistribution,
  type LevyFacts,
  type LevyPlan,
  type RunReport,
} from '../../src/levy/index.ts'
import { newSigner, type StatementSigner } from '../../src/statements/index.ts'
import { state, urn } from './offeredWorks.ts'
import { serveTestNode, type ServedNode } from './testNode.ts'

export const PERIOD = { from: '2025-01-01', to: '2025-12-31' }

export interface LevyNode extends ServedNode {
  fund: StatementSigner
  /** Two payees who can sign in; Maria has two works, one of them together with Jan, and Jan one more. */
  maria: StatementSigner
  jan: StatementSigner
  plan: { id: string; plan: LevyPlan }
  run: { id: string; report: RunReport }
  works: string[]
}

export const MARIA = 'Maria <b>Muster</b>'
export const TITLE = 'Bridge & <i>river</i>'
export const LOST = 'Erika <script>alert(1)</script> Verschollen'

/** The plan of the tests: in force since 2020, with a part for every group. */
export function testPlan(): LevyPlan {
  const plan = readPlan(readPreset('mistral-2026'), 'preset')
  const { distribution } = plan
  return {
    ...plan,
    scheme: 'test-levy',
    name: 'Levy of the test <fund>',
    validFrom: '2020-01-01',
    distribution: {
      ...distribution,
      groups: { ...distribution.groups, heritage: 200_000, creatorSupport: 100_000, rightsholders: 700_000 },
      unlocated: { ...distribution.unlocated, listAfterMonths: 0, publicAfterMonths: 1 },
    },
  }
}

/** What a developer says of itself for the period of the tests. */
export function testFacts(number: number, euRevenueCents: string): LevyFacts {
  return readFacts(
    {
      type: 'LevyFacts',
      provider: newSigner().issuer,
      name: `Developer ${number}`,
      period: PERIOD,
      isCommercial: true,
      isOnEuMarket: true,
      models: [{ name: 'Model', flop: '20000000000000000000000000', level: 'declared' }],
      figures: [{ name: 'euRevenue', year: 2025, amount: euRevenueCents, level: 'declared' }],
    },
    'facts',
  )
}

/** A node that keeps a fund: a plan, an assessment that was paid, a run that is published and booked, payees. */
export async function serveLevyNode(): Promise<LevyNode> {
  const [fund, maria, jan] = [newSigner(), newSigner(), newSigner()]
  const served = await serveTestNode({ withExample: false, env: { FUND_PARTY: fund.issuer } })
  const { register } = served.node
  const { db } = register.database
  const party = (signer: StatementSigner, name: string) =>
    state(register, signer, { type: 'Party', id: signer.issuer, kind: 'person', name } as { type: string })
  await party(fund, 'The fund')
  await party(maria, MARIA)
  const works = [urn(901), urn(902), urn(903)]
  const work = (signer: StatementSigner, id: string, title: string, medium: string) =>
    state(register, signer, { type: 'Work', id, role: 'creator', title, medium } as { type: string })
  await work(maria, works[0]!, TITLE, 'picture')
  await work(maria, works[1]!, 'A poem', 'text')
  await work(jan, works[2]!, 'Sky', 'picture')
  const plan = testPlan()
  const id = await state(register, fund, plan)
  const facts = testFacts(1, '100000000')
  const { assessment } = await issueAssessment(db, plan, facts, systemEffects)
  const today = isoTime(systemEffects.now()).slice(0, 10)
  const receipt = receiptEntry(facts.provider, assessment.dueCents, 'first', today)
  await bookEntries(db, [receipt], isoTime(systemEffects.now()))
  const stage = mkdtempSync(join(tmpdir(), 'colophon-levy-'))
  const run = await distribute(served, { fund, maria, jan, works, plan, cents: assessment.dueCents }, stage)
  rmSync(stage, { recursive: true, force: true })
  return { ...served, fund, maria, jan, plan: { id, plan }, run, works }
}

interface Given extends Pick<LevyNode, 'fund' | 'maria' | 'jan' | 'works'> {
  plan: LevyPlan
  cents: bigint
}

async function distribute({ node, config }: ServedNode, given: Given, stage: string): Promise<LevyNode['run']> {
  const { fund, maria, jan, works, plan, cents } = given
  const table = (name: string, ...lines: string[]) => {
    writeFileSync(join(stage, `${name}.csv`), `${lines.join('\n')}\n`)
    return [join(stage, `${name}.csv`)]
  }
  const [bridge, poem, sky] = works
  const files = {
    works: table('works', 'work,sector', `${bridge},picture`, `${poem},text`, `${sky},picture`, 'lost,text'),
    shares: table(
      'shares',
      'work,payee,share',
      `${bridge},${maria.issuer},7500`,
      `${bridge},${jan.issuer},2500`,
      `${poem},${maria.issuer},10000`,
      `${sky},${jan.issuer},8000`,
      'lost,p-lost,10000',
    ),
    uses: table(
      'uses',
      'work,uses,evidence',
      `${bridge},300,reported`,
      `${poem},100,listed`,
      `${sky},50,reported`,
      'lost,40,reported',
    ),
    contributions: table('contributions', 'developer,cents', `developer-1,${cents}`),
  }
  const [payees] = table(
    'payees',
    'payee,party,name,status,residence',
    `${maria.issuer},${maria.issuer},${MARIA},located,DE`,
    `p-jan,${jan.issuer},Jan Novák,located,CZ`,
    `p-lost,,${LOST},unlocated,`,
  )
  const { db } = node.register.database
  await importPayees(db, payees!, isoTime(systemEffects.now()))
  const folder = join(stage, 'run')
  const report = await runDistribution({
    plan,
    files,
    period: PERIOD,
    asOf: PERIOD.to,
    attributionConfidencePpm: 1_000_000,
    secret: new Uint8Array(32).fill(7),
    withAllocations: true,
    folder,
  })
  const id = await state(node.register, fund, { type: 'LevyRun', report } as { type: string })
  await bookRun(db, folder, {
    kept: dataPath(config, 'levy', 'runs'),
    fund: config.fundParty,
    now: systemEffects.now(),
  })
  return { id, report }
}

/** Signs somebody in with a key as text: the cookie of the session. */
export async function signInTo(url: string, signer: StatementSigner): Promise<string> {
  const pem = signer.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string
  const response = await fetch(`${url}/account/session`, {
    method: 'POST',
    body: new URLSearchParams({ pem }),
    redirect: 'manual',
  })
  return response.headers.get('set-cookie')!.split(';')[0]!
}
