import { readConfig } from '../foundation/index.ts'
import { auditPath, recordAction, verifyAuditLog } from '../operations/index.ts'
import { needOne, print, readArgs, readVerb, type Command, type ExitCode } from './command.ts'

const options = { head: { type: 'string' } } as const
type Values = ReturnType<typeof readArgs<typeof options>>['values']

export const audit: Command = {
  forms: ['audit verify [FILE] [--head HASH]'],
  does: 'Verifies the audit log of the data directory (or another one): every line, and that each follows on the one before. --head is a hash that was kept elsewhere, and must be among them.',
  run(args) {
    const { run, values, positionals } = readVerb('audit', { verify }, options, args)
    return run(values, positionals)
  },
}

async function verify(values: Values, positionals: string[]): Promise<ExitCode> {
  const path = positionals.length > 0 ? needOne(positionals, 'file') : auditPath(readConfig(process.env))
  const verdict = await verifyAuditLog(path, values.head)
  const findings = verdict.findings.map(({ code, line, detail }) => `✗ ${code}: line ${line}: ${detail}`)
  print(values.json, verdict, [
    ...findings,
    `${verdict.lines} lines, the last ${verdict.head}`,
    verdict.isSound ? 'Sound.' : 'NOT sound.',
  ])
  return verdict.isSound ? 0 : 1
}

const READ_ONLY = new Set(['list', 'show'])

/** Writes down that an operator changed a case: how, and its id; nothing of what it says. */
export async function auditRequest(args: readonly string[]): Promise<void> {
  const [verb = ''] = args
  if (READ_ONLY.has(verb)) return
  const subject = verb === 'open' ? undefined : args.find((word) => /^[0-9a-f-]{36}$/.test(word))
  await recordAction(readConfig(process.env), { action: `request ${verb}`, ...(subject ? { subject } : {}) })
}
