import {
  collectionInputSchema,
  collectionSubjects,
  recordCollection,
  refusePublicDomain,
  reservationInputSchema,
  reservationSubjects,
  type Api,
} from '../api/index.ts'
import { fileTitle } from '../fingerprints/index.ts'
import { ColophonError, asColophonError } from '../foundation/index.ts'
import type { Node } from '../main.ts'
import { appendStatement, makeStatement, newSigner, signStatement } from '../statements/index.ts'
import { collectionPage } from './collectionPage.ts'
import { formLimit, needResult, parseForm, readForm, uploadLimit } from './forms.ts'
import { reservePage, reservedPage } from './reservePages.ts'

/** Reserving without JavaScript: the server makes a key, signs, shows the key once and forgets it. */
export function addReserveRoutes(web: Api, node: Node): void {
  web.get('/reserve', async (context) =>
    context.html(await reservePage(node, await needResult(node, context.req.query('result')))),
  )
  web.post('/reserve', formLimit, async (context) => {
    const { fileCodes } = await needResult(node, context.req.query('result'))
    const form = await readForm(context.req.parseBody())
    const input = parseForm(reservationInputSchema, {
      ...form,
      isEntitled: form.isEntitled === 'yes',
      medium: fileCodes.medium,
      codes: fileCodes.codes,
    })
    await refusePublicDomain(node, [input], input.dispute)
    const signer = newSigner()
    const { effects } = node.register
    const subjects = await reservationSubjects(node, signer.issuer, input)
    const statement = signStatement(makeStatement(signer.issuer, subjects, effects), signer)
    const { logIndex } = await appendStatement(node.register, statement)
    context.header('cache-control', 'no-store')
    return context.html(reservedPage(node, logIndex, pemOf(signer)))
  })
  web.get('/collection', (context) => context.html(collectionPage(node)))
  web.post('/collection', uploadLimit, async (context) => {
    const { files, ...form } = await readForm(context.req.parseBody({ all: true }))
    const items = await identifyAll(node, [files].flat())
    const input = parseForm(collectionInputSchema, { ...form, isEntitled: form.isEntitled === 'yes', items })
    await refusePublicDomain(node, input.items, input.dispute)
    const signer = newSigner()
    const { effects } = node.register
    const { subjects, manifest } = await collectionSubjects(node, signer.issuer, input)
    const statement = signStatement(makeStatement(signer.issuer, subjects, effects), signer)
    const logIndex = await recordCollection(node, statement, manifest)
    context.header('cache-control', 'no-store')
    return context.html(reservedPage(node, logIndex, pemOf(signer)))
  })
}

/** The bytes are never written anywhere: they are gone when this request ends. A file that cannot be read is named. */
async function identifyAll(node: Node, files: unknown[]) {
  const items = []
  // A field in which nothing was chosen is sent as a file without a name.
  const chosen = files.filter((file) => !(file instanceof File && file.name === '' && file.size === 0))
  if (chosen.length === 0) throw new ColophonError('invalid_input', 'Choose the files first.')
  for (const file of chosen) {
    if (!(file instanceof File)) throw new ColophonError('invalid_input', 'Choose the files first.')
    const title = fileTitle(file.name)
    try {
      const { medium, codes } = await node.datasets.identify(new Uint8Array(await file.arrayBuffer()), title)
      items.push({ title, medium, codes })
    } catch (error) {
      const { code, message } = asColophonError(error)
      throw new ColophonError(code, `${title}: ${message}`, {
        cause: error,
        remedy: 'Nothing was recorded. Go back, leave this file out, and send the others again.',
      })
    }
  }
  return items
}

export function pemOf({ privateKey }: ReturnType<typeof newSigner>): string {
  return privateKey.export({ type: 'pkcs8', format: 'pem' }) as string
}
