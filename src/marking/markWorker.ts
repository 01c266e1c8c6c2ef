import { readFileSync } from 'node:fs'
import { writeFileDurably } from '../foundation/index.ts'
import { answerJobs } from '../similarity/index.ts'
import { openNodeCertificates, openTimeAuthority } from './c2pa/index.ts'
import { markFile, type MarkRequest } from './mark.ts'

/** One file that a thread marks, and where it goes. */
export interface MarkJob {
  from: string
  to: string
  request: Omit<MarkRequest, 'signer'>
  /** Where the certificates lie; without it nothing is signed. */
  certificates?: { directory: string; name: string; timeAuthority?: string }
}

answerJobs(async ({ from, to, request, certificates }: MarkJob) => {
  const signer =
    certificates && (await openNodeCertificates(certificates.directory, certificates.name, () => request.now))
  if (signer && certificates?.timeAuthority) signer.timeAuthority = openTimeAuthority(certificates.timeAuthority)
  const { bytes, ...told } = await markFile(new Uint8Array(readFileSync(from)), {
    ...request,
    ...(signer ? { signer } : {}),
  })
  writeFileDurably(to, bytes)
  return { ...told, byteLength: bytes.length }
})
