import { existsSync } from 'node:fs'
import { identifyFile } from '../fingerprints/index.ts'
import { ColophonError } from '../foundation/index.ts'
import { findWorksByCodes } from '../register/index.ts'
import { actions, decide } from '../rights/index.ts'
import { log } from './log.ts'
import { needOne, print, readArgs, withNode, type Command } from './command.ts'

export const verify: Command = {
  forms: ['verify FILE', 'verify RECEIPT.tlog-proof [--vkey KEY]'],
  does: 'Says what the register says about a file: who declared it, in what role, and what may be done with it. A receipt is verified offline.',
  async run(args) {
    const { values, positionals } = readArgs(args, { vkey: { type: 'string' } })
    const file = needOne(positionals, 'file')
    if (!existsSync(file)) throw new ColophonError('unreadable_file', 'there is no such file', { where: file })
    if (file.endsWith('.tlog-proof')) return log.run(['verify', ...args])
    const { codes } = await identifyFile(file)
    const findings = await withNode(async ({ register }) => {
      const { db } = register.database
      const works = await findWorksByCodes(db, 'sha256', [codes.sha256!])
      return Promise.all(
        works.map(async (work) => ({
          work: work.id,
          title: work.title,
          declaredBy: work.party,
          role: work.role,
          identity: 'self-declared',
          rightsStatement: work.rights_statement,
          logIndex: Number(work.log_index),
          decisions: Object.fromEntries(
            await Promise.all(
              actions.map(
                async (action) =>
                  [
                    action,
                    (await decide(db, { work: work.id, action, at: register.effects.now() }))!.decision,
                  ] as const,
              ),
            ),
          ),
        })),
      )
    })
    const lines = findings.flatMap(({ title, declaredBy, role, decisions }) => [
      `${title}: declared by ${declaredBy} as ${role} (self-declared)`,
      ...Object.entries(decisions).map(([action, decision]) => `  ${action}: ${decision}`),
    ])
    print(
      values.json,
      { file, findings },
      lines.length > 0 ? lines : ['The register says nothing about this file. That proves nothing.'],
    )
    return 0
  },
}
