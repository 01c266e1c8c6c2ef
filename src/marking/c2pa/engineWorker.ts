import { parentPort } from 'node:worker_threads'
import initialise, { WasmBuilder, WasmReader, type InitOutput } from '@contentauth/c2pa-wasm'
import { judgeBinding } from './contentBinding.ts'
import type { EngineFailure, EngineJob, FromEngine, ToEngine } from './engine.ts'
import { readEvidence } from './evidence.ts'
import { failureOf } from './libraryFailure.ts'
import { PARENT, beginsFile, continued, opened, type ManifestDefinition } from './manifestDefinition.ts'
import { readStore } from './readStore.ts'
import { plainReport, type C2paReport } from './report.ts'
import type { StoreDescription } from './storeDescription.ts'
import { WARM_UP_BYTES, warmUp } from './warmUp.ts'

/** Answers what the engine asks: see `engine.ts`. */
/** Memory of a module never shrinks; a module that has grown beyond this is given up after its job. */
const KEPT_BYTES_MAX = 192 * 1024 * 1024
const STORE_CHARACTERS_MAX = 32 * 1024 * 1024

const SystemDate = Date
let nowMs: number | undefined
/** The library asks the clock of its surroundings; it gets the one of the job. */
globalThis.Date = class extends SystemDate {
  constructor(...parts: unknown[]) {
    super(...((parts.length === 0 ? [nowMs ?? SystemDate.now()] : parts) as [number]))
  }
  static override now(): number {
    return nowMs ?? SystemDate.now()
  }
} as DateConstructor
/** A second lock beside `remote_manifest_fetch`: no address that stands in a file is ever fetched from here. */
globalThis.fetch = () => Promise.reject(new Error('nothing is fetched here'))
/** The library says there how it fell; the engine says it in its own words. */
console.error = () => {}

/** A Blob whose bytes can be read at once, as a browser lets a thread do. */
class MemoryBlob extends Blob {
  readonly memory: Uint8Array
  constructor(memory: Uint8Array) {
    super()
    this.memory = memory
  }
  override get size(): number {
    return this.memory.length
  }
  override slice(start = 0, end = this.memory.length): Blob {
    return new MemoryBlob(this.memory.subarray(start, end))
  }
  override async arrayBuffer(): Promise<ArrayBuffer> {
    return this.memory.slice().buffer as ArrayBuffer
  }
}

class MemoryBlobReader {
  readAsArrayBuffer(blob: MemoryBlob): ArrayBuffer {
    return blob.memory.slice().buffer as ArrayBuffer
  }
}
Object.assign(globalThis, { FileReaderSync: MemoryBlobReader })

let library: Promise<InitOutput> | undefined
let isWarm = false
let giveSignature: ((signature: Uint8Array | undefined) => void) | undefined

parentPort!.on('message', async (message: ToEngine) => {
  if ('module' in message) {
    library = initialise({ module_or_path: message.module })
    return
  }
  if ('signature' in message) return giveSignature?.(message.signature)
  const reply = await answerTo(message.job)
  const signed = 'answer' in reply && reply.answer instanceof Uint8Array ? [reply.answer.buffer as ArrayBuffer] : []
  parentPort!.postMessage(reply, signed)
})

async function answerTo(job: EngineJob): Promise<FromEngine> {
  try {
    const { memory } = await library!
    if (!isWarm && job.bytes.length >= WARM_UP_BYTES) await warmUp(job.settings, (bytes) => new MemoryBlob(bytes))
    isWarm ||= job.bytes.length >= WARM_UP_BYTES
    const answer = job.kind === 'sign' ? await signOne(job) : await readOne(job)
    return { answer, isSpent: memory.buffer.byteLength > KEPT_BYTES_MAX }
  } catch (error) {
    // A module that has trapped is in a state that nobody knows.
    return { failure: unreadable(error), isSpent: error instanceof WebAssembly.RuntimeError }
  } finally {
    nowMs = undefined
  }
}

async function signOne(job: EngineJob & { kind: 'sign' }): Promise<Uint8Array> {
  const said = JSON.parse(job.manifest) as ManifestDefinition
  const builder = await builderOf(job, said)
  const sign = (claim: Uint8Array) =>
    new Promise<Uint8Array<ArrayBuffer>>((resolve, reject) => {
      giveSignature = (signature) => {
        if (signature) resolve(new Uint8Array(signature))
        else reject(new Error('not signed'))
      }
      // What is signed now is the hash of the file: its bytes have been read, and make room for those of the new one.
      ;(job.bytes.buffer as ArrayBuffer).transfer(0)
      parentPort!.postMessage({ claim: new Uint8Array(claim) } satisfies FromEngine)
    })
  const definition = { sign, reserveSize: job.reserveBytes, alg: 'es256' }
  return builder.sign(definition, [], job.mediaType, new MemoryBlob(job.bytes))
}

async function builderOf(job: EngineJob & { kind: 'sign' }, said: ManifestDefinition): Promise<WasmBuilder> {
  const isContinued = await carriesManifest({ ...job, bytes: job.parent ?? job.bytes })
  if (job.parent && isContinued) return builderFrom(job, said, job.parent)
  const builder = WasmBuilder.fromJson(JSON.stringify(isContinued ? continued(said) : said), job.settings)
  // It takes in the file as what it was before, with all its manifests, and says first that it was opened.
  if (isContinued || !beginsFile(said)) builder.setIntent('edit')
  return builder
}

/** A builder for a file that was changed since it was signed: what it was before is the parent, with all its manifests. */
async function builderFrom(job: EngineJob, said: ManifestDefinition, parent: Uint8Array): Promise<WasmBuilder> {
  const builder = WasmBuilder.fromJson(JSON.stringify(opened(said)), job.settings)
  const ingredient = JSON.stringify({ relationship: 'parentOf', label: PARENT })
  await builder.addIngredientFromBlob(ingredient, job.mediaType, new MemoryBlob(parent))
  return builder
}

/** A manifest that cannot be read would be lost, so the file is refused. */
async function carriesManifest(job: EngineJob): Promise<boolean> {
  try {
    const reader = await WasmReader.fromBlob(job.mediaType, new MemoryBlob(job.bytes), job.settings)
    reader.free()
    return true
  } catch (error) {
    if (failureOf(error).state === 'none') return false
    throw error
  }
}

async function readOne(job: EngineJob & { kind: 'read' }): Promise<C2paReport> {
  nowMs = job.nowMs
  let reader: WasmReader
  try {
    reader = await WasmReader.fromBlob(job.mediaType, new MemoryBlob(job.bytes), job.settings)
  } catch (error) {
    if (error instanceof WebAssembly.RuntimeError) throw error
    return failureOf(error)
  }
  const json = reader.json()
  if (json.length > STORE_CHARACTERS_MAX)
    return plainReport('unreadable', 'manifest_too_large', 'the manifest is larger than what is read of one')
  const described = JSON.parse(json) as StoreDescription
  const store = job.content ? judgeBinding(described, reader.crJson(), job.content) : described
  const label = store.active_manifest ?? ''
  const evidence = readEvidence(storeBytes(reader, label), label)
  reader.free()
  return readStore(store, evidence, job.nowMs)
}

/** Whatever part of it is asked for, the library gives the whole store. */
function storeBytes(reader: WasmReader, label: string): Uint8Array {
  try {
    return reader.resourceToBytes(`self#jumbf=/c2pa/${label}/c2pa.signature`)
  } catch {
    return new Uint8Array()
  }
}

function unreadable(error: unknown): EngineFailure {
  const reason = error instanceof Error || typeof error === 'string' ? String(error) : 'it stopped'
  return {
    code: 'unreadable_file',
    message: `this file cannot be read or signed: ${reason.slice(0, 200)}`,
    remedy: 'The file is damaged or of a kind that carries no manifest; try the original file.',
  }
}
