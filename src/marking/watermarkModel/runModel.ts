import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { ColophonError, limits, sha256Hex, threadEnvironment, type ErrorCode } from '../../foundation/index.ts'
import { nameOf, type WatermarkModel } from './description.ts'

/** A tensor of 32-bit floats that goes in. */
export interface ModelInput {
  name: string
  shape: number[]
  data: Float32Array<ArrayBuffer>
}

/** The tensor of 32-bit floats that comes out; dimensions of 1 may be there or not. */
export interface ModelOutput {
  name: string
  shape: number[]
}

export interface ModelTask {
  bytes: Uint8Array<ArrayBuffer>
  inputs: ModelInput[]
  output: ModelOutput
}

/** An error by its parts: errors do not cross threads whole. */
export type ModelAnswer = { data: Float32Array } | { code: ErrorCode; message: string; remedy?: string }

/**
 * Runs one model file once, in a thread of its own that is ended with it. Every number that comes out is finite.
 * Errors: `runtime_missing`; `model_refused` when the file is not the one that is pinned, too large, no model, without
 * these tensors, takes too long, or gives anything else than what is described.
 */
export async function runModel(
  model: WatermarkModel,
  pinned: { file: string; sha256: string },
  inputs: ModelInput[],
  output: ModelOutput,
): Promise<Float32Array> {
  const path = join(model.folder, pinned.file)
  const bytes = await readPinned(path, pinned.sha256)
  const answer = await runInThread({ bytes, inputs, output }, model.timeoutSeconds)
  if ('data' in answer) return answer.data
  throw new ColophonError(answer.code, `${nameOf(model)}: ${answer.message}`, { where: path, ...answer })
}

/** What is loaded are the bytes that were hashed. */
async function readPinned(path: string, expected: string): Promise<Uint8Array<ArrayBuffer>> {
  const found = await stat(path).catch(() => undefined)
  if (!found?.isFile()) throw new ColophonError('model_refused', 'there is no such model file', { where: path })
  if (found.size > limits.modelBytesMax)
    throw new ColophonError('model_refused', `the model has more than ${limits.modelBytesMax} bytes`, { where: path })
  const bytes = new Uint8Array(await readFile(path))
  const actual = sha256Hex(bytes)
  if (actual !== expected)
    throw new ColophonError(
      'model_refused',
      `the model is another one: expected SHA-256 ${expected}, found ${actual}`,
      {
        where: path,
        remedy: 'Get the file that the description was written for, or describe this one after you have examined it.',
      },
    )
  return bytes
}

const STOPPED: ModelAnswer = { code: 'model_refused', message: 'it needed more memory than it may, or broke down' }

async function runInThread(task: ModelTask, timeoutSeconds: number): Promise<ModelAnswer> {
  const worker = new Worker(new URL('./modelWorker.ts', import.meta.url), {
    workerData: task,
    transferList: [task.bytes.buffer, ...task.inputs.map(({ data }) => data.buffer)],
    env: threadEnvironment(),
    execArgv: ['--disable-warning=ExperimentalWarning'],
    // What the runtime prints says no more than its errors do.
    stdout: true,
    stderr: true,
  })
  const { promise, resolve } = Promise.withResolvers<ModelAnswer>()
  worker.once('message', resolve)
  worker.once('error', () => resolve(STOPPED))
  worker.once('exit', () => resolve(STOPPED))
  const clock = setTimeout(
    () => resolve({ code: 'model_refused', message: `it took longer than ${timeoutSeconds} s` }),
    timeoutSeconds * 1000,
  )
  return promise.finally(async () => {
    clearTimeout(clock)
    await worker.terminate()
  })
}
