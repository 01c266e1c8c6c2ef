import { runCommand } from '../../src/cli/runCommand.ts'

/** Runs one command after the other in one process, each with streams of its own: starting a process is most of a command. */
process.on('message', (args: string[]) => {
  const read = { output: '', errors: '' }
  const { stdout, stderr } = process
  const [writeOut, writeError] = [stdout.write, stderr.write]
  const take = (name: keyof typeof read) => (text: string | Uint8Array) => {
    read[name] += typeof text === 'string' ? text : Buffer.from(text).toString()
    return true
  }
  stdout.write = take('output') as typeof stdout.write
  stderr.write = take('errors') as typeof stderr.write
  void runCommand(args).then((status) => {
    stdout.write = writeOut
    stderr.write = writeError
    process.send!({ status, ...read })
  })
})
