import { readVerb, type Command } from './command.ts'
import { levyOptions, type LevyVerb } from './levyFlags.ts'

/** The files behind the verbs are loaded when they are called. */
const VERBS: Record<string, () => Promise<LevyVerb>> = {
  plan: async () => (await import('./levyPlan.ts')).plan,
  assess: async () => (await import('./levyAssess.ts')).assessDeveloper,
  object: async () => (await import('./levyAssess.ts')).objectTo,
  decide: async () => (await import('./levyAssess.ts')).decideOn,
  receive: async () => (await import('./levyAssess.ts')).receive,
  interest: async () => (await import('./levyAssess.ts')).interest,
  inputs: async () => (await import('./levyInputs.ts')).inputs,
  distribute: async () => (await import('./levyRun.ts')).distributeFiles,
  rerun: async () => (await import('./levyRun.ts')).rerun,
  publish: async () => (await import('./levyRun.ts')).publish,
  book: async () => (await import('./levyRun.ts')).book,
  prove: async () => (await import('./levyRun.ts')).prove,
  verify: async () => (await import('./levyRun.ts')).verify,
  simulate: async () => (await import('./levySimulate.ts')).simulatePlans,
  awards: async () => (await import('./levyPay.ts')).awards,
  payees: async () => (await import('./levyPay.ts')).payees,
  pay: async () => (await import('./levyPay.ts')).pay,
  'check-file': async () => (await import('./levyPay.ts')).checkFile,
  answer: async () => (await import('./levyPay.ts')).answer,
  state: async () => (await import('./levyState.ts')).state,
  report: async () => (await import('./levyState.ts')).report,
  unlocated: async () => (await import('./levyUnlocated.ts')).unlocated,
  search: async () => (await import('./levyUnlocated.ts')).search,
  release: async () => (await import('./levyUnlocated.ts')).release,
  disburse: async () => (await import('./levyUnlocated.ts')).disburseHeld,
  ledger: async () => (await import('./levyLedger.ts')).ledger,
}

export const levy: Command = {
  forms: [
    'levy plan preset [NAME] | lint PLAN | record PLAN --key KEY.pem | list | show ID',
    'levy assess FACTS.json --plan PLAN|ID [--record [--corrects ID]] [-o FOLDER] | --list [--provider DID]',
    'levy object ASSESSMENT --grounds TEXT · levy decide OBJECTION --uphold|--reject --reason TEXT',
    'levy receive --provider DID --amount 1234.50 --reference TEXT [--on DAY]',
    'levy interest ASSESSMENT --paid-on DAY [--reference-rate DAY=PPM …] [--record]',
    'levy inputs -o FOLDER --from DAY --to DAY [--gate DID=FOLDER …]',
    'levy distribute --plan PLAN|ID --works FILE … --shares FILE … --uses FILE … --contributions FILE … [--payees FILE] [--institutions FILE] --from DAY --to DAY [--as-of DAY] [--confidence 0.8] [--secret FILE] [--no-allocations] -o FOLDER',
    'levy rerun RUN --works FILE … (the same tables): the same root, or not',
    'levy publish RUN --key KEY.pem [--corrects ID] · levy book RUN',
    'levy prove RUN --payee ID -o PROOF.json · levy verify PROOF.json [--root ROOT]',
    'levy simulate --plan PLAN --plan PLAN --facts FILE … --works FILE … --shares FILE … --uses FILE … [--institutions FILE] --as-of DAY',
    'levy awards (books what the support scheme has awarded for good) · levy payees FILE',
    'levy pay --plan PLAN|ID --debtor DEBTOR.json [--on DAY] -o FILE.xml | --again MESSAGE -o FILE.xml | --list',
    'levy check-file FILE.xml · levy answer FILE.xml',
    'levy state PAYEE [--from DAY] [--to DAY] [--language de] [-o FILE.pdf|.csv|.json]',
    'levy report --year YEAR --plan PLAN|ID [-o FOLDER]',
    'levy unlocated --plan PLAN|ID · levy search PAYEE --what TEXT · levy release PAYEE --plan PLAN|ID --vote REFERENCE --to heritage|creatorSupport|social',
    'levy disburse --purpose heritage|social|reserve|held [--owner REASON] --payee ID --amount 1234.50 --vote REFERENCE',
    'levy ledger check | export --format hledger|beancount|json [-o FILE]',
  ],
  does: 'The fund: plans as data, what developers owe and why, the distribution to the cent, payment files, statements of account. A plan is a file, the name of a preset, or the id of a recorded one. A levy grants no licence.',
  async run(args) {
    const { run, values, positionals } = readVerb('levy', VERBS, levyOptions, args)
    const verb = await run()
    return verb(positionals, values)
  },
}
