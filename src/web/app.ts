import { readFileSync } from 'node:fs'
import type { Context } from 'hono'
import { secureHeaders } from 'hono/secure-headers'
import {
  addAccountRoutes,
  addInboxRoutes,
  addSaidRoutes,
  addSessionRoutes,
  createApi,
  readFailure,
  refuse,
  runCheck,
  type Api,
} from '../api/index.ts'
import { ColophonError } from '../foundation/index.ts'
import { readLanguageModel } from '../languages/index.ts'
import type { Node } from '../main.ts'
import { makeReceipt } from '../statements/index.ts'
import type { Html } from './layout.ts'
import { readKernelFile, readModule, readVendor } from './modules.ts'
import { aboutPage, datasetsPage, homePage, openApiPage, resultPage } from './pages.ts'
import { auditPage } from './labelPages.ts'
import { logPage, partyPage, receiptPage, workPage, worksPage } from './registerPages.ts'
import { addAccountPages } from './account/routes.ts'
import { addImportPages } from './import/routes.ts'
import { addFundPages } from './fund/routes.ts'
import { addFoundRoutes } from './foundPages.ts'
import { takeBackPage } from './itemPages.ts'
import { addFurtherRoutes } from './furtherPages.ts'
import { addSupportPages } from './support/routes.ts'
import { addChainRoutes } from './chainPages.ts'
import { addVisibleRoutes } from './visiblePages.ts'
import { addAccessibilityRoutes } from './accessibilityPage.ts'
import { addConsentRoutes } from './consentRoutes.ts'
import { addMarkRoutes } from './markRoutes.ts'
import { addLanguageRoutes, useLanguages } from './languageChoice.ts'
import { addClaimRoutes } from './claimPages.ts'
import { addLabelRoutes } from './labelRoutes.ts'
import { addLessonRoutes } from './lessons/pages.ts'
import { addOfferRoutes } from './offerRoutes.ts'
import { addPaperRoutes } from './paperPages.ts'
import { addRequestRoutes } from './requestRoutes.ts'
import { addReserveRoutes } from './reserveRoutes.ts'
import { addRightsRoutes } from './rightsRoutes.ts'
import { addSignRoutes } from './signRoutes.ts'
import { errorPage, sayError } from './sayError.ts'
import { language, speak } from './text.ts'
import { needResult, readForm, readNumber, uploadLimit } from './forms.ts'

/** Two years, as browsers ask of whoever wants to be on their lists. */
const HTTPS_ONLY = 'max-age=63072000; includeSubDomains'

const SECURITY = {
  contentSecurityPolicy: {
    defaultSrc: ["'none'"],
    scriptSrc: ["'self'", "'wasm-unsafe-eval'"],
    styleSrc: ["'self'"],
    imgSrc: ["'self'", 'blob:'],
    // A film is decoded on the device of whoever has it.
    mediaSrc: ['blob:'],
    // Codes of many files are computed on all cores.
    workerSrc: ["'self'"],
    connectSrc: ["'self'"],
    formAction: ["'self'"],
    baseUri: ["'none'"],
    frameAncestors: ["'none'"],
  },
  referrerPolicy: 'no-referrer',
  xFrameOptions: 'DENY',
  crossOriginOpenerPolicy: 'same-origin',
  crossOriginResourcePolicy: 'same-origin',
  // What no page here needs is refused to whatever might get into one.
  permissionsPolicy: {
    camera: [],
    microphone: [],
    geolocation: [],
    payment: [],
    usb: [],
    serial: [],
    midi: [],
    displayCapture: [],
    screenWakeLock: [],
    publickeyCredentialsGet: ['self'],
  },
}

/** Only a node that people reach over https may tell browsers never to come without. */
function securityOf({ config }: Node) {
  return { ...SECURITY, strictTransportSecurity: config.publicUrl.startsWith('https:') ? HTTPS_ONLY : false }
}

/** API and pages together. Every page works without JavaScript; modules only improve it. */
export function createWeb(node: Node): Api {
  const app = createApi(node, (api) => {
    api.use(secureHeaders(securityOf(node)))
    useLanguages(api, node)
  })
  addInboxRoutes(app, node, speak)
  addAccountRoutes(app, node, speak)
  addSessionRoutes(app, node)
  addSaidRoutes(app, node)
  addLanguageRoutes(app, node)
  app.onError((error, context) => {
    const failure = readFailure(error)
    // A defect is written down whoever asked.
    const answer = refuse(failure, language() === 'en' ? undefined : sayError(failure))
    return context.req.path.startsWith('/api/') ? answer : context.html(errorPage(node, failure), failure.status)
  })
  app.notFound((context) => context.html(errorPage(node, { code: 'not_found', message: '', remedy: undefined }), 404))
  addStaticRoutes(app)
  addReadingRoutes(app, node)
  addAccessibilityRoutes(app, node)
  addPaperRoutes(app, node)
  addLessonRoutes(app, node)
  addCheckRoutes(app, node)
  addReserveRoutes(app, node)
  addAccountPages(app, node)
  addImportPages(app, node)
  addRequestRoutes(app, node)
  addFoundRoutes(app, node)
  addVisibleRoutes(app, node)
  addChainRoutes(app, node)
  addFurtherRoutes(app, node)
  addRightsRoutes(app, node)
  addConsentRoutes(app, node)
  addOfferRoutes(app, node)
  addClaimRoutes(app, node)
  addLabelRoutes(app, node)
  addSignRoutes(app, node)
  addMarkRoutes(app, node)
  addSupportPages(app, node)
  addFundPages(app, node)
  return app
}

function addStaticRoutes(web: Api): void {
  const style = readFileSync(new URL('assets/style.css', import.meta.url), 'utf8')
  const icon = readFileSync(new URL('assets/icon.svg', import.meta.url), 'utf8')
  const vocabulary = readFileSync(new URL('../../contexts/v1.json', import.meta.url), 'utf8')
  const send = (context: Context, type: string, body: string | Uint8Array<ArrayBuffer>) =>
    context.body(body, 200, { 'content-type': type, 'cache-control': 'public, max-age=300' })
  web.get('/assets/style.css', (context) => send(context, 'text/css; charset=utf-8', style))
  web.get('/assets/icon.svg', (context) => send(context, 'image/svg+xml', icon))
  for (const name of ['degree-0', 'degree-1', 'degree-2', 'degree-3', 'degree-4', 'undisclosed']) {
    const drawing = readFileSync(new URL(`assets/icons/${name}.svg`, import.meta.url), 'utf8')
    web.get(`/assets/icons/${name}.svg`, (context) => send(context, 'image/svg+xml', drawing))
  }
  web.get('/ns/v1', (context) => send(context, 'application/ld+json', vocabulary))
  web.get('/modules/languages/model.bin', (context) => send(context, 'application/octet-stream', readLanguageModel()))
  for (const name of ['kernels', 'pictures'] as const) {
    const kernels = readKernelFile(name)
    web.get(`/modules/fingerprints/${name}.wasm`, (context) => send(context, 'application/wasm', kernels))
  }
  web.get('/modules/*', (context) => {
    const path = context.req.path.slice('/modules/'.length)
    const source = path.startsWith('vendor/') ? readVendor(path.slice('vendor/'.length)) : readModule(path)
    return source === undefined ? context.notFound() : send(context, 'text/javascript; charset=utf-8', source)
  })
}

function addReadingRoutes(web: Api, node: Node): void {
  web.get('/', (context) => context.html(homePage(node)))
  web.get('/datasets', (context) => context.html(datasetsPage(node)))
  web.get('/about', (context) => context.html(aboutPage(node)))
  web.get('/log', async (context) => context.html(await logPage(node)))
  web.get('/openapi', async (context) => {
    const document = await (await web.request('/openapi.json')).json()
    return context.html(openApiPage(node, document as Parameters<typeof openApiPage>[1]))
  })
  web.get('/works', async (context) => context.html(await worksPage(node, readNumber(context.req.query('before')))))
  web.get('/works/:id', async (context) => answer(context, await workPage(node, context.req.param('id'))))
  web.get('/works/:id/take-back', async (context) => answer(context, await takeBackPage(node, context.req.param('id'))))
  web.get('/parties/:id/audit', async (context) => answer(context, await auditPage(node, context.req.param('id'))))
  web.get('/parties/:id', async (context) => answer(context, await partyPage(node, context.req.param('id'))))
  web.get('/receipts/:index', async (context) => {
    const [, digits, extension] = /^(\d{1,15})(\.tlog-proof)?$/.exec(context.req.param('index')) ?? []
    if (digits === undefined) return context.notFound()
    if (!extension) return answer(context, await receiptPage(node, Number(digits)))
    const receipt = await makeReceipt(node.register, Number(digits))
    return context.body(receipt, 200, {
      'content-type': 'text/plain; charset=utf-8',
      'content-disposition': `attachment; filename="receipt-${digits}.tlog-proof"`,
    })
  })
  web.get('/checks/:id/previews/:index', async (context) => {
    const { hits } = await needResult(node, context.req.param('id'))
    const hit = hits[readNumber(context.req.param('index')) ?? -1]
    const isKept = hit?.preview?.kind === 'picture'
    const bytes = isKept ? await node.datasets.readPreview(hit.dataset, hit.row) : undefined
    if (!bytes) return context.notFound()
    return context.body(Uint8Array.from(bytes), 200, {
      'content-type': 'image/webp',
      'cache-control': 'private, max-age=3600',
    })
  })
  web.get('/results/:id', async (context) =>
    context.html(resultPage(node, await needResult(node, context.req.param('id')))),
  )
}

function addCheckRoutes(web: Api, node: Node): void {
  web.post('/check', uploadLimit, async (context) => {
    const { file } = await readForm(context.req.parseBody())
    if (!(file instanceof File)) throw new ColophonError('invalid_input', 'Choose a file first.')
    // The bytes are never written anywhere: they are gone when this request ends.
    const found = await node.datasets.identify(new Uint8Array(await file.arrayBuffer()), 'your file')
    const { id } = await runCheck(node, found)
    return context.redirect(`/results/${id}`, 303)
  })
}

function answer(context: Context, content: Html | undefined): Response | Promise<Response> {
  return content === undefined ? (context.notFound() as Response | Promise<Response>) : context.html(content)
}
