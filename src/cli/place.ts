import { ColophonError, parseJson, readConfig } from '../foundation/index.ts'
import type { Node } from '../main.ts'
import { loadMain, servingUrl } from './command.ts'

/** Where a register is: the process that holds its data directory, by its address, or the node that was opened here. */
export type Place = { url: string; node?: undefined } | { url?: undefined; node: Node }

/** Runs with the register of this machine's data directory, whether a process serves it or not. */
export async function withPlace<Result>(run: (place: Place) => Promise<Result>): Promise<Result> {
  const config = readConfig(process.env)
  const url = await servingUrl(config)
  if (url !== undefined) return run({ url })
  const node = await (await loadMain()).openNode(config)
  try {
    return await run({ node })
  } finally {
    await node.close()
  }
}

/** Asks the process that serves; what it refuses is refused here. */
export async function ask<Answer>(url: string, path: string, body?: object): Promise<Answer> {
  const sent = body && { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
  const response = await fetch(url + path, sent)
  const answer = parseJson(await response.text(), url) as Answer & { error?: { message: string; where?: string } }
  if (response.ok) return answer
  throw new ColophonError('invalid_statement', answer.error?.message ?? `the node answered ${response.status}`, {
    where: answer.error?.where ?? url,
  })
}

/** The same for what is no JSON. */
export async function askText(url: string, path: string): Promise<string> {
  const response = await fetch(url + path)
  if (response.ok) return response.text()
  throw new ColophonError('not_found', `the node answered ${response.status}`, { where: url + path })
}
