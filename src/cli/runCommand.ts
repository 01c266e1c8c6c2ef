import { asColophonError } from '../foundation/index.ts'
import { usage, type Command, type ExitCode } from './command.ts'

/** One file per command, loaded only when it is called, so that starting costs nothing. */
const COMMANDS: Record<string, () => Promise<Command>> = {
  serve: async () => (await import('./serve.ts')).serve,
  identify: async () => (await import('./identify.ts')).identify,
  export: async () => (await import('./export.ts')).exportCommand,
  declare: async () => (await import('./declare.ts')).declare,
  mark: async () => (await import('./mark.ts')).mark,
  verify: async () => (await import('./verify.ts')).verify,
  index: async () => (await import('./indexDataset.ts')).indexDataset,
  check: async () => (await import('./check.ts')).check,
  'look-further': async () => (await import('./lookFurther.ts')).lookFurther,
  snapshot: async () => (await import('./snapshot.ts')).snapshot,
  gate: async () => (await import('./gate.ts')).gate,
  lineage: async () => (await import('./lineage.ts')).lineage,
  indicators: async () => (await import('./indicators.ts')).indicators,
  request: async () => (await import('./request.ts')).request,
  watch: async () => (await import('./watch.ts')).watch,
  inbox: async () => (await import('./inbox.ts')).inbox,
  rights: async () => (await import('./rights.ts')).rights,
  consent: async () => (await import('./consent.ts')).consent,
  offer: async () => (await import('./offer.ts')).offer,
  claim: async () => (await import('./claim.ts')).claim,
  label: async () => (await import('./label.ts')).label,
  summary: async () => (await import('./summary.ts')).summary,
  chain: async () => (await import('./chain.ts')).chain,
  levy: async () => (await import('./levy.ts')).levy,
  log: async () => (await import('./log.ts')).log,
  audit: async () => (await import('./audit.ts')).audit,
  backup: async () => (await import('./backup.ts')).backup,
  restore: async () => (await import('./backup.ts')).restore,
  account: async () => (await import('./account.ts')).account,
  support: async () => (await import('./support.ts')).support,
}

/** Runs a command by its name and arguments; what it has to say goes to the standard streams. Never throws. */
export async function runCommand([name = '', ...rest]: readonly string[]): Promise<ExitCode> {
  const load = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
  if (!load) {
    const isAsked = ['', 'help', '--help', '-h'].includes(name)
    process[isAsked ? 'stdout' : 'stderr'].write(
      `${isAsked ? '' : `There is no command “${name}”.\n\n`}colophon COMMAND [--json] [--help]\n\nCommands: ${Object.keys(COMMANDS).join(', ')}\n`,
    )
    return isAsked ? 0 : 2
  }
  const command = await load()
  if (rest.includes('--help') || rest.includes('-h')) {
    process.stdout.write(`${usage(command)}\n`)
    return 0
  }
  try {
    const exitCode = await command.run(rest)
    if (name === 'request') await (await import('./audit.ts')).auditRequest(rest)
    return exitCode
  } catch (error) {
    const failure = asColophonError(error)
    if (rest.includes('--json')) process.stdout.write(`${JSON.stringify(failure.toJSON())}\n`)
    process.stderr.write(`colophon ${name}: ${failure.toLine()}\n`)
    if (failure.code === 'internal' && process.env.COLOPHON_DEBUG) console.error(failure.cause ?? failure)
    return 2
  }
}
