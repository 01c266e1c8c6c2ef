import { readFileSync } from 'node:fs'
import { ColophonError } from '../foundation/index.ts'
import { actions, decide, decideTexts, useSchema, type Action, type UseRequest } from '../rights/index.ts'
import { print, readArgs, withRegister, type Command, type ExitCode } from './command.ts'
import { exportForms, runRightsExport } from './rightsExport.ts'
import { lintForm, runRightsLint } from './rightsLint.ts'

export const rights: Command = {
  forms: [
    'rights decide --work ID --action ACTION [--licensee DID] [--purpose P …] [--territory CODE] [--media M] [--channel C] [--recipient DID] [--model-flop-exponent N] [--at TIME]',
    'rights decide --policy FILE [--policy FILE …] --request FILE [--world FILE]',
    ...exportForms,
    lintForm,
  ],
  does: 'May this be done with this work, or by this ODRL policy (JSON-LD or Turtle)? allow, deny or unset, and why (exit code 0 for allow, 1 otherwise). What terms, or what is in force for a work, are in every vocabulary, and what a site says in all of them.',
  async run(args) {
    const [verb, ...rest] = args
    if (verb === 'export') return runRightsExport(rest)
    if (verb === 'lint') return runRightsLint(rest)
    if (verb !== 'decide') throw new ColophonError('usage', 'rights takes one of: decide, export, lint')
    const { values } = readArgs(rest, {
      work: { type: 'string' },
      action: { type: 'string' },
      licensee: { type: 'string' },
      policy: { type: 'string', multiple: true },
      request: { type: 'string' },
      world: { type: 'string' },
      purpose: { type: 'string', multiple: true },
      territory: { type: 'string' },
      media: { type: 'string' },
      channel: { type: 'string' },
      recipient: { type: 'string' },
      'model-flop-exponent': { type: 'string' },
      at: { type: 'string' },
    })
    if (values.policy && values.request)
      return decideFiles(values.policy, values.request, values.world, values.json ?? false)
    return decideWork(values, values.purpose ?? [])
  },
}

async function decideFiles(
  policies: string[],
  request: string,
  world: string | undefined,
  isJson: boolean,
): Promise<ExitCode> {
  const read = (path: string) => ({ text: readText(path), where: path })
  const answers = await decideTexts({
    policies: policies.map(read),
    request: read(request),
    ...(world ? { world: read(world) } : {}),
    now: Date.now(),
  })
  for (const { request: id, answer } of answers) {
    const { decision, sentence, duties, findings, rules } = answer
    print(isJson, { request: id, ...answer }, [
      `${decision}: ${sentence}`,
      ...rules.map(
        ({ rule, isActive, constraints }) =>
          `  ${rule}: ${isActive ? 'applies' : 'does not apply'}${constraints.map(({ says }) => `; ${says}`).join('')}`,
      ),
      ...duties.map(({ rule, state, says }) => `  ${rule}: ${[state, ...says].join('; ')}`),
      ...findings.map(({ code, severity, where, message }) => `  ${severity} ${code} (${where}): ${message}`),
    ])
  }
  if (answers.some(({ answer }) => answer.findings.some(({ code }) => UNREADABLE.has(code)))) return 2
  return answers.every(({ answer }) => answer.decision === 'allow') ? 0 : 1
}

/** Nothing is no number. */
function readExponent(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (/^\d{1,2}$/.test(text)) return Number(text)
  throw new ColophonError('usage', 'a whole number is needed', { where: '--model-flop-exponent' })
}

const UNREADABLE = new Set<string>(['syntax', 'too_large', 'too_deep', 'context_unknown', 'no_policy', 'no_request'])

function readText(path: string): string {
  let bytes: Uint8Array
  try {
    bytes = readFileSync(path)
  } catch (cause) {
    throw new ColophonError('unreadable_file', 'the file cannot be read', { where: path, cause })
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw new ColophonError('unreadable_file', 'the file is not UTF-8', {
      where: path,
      remedy: 'Save it as UTF-8.',
      cause,
    })
  }
}

type WorkFlags = Partial<
  Record<
    'work' | 'action' | 'licensee' | 'territory' | 'media' | 'channel' | 'recipient' | 'model-flop-exponent' | 'at',
    string | undefined
  >
> & { json?: boolean | undefined }

async function decideWork(values: WorkFlags, asked: string[]): Promise<ExitCode> {
  if (!values.work || !actions.includes(values.action as Action)) {
    throw new ColophonError(
      'usage',
      `rights decide needs --policy and --request, or --work and --action, one of ${actions.join(', ')}`,
    )
  }
  const use = useSchema.safeParse({
    purposes: asked.length > 0 ? asked.map((name) => (name.includes(':') ? name : `col:${name}`)) : undefined,
    territory: values.territory,
    media: values.media,
    channel: values.channel,
    recipient: values.recipient,
    modelFlopExponent: readExponent(values['model-flop-exponent']),
    licensee: values.licensee,
  })
  if (!use.success) {
    const [issue] = use.error.issues
    throw new ColophonError('usage', issue!.message, { where: issue!.path.join('.') })
  }
  const at = values.at === undefined ? Date.now() : Date.parse(values.at)
  if (Number.isNaN(at)) throw new ColophonError('usage', '--at is no time', { where: values.at! })
  const said = Object.fromEntries(Object.entries(use.data).filter(([, value]) => value !== undefined))
  const request: UseRequest = { work: values.work, action: values.action as Action, at, ...said }
  const answer = await withRegister(({ register }) => decide(register.database.db, request))
  if (!answer) throw new ColophonError('not_found', 'there is no such work', { where: values.work })
  const duties = answer.reasons.flatMap(({ duties = [] }) => duties)
  print(values.json, answer, [
    answer.decision,
    ...(answer.takenBackFrom === null
      ? []
      : [`  the declaration of the work was taken back from ${answer.takenBackFrom} on`]),
    ...answer.reasons.map(({ decision, because }) => `  ${decision}: ${because}`),
    ...duties.map(({ actions: owed, state, says }) => `  duty ${[...owed, state, ...says].join('; ')}`),
    ...answer.conflicts.map(
      ({ party, terms }) => `  conflict: terms of ${party} contradict each other: ${terms.join(', ')}`,
    ),
    ...answer.missingConsent.map((party) => `  the consent of ${party} is required and not there`),
    ...answer.labels.map(({ code, communityName, community }) => `  label ${code} of ${communityName ?? community}`),
    ...answer.legalNotes.map(({ provision }) => `  Beside it: ${provision}`),
  ])
  return answer.decision === 'allow' ? 0 : 1
}
