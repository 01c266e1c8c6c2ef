import type { Api } from '../../api/index.ts'
import type { Node } from '../../main.ts'
import { readNumber } from '../forms.ts'
import { fundPage } from './overviewPage.ts'
import { planPage, presetPage, presetsPage } from './planPage.ts'
import { reportPage } from './reportPage.ts'
import { runPage } from './runPage.ts'
import { addSimulateRoutes } from './simulateRoutes.ts'
import { addStatementRoutes } from './statementRoutes.ts'
import { unlocatedPage } from './unlocatedPage.ts'

/** The fund: what everybody may know of it, what if, and each payee’s own statement. */
export function addFundPages(web: Api, node: Node): void {
  web.get('/fund', async (context) => context.html(await fundPage(node)))
  web.get('/fund/presets', (context) => context.html(presetsPage(node)))
  web.get('/fund/presets/:name', (context) => context.html(presetPage(node, context.req.param('name'))))
  web.get('/fund/plans/:id', async (context) => context.html(await planPage(node, context.req.param('id'))))
  web.get('/fund/runs/:id', async (context) => context.html(await runPage(node, context.req.param('id'))))
  web.get('/fund/report/:year', async (context) => context.html(await reportPage(node, context.req.param('year'))))
  web.get('/fund/unlocated', async (context) =>
    context.html(await unlocatedPage(node, readNumber(context.req.query('from')) ?? 0)),
  )
  addStatementRoutes(web, node)
  addSimulateRoutes(web, node)
}
