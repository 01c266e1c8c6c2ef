import { readFileSync } from 'node:fs'
import { writeFileDurably } from '../foundation/index.ts'
import { answerJobs } from '../similarity/index.ts'
import { openCertificates, type Certificates } from './certificates.ts'
import { markFile, type MarkRequest } from './mark.ts'

/** One file that a thread marks, and where it goes. */
export interface MarkJob {
  from: string
  to: string
  request: Omit<MarkRequest, 'signer'>
  /** Whose certificates sign; without it nothing is signed. */
  certificates?: Certificates
}

answerJobs(async ({ from, to, request, certificates }: MarkJob) => {
  const signer = certificates && (await openCertificates(certificates, request.now))
  const { bytes, ...told } = await markFile(new Uint8Array(readFileSync(from)), {
    ...request,
    ...(signer ? { signer } : {}),
  })
  writeFileDurably(to, bytes)
  return { ...told, byteLength: bytes.length }
})
