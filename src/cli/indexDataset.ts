import { buildDatasetIndex, pushToEngine } from '../datasets/index.ts'
import { ColophonError, dataPath, readConfig } from '../foundation/index.ts'
import { openDatasetChecker } from '../datasets/index.ts'
import { needOne, print, readArgs, type Command, type ExitCode } from './command.ts'

export const indexDataset: Command = {
  forms: [
    'index build FILE…|FOLDER --name NAME --version VERSION [--url-column C] [--text-column C] [--sha256-column C] [--pdq-column C] [--source TEXT] [--contact TEXT]',
    'index info',
    'index push DATASET --engine clickhouse://USER:PASSWORD@HOST:PORT/DATABASE',
  ],
  does: 'Indexes a data set, so that works can be checked against it: Parquet, CSV, TSV, JSONL, or a folder of files.',
  async run(args) {
    const [action, ...rest] = args
    if (action === 'build') return build(rest)
    if (action === 'info') return info(rest)
    if (action === 'push') return push(rest)
    throw new ColophonError('usage', 'index takes one of: build, info, push')
  },
}

async function build(args: string[]): Promise<ExitCode> {
  const text = { type: 'string' } as const
  const { values, positionals } = readArgs(args, {
    name: text,
    version: text,
    source: text,
    contact: text,
    'url-column': text,
    'text-column': text,
    'sha256-column': text,
    'pdq-column': text,
  })
  if (!values.name || !values.version) throw new ColophonError('usage', 'give --name and --version')
  const columns = Object.fromEntries(
    (['url', 'text', 'sha256', 'pdq'] as const).flatMap((name) =>
      values[`${name}-column`] ? [[name, values[`${name}-column`]!]] : [],
    ),
  )
  const built = await buildDatasetIndex({
    name: values.name,
    version: values.version,
    ...(values.source ? { source: values.source } : {}),
    ...(values.contact ? { contact: values.contact } : {}),
    inputs: positionals,
    columns,
    directory: dataPath(readConfig(process.env), 'datasets'),
    now: Date.now(),
  })
  const { counts } = built
  print(values.json, built, [
    `Indexed ${built.rowCount} rows as ${built.id}: ${counts.url} addresses, ${counts.text} texts, ${counts.sha256} file hashes, ${counts.pdq} picture codes, ${counts.parts} pictures with their parts, ${counts.sounds} sounds; ${counts.unreadable} files could not be read.`,
  ])
  return counts.unreadable > 0 ? 1 : 0
}

async function info(args: string[]): Promise<ExitCode> {
  const { values } = readArgs(args, {})
  const checker = openDatasetChecker(dataPath(readConfig(process.env), 'datasets'))
  const datasets = checker.list()
  await checker.close()
  print(
    values.json,
    { datasets },
    datasets.length > 0
      ? datasets.map(({ id, name, version, rowCount }) => `${id}: ${name}, version ${version}, ${rowCount} rows`)
      : ['No data set is indexed yet.'],
  )
  return 0
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
