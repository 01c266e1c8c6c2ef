import { addCheckpoint, parseVkey, type WitnessStore } from '../log/index.ts'
import { bodyLimit } from 'hono/body-limit'
import type { Node } from '../main.ts'
import type { Queries } from '../foundation/index.ts'
import type { Api } from './app.ts'

declare module '../foundation/tables.ts' {
  interface Tables {
    witnessed_head: { origin: string; size: bigint; root: Uint8Array }
  }
}

const TILE_PATH = /^tile\/(entries|[0-9]{1,2})(\/x[0-9]{3})*\/[0-9]{3}(\.p\/[0-9]{1,3})?$/
const ADD_CHECKPOINT_BYTES_MAX = 64 * 1024

/** The log's own files (C2SP tlog-tiles) below /log/, and this node as a witness of others (tlog-witness). */
export function addLogRoutes(api: Api, node: Node): void {
  const { log } = node.register
  api.get('/log/vkey', (context) => context.text(`${log.vkey}\n`))
  api.get('/log/witness-vkey', (context) => context.text(`${node.witness.vkey}\n`))
  api.get('/log/checkpoint', async (context) => {
    await log.publish()
    context.header('cache-control', 'no-store')
    return context.text(await log.publishedCheckpoint())
  })
  api.get('/log/tile/*', async (context) => {
    const path = context.req.path.slice('/log/'.length)
    const bytes = TILE_PATH.test(path) ? await log.readTile(path) : undefined
    if (!bytes) return context.text('no such tile\n', 404)
    context.header('cache-control', 'public, max-age=31536000, immutable')
    context.header('content-type', 'application/octet-stream')
    return context.body(Uint8Array.from(bytes))
  })
  const limit = bodyLimit({
    maxSize: ADD_CHECKPOINT_BYTES_MAX,
    onError: (context) => context.text('the request is too large\n', 400),
  })
  api.post('/add-checkpoint', limit, async (context) => {
    const body = await context.req.text()
    const logs = node.config.witnessedLogs.map(parseVkey)
    const store = witnessStore(node.register.database.db)
    const answer = await addCheckpoint(body, {
      signer: node.witness,
      logs,
      store,
      nowSeconds: Math.floor(node.register.effects.now() / 1000),
    })
    context.header('content-type', answer.contentType)
    return context.body(answer.body, answer.status)
  })
}

/** Heads in the database; replacing one is a single conditional statement, so two requests cannot both win. */
function witnessStore(queries: Queries): WitnessStore {
  return {
    async read(origin) {
      const row = await queries.selectFrom('witnessed_head').selectAll().where('origin', '=', origin).executeTakeFirst()
      return row ? { size: Number(row.size), root: new Uint8Array(row.root) } : undefined
    },
    async replace(origin, old, next) {
      const values = { size: BigInt(next.size), root: Buffer.from(next.root) }
      if (!old) {
        const inserted = await queries
          .insertInto('witnessed_head')
          .values({ origin, ...values })
          .onConflict((conflict) => conflict.doNothing())
          .executeTakeFirst()
        return (inserted.numInsertedOrUpdatedRows ?? 0n) > 0n
      }
      const updated = await queries
        .updateTable('witnessed_head')
        .set(values)
        .where('origin', '=', origin)
        .where('size', '=', BigInt(old.size))
        .executeTakeFirst()
      return updated.numUpdatedRows > 0n
    },
  }
}
