import { html } from 'hono/html'
import type { Api } from '../api/index.ts'
import { chainGas, listChainGrants, listChainRecords } from '../contracts/index.ts'
import { fromHex, isoTime, toHex } from '../foundation/index.ts'
import { inclusionSteps, leafHash } from '../log/index.ts'
import type { Node } from '../main.ts'
import { findWork } from '../register/index.ts'
import { readReach } from '../rights/index.ts'
import { figureTable } from './fund/figures.ts'
import { code, page, type Html } from './layout.ts'
import { isExample } from './pages.ts'
import { number, t, when, words } from './text.ts'

/** What of a work stands on a chain, as statements tell of it, and how to check that without this node. */
export function addChainRoutes(web: Api, node: Node): void {
  web.get('/works/:id/chain', async (context) => {
    const shown = await chainPage(node, context.req.param('id'))
    return shown ? context.html(shown) : context.notFound()
  })
}

type ChainRecordRow = Awaited<ReturnType<typeof listChainRecords>>[number]
type ChainGrantRow = Awaited<ReturnType<typeof listChainGrants>>[number]

async function chainPage(node: Node, id: string): Promise<Html | undefined> {
  const { db } = node.register.database
  const work = await findWork(db, id)
  if (!work || work.is_sealed === 1n) return undefined
  // Anybody can state a record; only of those who have a say over the work it is one of the work.
  const { parties } = await readReach(db, work)
  const targets = [id, ...(work.collection ? [work.collection] : [])]
  const records = (await listChainRecords(db, { targets })).filter(({ party }) => parties.has(party))
  const grants = await listChainGrants(
    db,
    records.map((record) => record.id),
  )
  const sections = await Promise.all(
    records.map((record) =>
      recordSection(
        node,
        record,
        grants.filter(({ chain_record }) => chain_record === record.id),
      ),
    ),
  )
  return page({
    title: t('chain.title', { title: work.title }),
    path: '/chain',
    isExample: isExample(node),
    content: html`<p class="lead">${t('chain.lead')}</p>
      <p>${t('chain.lost')}</p>
      ${records.length === 0 ? html`<p>${t('chain.none')}</p>` : sections}
      <section>
        <h2>${t('chain.warning.title')}</h2>
        <p>${t('chain.warning')}</p>
      </section>
      ${costSection()}
      <p><a href="/works/${id}">${work.title}</a></p>`,
  })
}

async function recordSection(node: Node, record: ChainRecordRow, grants: readonly ChainGrantRow[]): Promise<Html> {
  const facts: [string, Html | string][] = [
    ['work.declaredBy', code(record.party)],
    ['chain.on', code(record.chain)],
    ['chain.contract', code(record.contract)],
    ['chain.record', code(record.record)],
    ['chain.witness', code(record.witness)],
    ['chain.since', when(record.recorded_at)],
    ...(record.revoked_from === null
      ? []
      : [['chain.takenBack', when(record.revoked_from)] satisfies [string, Html | string]]),
  ]
  return html`<section class="hit">
    <h2>${t('chain.record')} ${code(`${record.record.slice(0, 10)}…`)}</h2>
    <dl>
      ${facts.map(
        ([name, value]) =>
          html`<dt>${t(name)}</dt>
            <dd>${value}</dd>`,
      )}
    </dl>
    <h3>${t('chain.grants')}</h3>
    ${grants.length === 0 ? html`<p>${t('chain.grants.none')}</p>` : grantList(grants, isoTime(node.register.effects.now()))}
    ${await checkSection(node, record)}
  </section>`
}

/** Each by itself: addresses are long, and screens are narrow. */
function grantList(grants: readonly ChainGrantRow[], now: string): Html {
  return html`<ul>
    ${grants.map(
      (row) =>
        html`<li>
          <dl>
            <dt>${t('chain.licensee')}</dt>
            <dd>${code(row.licensee)}</dd>
            <dt>${t('chain.uses')}</dt>
            <dd>${row.grant.uses.map((use) => t(`chain.use.${use}`)).join(', ')}</dd>
            <dt>${t('chain.where')}</dt>
            <dd>${t(`chain.territory.${row.grant.territory}`)}</dd>
            <dt>${t('chain.from')}</dt>
            <dd>${when(row.grant.from)}</dd>
            <dt>${t('chain.until')}</dt>
            <dd>${when(row.grant.until)}</dd>
            <dt>${t('chain.state')}</dt>
            <dd>${t(`chain.state.${stateOf(row, now)}`)}</dd>
          </dl>
        </li>`,
    )}
  </ul>`
}

function stateOf(
  { grant, revoked_from: revoked }: ChainGrantRow,
  now: string,
): 'ended' | 'future' | 'over' | 'running' {
  if (revoked !== null && revoked <= now) return 'ended'
  if (now < grant.from) return 'future'
  return now >= grant.until ? 'over' : 'running'
}

/** The statement's way to the root that is anchored, hash by hash, against what the chain was last seen to hold. */
async function checkSection({ register }: Node, record: ChainRecordRow): Promise<Html> {
  const title = html`<h3>${t('chain.check')}</h3>`
  const anchor = await register.database.db
    .selectFrom('chain_anchor')
    .selectAll()
    .where('chain', '=', record.chain)
    .orderBy('size', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (!anchor) return html`${title}<p>${t('chain.check.none')}</p>`
  const [index, size] = [Number(record.log_index), Number(anchor.size)]
  if (index >= size || size > register.log.size) return html`${title}<p>${t('chain.check.waiting')}</p>`
  const root = fromHex(anchor.root)
  const { extra, path } = await register.log.prove(index, { ...register.log.checkpoint(), size, root })
  const leaf = leafHash(extra!)
  const steps = inclusionSteps(index, size, leaf, path)
  const result = toHex(steps?.at(-1)?.hash ?? leaf)
  const call = `isInLog(0x${toHex(leaf).slice(0, 8)}…, ${index}, …)`
  return html`${title}
    <p>${t('chain.check.lead', { index: number(index), size: number(size), date: when(anchor.anchored_at) })}</p>
    <ol>
      <li>${t('chain.check.leaf')}: ${code(toHex(leaf))}</li>
      ${(steps ?? []).map(
        ({ side, sibling, hash }) =>
          html`<li>
            ${t(`chain.check.${side}`)}: ${code(toHex(sibling))}<br />
            ${t('chain.check.result')}: ${code(toHex(hash))}
          </li>`,
      )}
    </ol>
    <dl>
      <dt>${t('chain.check.root')}</dt>
      <dd>${code(anchor.root)} (${code(anchor.chain)}, ${code(anchor.contract)})</dd>
    </dl>
    <p>
      <strong>${result === anchor.root ? t('chain.check.equal') : t('chain.check.differs')}</strong>
    </p>
    <p>${t('chain.check.ask', { call })}</p>`
}

const COSTS = ['anchor', 'record', 'grant', 'passkeyGrant', 'paidGrant', 'proof'] as const

function costSection(): Html {
  const gas = chainGas()
  const heads = ['what', 'gas', 'fee'].map((name) => t(`chain.cost.${name}`))
  const rows = COSTS.map((name) => [
    t(`chain.cost.${name}`),
    number(gas[name]),
    (gas[name] / 1e9).toLocaleString(words.language, { maximumFractionDigits: 6 }),
  ])
  return html`<section>
    <h2>${t('chain.cost')}</h2>
    <p>${t('chain.cost.lead')}</p>
    ${figureTable(t('chain.cost'), heads, rows, true)}
  </section>`
}
