import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { migrate, systemEffects, type Effects, type OpenDatabase } from '../../src/foundation/index.ts'
import { statementKinds } from '../../src/kinds.ts'
import { makeSigner, openLog, type LogFiles } from '../../src/log/index.ts'
import { manifestDirectory, type ManifestStore } from '../../src/register/index.ts'
import {
  followLog,
  makeStatement,
  newSigner,
  openRegister,
  signStatement,
  type Register,
  type Statement,
  type StatementSigner,
} from '../../src/statements/index.ts'
import { FaultyDisk, seededRandom } from './faultyFiles.ts'

const pem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }) as string
export const testLogSigner = makeSigner('log.example/test', pem)

export interface TestRegister {
  register: Register
  manifests: ManifestStore
  /** Moves the clock; it never runs by itself. */
  clock: { now: number }
}

/** A whole register on the given database, with a log in memory and a clock that stands still. */
export async function openTestRegister(
  database: OpenDatabase,
  files: LogFiles = new FaultyDisk(seededRandom(1)),
): Promise<TestRegister> {
  await migrate(database)
  const clock = { now: Date.parse('2026-11-24T12:00:00Z') }
  const effects: Effects = { now: () => clock.now, randomBytes: systemEffects.randomBytes }
  const folder = mkdtempSync(join(tmpdir(), 'colophon-manifests-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  const manifests = manifestDirectory(folder)
  const log = await openLog({ files, signer: testLogSigner })
  const register = openRegister({ log, database, kinds: statementKinds(manifests), effects })
  await followLog(register)
  return { register, manifests, clock }
}

export function signed(
  register: Register,
  signer: StatementSigner,
  ...subjects: Statement['credentialSubject']
): Statement {
  return signStatement(makeStatement(signer.issuer, subjects, register.effects), signer)
}

export { newSigner }
