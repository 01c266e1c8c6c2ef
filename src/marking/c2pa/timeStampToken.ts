import { readDer, readGeneralizedTime, readInside, type DerValue } from './der.ts'

export interface TimeStamp {
  epochMs: number
  digest: Uint8Array
  nonce?: Uint8Array
}

/** What a token says; undefined when it is none. Its signature is not looked at. */
export function readTimeStamp(token: Uint8Array): TimeStamp | undefined {
  const signedData = readInside(readInside(readDer(token))[1])[0]
  const content = readInside(readInside(signedData)[2])[1]
  const info = readInside(readDer(readInside(content)[0]?.content ?? new Uint8Array()))
  const digest = readInside(info[2])[1]?.content
  const epochMs = readGeneralizedTime(info[4])
  if (!digest || epochMs === undefined) return undefined
  const nonce = info.slice(5).find((value: DerValue) => value.tag === 0x02)?.whole
  return { epochMs, digest, ...(nonce ? { nonce } : {}) }
}
