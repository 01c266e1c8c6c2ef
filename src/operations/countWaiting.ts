import type { Workshop } from '../datasets/index.ts'
import type { Metrics } from './metrics.ts'

const FILES = ['identify', 'examine', 'mark'] as const
const QUESTIONS = ['check', 'passageSeeds', 'readPreview', 'readRow'] as const

/** The workshop, with a count of what it was asked and has not answered. */
export function countWaiting(workshop: Workshop, metrics: Metrics): Workshop {
  const counted = { ...workshop }
  const wrap = (name: (typeof FILES | typeof QUESTIONS)[number], lane: string) => {
    const ask = workshop[name] as (...parameters: unknown[]) => Promise<unknown>
    metrics.change('colophon_workshop_waiting', 0, { lane })
    const counting = async (...parameters: unknown[]) => {
      metrics.change('colophon_workshop_waiting', 1, { lane })
      try {
        return await ask(...parameters)
      } finally {
        metrics.change('colophon_workshop_waiting', -1, { lane })
      }
    }
    Object.assign(counted, { [name]: counting })
  }
  for (const name of FILES) wrap(name, 'files')
  for (const name of QUESTIONS) wrap(name, 'datasets')
  return counted
}
