import { parentPort, workerData } from 'node:worker_threads'
import type { InferenceSession } from 'onnxruntime-web'
import type { ModelAnswer, ModelTask } from './runModel.ts'

/** Runs one model once and says what came out: see `runModel.ts`. What goes wrong is the model's fault, and told as that. */
parentPort!.postMessage(await answerTo(workerData as ModelTask))

async function answerTo(task: ModelTask): Promise<ModelAnswer> {
  try {
    const runtime = await openRuntime()
    if (runtime) return { data: await run(task, runtime) }
    return {
      code: 'runtime_missing',
      message: 'it needs ONNX Runtime, which is not installed',
      remedy: 'Install it where Colophon is installed: npm install --save-prod onnxruntime-web@1.22.0',
    }
  } catch (error) {
    return { code: 'model_refused', message: reason(error) }
  }
}

async function openRuntime() {
  try {
    return await import('onnxruntime-web')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_MODULE_NOT_FOUND') return undefined
    throw error
  }
}

async function run(
  { bytes, inputs, output }: ModelTask,
  { InferenceSession, Tensor, env }: typeof import('onnxruntime-web'),
): Promise<Float32Array> {
  // One thread: it is ended with this one, and needs no other.
  env.wasm.numThreads = 1
  env.logLevel = 'fatal'
  const session = await InferenceSession.create(bytes, { executionProviders: ['wasm'] }).catch((error: unknown) => {
    throw new Error(`it cannot be loaded (${reason(error)})`)
  })
  requireNames(
    session,
    inputs.map(({ name }) => name),
    output.name,
  )
  const feeds = Object.fromEntries(inputs.map(({ name, shape, data }) => [name, new Tensor('float32', data, shape)]))
  const { [output.name]: result } = await session.run(feeds, [output.name]).catch((error: unknown) => {
    throw new Error(`it cannot be run on what its description says (${reason(error)})`)
  })
  if (result?.type !== 'float32') throw new Error(`“${output.name}” gives no 32-bit floats`)
  if (significant(result.dims) !== significant(output.shape))
    throw new Error(
      `“${output.name}” has the shape [${result.dims.join(', ').slice(0, 100)}], not [${output.shape.join(', ')}]`,
    )
  const data = result.data as Float32Array
  if (!data.every(Number.isFinite)) throw new Error(`“${output.name}” gives values that are no finite numbers`)
  return data.slice()
}

function requireNames({ inputNames, outputNames }: InferenceSession, inputs: string[], output: string): void {
  const list = (names: readonly string[]) =>
    names
      .map((name) => `“${name}”`)
      .join(', ')
      .slice(0, 200)
  const missing = inputs.find((name) => !inputNames.includes(name))
  if (missing !== undefined) throw new Error(`it has no input “${missing}”; it has ${list(inputNames)}`)
  const unknown = inputNames.filter((name) => !inputs.includes(name))
  if (unknown.length > 0) throw new Error(`it wants inputs that its description does not name: ${list(unknown)}`)
  if (!outputNames.includes(output)) throw new Error(`it has no output “${output}”; it has ${list(outputNames)}`)
}

/** A shape without its dimensions of 1. */
function significant(shape: readonly number[]): string {
  return shape.filter((length) => length !== 1).join('×')
}

/** What a model writes into its errors is not to fill anybody's screen. */
function reason(error: unknown): string {
  return String(error instanceof Error ? error.message : error).slice(0, 500)
}
