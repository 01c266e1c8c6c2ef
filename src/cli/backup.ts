import { existsSync } from 'node:fs'
import { ColophonError, dataPath, readConfig, type Config } from '../foundation/index.ts'
import type { Node } from '../main.ts'
import { makeBackup, recordAction, restoreBackup } from '../operations/index.ts'
import { loadMain, needOne, print, readArgs, type Command } from './command.ts'

export const backup: Command = {
  forms: ['backup OUT.tar.zst [--data-dir DIR] [--with-keys] [--without-datasets]'],
  does: 'Saves everything that a node needs to go on elsewhere into one archive, while it serves or beside it. Private keys go along only with --with-keys; data sets, which can be indexed anew, not with --without-datasets.',
  async run(args) {
    const { values, positionals } = readArgs(args, {
      'data-dir': { type: 'string' },
      'with-keys': { type: 'boolean', default: false },
      'without-datasets': { type: 'boolean', default: false },
    })
    const out = needOne(positionals, 'file to write')
    const config = configOf(values['data-dir'])
    const options = { withKeys: values['with-keys'], withDatasets: !values['without-datasets'] }
    const made = await withOpenNode(config, (node) => makeBackup(node, out, options))
    const { logSize: entries, files, manifestSha256 } = made
    await recordAction(config, { action: 'backup', details: { entries, files, manifestSha256, ...options } })
    print(values.json, made, [
      `Saved ${files} files, with the log up to entry ${entries}, to ${made.path}`,
      `SHA-256 of its list of files: ${manifestSha256}`,
      options.withKeys
        ? 'The private keys are in it: whoever has this file can speak for the node. Keep it like a key.'
        : 'The private keys are NOT in it. Without keys/ and *.pem no node can go on with this log: keep them elsewhere.',
      ...(options.withDatasets ? [] : ['The data sets are not in it: they have to be indexed anew.']),
      'It holds sealed statements and cases: keep it as carefully as the node.',
    ])
    return 0
  },
}

export const restore: Command = {
  forms: ['restore ARCHIVE --data-dir DIR [--sha256 OF-ITS-LIST]'],
  does: 'Puts a backup into an empty directory, after verifying each file and the whole log. With DATABASE_URL the tables go into that PostgreSQL, whatever they came from.',
  async run(args) {
    const { values, positionals } = readArgs(args, { 'data-dir': { type: 'string' }, sha256: { type: 'string' } })
    const archive = needOne(positionals, 'archive')
    if (!values['data-dir']) throw new ColophonError('usage', 'give --data-dir, where the node shall lie')
    const config = configOf(values['data-dir'])
    const restored = await restoreBackup(archive, config.dataDir, {
      databaseUrl: config.databaseUrl,
      manifestSha256: values.sha256,
    })
    const { logSize: entries, files, manifestSha256, hasKeys, hasDatasets } = restored
    await recordAction(config, { action: 'restore', details: { entries, files, manifestSha256 } })
    print(values.json, restored, [
      `Restored ${files} files, with the log up to entry ${entries}, to ${restored.dataDir}. Every file and the log are verified.`,
      hasKeys
        ? 'The private keys are there.'
        : 'The private keys are missing: put keys/ and *.pem there before you start it.',
      ...(hasDatasets ? [] : ['The data sets are missing: index them anew.']),
      'What was erased after this backup was made stands in it: erase it again before you serve it.',
      `How the node was set: ${dataPath(config, 'colophon.env')}`,
    ])
    return 0
  },
}

function configOf(dataDir: string | undefined): Config {
  return readConfig(dataDir === undefined ? process.env : { ...process.env, DATA_DIR: dataDir })
}

/** The node itself, so that what a crash has left is mended first; beside the process that serves it, when one does. */
async function withOpenNode<Result>(config: Config, run: (node: Node) => Promise<Result>): Promise<Result> {
  if (!existsSync(dataPath(config, 'log', 'checkpoint')))
    throw new ColophonError('not_found', 'there is no node in this directory', {
      where: config.dataDir,
      remedy: 'Give --data-dir or DATA_DIR.',
    })
  const { openNode, openBeside } = await loadMain()
  const node = await openNode(config).catch((error: unknown) => {
    if (error instanceof ColophonError && error.code === 'log_locked') return openBeside(config)
    throw error
  })
  try {
    return await run(node)
  } finally {
    await node.close()
  }
}
