import { ColophonError } from '../foundation/index.ts'
import { findCase, listCases, listEvents, moveCase, nextStates, type CaseState } from '../requests/index.ts'
import { needOne, print, readArgs, withNode, type Command, type ExitCode } from './command.ts'

export const request: Command = {
  forms: [
    'request list',
    'request show ID',
    'request send ID [--note TEXT]',
    'request answer ID --state STATE [--note TEXT]',
    'request escalate ID [--note TEXT]',
  ],
  does: 'Cases: lists them, and writes down that one was sent, answered or escalated. A case is opened on the page, from a hit that a person has compared.',
  async run(args) {
    const [action = '', ...rest] = args
    const { values, positionals } = readArgs(rest, { note: { type: 'string', default: '' }, state: { type: 'string' } })
    return withNode(async ({ register }): Promise<ExitCode> => {
      const { db } = register.database
      if (action === 'list') {
        const cases = (await listCases(db)).map(({ id, kind, state, dataset, created_at }) => ({
          id,
          kind,
          state,
          dataset,
          createdAt: created_at,
        }))
        print(
          values.json,
          { cases },
          cases.length > 0
            ? cases.map(({ id, kind, state, dataset }) => `${id} ${kind} ${state} ${dataset}`)
            : ['No cases.'],
        )
        return 0
      }
      const id = needOne(positionals, 'case id')
      const moves: Record<string, string | undefined> = { send: 'sent', answer: values.state, escalate: 'escalated' }
      if (action in moves) {
        if (!moves[action]) throw new ColophonError('usage', 'give --state')
        await moveCase(register, id, moves[action] as CaseState, values.note)
      } else if (action !== 'show')
        throw new ColophonError('usage', 'request takes one of: list, show, send, answer, escalate')
      const found = await findCase(db, id)
      if (!found) throw new ColophonError('not_found', 'there is no such case', { where: id })
      const events = await listEvents(db, id)
      print(
        values.json,
        {
          id,
          state: found.state,
          next: nextStates(found.state as CaseState),
          events: events.map(({ state, note, recorded_at }) => ({ state, note, recordedAt: recorded_at })),
        },
        [
          `${id}: ${found.state}; next: ${nextStates(found.state as CaseState).join(', ')}`,
          ...events.map(({ recorded_at, state, note }) => `  ${recorded_at} ${state} ${note}`),
        ],
      )
      return 0
    })
  },
}
