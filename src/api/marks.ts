import { createRoute, z } from '@hono/zod-openapi'
import { disclosureSchema, type DisclosureFields } from '../disclosure/index.ts'
import { ColophonError, dataPath, parseJson } from '../foundation/index.ts'
import type { Node } from '../main.ts'
import { conclude, findWorks, nodeTrustAnchors, type FileReport } from '../marking/index.ts'
import { textSchema } from '../statements/index.ts'
import type { Api } from './app.ts'
import { addressOfDisclosure, recordedDisclosure } from './recordedDisclosure.ts'
import { registerLookup } from './registerLookup.ts'
import { answers } from './schemas.ts'
import { workField } from './targetFields.ts'

const fileBody = (fields: z.ZodRawShape) => ({
  required: true,
  content: {
    'multipart/form-data': {
      schema: z.object({ file: z.any().openapi({ type: 'string', format: 'binary' }), ...fields }),
    },
  },
})

const verify = createRoute({
  method: 'post',
  path: '/api/verify',
  summary: 'What a file says of itself, what the register says of it, and whether they agree; the file is not kept',
  request: { body: fileBody({}) },
  responses: answers(
    200,
    'Verdict, who says what, findings',
    z.looseObject({ verdict: z.enum(['agrees', 'contradicts', 'altered', 'stripped', 'unconfirmed', 'nothing']) }),
  ),
})

const mark = createRoute({
  method: 'post',
  path: '/api/mark',
  summary:
    'The file with its disclosure as metadata and signed manifest, and as a watermark where it is on record; the file is not kept',
  request: {
    body: fileBody({
      disclosure: z.string().max(100_000).optional().openapi({
        description: 'A disclosure as JSON: docs/ai-disclosure/schema.json. Without one, what is on record is said.',
      }),
      work: z.string().max(500).optional().openapi({ description: 'The work that the file is, when it is on record' }),
      title: textSchema(200).optional(),
      creator: textSchema(200).optional(),
      liftReservation: z.enum(['true', 'false']).optional().openapi({
        description: 'true: the terms may take the place of a reservation that the file carries and reserve less',
      }),
    }),
  },
  responses: {
    ...answers(200, 'The marked file', z.any()),
    200: { description: 'The marked file', content: { 'application/octet-stream': { schema: z.any() } } },
  },
})

/** Reading marks, for anybody; and putting them in. */
export function addMarkRoutes(api: Api, node: Node): void {
  api.openapi(verify, async (context) => {
    const { bytes, name } = await sentFile((await context.req.parseBody()).file)
    return context.json(toJson(await verifySent(node, bytes, name)) as never, 200)
  })
  api.openapi(mark, async (context) => {
    const form = await context.req.parseBody()
    const { bytes } = await sentFile(form.file)
    const marked = await markSent(node, bytes, readGiven(form.disclosure), form)
    return context.body(Uint8Array.from(marked.bytes), 200, { 'content-type': 'application/octet-stream' }) as never
  })
}

/** The report on a file that somebody sent. It is read in the process that decodes; only the register is asked here. */
export async function verifySent(node: Node, bytes: Uint8Array, name: string): Promise<FileReport> {
  const options = { trustAnchors: nodeTrustAnchors(dataPath(node.config)), now: node.register.effects.now() }
  const examined = await node.datasets.examine(bytes, name, options)
  return conclude(examined, await findWorks(registerLookup(node), examined))
}

function readGiven(text: unknown): DisclosureFields | undefined {
  if (text === undefined || text === '') return undefined
  const disclosure = disclosureSchema.safeParse(parseJson(String(text), 'disclosure'))
  if (disclosure.success) return disclosure.data
  const [issue] = disclosure.error.issues
  throw new ColophonError('invalid_input', issue!.message, { where: `disclosure.${issue!.path.join('.')}` })
}

/**
 * A file that somebody sent, with marks signed by this node. What is on record, for this very file or for the work that
 * the form names, gives it a watermark that leads there. Errors: `invalid_input` when nothing is given nor on record.
 */
export async function markSent(
  node: Node,
  bytes: Uint8Array,
  given: DisclosureFields | undefined,
  form: Record<string, unknown>,
) {
  const text = (field: string) =>
    typeof form[field] === 'string' && form[field].trim() ? form[field].trim().slice(0, 500) : undefined
  const work = text('work') === undefined ? undefined : workField.parse(text('work'))
  if (text('work') !== undefined && work === undefined)
    throw new ColophonError('invalid_input', 'give the address of the work’s page here', { where: 'work' })
  const file = { bytes, where: 'file', work }
  const known = await recordedDisclosure(node, file, given)
  const disclosure = given ?? known?.fields
  if (!disclosure)
    throw new ColophonError('invalid_input', 'say for at least one phase how far AI took part', {
      remedy: 'Nothing is on record for this file. Go back, fill it in, and send the form again.',
    })
  if (given && work !== undefined && !known)
    throw new ColophonError('state_not_allowed', 'what is on record for this work is something else', {
      where: work,
      remedy: 'Leave out how it was made, to say what is on record; or leave out the work.',
    })
  const [title, creator] = [text('title')?.slice(0, 200) ?? known?.title, text('creator')?.slice(0, 200)]
  return node.datasets.mark(
    bytes,
    {
      disclosure,
      ...(known ? { pointer: known.pointer, statementUrl: addressOfDisclosure(node.config, known) } : {}),
      ...(title ? { title } : {}),
      ...(creator ? { creator } : {}),
      watermark: known !== undefined,
      ...(form.liftReservation === 'true' ? { liftsReservation: true } : {}),
      now: node.register.effects.now(),
    },
    { directory: dataPath(node.config), name: new URL(node.config.publicUrl).hostname },
  )
}

/** A file out of a form, with its name for people. Errors: `invalid_input` when there is none. */
export async function sentFile(file: unknown): Promise<{ bytes: Uint8Array; name: string }> {
  if (!(file instanceof File) || file.size === 0) throw new ColophonError('invalid_input', 'Choose a file first.')
  const name = (file.name || 'file').split(/[/\\]/).at(-1)!.slice(0, 200)
  return { bytes: new Uint8Array(await file.arrayBuffer()), name }
}

/** Log positions are numbers in JSON. */
function toJson(report: FileReport): object {
  const works = report.works.map(({ disclosures, ...work }) => ({
    ...work,
    disclosures: disclosures.map(({ logIndex, ...said }) => ({ ...said, logIndex: Number(logIndex) })),
  }))
  return { ...report, works }
}
