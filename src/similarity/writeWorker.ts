import { mergeCodes, type MergeJob } from './codeSegment.ts'
import { openPassageSegmentMaker, type PassageBatch } from './passageSegment.ts'
import { writeSegment } from './segmentFile.ts'
import { answerJobs } from './threads.ts'

/** A thread that writes segments while others are searched. The answer is how much a segment counts. */
export type WriteJob =
  { what: 'passages'; path: string; kind: string; batch: PassageBatch } | ({ what: 'codes' } & MergeJob)

const maker = openPassageSegmentMaker()

answerJobs((job: WriteJob) => {
  if (job.what === 'codes') return mergeCodes(job)
  writeSegment(job.path, job.kind, maker.make(job.batch))
  return job.batch.rows.length
})
