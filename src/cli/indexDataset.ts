import {
  addToDataset,
  buildDatasetIndex,
  deleteFromDataset,
  mergeDataset,
  openDatasetChecker,
  pushToEngine,
  repairDataset,
  type DatasetInfo,
} from '../datasets/index.ts'
import { ColophonError, dataPath, readConfig } from '../foundation/index.ts'
import { needOne, print, readArgs, type Command, type ExitCode } from './command.ts'
import { readRowNumbers } from './rowNumbers.ts'

const COLUMNS = '[--url-column C] [--text-column C] [--sha256-column C] [--pdq-column C]'

export const indexDataset: Command = {
  forms: [
    `index build FILE…|FOLDER --name NAME --version VERSION ${COLUMNS} [--source TEXT] [--contact TEXT] [--no-previews]`,
    `index add DATASET FILE…|FOLDER ${COLUMNS} [--no-previews]`,
    'index delete DATASET --rows FILE|LIST …',
    'index merge DATASET',
    'index repair DATASET',
    'index info',
    'index push DATASET --engine clickhouse://USER:PASSWORD@HOST:PORT/DATABASE',
  ],
  does: 'Indexes a data set, so that works can be checked against it: Parquet, CSV, TSV, JSONL, or a folder of files. More rows can be added and deleted while it is asked; merging puts the parts together again, without what was deleted. A list of rows is like 3,8,20-29; a file of them has one or more a line.',
  async run(args) {
    const [action, ...rest] = args
    const act = { build, add, delete: deleteRows, merge, repair, info, push }[action ?? '']
    if (!act) throw new ColophonError('usage', 'index takes one of: build, add, delete, merge, repair, info, push')
    return act(rest)
  },
}

const text = { type: 'string' } as const
const COLUMN_FLAGS = { 'url-column': text, 'text-column': text, 'sha256-column': text, 'pdq-column': text }
const PREVIEW_FLAG = { 'no-previews': { type: 'boolean' } } as const

async function build(args: string[]): Promise<ExitCode> {
  const flags = { name: text, version: text, source: text, contact: text, ...COLUMN_FLAGS, ...PREVIEW_FLAG }
  const { values, positionals } = readArgs(args, flags)
  if (!values.name || !values.version) throw new ColophonError('usage', 'give --name and --version')
  const built = await buildDatasetIndex({
    name: values.name,
    version: values.version,
    ...(values.source ? { source: values.source } : {}),
    ...(values.contact ? { contact: values.contact } : {}),
    inputs: positionals,
    columns: columnsOf(values),
    withPreviews: !values['no-previews'],
    directory: directoryOf(),
    now: Date.now(),
  })
  return tell(values.json, built, 0)
}

async function add(args: string[]): Promise<ExitCode> {
  const { values, positionals } = readArgs(args, { ...COLUMN_FLAGS, ...PREVIEW_FLAG })
  const [dataset, ...inputs] = positionals
  if (!dataset) throw new ColophonError('usage', 'say to which data set the rows are added')
  const before = openDatasetChecker(directoryOf())
    .list()
    .find(({ id }) => id === dataset)
  const options = {
    dataset,
    inputs,
    columns: columnsOf(values),
    withPreviews: !values['no-previews'],
    directory: directoryOf(),
    now: Date.now(),
  }
  return tell(values.json, await addToDataset(options), before?.counts.unreadable ?? 0)
}

async function deleteRows(args: string[]): Promise<ExitCode> {
  const { values, positionals } = readArgs(args, { rows: { type: 'string', multiple: true } })
  const [dataset, ...more] = positionals
  if (!dataset || !values.rows) throw new ColophonError('usage', 'give a data set and --rows')
  const rows = [...values.rows, ...more].flatMap((given) => readRowNumbers(given))
  const { info, deletedNow, unknown, unknownCount } = await deleteFromDataset(directoryOf(), dataset, rows)
  const { id, rowCount, deletedCount = 0 } = info
  print(values.json, { id, rowCount, deletedCount, deletedNow, unknown, unknownCount }, [
    `${id}: ${deletedNow} rows deleted, ${rowCount} left.`,
    ...(unknownCount > 0
      ? [
          `  ${unknownCount} rows are not there, or were deleted before: ${unknown.join(', ')}${unknownCount > unknown.length ? ', …' : ''}`,
        ]
      : []),
  ])
  return unknownCount > 0 ? 1 : 0
}

async function merge(args: string[]): Promise<ExitCode> {
  const { values, positionals } = readArgs(args, {})
  const merged = await mergeDataset(directoryOf(), needOne(positionals, 'data set'))
  print(values.json, merged, [`${merged.id}: ${merged.rowCount} rows in ${merged.parts.length} part.`])
  return 0
}

async function repair(args: string[]): Promise<ExitCode> {
  const { values, positionals } = readArgs(args, {})
  const { info, rebuilt, lost } = await repairDataset(directoryOf(), needOne(positionals, 'data set'))
  print(values.json, { id: info.id, rebuilt, lost }, [
    rebuilt.length + lost.length === 0 ? `${info.id}: nothing is damaged.` : `${info.id}:`,
    ...rebuilt.map((name) => `  written anew from the rows: ${name}`),
    ...lost.map((name) => `  lost: ${name}; put it back from a backup, or index what it was made from again`),
  ])
  return lost.length > 0 ? 1 : 0
}

function columnsOf(values: Partial<Record<keyof typeof COLUMN_FLAGS, string | undefined>>) {
  return Object.fromEntries(
    (['url', 'text', 'sha256', 'pdq'] as const).flatMap((name) =>
      values[`${name}-column`] ? [[name, values[`${name}-column`]!]] : [],
    ),
  )
}

function directoryOf(): string {
  return dataPath(readConfig(process.env), 'datasets')
}

function tell(isJson: boolean | undefined, dataset: DatasetInfo, unreadableBefore: number): ExitCode {
  const { id, rowCount, counts } = dataset
  print(isJson, dataset, [
    `Indexed ${rowCount} rows as ${id}: ${counts.url} addresses, ${counts.text} texts, ${counts.sha256} file hashes, ${counts.pdq} picture codes, ${counts.parts} pictures with their parts, ${counts.sounds} sounds, ${counts.films} with frames, ${counts.previews} previews; ${counts.unreadable} files could not be read.`,
  ])
  return counts.unreadable > unreadableBefore ? 1 : 0
}

async function info(args: string[]): Promise<ExitCode> {
  const { values } = readArgs(args, {})
  const checker = openDatasetChecker(dataPath(readConfig(process.env), 'datasets'))
  const datasets = checker.list()
  // Nothing is looked for: what cannot be opened is named.
  const { unasked } = await checker.check({})
  await checker.close()
  print(
    values.json,
    { datasets, damaged: unasked },
    datasets.length + unasked.length > 0
      ? [
          ...datasets.map(
            ({ id, name, version, rowCount, deletedCount }) =>
              `${id}: ${name}, version ${version}, ${rowCount} rows${deletedCount ? `, ${deletedCount} deleted` : ''}`,
          ),
          ...unasked.map(({ dataset, why }) => `${dataset}: damaged, ${why}`),
        ]
      : ['No data set is indexed yet.'],
  )
  return unasked.length > 0 ? 1 : 0
}

async function push(args: string[]): Promise<ExitCode> {
  const { values, positionals } = readArgs(args, { engine: { type: 'string' } })
  if (!values.engine) throw new ColophonError('usage', 'give --engine')
  const pushed = await pushToEngine(values.engine, process.env, {
    directory: dataPath(readConfig(process.env), 'datasets'),
    dataset: needOne(positionals, 'data set'),
    onProgress(rowsDone, rowCount) {
      if (process.stderr.isTTY)
        process.stderr.write(`\r${rowsDone} of ${rowCount} rows${rowsDone < rowCount ? '' : '\n'}`)
    },
  })
  const { id, rowCount } = pushed.info
  print(values.json, { ...pushed.info, isNew: pushed.isNew }, [
    pushed.isNew ? `Pushed ${rowCount} rows of ${id}.` : `${id} is there already; nothing was changed.`,
  ])
  return 0
}
