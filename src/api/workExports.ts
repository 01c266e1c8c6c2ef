import { createRoute, z } from '@hono/zod-openapi'
import { ColophonError, isoTime } from '../foundation/index.ts'
import type { Node } from '../main.ts'
import { findParty, findWork, readWorkDetails } from '../register/index.ts'
import {
  decide,
  exportFormats,
  exportRights,
  findGoneWorks,
  isFreeWork,
  readEffectiveTerms,
  readTakenBack,
  repeatableStatement,
  type DecisionAnswer,
  type RightsDocument,
  type RightsFormat,
} from '../rights/index.ts'
import type { Api } from './app.ts'
import { answers } from './schemas.ts'

const readExports = createRoute({
  method: 'get',
  path: '/api/works/{id}/exports',
  summary: 'What is in force for a work, in every vocabulary or in one, and what each cannot hold',
  request: {
    params: z.object({ id: z.string().max(120) }),
    query: z.object({ format: z.enum(exportFormats as [RightsFormat, ...RightsFormat[]]).optional() }),
  },
  responses: answers(
    200,
    'An entry for each terms and each label that forbids something; all of them hold, and every no counts',
    z.looseObject({ work: z.string(), inForce: z.array(z.looseObject({ id: z.string(), party: z.string() })) }),
  ),
})

export function addWorkExportRoutes(api: Api, node: Node): void {
  api.openapi(readExports, async (context) => {
    const { format } = context.req.valid('query')
    const found = await exportsOfWork(
      node,
      context.req.valid('param').id,
      format === undefined ? exportFormats : [format],
    )
    return context.json(found as never, 200)
  })
}

export type WorkExports = Awaited<ReturnType<typeof exportsOfWork>>

/** What is in force for a work, written in vocabularies, with the rules that do not hold for it. Errors: `not_found`. */
export async function exportsOfWork(node: Node, id: string, formats: readonly RightsFormat[]) {
  const { db } = node.register.database
  const now = node.register.effects.now()
  const effective = await readEffectiveTerms(db, id, isoTime(now))
  if (!effective) throw new ColophonError('not_found', 'there is no such public work', { where: id })
  const options = await readOptions(node, id)
  const work = (await findWork(db, id))!
  const inForce = []
  for (const { entry, rules, leftOut, hasSay } of effective) {
    const isCustodian = work.role === 'custodian' && entry.party === work.party
    // Some vocabularies make a name a holder of rights, which whoever only says no, or keeps a copy, need not be.
    const party = hasSay && !isCustodian ? await findParty(db, entry.party) : undefined
    const said = {
      id: entry.id,
      party: entry.party,
      partyName: party?.is_sealed === 0n ? party.name : null,
      targetKind: entry.targetKind,
      rules,
      leftOut,
    }
    const document = documentOf(node, id, said, entry.conflict)
    inForce.push({
      ...said,
      exports:
        rules.length === 0
          ? []
          : formats.map((format) => exportRights(document, format, now, { ...options, isCustodian })),
    })
  }
  return { work: id, inForce }
}

function documentOf(
  node: Node,
  work: string,
  {
    id,
    party,
    partyName,
    rules,
  }: { id: string; party: string; partyName: string | null } & Pick<RightsDocument, 'rules'>,
  conflict: string | null,
): RightsDocument {
  const policyUrl = `${node.config.publicUrl}/works/${work}`
  return {
    id,
    party,
    ...(partyName === null ? {} : { partyName }),
    ...(policyUrl.startsWith('https:') ? { policyUrl } : {}),
    target: { kind: 'work', id: work },
    rules,
    ...(conflict === 'perm' ? { conflict } : {}),
  }
}

/** What only some vocabularies need: the code of a work is told unless a community keeps it. */
async function readOptions(node: Node, id: string) {
  const { db } = node.register.database
  const work = (await findWork(db, id))!
  const { identifiers } = await readWorkDetails(db, id)
  const at = isoTime(node.register.effects.now())
  const isGone = (await findGoneWorks(db, [id], at)).size > 0
  const isStated = work.rights_statement !== null && (await readTakenBack(db, work, at)) === undefined
  const iscc = isGone ? undefined : identifiers.find(({ scheme }) => scheme === 'iscc')?.value
  const answer = await decide(db, { work: id, action: 'tdm:mine', at: node.register.effects.now() })
  return {
    ...(isStated
      ? { rightsStatement: repeatableStatement(work.rights_statement, await isFreeWork(db, work, at))! }
      : {}),
    ...(iscc === undefined ? {} : { iscc }),
    labels: (answer?.labels ?? []).filter(({ isApproved }) => isApproved).map((label) => asLabel(node, label)),
  }
}

/** A label is linked where its community says that it is described, otherwise to its page here. */
function asLabel(node: Node, { id, code, name, url, community, communityName }: DecisionAnswer['labels'][number]) {
  const { publicUrl } = node.config
  const link = url ?? (publicUrl.startsWith('https:') ? `${publicUrl}/labels/${id}` : undefined)
  return {
    id,
    name: name ?? code,
    community: { name: communityName ?? community },
    ...(link === undefined ? {} : { url: link }),
  }
}
