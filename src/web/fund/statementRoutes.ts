import type { Context } from 'hono'
import { html } from 'hono/html'
import { needSession, runsOfFund, sessionOf, type Api } from '../../api/index.ts'
import { ColophonError, isoTime } from '../../foundation/index.ts'
import {
  keptRun,
  proveLines,
  readLines,
  readRun,
  statementCsv,
  statementJson,
  statementPdf,
  type StatedWorks,
} from '../../levy/index.ts'
import type { Node } from '../../main.ts'
import { noStore } from '../account/fromHere.ts'
import { signInPage } from '../account/signInPage.ts'
import { language, t } from '../text.ts'
import { money } from './figures.ts'
import { oneAtATime } from './oneAtATime.ts'
import {
  chooseAccount,
  nothingPage,
  readStated,
  runsFolder,
  runsOf,
  statementPage,
  type Chosen,
} from './statementPage.ts'

const STATEMENT = '/fund/statement'

/** The statement of whoever is signed in, on a page and as files. Nobody else’s account can be named. */
export function addStatementRoutes(web: Api, node: Node): void {
  const inTurn = oneAtATime(50)
  web.use(STATEMENT, noStore)
  web.use(`${STATEMENT}/*`, noStore)
  web.get(STATEMENT, async (context) => {
    const session = await sessionOf(node, context)
    if (!session) return context.html(signInPage(node, STATEMENT, html`<p class="note">${t('fundPage.signIn')}</p>`))
    const { payee, year } = context.req.query()
    const chosen = await chooseAccount(node, session, { payee, year })
    if (!chosen) return context.html(nothingPage(node, session))
    const stated = await inTurn(() => readStated(node, chosen))
    const published = new Map((await runsOfFund(node)).map(({ id, report }) => [report.root, id]))
    return context.html(statementPage(node, chosen, stated, published))
  })
  web.get(`${STATEMENT}/:file`, async (context) => {
    const session = await needSession(node, context)
    const { payee, year, root } = context.req.query()
    const file = context.req.param('file')
    const chosen = await chooseAccount(node, session, { payee, year })
    if (!chosen || !Object.hasOwn(FILES, file)) return context.notFound()
    const stated = await inTurn(() => readStated(node, chosen))
    return inTurn(async () => FILES[file]!({ node, context, chosen, stated, root }))
  })
}

interface Asked {
  node: Node
  context: Context
  chosen: Chosen
  stated: StatedWorks
  root: string | undefined
}

const FILES: Record<string, (asked: Asked) => Promise<Response> | Response> = {
  async 'statement.pdf'({ node, context, chosen, stated }) {
    const spoken = { language: language(), t, money: (cents: bigint) => money(cents, chosen.currency) }
    const pdf = await statementPdf(stated, spoken, isoTime(node.register.effects.now()))
    return send(context, Uint8Array.from(pdf), 'application/pdf', `statement-${chosen.year}.pdf`)
  },
  'statement.csv': ({ context, chosen, stated }) =>
    send(context, statementCsv(stated), 'text/csv; charset=utf-8', `statement-${chosen.year}.csv`),
  'statement.json': ({ context, chosen, stated }) =>
    send(context, toText(statementJson(stated)), 'application/json', `statement-${chosen.year}.json`),
  async 'proof.json'({ node, context, chosen, stated, root }) {
    const isOwn = root !== undefined && runsOf(stated.statement).includes(root)
    const folder = isOwn ? keptRun(runsFolder(node), root) : undefined
    if (!folder) throw new ColophonError('not_found', 'You have no line in such a run.')
    const { report, salts } = readRun(folder)
    const proofs = await proveLines(await readLines(folder), salts, chosen.account)
    const { scheme, period } = report
    const proof = { type: 'LevyRunProof', root: report.root, scheme, period, proofs }
    return send(context, toText(proof), 'application/json', 'proof.json')
  },
}

const toText = (value: object) => `${JSON.stringify(value, null, 1)}\n`

function send(context: Context, body: string | Uint8Array<ArrayBuffer>, type: string, name: string): Response {
  return context.body(body, 200, {
    'content-type': type,
    'content-disposition': `attachment; filename="${name}"`,
  })
}
