import type { Context } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import type { Session } from '../../accounts/index.ts'
import { sessionOf } from '../../api/index.ts'
import { ColophonError } from '../../foundation/index.ts'
import { findCall, openScheme, type CallRow, type Scheme } from '../../levy/index.ts'
import type { Node } from '../../main.ts'
import { signInPage } from '../account/signInPage.ts'
import { readForm } from '../forms.ts'

/** Forms of many words, in alphabets of three bytes a letter. */
export const wordsLimit = bodyLimit({
  maxSize: 512 * 1024,
  onError: () => {
    throw new ColophonError('too_large', 'The form is longer than it may be.')
  },
})

/** The scheme of the node's fund. Errors: `not_found` where it serves none. */
export function schemeOf(node: Node): Scheme {
  return openScheme(node.register, node.config)
}

export async function needCall(scheme: Scheme, context: Context): Promise<CallRow> {
  const id = context.req.param('id') ?? ''
  const call = await findCall(scheme.db, id)
  if (!call) throw new ColophonError('not_found', 'There is no such call here.')
  return call
}

/** A page for whoever is signed in; whoever is not signs in first, and comes back. */
export function signedIn(node: Node, answer: (context: Context, session: Session) => Promise<Response>) {
  return async (context: Context): Promise<Response> => {
    const session = await sessionOf(node, context)
    return session ? answer(context, session) : context.html(signInPage(node, context.req.path))
  }
}

/** The fields of a form as text; whatever is no text counts as nothing. */
export async function readFields(context: Context): Promise<Record<string, string>> {
  const form = await readForm(context.req.parseBody())
  return Object.fromEntries(Object.entries(form).map(([name, value]) => [name, typeof value === 'string' ? value : '']))
}
