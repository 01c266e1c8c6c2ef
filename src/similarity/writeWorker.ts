import { mergeCodes, type MergeJob } from './codeSegment.ts'
import { makePassageSegment, type PassageBatch } from './passageSegment.ts'
import { writeSegment } from './segmentFile.ts'
import { answerJobs } from './threads.ts'

/** A thread that writes segments while others are searched. The answer is how much a segment counts. */
export type WriteJob =
  { what: 'passages'; path: string; kind: string; batch: PassageBatch } | ({ what: 'codes' } & MergeJob)

answerJobs((job: WriteJob) => {
  if (job.what === 'codes') return mergeCodes(job)
  writeSegment(job.path, job.kind, makePassageSegment(job.batch))
  return job.batch.rows.length
})
