import { askForMail, confirmMail, deleteMail, keepCase, needMail, proveSite, stopMail } from '../../accounts/index.ts'
import { endSession, needSession, prepareSaid, sessionOf, startSession, takeSaid, type Api } from '../../api/index.ts'
import { ColophonError } from '../../foundation/index.ts'
import type { Node } from '../../main.ts'
import { exportAccount, planDeletion } from '../../operations/index.ts'
import { REQUEST_KINDS, STATES, smtpMailer } from '../../requests/index.ts'
import { signStatement } from '../../statements/index.ts'
import { deleteSubscription, dropCodes, keepCodes, subscribe } from '../../watching/index.ts'
import { formLimit, readForm, uploadLimit } from '../forms.ts'
import { readPem } from '../signRoutes.ts'
import { language, speak, t } from '../text.ts'
import { accountPage, deletePage } from './accountPage.ts'
import { fromHere, noStore } from './fromHere.ts'
import { inboxCasePage, inboxPage } from './inboxPages.ts'
import { donePage, mailLinkPage, secretPage } from './mailPage.ts'
import { signInPage } from './signInPage.ts'

/** What belongs to whoever is signed in. Nothing of it is kept by anything between the node and the browser. */
export function addAccountPages(web: Api, node: Node): void {
  web.use('/account', noStore)
  web.use('/account/*', noStore)
  addSessionPages(web, node)
  addInboxPages(web, node)
  addMailPages(web, node)
  addPartsPages(web, node)
  addWebhookPages(web, node)
  addDataPages(web, node)
  addSitePages(web, node)
}

function addSessionPages(web: Api, node: Node): void {
  web.get('/account', async (context) => {
    const session = await sessionOf(node, context)
    if (!session) return context.html(signInPage(node))
    const { state, kind } = context.req.query()
    const filter = { state: known(state, STATES), kind: known(kind, REQUEST_KINDS) }
    return context.html(await accountPage(node, session, filter))
  })
  web.post('/account/session', fromHere, formLimit, async (context) => {
    const { pem, next } = await readForm(context.req.parseBody())
    const signer = readPem(String(pem ?? ''))
    await startSession(node, context, { party: signer.issuer, didKey: signer.didKey })
    // Back to a page of this site, and to no other.
    const isHere = typeof next === 'string' && /^\/[a-z][\w/-]*$/.test(next)
    return context.redirect(isHere ? next : '/account', 303)
  })
  web.post('/account/out', fromHere, async (context) => {
    await endSession(node, context)
    return context.redirect('/account', 303)
  })
  web.post('/account/cases', fromHere, formLimit, async (context) => {
    const { party } = await needSession(node, context)
    const { link } = await readForm(context.req.parseBody())
    const [, id, key] = /\/requests\/([0-9A-Za-z:-]+)\?(?:.*&)?key=([\w-]+)/.exec(String(link ?? '')) ?? []
    if (!id || !key)
      throw new ColophonError('invalid_input', 'This is not the link of a case.', {
        where: 'link',
        remedy: 'Paste the whole address of its page, with its key.',
      })
    await keepCase(node.register, party, id, key)
    return context.redirect('/account#cases', 303)
  })
}

/** Whoever claims a site has this node ask it. */
function addSitePages(web: Api, node: Node): void {
  web.post('/account/sites', fromHere, formLimit, async (context) => {
    const { party } = await needSession(node, context)
    const { site } = await readForm(context.req.parseBody())
    await proveSite(node.register, party, String(site ?? ''))
    return context.redirect('/account#sites', 303)
  })
}

function known(value: string | undefined, values: readonly string[]): string | undefined {
  return value !== undefined && values.includes(value) ? value : undefined
}

function addInboxPages(web: Api, node: Node): void {
  web.get('/account/inbox', async (context) =>
    context.html(await inboxPage(node, await needSession(node, context), readMoment(context.req.query('before')))),
  )
  web.get('/account/inbox/:id', async (context) =>
    context.html(await inboxCasePage(node, await needSession(node, context), context.req.param('id'))),
  )
  // Without JavaScript: the key of whoever is signed in is pasted for this once.
  web.post('/account/said', fromHere, formLimit, async (context) => {
    const session = await needSession(node, context)
    const { pem, ...form } = await readForm(context.req.parseBody())
    const signer = { ...readPem(String(pem ?? '')), issuer: session.party }
    return context.redirect(await takeSaid(node, signStatement(await prepareSaid(node, session, form), signer)), 303)
  })
}

function readMoment(text: string | undefined): string | undefined {
  return text !== undefined && !Number.isNaN(Date.parse(text)) ? text : undefined
}

function addMailPages(web: Api, node: Node): void {
  web.post('/account/mail', fromHere, formLimit, async (context) => {
    const { party } = await needSession(node, context)
    const { mail, publicUrl } = node.config
    if (!mail) throw new ColophonError('invalid_input', 'This node sends no mail.')
    const { address } = await readForm(context.req.parseBody())
    const means = { mailer: smtpMailer(mail.smtpUrl, mail.from), publicUrl, speak }
    await askForMail(node.register, means, { party, address: String(address ?? ''), language: language() })
    return context.redirect('/account#mail', 303)
  })
  web.post('/account/mail/stop', fromHere, async (context) => {
    await deleteMail(node.register.database.db, (await needSession(node, context)).party)
    return context.redirect('/account#mail', 303)
  })
  web.get('/account/mail/link', async (context) => {
    const { token = '', stop } = context.req.query()
    const { address } = await needMail(node.register, token)
    return context.html(mailLinkPage(node, { token, address, isStop: stop === 'yes' }))
  })
  // Mail programs post to the link that ends mails, from anywhere: what counts is the secret in it.
  web.post('/account/mail/link', formLimit, async (context) => {
    const { token = '', stop } = context.req.query()
    await (stop === 'yes' ? stopMail : confirmMail)(node.register, token)
    return context.html(donePage(node, t(stop === 'yes' ? 'account.mail.stopped' : 'account.mail.confirmed')))
  })
}

function addPartsPages(web: Api, node: Node): void {
  web.post('/account/parts', fromHere, uploadLimit, async (context) => {
    const { party } = await needSession(node, context)
    const { file } = await readForm(context.req.parseBody())
    if (!(file instanceof File) || file.size === 0)
      throw new ColophonError('invalid_input', 'Choose the file first.', { where: 'file' })
    // The bytes are never written anywhere: they are gone when this request ends.
    const found = await node.datasets.identify(new Uint8Array(await file.arrayBuffer()), file.name)
    await keepCodes(node.register, party, found)
    return context.redirect('/account#parts', 303)
  })
  web.post('/account/parts/stop', fromHere, async (context) => {
    await dropCodes(node.register.database.db, (await needSession(node, context)).party)
    return context.redirect('/account#parts', 303)
  })
}

function addWebhookPages(web: Api, node: Node): void {
  web.post('/account/webhook', fromHere, formLimit, async (context) => {
    const { party } = await needSession(node, context)
    const { url } = await readForm(context.req.parseBody())
    const { secret } = await subscribe(node.register, { party, url: String(url ?? '').trim() })
    context.header('cache-control', 'no-store')
    return context.html(secretPage(node, secret))
  })
  web.post('/account/webhook/stop', fromHere, formLimit, async (context) => {
    const { party } = await needSession(node, context)
    const { id } = await readForm(context.req.parseBody())
    await deleteSubscription(node.register.database.db, String(id ?? ''), party)
    return context.redirect('/account#webhook', 303)
  })
}

function addDataPages(web: Api, node: Node): void {
  web.post('/account/export', fromHere, async (context) => {
    const { party } = await needSession(node, context)
    const zip = await exportAccount(node, { party, cases: [] }, speak)
    return context.body(Uint8Array.from(zip), 200, {
      'content-type': 'application/zip',
      'content-disposition': 'attachment; filename="account.zip"',
    })
  })
  web.get('/account/delete', async (context) => {
    const { party } = await needSession(node, context)
    return context.html(deletePage(node, await planDeletion(node, { party, cases: [] })))
  })
  web.get('/account/deleted', (context) => context.html(donePage(node, t('account.deleted'))))
}
