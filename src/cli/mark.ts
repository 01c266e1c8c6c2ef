import { existsSync, readFileSync, readdirSync, realpathSync, statSync, writeFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { addressOfDisclosure, recordedDisclosure } from '../api/index.ts'
import { disclosureFrom, disclosureSchema, headerMapping, type DisclosureFields } from '../disclosure/index.ts'
import { ColophonError, dataPath, parseJson, readConfig, type Config } from '../foundation/index.ts'
import type { Node } from '../main.ts'
import {
  MARKED_LIST,
  headerSnippets,
  markFile,
  markMany,
  openCertificates,
  readWatermarkModel,
  type Certificates,
  type MarkJob,
  type MarkedLine,
  type WatermarkModel,
} from '../marking/index.ts'
import { print, readArgs, withRegister, type Command, type ExitCode } from './command.ts'

type Values = Awaited<ReturnType<typeof readValues>>['values']

export const mark: Command = {
  forms: [
    'mark FILE -o OUT [--work ID] [--disclosure FILE.json] [--title TITLE] [--creator NAME] [--contact URL]',
    'mark FOLDER -o FOLDER [--disclosure FILE.json] [--no-watermark] [--no-signature]',
    'mark TEXT.txt -o OUT.txt --text-manifest',
    'mark --headers --disclosure FILE.json [--statement URL]',
    'mark … [--watermark-model MODEL.json] [--lift-reservation]',
    'mark … [--certificates CHAIN.pem --signing-key KEY.pem] [--time-authority URL]',
  ],
  does: 'Writes into files how they were made and what may be done with them: watermark, metadata, signed manifest. Without --disclosure it takes what the register says of each file, or of the work that --work names: a smaller copy of it, say. An interrupted run over a folder goes on where it was.',
  async run(args) {
    const { values, positionals } = readValues(args)
    const [from] = positionals
    if (values.headers) return printHeaders(values)
    if (!from || positionals.length > 1 || !values.out)
      throw new ColophonError('usage', 'give one file or folder, and -o')
    if (!existsSync(from))
      throw new ColophonError('unreadable_file', 'there is no such file or folder', { where: from })
    if (values['text-manifest'] && values['no-signature'])
      throw new ColophonError('usage', '--text-manifest is a signature, and --no-signature wants none')
    if (values.work && statSync(from).isDirectory())
      throw new ColophonError('usage', '--work goes with one file, not with a folder')
    const given = values.disclosure ? readDisclosure(values.disclosure) : undefined
    const modelPath = values['watermark-model']
    const model = modelPath === undefined ? undefined : readWatermarkModel(modelPath, 'embed')
    const config = readConfig(process.env)
    return withRegister(async (node) => {
      // Two threads that made a node's first certificates at the same time would take them from each other.
      if (!values['no-signature']) await openCertificates(certificatesOf(config, values), node.register.effects.now())
      const jobOf = (file: string) => jobFor(file, { node, config, given, model, values })
      return statSync(from).isDirectory() ? markFolder(from, values, jobOf) : markOne(from, values, jobOf)
    })
  },
}

function readValues(args: string[]) {
  return readArgs(args, {
    out: { type: 'string', short: 'o' },
    disclosure: { type: 'string' },
    work: { type: 'string' },
    title: { type: 'string' },
    creator: { type: 'string' },
    contact: { type: 'string' },
    'watermark-model': { type: 'string' },
    'no-watermark': { type: 'boolean' },
    'lift-reservation': { type: 'boolean' },
    'no-signature': { type: 'boolean' },
    'text-manifest': { type: 'boolean' },
    headers: { type: 'boolean' },
    statement: { type: 'string' },
    certificates: { type: 'string' },
    'signing-key': { type: 'string' },
    'time-authority': { type: 'string' },
  })
}

/** A disclosure from a file; the degree may be left out, for it follows from the phases. */
export function readDisclosure(path: string): DisclosureFields {
  if (!existsSync(path)) throw new ColophonError('unreadable_file', 'there is no such file', { where: path })
  const said = parseJson(readFileSync(path, 'utf8'), path) as DisclosureFields
  const read = disclosureSchema.safeParse(typeof said === 'object' && said?.phases ? disclosureFrom(said) : said)
  if (read.success) return read.data
  const [issue] = read.error.issues
  throw new ColophonError('invalid_input', issue!.message, { where: `${path}: ${issue!.path.join('.')}` })
}

/** What a server can say with files that carry no marks. */
function printHeaders(values: Values): ExitCode {
  if (!values.disclosure) throw new ColophonError('usage', '--headers needs --disclosure')
  const disclosure = readDisclosure(values.disclosure)
  const snippets = headerSnippets({ disclosure, ...(values.statement ? { statementUrl: values.statement } : {}) })
  print(values.json, { snippets }, [
    ...snippets.flatMap(({ server, place, text }) => [`${server}: ${place}`, text, '']),
    ...(snippets.length === 0 ? ['No header says this: give --statement, for the address where it can be read.'] : []),
  ])
  return 0
}

interface Source {
  node: Node
  config: Config
  given: DisclosureFields | undefined
  model: WatermarkModel | undefined
  values: Values
}

type Job = Pick<MarkJob, 'request' | 'certificates'>

async function jobFor(file: string, { node, config, given, model, values }: Source): Promise<Job> {
  const { work } = values
  const known = await recordedDisclosure(node, { bytes: new Uint8Array(readFileSync(file)), where: file, work }, given)
  const disclosure = given ?? known?.fields
  if (!disclosure)
    throw new ColophonError('not_found', 'the register does not say how this file was made', {
      where: file,
      remedy: 'Give --disclosure, or declare the file with --disclosure first.',
    })
  const { title, creator, contact } = values
  return {
    request: {
      disclosure,
      ...(known ? { pointer: known.pointer, statementUrl: addressOfDisclosure(config, known) } : {}),
      ...((title ?? known?.title) ? { title: title ?? known!.title } : {}),
      ...(creator ? { creator } : {}),
      ...(contact ? { contact } : {}),
      watermark: !values['no-watermark'],
      textManifest: values['text-manifest'] === true,
      ...(values['lift-reservation'] ? { liftsReservation: true } : {}),
      ...(model ? { watermarkModel: model } : {}),
      now: node.register.effects.now(),
    },
    ...(values['no-signature'] ? {} : { certificates: certificatesOf(config, values) }),
  }
}

/** Those of the caller where they are given, otherwise the node's, in its name. */
function certificatesOf(config: Config, values: Values): Certificates {
  const { certificates: chain, 'signing-key': key, 'time-authority': timeAuthority } = values
  if ((chain === undefined) !== (key === undefined))
    throw new ColophonError('usage', '--certificates and --signing-key go together')
  for (const path of [chain, key])
    if (path !== undefined && !existsSync(path))
      throw new ColophonError('unreadable_file', 'there is no such file', { where: path })
  const who =
    chain !== undefined && key !== undefined
      ? { chain, key }
      : { directory: dataPath(config), name: new URL(config.publicUrl).hostname }
  return { ...who, ...(timeAuthority ? { timeAuthority } : {}) }
}

async function markOne(file: string, values: Values, jobOf: (file: string) => Promise<Job>): Promise<ExitCode> {
  const out = values.out!
  if (existsSync(out) && (statSync(out).isDirectory() || realpathSync(out) === realpathSync(file)))
    throw new ColophonError('usage', '-o is another file than the one that is marked', { where: out })
  const { request, certificates } = await jobOf(file)
  const signer = certificates && (await openCertificates(certificates, request.now))
  const { bytes, ...told } = await markFile(new Uint8Array(readFileSync(file)), {
    ...request,
    ...(signer ? { signer } : {}),
  })
  writeFileSync(out, bytes)
  const header = headerMapping.to(request.disclosure).value
  print(values.json, { file, out, ...told, ...(header ? { header } : {}) }, [
    `${out}: ${told.marks.join(', ') || 'nothing'}; ${told.code}`,
    ...told.findings.map(({ code, message }) => `  ${code}: ${message}`),
  ])
  return 0
}

/** A folder that is linked from within may lead out of it, or round in circles: only what lies in it itself is marked. */
function isWithin(file: string, folder: string): boolean {
  return realpathSync(file) === join(realpathSync(folder), relative(folder, file))
}

async function markFolder(from: string, values: Values, jobOf: (file: string) => Promise<Job>): Promise<ExitCode> {
  if (existsSync(values.out!) && realpathSync(values.out!) === realpathSync(from))
    throw new ColophonError('usage', '-o is another folder than the one that is marked', { where: values.out! })
  const files = readdirSync(from, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !resolve(file).startsWith(`${resolve(values.out!)}/`) && isWithin(file, from))
    .sort()
  if (files.length === 0) throw new ColophonError('usage', 'there is no file in this folder', { where: from })
  const began = Date.now()
  const tell = (line: MarkedLine, done: number) => {
    if (values.json) print(true, line, [])
    else if (line.error && line.error.code !== 'unsupported_media')
      process.stderr.write(`colophon mark: ${line.file}: ${line.error.message}\n`)
    if (!process.stderr.isTTY) return
    const left = ((Date.now() - began) / done) * (files.length - done)
    process.stderr.write(`\r${done} of ${files.length} files, some ${Math.ceil(left / 1000)} s left   `)
  }
  const counts = await markMany(files, { root: from, out: values.out! }, jobOf, tell)
  if (process.stderr.isTTY) process.stderr.write('\n')
  print(values.json, counts, [
    `${counts.marked} marked, ${counts.left} done before, ${counts.unmarkable} of kinds that carry no marks, ${counts.failed} failed; ${join(values.out!, MARKED_LIST)} says what was done.`,
  ])
  return counts.failed > 0 ? 1 : 0
}
