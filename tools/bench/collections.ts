import { spawnSync } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { WORKS_PER_STATEMENT } from '../../src/collecting/index.ts'
import { printTable, type BenchRow } from './table.ts'

/** Another number for a quick look: `RECORDS=20000 npm run bench -- collections`. */
const RECORDS = Number(process.env.RECORDS ?? 300_000)

/**
 * A museum's table declared by the command line, from the file to the log, the tables and the outcomes: the process as a
 * whole, its start too. The peer writes the same cells into one table of SQLite (WAL, synchronous=full) in batches of the
 * same size: it checks nothing, signs nothing and keeps no proof.
 */
export async function bench(): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'colophon-bench-'))
  try {
    const table = join(directory, 'museum.csv')
    writeTable(table, RECORDS)
    const first = declare(directory, table)
    const peer = insert(directory, table)
    const again = declare(directory, table)
    changeSome(table)
    const changed = declare(directory, table)
    const input = `${RECORDS.toLocaleString('en')} records, ${WORKS_PER_STATEMENT} a statement`
    const rows: BenchRow[] = [
      {
        what: 'declared, first run',
        ours: first.seconds,
        unit: 's',
        peer: { name: 'SQLite, cells only', figure: peer },
        target: '≤ 300',
        input,
      },
      {
        what: 'second run, nothing changed',
        ours: again.seconds,
        unit: 's',
        input: `${again.outcomes.unchanged} unchanged`,
      },
      {
        what: 'third run, one in a hundred changed',
        ours: changed.seconds,
        unit: 's',
        input: `${changed.outcomes.changed} changed, ${changed.statements} statements`,
      },
      { what: 'statements of the first run', ours: first.statements, unit: '', input },
      { what: 'memory at its highest, first run', ours: first.megabytes, unit: 'MB', input },
    ]
    printTable(rows)
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

const NAMES = ['Robert Blake', 'Maria Muster', 'Käthe Beispiel', 'J. M. W. Example', 'Hans Ohnesorg', 'Anna Nováková']
const MEDIA = [
  'Watercolour on paper',
  'Oil paint on canvas',
  'Etching on paper',
  'Photograph, gelatin silver print',
  'Graphite',
]

function rowOf(i: number, word = 'No.'): string {
  const rights =
    i % 3 === 0 ? 'https://creativecommons.org/publicdomain/mark/1.0/' : 'http://rightsstatements.org/vocab/InC/1.0/'
  return `A${String(i).padStart(6, '0')},"Landscape ${word} ${i}, with a ""House"" and Trees",${NAMES[i % 6]},"${MEDIA[i % 5]}",${1700 + (i % 250)},"Presented by the Friends, ${1900 + (i % 100)}",https://museum.example.org/works/A${i},https://museum.example.org/images/A${i}.jpg,${rights}\r\n`
}

function writeTable(path: string, count: number, wordOf: (i: number) => string = () => 'No.'): void {
  const descriptor = openSync(path, 'w')
  writeSync(descriptor, 'accession number,title,artist,medium,date,credit line,url,image url,rights\r\n')
  for (let start = 0; start < count; start += 5000) {
    const rows = Array.from({ length: Math.min(5000, count - start) }, (_, i) => rowOf(start + i, wordOf(start + i)))
    writeSync(descriptor, rows.join(''))
  }
  closeSync(descriptor)
}

function changeSome(path: string): void {
  writeTable(path, RECORDS, (i) => (i % 100 === 7 ? 'Number' : 'No.'))
}

interface Run {
  seconds: number
  megabytes: number
  statements: number
  outcomes: { changed: number; unchanged: number }
}

function declare(directory: string, table: string): Run {
  const names = { key: 'key.pem', state: 'state', outcomes: 'outcomes.csv' }
  const options = Object.entries(names).flatMap(([name, file]) => [`--${name}`, join(directory, file)])
  const told = join(directory, 'memory')
  const start = performance.now()
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [
      '--disable-warning=ExperimentalWarning',
      `--import=data:text/javascript,import{writeFileSync}from'node:fs';process.on('exit',()=>writeFileSync(${JSON.stringify(told)},String(process.resourceUsage().maxRSS)))`,
      resolve('src/cli/colophon.ts'),
      'declare',
      ...Object.entries({ csv: table, collection: 'Museum', role: 'custodian', terms: 'mining' }).flatMap(
        ([name, value]) => [`--${name}`, value],
      ),
      ...options,
      '--json',
    ],
    { encoding: 'utf8', env: { ...process.env, DATA_DIR: join(directory, 'data') } },
  )
  const seconds = (performance.now() - start) / 1000
  if (status !== 0) throw new Error(stderr)
  return { ...(JSON.parse(stdout) as Run), seconds, megabytes: Number(readFileSync(told, 'utf8')) / 1024 }
}

/** The same cells, cut at commas that no quote holds, in seconds. */
function insert(directory: string, table: string): number {
  const start = performance.now()
  const database = new DatabaseSync(join(directory, 'peer.sqlite'))
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = full')
  database.exec(
    'CREATE TABLE work (id TEXT PRIMARY KEY, title, artist, medium, date, credit, url, image, rights) STRICT'.replace(
      /(title|artist|medium|date|credit|url|image|rights)/g,
      '$1 TEXT',
    ),
  )
  const statement = database.prepare('INSERT INTO work VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)')
  const lines = readFileSync(table, 'utf8').split('\r\n').slice(1, -1)
  for (let at = 0; at < lines.length; at += WORKS_PER_STATEMENT) {
    database.exec('BEGIN')
    for (const line of lines.slice(at, at + WORKS_PER_STATEMENT)) {
      const cells = Array.from(
        line.matchAll(/(?:"((?:[^"]|"")*)"|([^,]*))(?:,|$)/g),
        ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain!,
      )
      statement.run(...cells.slice(0, 9))
    }
    database.exec('COMMIT')
  }
  database.close()
  return (performance.now() - start) / 1000
}
