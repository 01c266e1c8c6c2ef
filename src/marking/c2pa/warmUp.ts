import { WasmBuilder } from '@contentauth/c2pa-wasm'

/** A file of this size or more is signed or verified four times as fast when the module has been warmed up. */
export const WARM_UP_BYTES = 2 * 1024 * 1024

const SOUND_BYTES = 200_000
const ROUNDS = 5
const RESERVE_BYTES = 1000

/**
 * Signs a short silence a few times and throws it away. V8 compiles a function of WebAssembly well only between two of
 * its calls, and a large file is hashed in one: cold, that call runs through as it was compiled in haste.
 */
export async function warmUp(settings: string, toBlob: (bytes: Uint8Array) => Blob): Promise<void> {
  const manifest = {
    claim_generator_info: [{ name: 'warm', version: '1' }],
    assertions: [{ label: 'c2pa.actions.v2', data: { actions: [{ action: 'c2pa.created' }] } }],
  }
  const sign = async () => new Uint8Array(RESERVE_BYTES)
  const silence = toBlob(silentWav())
  for (let i = 0; i < ROUNDS; i++) {
    const builder = WasmBuilder.fromJson(JSON.stringify(manifest), settings)
    await builder.sign({ sign, reserveSize: RESERVE_BYTES, alg: 'es256' }, [], 'audio/wav', silence)
    builder.free()
  }
}

function silentWav(): Uint8Array {
  const bytes = Buffer.alloc(SOUND_BYTES)
  bytes.write('RIFF....WAVEfmt ', 0, 'latin1')
  bytes.writeUInt32LE(SOUND_BYTES - 8, 4)
  bytes.writeUInt32LE(16, 16)
  bytes.set([1, 0, 1, 0, 0x40, 0x1f, 0, 0, 0x80, 0x3e, 0, 0, 2, 0, 16, 0], 20)
  bytes.write('data', 36, 'latin1')
  bytes.writeUInt32LE(SOUND_BYTES - 44, 40)
  return bytes
}
