import { fundOf, type Api } from '../../api/index.ts'
import { ColophonError, isoTime } from '../../foundation/index.ts'
import {
  DEVELOPERS_MIN,
  averageFacts,
  inventedFacts,
  listAssessments,
  simulateRegister,
  usableFacts,
  type LevyPlan,
  type RegisterSimulation,
} from '../../levy/index.ts'
import type { Node } from '../../main.ts'
import { oneAtATime } from './oneAtATime.ts'
import { t } from '../text.ts'
import {
  isChanged,
  planChoices,
  readPlans,
  readWritten,
  type FormError,
  type PlanChoice,
  type Written,
} from './simulateForm.ts'
import { simulatePage } from './simulatePage.ts'

/** What was computed, and on whose figures. */
export interface Comparison extends RegisterSimulation {
  currency: string
  names: [string, string]
  developers: number
  leftOut: number
  isInvented: boolean
}

export interface Asked {
  written: Written
  choices: PlanChoice[]
  errors: FormError[]
  comparison: Comparison | undefined
}

/** “What if”: two plans on the same developers and works. One visitor’s question is computed after another’s. */
export function addSimulateRoutes(web: Api, node: Node): void {
  const inTurn = oneAtATime(4)
  web.get('/fund/simulate', async (context) => {
    const fund = await fundOf(node)
    const choices = planChoices(fund)
    const query = context.req.query()
    const isAsked = query.first !== undefined || query.second !== undefined
    if (!isAsked) {
      const own = fund.inForce[0]?.id ?? 'preset:action-group-2026'
      const written = { ...readWritten({}), first: own, second: own }
      return context.html(simulatePage(node, { written, choices, errors: [], comparison: undefined }))
    }
    const written = readWritten(query)
    const { plans, errors } = readPlans(written, choices)
    if (!plans) return context.html(simulatePage(node, { written, choices, errors, comparison: undefined }), 400)
    const comparison = await inTurn(() => compare(node, plans, isChanged(written))).catch(whenImpossible)
    const wrong: FormError[] = comparison ? [] : [notComputed(written)]
    return context.html(simulatePage(node, { written, choices, errors: wrong, comparison }), comparison ? 200 : 400)
  })
}

/** A plan may come to more than one run divides; any other failure is no visitor’s. */
function whenImpossible(error: unknown): undefined {
  if (error instanceof ColophonError && error.code === 'invalid_input') return undefined
  throw error
}

function notComputed({ rate }: Written): FormError {
  const text = t('fundPage.sim.wrong', { why: 'other', digits: 0, sum: 0 })
  return { field: rate === '' ? 'second' : 'rate', text }
}

async function compare(node: Node, plans: [LevyPlan, LevyPlan], isChanged: boolean): Promise<Comparison> {
  const { db } = node.register.database
  const now = node.register.effects.now()
  const year = Number(isoTime(now).slice(0, 4))
  const whole = plans.map((plan) => inForceIn(plan, year)) as [LevyPlan, LevyPlan]
  const { currency } = plans[0]
  const averaged = averageFacts(await listAssessments(db), currency, year)
  const real = usableFacts(whole, averaged.facts)
  const isInvented = real.length < DEVELOPERS_MIN
  const facts = isInvented ? inventedFacts(year) : real
  return {
    ...(await simulateRegister(db, whole, facts, now)),
    currency,
    names: [plans[0].name, isChanged ? t('fundPage.sim.changed', { name: plans[1].name }) : plans[1].name],
    developers: facts.length,
    leftOut: averaged.leftOut + averaged.developers - real.length,
    isInvented,
  }
}

/** A plan as if it were in force for the whole of a year. */
function inForceIn(plan: LevyPlan, year: number): LevyPlan {
  const { validUntil: _, ...always } = plan
  return { ...always, validFrom: `${year}-01-01` }
}
