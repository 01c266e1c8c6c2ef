import { existsSync } from 'node:fs'
import { ColophonError, sha256OfFile } from '../foundation/index.ts'
import { needOne, readArgs, readVerb, type Command, type ExitCode } from './command.ts'
import { withPlace, type Place } from './place.ts'
import { signForm, signingOptions } from './signing.ts'

const options = {
  ...signingOptions,
  work: { type: 'string' },
  collection: { type: 'string' },
  party: { type: 'string' },
  says: { type: 'string' },
  evidence: { type: 'string' },
  'evidence-file': { type: 'string' },
  whole: { type: 'boolean' },
} as const

type Values = ReturnType<typeof readArgs<typeof options>>['values']

export const claim: Command = {
  forms: [
    'claim state --key KEY.pem --work ID | --collection ID | --party DID --says disputes|creator|rightsholder|custodian|vouches [--evidence TEXT] [--evidence-file FILE] [--name NAME] [--on-behalf-of DID] [-o RECEIPT]',
    'claim withdraw ID --key KEY.pem [--whole] [-o RECEIPT]',
  ],
  does: 'Says something about what others have declared: that it is wrong (with the reason), that one made it, holds rights in it or keeps it, or that one vouches for it; and takes that back. It stands beside what others say. Whoever disputes that a file is in the public domain may declare and reserve it. Of a file given as evidence only its SHA-256 is recorded. A claim that stands in one statement with others is taken back with all of them, if --whole says so.',
  async run(args) {
    const { run, values, positionals } = readVerb('claim', VERBS, options, args)
    return withPlace((place) => run(place, values, positionals))
  },
}

const VERBS: Record<string, (place: Place, values: Values, positionals: string[]) => Promise<ExitCode>> = {
  async state(place, values) {
    const { work, collection, party, says, evidence, 'evidence-file': file } = values
    if (work !== undefined && collection !== undefined)
      throw new ColophonError('usage', 'give one of --work, --collection and --party')
    if (file !== undefined && !existsSync(file))
      throw new ColophonError('unreadable_file', 'there is no such file', { where: file })
    return signForm(place, values, {
      kind: 'claim',
      work: work ?? collection,
      party,
      claims: says,
      evidence,
      evidenceSha256: file === undefined ? undefined : await sha256OfFile(file),
    })
  },
  withdraw: (place, values, positionals) =>
    signForm(place, values, {
      kind: 'claimBack',
      claim: needOne(positionals, 'claim'),
      whole: values.whole ? 'yes' : undefined,
    }),
}
