import { openHammingIndex, type HammingIndex } from './hammingIndex.ts'
import { hitsAsNumbers, type ParallelJob } from './parallelIndex.ts'
import { answerJobs } from './threads.ts'

/** A thread that keeps the tables of the codes that it was asked about first; it is asked about no others. */
let index: HammingIndex | undefined

answerJobs(({ codes, ranks, queries, radius }: ParallelJob) =>
  hitsAsNumbers((index ??= openHammingIndex(codes)).nearest(queries, radius, ranks)),
)
