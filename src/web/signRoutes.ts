import { createPrivateKey } from 'node:crypto'
import { knownSigner, prepareDraft, sessionOf, speaksFor, withoutBlanks, type Api } from '../api/index.ts'
import { ColophonError } from '../foundation/index.ts'
import type { Node } from '../main.ts'
import { appendStatement, newSigner, signStatement, signerFromKey, type StatementSigner } from '../statements/index.ts'
import { formLimit, readForm } from './forms.ts'
import { pemOf } from './reserveRoutes.ts'
import { signedPage } from './signingForm.ts'

/** Forms that become statements, without JavaScript: the server makes a key or is lent one, signs, and forgets it. */
export function addSignRoutes(web: Api, node: Node): void {
  web.post('/sign', formLimit, async (context) => {
    const { pem, ...fields } = await readForm(context.req.parseBody())
    const form = withoutBlanks(fields)
    context.header('cache-control', 'no-store')
    const isGiven = typeof pem === 'string' && pem.trim() !== ''
    if (!isGiven && (await knownSigner(node, form)) !== undefined)
      throw new ColophonError('invalid_input', 'This has to be signed with the key of the party that is asked.', {
        where: 'pem',
        remedy: 'Go back and paste that key, or sign with its passkey.',
      })
    const given = isGiven ? readPem(pem) : newSigner()
    const signer = { ...given, issuer: speaksFor(await sessionOf(node, context), given.didKey) }
    const { statement, next } = await prepareDraft(node, signer.issuer, form)
    await appendStatement(node.register, signStatement(statement, signer))
    return isGiven ? context.redirect(next, 303) : context.html(signedPage(node, next, pemOf(signer)))
  })
}

/** A key that was pasted. Errors: `invalid_input`, without what was pasted. */
export function readPem(pem: string): StatementSigner {
  try {
    return signerFromKey(createPrivateKey(pem.trim()))
  } catch {
    // The cause could name parts of the key, and is left out.
    throw new ColophonError('invalid_input', 'What was pasted is not a private key that was made here.', {
      where: 'pem',
      remedy: 'Go back and paste all of it, with its first and last line.',
    })
  }
}
