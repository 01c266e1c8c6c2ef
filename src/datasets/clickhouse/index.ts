import { limits } from '../../foundation/index.ts'
import type { DatasetChecker } from '../check.ts'
import { judgeHits } from '../strength.ts'
import { openClickHouseChecker } from './checker.ts'
import { openClickHouse } from './client.ts'
import { readEngineUrl } from './engineUrl.ts'
import { pushDataset, type PushOptions } from './push.ts'

type Environment = Record<string, string | undefined>

/**
 * Opens the data sets of one or several engines by their addresses. Several are asked at the same time, and each answer
 * is complete for the data sets it holds, so the answers are simply put together.
 */
export async function openEngineChecker(engines: readonly string[], env: Environment): Promise<DatasetChecker> {
  const clients = engines.map((engine) => openClickHouse(readEngineUrl(engine, env)))
  const checkers = await Promise.all(clients.map((client) => openClickHouseChecker(client)))
  return {
    list: () => checkers.flatMap((checker) => checker.list()),
    async check(query) {
      const answers = await Promise.all(checkers.map((checker) => checker.check(query)))
      // What chance finds depends on everything that was searched, not on one engine's part of it.
      const datasets = checkers.flatMap((checker) => checker.list())
      const hits = answers.flatMap((answer) => answer.hits).slice(0, limits.hitsPerWorkMax)
      return { hits: judgeHits(hits, datasets), unasked: answers.flatMap(({ unasked }) => unasked) }
    },
    readRow: async (dataset, row) =>
      checkers.find((checker) => checker.list().some(({ id }) => id === dataset))?.readRow(dataset, row),
    readPreview: async () => undefined,
    passageSeeds: async () => [],
    // There is no connection of our own to close: each question is one request.
    async close() {},
  }
}

/** Copies an indexed data set to an engine. */
export function pushToEngine(engine: string, env: Environment, options: PushOptions) {
  return pushDataset(openClickHouse(readEngineUrl(engine, env)), options)
}
