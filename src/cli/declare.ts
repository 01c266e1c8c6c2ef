import { writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import { fileTitle, identifyFile } from '../fingerprints/index.ts'
import { ColophonError, readConfig, systemEffects, uuidV7, writeFileDurably } from '../foundation/index.ts'
import { makeManifest, proveItem, type WorkFields } from '../register/index.ts'
import { makeStatement, signStatement, type Statement, type StatementSigner } from '../statements/index.ts'
import { print, readArgs, servingUrl, type Command, type ExitCode, loadMain } from './command.ts'
import { chosenSource, declareSource, sourceForms, sourceOptions } from './declareSource.ts'
import { readItemId } from './itemProof.ts'
import { readDisclosure } from './mark.ts'
import { withPlace } from './place.ts'
import { readSigner, recordHere, recordThere } from './recording.ts'
import { signForm } from './signing.ts'
import { readTerms } from './terms.ts'

export const declare: Command = {
  forms: [
    'declare FILE… --key KEY.pem [--creator NAME] [--title TITLE] [--terms mining|ai-training|generative-training|none|RULES.json] [--disclosure FILE.json]',
    'declare FILE… --key KEY.pem --collection TITLE [--terms …]',
    'declare FILE --key KEY.pem --sealed',
    'declare --take-back ITEM|FILE.item-proof … --key KEY.pem [--on-behalf-of DID] [-o RECEIPT]',
    ...sourceForms,
  ],
  does: 'Signs what you state about works, appends it to the log, and writes the receipt beside each file. A missing key file is made. --sealed leaves only a commitment on the log. A whole collection comes from a table, from records, or from where it is published: --preview shows how it would be read, and with --state a later run declares only what is new or changed. --take-back takes single works out of a collection again, by their ids (urn:colophon:item:…), pages or proofs; the rest of it stands.',
  async run(args) {
    const { values, positionals } = readArgs(args, {
      key: { type: 'string' },
      creator: { type: 'string' },
      title: { type: 'string' },
      terms: { type: 'string', default: 'none' },
      disclosure: { type: 'string' },
      collection: { type: 'string' },
      sealed: { type: 'boolean' },
      role: { type: 'string', default: 'creator' },
      rights: { type: 'string' },
      'take-back': { type: 'boolean' },
      'on-behalf-of': { type: 'string' },
      out: { type: 'string', short: 'o' },
      ...sourceOptions,
    })
    if (values['take-back']) return takeBack(values, positionals)
    if (values['on-behalf-of'] ?? values.out)
      throw new ColophonError('usage', '--on-behalf-of and -o go with --take-back only')
    const source = chosenSource(values)
    if (source) return declareSource(source, values, positionals)
    if (positionals.length === 0 || !values.key) throw new ColophonError('usage', 'give at least one file, and --key')
    const terms = readTerms(values.terms)
    const disclosure = values.disclosure ? readDisclosure(values.disclosure) : undefined
    const signer = readSigner(values.key)
    const works: WorkFields[] = []
    for (const file of positionals)
      works.push(await describe(file, positionals.length === 1 ? values.title : undefined, values.creator, signer))
    const about = { role: values.role, ...(values.rights ? { rightsStatement: values.rights } : {}) }
    const groups = values.collection
      ? [await collectionSubjects(values.collection, about, works)]
      : works.map((work) => workSubjects(about, work, values.sealed))
    return record(
      groups.map(({ subjects, target, manifest }) => ({
        target,
        statement: sign(signer, [
          ...subjects,
          ...(terms ? [{ type: 'Terms', target, ...terms }] : []),
          ...(disclosure ? [{ type: 'Disclosure', target, ...disclosure }] : []),
        ]),
        manifest,
      })),
      positionals,
      values,
    )
  },
}

/** Single works of one collection; the register says which they are and who has to sign. */
function takeBack(values: Parameters<typeof signForm>[1], items: string[]): Promise<ExitCode> {
  if (items.length === 0) throw new ColophonError('usage', 'give the works of the collection that are taken back')
  const ids = items.map((item) => (item.endsWith('.item-proof') ? readItemId(item, {}) : item))
  return withPlace((place) => signForm(place, values, { kind: 'itemsBack', items: ids.join(' ') }))
}

async function describe(
  file: string,
  title: string | undefined,
  creator: string | undefined,
  signer: StatementSigner,
): Promise<WorkFields> {
  const { medium, codes } = await identifyFile(file)
  const creators = [{ party: signer.issuer, ...(creator ? { name: creator } : {}), role: 'author', share: 10_000 }]
  return { title: title ?? fileTitle(basename(file)), medium, fingerprints: codes, creators }
}

interface Target {
  kind: 'work' | 'set'
  id: string
}

interface Group {
  subjects: Statement['credentialSubject']
  target: Target
  manifest?: Uint8Array
}

function workSubjects(about: object, work: WorkFields, isSealed: boolean | undefined): Group {
  const id = `urn:uuid:${uuidV7(systemEffects)}`
  return {
    subjects: [{ type: 'Work', id, ...about, ...work, access: isSealed ? 'unpublished' : 'public' }],
    target: { kind: 'work', id },
  }
}

async function collectionSubjects(title: string, about: object, works: WorkFields[]): Promise<Group> {
  const id = `urn:uuid:${uuidV7(systemEffects)}`
  const { bytes, ...signed } = await makeManifest(works)
  return {
    subjects: [{ type: 'Collection', id, title, ...about, ...signed }],
    target: { kind: 'set', id },
    manifest: bytes,
  }
}

function sign(signer: StatementSigner, subjects: Statement['credentialSubject']): Statement {
  return signStatement(makeStatement(signer.issuer, subjects, systemEffects), signer)
}

/** Through the process that holds the data directory when there is one, otherwise directly. */
async function record(
  items: { target: Target; statement: Statement; manifest: Uint8Array | undefined }[],
  files: string[],
  values: { json?: boolean; sealed?: boolean; collection?: string },
): Promise<0> {
  const config = readConfig(process.env)
  const url = await servingUrl(config)
  const node = url ? undefined : await (await loadMain()).openNode(config)
  try {
    for (const [i, { target, statement, manifest }] of items.entries()) {
      if (manifest) node?.manifests.write(manifest)
      const { receipt, seal } = node
        ? await recordHere(node, statement, values.sealed)
        : await recordThere(url!, statement, values.sealed, manifest)
      const path = `${files[i]!}.tlog-proof`
      writeFileSync(path, receipt)
      // Whoever declared it must be able to open the commitment later, without this node.
      if (seal) writeFileDurably(`${files[i]!}.seal.json`, JSON.stringify(seal), 0o600)
      if (manifest) await writeItemProofs(manifest, receipt, files)
      const kind = target.kind === 'work' ? 'work' : 'collection'
      print(values.json, { [kind]: target.id, party: statement.issuer, statement: statement.id, receipt: path }, [
        `Recorded ${statement.id}, signed by ${statement.issuer}`,
        `The ${kind}: ${target.id}`,
        `Receipt: ${path}`,
      ])
    }
    return 0
  } finally {
    await node?.close()
  }
}

/** Beside each file of a collection, the proof that it is one of its works: nothing else is needed to verify it. */
async function writeItemProofs(manifest: Uint8Array, receipt: string, files: string[]): Promise<void> {
  for (const [position, file] of files.entries())
    writeFileSync(`${file}.item-proof`, JSON.stringify({ receipt, item: await proveItem(manifest, position) }, null, 1))
}
