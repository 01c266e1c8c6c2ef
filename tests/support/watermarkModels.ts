import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { sha256Hex } from '../../src/foundation/index.ts'
import { detectModel, embedModel, type PatternModel } from './onnxModels.ts'

/** A model of waves with room for the plain message. */
export const waves: PatternModel = { side: 64, bits: 100, layout: 'NCHW', span: 2, gives: 'image' }

/** Writes the file of a model, and gives its entry in a description. */
export function putModel(folder: string, file: string, bytes: Uint8Array) {
  writeFileSync(join(folder, file), bytes)
  return { file, sha256: sha256Hex(bytes) }
}

let written = 0

/** Writes a description with its models, and gives its path. */
export function describeModel(
  folder: string,
  model: PatternModel,
  changes: Record<string, unknown> = {},
  embedded = embedModel(model),
): string {
  const name = `model-${written++}`
  const embed = {
    ...putModel(folder, `${name}.embed.onnx`, embedded),
    image: 'image',
    message: 'message',
    output: 'marked',
    messageValues: '0..1',
    gives: model.gives,
  }
  const detect = {
    ...putModel(folder, `${name}.detect.onnx`, detectModel(model)),
    image: 'image',
    message: 'found',
    messageValues: 'logits',
  }
  const { side, layout, bits, span } = model
  const range = span === 1 ? '0..1' : '-1..1'
  const said = { name: 'Waves', version: '1.0', side, layout, range, bits, coding: 'repeated', embed, detect }
  const path = join(folder, `${name}.json`)
  writeFileSync(path, JSON.stringify({ ...said, ...changes }))
  return path
}
