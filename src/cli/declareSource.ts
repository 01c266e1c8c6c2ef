import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  DeclaredState,
  OutcomeSink,
  collect,
  openSource,
  preview,
  sourceFormats,
  type Batch,
  type CollectReport,
  type Defaults,
  type OpenSource,
  type Preview,
  type Role,
  type SourceFormat,
} from '../collecting/index.ts'
import { ColophonError, systemEffects } from '../foundation/index.ts'
import { findCollection, makeManifest, type WorkFields } from '../register/index.ts'
import { makeStatement, signStatement, type StatementSigner } from '../statements/index.ts'
import { print, type ExitCode } from './command.ts'
import { readDisclosure } from './mark.ts'
import { withPlace, type Place } from './place.ts'
import { needParty, prepareCollection } from './prepareCollection.ts'
import { readSigner, recordHere, recordThere } from './recording.ts'
import { readTerms } from './terms.ts'

const TEXT = { type: 'string' } as const
const FLAG = { type: 'boolean' } as const

const formatOptions = Object.fromEntries(sourceFormats.map((format) => [format, TEXT])) as Record<
  SourceFormat,
  typeof TEXT
>

/** What `declare` takes beside its other options when works come from a list of them. */
export const sourceOptions = {
  ...formatOptions,
  map: TEXT,
  preview: FLAG,
  prepare: TEXT,
  party: TEXT,
  state: TEXT,
  outcomes: TEXT,
  receipts: TEXT,
  medium: TEXT,
  language: TEXT,
  set: TEXT,
  'metadata-prefix': TEXT,
  'pages-max': TEXT,
  'minutes-max': TEXT,
  'allow-private': FLAG,
} as const

type SourceValues = { [Name in keyof typeof sourceOptions]?: string | boolean | undefined } & {
  key?: string | undefined
  creator?: string | undefined
  terms: string
  disclosure?: string | undefined
  collection?: string | undefined
  sealed?: boolean | undefined
  role: string
  rights?: string | undefined
  json?: boolean | undefined
}

const MEDIA: readonly string[] = ['picture', 'text', 'sound', 'video', 'other'] satisfies WorkFields['medium'][]
const ROLES: readonly string[] = ['creator', 'rightsholder', 'custodian'] satisfies Role[]

/** Sources that lie on this machine and nowhere else. */
const FILES: ReadonlySet<SourceFormat> = new Set<SourceFormat>(['csv', 'json-records', 'xml', 'cwr'])

interface Chosen {
  format: SourceFormat
  where: string
}

/** Which list the works come from, when one is named. */
export function chosenSource(values: object): Chosen | undefined {
  const given = sourceFormats.flatMap((format) => {
    const where = (values as Record<string, unknown>)[format]
    return typeof where === 'string' ? [{ format, where }] : []
  })
  if (given.length > 1)
    throw new ColophonError('usage', `give one source, not ${given.length}`, {
      where: given.map(({ format }) => `--${format}`).join(' '),
    })
  return given[0]
}

/** Declares what a list holds, or shows with `--preview` how it would be read. */
export async function declareSource(chosen: Chosen, values: SourceValues, positionals: string[]): Promise<ExitCode> {
  if (positionals.length > 0)
    throw new ColophonError('usage', `files and --${chosen.format} do not go together`, { where: positionals[0]! })
  if (values.sealed) throw new ColophonError('usage', 'a collection cannot be sealed as a whole')
  const defaults = readDefaults(values)
  if (values.preview) {
    // A key that is there says who asks; none is made for a look.
    const party = values.key !== undefined && existsSync(values.key) ? readSigner(values.key).issuer : undefined
    const source = await open(chosen, values, undefined, party)
    return showPreview(await preview(source, defaults), values.json)
  }
  if (typeof values.prepare === 'string') {
    const party = needParty(values.party as string | undefined)
    return prepareCollection((state) => open(chosen, values, state, party), {
      folder: values.prepare,
      party,
      state: values.state as string | undefined,
      defaults: { ...defaults, party },
      isJson: values.json,
    })
  }
  if (!values.key || !values.collection)
    throw new ColophonError('usage', 'give --key and --collection, or --preview', {
      remedy: 'The title of the collection is what people will find it by.',
    })
  // A source that is not there leaves no key and no state behind.
  if (FILES.has(chosen.format) && !existsSync(chosen.where))
    throw new ColophonError('unreadable_file', 'there is no such file', { where: chosen.where })
  const signer = readSigner(values.key)
  return withPlace((place) => declareAll(place, chosen, values, { ...defaults, party: signer.issuer }, signer))
}

function open(
  chosen: Chosen,
  values: SourceValues,
  state: DeclaredState | undefined,
  party?: string,
): Promise<OpenSource> {
  const text = (name: keyof typeof sourceOptions) => (typeof values[name] === 'string' ? values[name] : undefined)
  const most = (name: 'pages-max' | 'minutes-max') => {
    const given = text(name)
    if (given !== undefined && !/^[1-9]\d{0,5}$/.test(given))
      throw new ColophonError('usage', `--${name} is a number from 1 on`, { where: given })
    return given === undefined ? undefined : Number(given)
  }
  return openSource(chosen.format, chosen.where, {
    allowPrivate: values['allow-private'] === true,
    memory: state?.memory ?? {},
    ...defined({ map: text('map'), language: text('language'), set: text('set'), party }),
    ...defined({ metadataPrefix: text('metadata-prefix') }),
    ...defined({ pagesMax: most('pages-max'), minutesMax: most('minutes-max') }),
  })
}

function defined<Value extends object>(value: Value): { [Key in keyof Value]?: NonNullable<Value[Key]> } {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as never
}

function readDefaults(values: SourceValues): Defaults {
  const { role, medium } = values
  if (!ROLES.includes(role)) throw new ColophonError('usage', `--role is one of ${ROLES.join(', ')}`, { where: role })
  if (medium !== undefined && !MEDIA.includes(String(medium)))
    throw new ColophonError('usage', `--medium is one of ${MEDIA.join(', ')}`, { where: String(medium) })
  return {
    role: role as Role,
    ...defined({ creator: values.creator, rights: values.rights }),
    ...defined({ medium: medium as WorkFields['medium'] | undefined, language: values.language as string | undefined }),
  }
}

async function declareAll(
  place: Place,
  chosen: Chosen,
  values: SourceValues,
  defaults: Defaults,
  signer: StatementSigner,
): Promise<ExitCode> {
  const said = readSaid(values)
  const state = new DeclaredState(values.state as string | undefined, signer.issuer)
  const outcomes = new OutcomeSink(values.outcomes as string | undefined)
  try {
    await state.settle((collection) => isRecorded(place, collection))
    const source = await open(chosen, values, state, signer.issuer)
    const report = await collect(source, {
      defaults,
      state,
      outcomes,
      record: (batch) => recordBatch(place, signer, batch, values, said),
      tell: showProgress,
    })
    if (process.stderr.isTTY) process.stderr.write('\n')
    return tellReport(report, outcomes, source, values, signer)
  } finally {
    outcomes.close()
    state.close()
  }
}

/** What is said of every collection. */
function readSaid({ terms, disclosure }: SourceValues): { terms: object | undefined; disclosure: object | undefined } {
  return { terms: readTerms(terms), disclosure: disclosure ? readDisclosure(disclosure) : undefined }
}

async function isRecorded(place: Place, collection: string): Promise<boolean> {
  if (place.node) return (await findCollection(place.node.register.database.db, collection)) !== undefined
  const response = await fetch(`${place.url}/api/collections/${collection}/items/0/proof`)
  if (response.ok || response.status === 403) return true
  if (response.status === 404) return false
  throw new ColophonError('fetch_failed', `the node answered ${response.status}`, { where: place.url })
}

async function recordBatch(
  place: Place,
  signer: StatementSigner,
  batch: Batch,
  values: SourceValues,
  said: ReturnType<typeof readSaid>,
): Promise<string> {
  const { collection: id, role, rightsStatement, mayBeReserved, number, works } = batch
  const { bytes, ...signed } = await makeManifest(works)
  const target = { kind: 'set', id }
  const title = number === 1 ? values.collection! : `${values.collection} (${number})`
  const subjects = [
    { type: 'Collection', id, title, role, ...(rightsStatement ? { rightsStatement } : {}), ...signed },
    ...(said.terms && mayBeReserved ? [{ type: 'Terms', target, ...said.terms }] : []),
    ...(said.disclosure ? [{ type: 'Disclosure', target, ...said.disclosure }] : []),
  ]
  const statement = signStatement(makeStatement(signer.issuer, subjects, systemEffects), signer)
  place.node?.manifests.write(bytes)
  const { receipt } = place.node
    ? await recordHere(place.node, statement)
    : await recordThere(place.url, statement, false, bytes)
  if (typeof values.receipts === 'string') {
    mkdirSync(values.receipts, { recursive: true })
    writeFileSync(join(values.receipts, `${statement.id.slice('urn:uuid:'.length)}.tlog-proof`), receipt)
  }
  return statement.id
}

function showProgress(done: number, total: number): void {
  if (process.stderr.isTTY)
    process.stderr.write(done === 0 ? `\r${total} records read   ` : `\r${done} of ${total} records   `)
}

function tellReport(
  { statements, interrupted }: CollectReport,
  outcomes: OutcomeSink,
  source: OpenSource,
  values: SourceValues,
  signer: StatementSigner,
): ExitCode {
  const { counts, examples } = outcomes
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0)
  if (total === 0 && !source.isPartial && !interrupted)
    throw new ColophonError('empty_file', 'there was no record in it', {
      remedy: 'Look at what --preview shows, and give the source that holds the works.',
    })
  const failure = interrupted?.toJSON().error
  print(
    values.json,
    { party: signer.issuer, format: source.format, statements, outcomes: counts, examples, interrupted: failure },
    [
      `${source.format}: ${Object.entries(counts)
        .map(([name, count]) => `${count} ${name}`)
        .join(', ')}`,
      `${statements} statements recorded, signed by ${signer.issuer}`,
      ...examples
        .map(({ outcome, place, field, what, remedy }) =>
          `${outcome}: ${place}${field ? ` (${field})` : ''}: ${what ?? ''}. ${remedy ?? ''}`.trim(),
        )
        .map(shownText),
      ...(interrupted
        ? [`The source broke off: ${interrupted.toLine()} What came was declared; run it again to go on.`]
        : []),
    ],
  )
  return counts.refused > 0 || interrupted ? 1 : 0
}

function showPreview(shown: Preview, isJson: boolean | undefined): ExitCode {
  const columns = (shown.columns ?? []).map(
    ({ column, field, why, example }) =>
      `  ${column} ─▶ ${field ?? 'not read'}${field && why !== 'heading' ? ` (by its ${why === 'named' ? 'name in --map' : why})` : ''}   ${example}`,
  )
  const records = shown.records.flatMap((record) =>
    'problem' in record
      ? [`${record.place}: refused (${record.problem.field}): ${record.problem.what}. ${record.problem.remedy}`]
      : [
          `${record.place}: ${JSON.stringify({ ...record.work, ...record.standing })}`,
          ...record.notes.map((note) => `  note: ${note}`),
        ],
  )
  print(isJson, shown, [`Read as ${shown.format}. Nothing was signed.`, ...[...columns, ...records].map(shownText)])
  return shown.records.some((record) => 'problem' in record) ? 1 : 0
}

export const sourceForms = [
  `declare ${sourceFormats.map((format) => `--${format} SOURCE`).join(' | ')} --key KEY.pem --collection TITLE [--role ROLE] [--rights STATEMENT] [--terms …] [--creator NAME] [--medium MEDIUM] [--language CODE] [--map FIELD=HEADING,…] [--state FILE] [--outcomes FILE.csv] [--receipts FOLDER] [--set S] [--metadata-prefix P] [--pages-max N] [--minutes-max N] [--allow-private]`,
  'declare --csv FILE --preview [--map FIELD=HEADING,…]',
  'declare --csv FILE --prepare FOLDER --party DID [--state FILE]',
]

/** What a source holds is shown and never obeyed: a terminal takes control characters for commands. */
function shownText(text: string): string {
  return text.replaceAll(/[\p{Cc}\u2028-\u202e\u2066-\u2069]/gu, '\u{fffd}')
}
