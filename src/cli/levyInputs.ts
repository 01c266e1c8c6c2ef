import { ColophonError, systemEffects } from '../foundation/index.ts'
import { writeInputs } from '../levy/index.ts'
import { print } from './command.ts'
import { day, need, withBooks, type LevyVerb } from './levyFlags.ts'

/** `levy inputs -o FOLDER`: the tables of a run from what the node knows. */
export const inputs: LevyVerb = async (_, flags) => {
  const folder = need(flags, 'out')
  const gates = (flags.gate ?? []).map((given) => {
    const [developer, ...rest] = given.split('=')
    if (!developer || rest.length === 0) throw new ColophonError('usage', `--gate is no DID=FOLDER: ${given}`)
    return { developer, folder: rest.join('=') }
  })
  const period = { from: day(flags, 'from'), to: day(flags, 'to') }
  const counts = await withBooks((db) => writeInputs(db, folder, period, gates, systemEffects.now()))
  const { works, shares, uses, contributions } = counts
  print(flags.json, { folder, ...counts }, [
    `${works} works, ${shares} shares, ${uses} lines of uses and ${contributions} contributions are in ${folder}.`,
  ])
  return 0
}
