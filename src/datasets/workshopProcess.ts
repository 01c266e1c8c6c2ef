import { identifyBytes } from '../fingerprints/index.ts'
import { asColophonError } from '../foundation/index.ts'
import { openDatasetChecker } from './check.ts'
import type { Answer, Question } from './workshop.ts'

/** Answers one question after the other, so that a heap of them needs no more memory than the largest. */
const checker = openDatasetChecker(process.argv[2]!)
let turn = Promise.resolve()

process.on('message', (question: Question) => {
  turn = turn.then(() => reply(question))
})
process.on('disconnect', () => void checker.close().then(() => process.exit(0)))

async function reply(question: Question): Promise<void> {
  let answer: Answer
  try {
    answer = { id: question.id, answer: await work(question) }
  } catch (error) {
    const { code, message, where, remedy } = asColophonError(error)
    answer = {
      id: question.id,
      failure: { code, message, ...(where ? { where } : {}), ...(remedy ? { remedy } : {}) },
    }
  }
  if (process.connected) process.send!(answer)
}

function work(question: Question): Promise<unknown> {
  switch (question.what) {
    case 'identify':
      return identifyBytes(...question.parameters)
    case 'check':
      return checker.check(...question.parameters)
    case 'readRow':
      return checker.readRow(...question.parameters)
  }
}
