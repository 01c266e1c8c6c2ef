import { ColophonError } from '../foundation/index.ts'
import { actions, decide, type Action } from '../rights/index.ts'
import { print, readArgs, withNode, type Command } from './command.ts'

export const rights: Command = {
  forms: ['rights decide --work ID --action ACTION [--licensee DID]'],
  does: 'May this be done with this work? allow, deny or unset, and why. Exit code 0 for allow, 1 otherwise.',
  async run(args) {
    const [verb, ...rest] = args
    const { values } = readArgs(rest, {
      work: { type: 'string' },
      action: { type: 'string' },
      licensee: { type: 'string' },
    })
    if (verb !== 'decide' || !values.work || !actions.includes(values.action as Action)) {
      throw new ColophonError('usage', `rights decide needs --work and --action, one of ${actions.join(', ')}`)
    }
    const request = {
      work: values.work,
      action: values.action as Action,
      at: Date.now(),
      ...(values.licensee ? { licensee: values.licensee } : {}),
    }
    const answer = await withNode(({ register }) => decide(register.database.db, request))
    if (!answer) throw new ColophonError('not_found', 'there is no such work', { where: values.work })
    print(values.json, answer, [
      answer.decision,
      ...answer.reasons.map(({ decision, because }) => `  ${decision}: ${because}`),
      `  Beside it: ${answer.legalNote.provision}`,
    ])
    return answer.decision === 'allow' ? 0 : 1
  },
}
