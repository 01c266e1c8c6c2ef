import { identifyBytes } from '../fingerprints/index.ts'
import { asColophonError } from '../foundation/index.ts'
import { examineFile, markFile, openNodeCertificates, type MarkRequest } from '../marking/index.ts'
import { openDatasetChecker } from './check.ts'
import type { Answer, Question } from './lane.ts'

/** Answers what the workshop asks: see `workshop.ts`. */
const checker = openDatasetChecker(process.argv[2]!)
const work: Record<string, (...parameters: never[]) => Promise<unknown>> = {
  identify: (bytes: Uint8Array, where: string) => identifyBytes(bytes, where),
  examine: (bytes: Uint8Array, name: string, options: { trustAnchors: string[]; now: number }) =>
    examineFile(bytes, name, options),
  mark: async (bytes: Uint8Array, request: MarkRequest, { directory, name }: { directory: string; name: string }) =>
    markFile(bytes, { ...request, signer: await openNodeCertificates(directory, name, () => request.now) }),
  check: checker.check,
  checkMany: checker.checkMany,
  passageSeeds: checker.passageSeeds,
  readRow: checker.readRow,
  readPreview: checker.readPreview,
}

process.on('message', async ({ what, parameters }: Question) => {
  const answer = await answerTo(what, parameters)
  if (process.connected) process.send!(answer)
})
process.on('disconnect', () => process.exit(0))

async function answerTo(what: string, parameters: readonly unknown[]): Promise<Answer> {
  try {
    return { answer: await work[what]!(...(parameters as never[])) }
  } catch (error) {
    const { code, message, where, remedy } = asColophonError(error)
    return { failure: { code, message, ...(where ? { where } : {}), ...(remedy ? { remedy } : {}) } }
  }
}
