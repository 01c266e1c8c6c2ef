export { QUESTIONS, type Question } from './confirmation.ts'
export { letterOf, letterPdf, letterText, type LetterInput } from './letter.ts'
export {
  moveCase,
  openCase,
  readCase,
  requestInputSchema,
  type CaseEvidence,
  type OpenedCase,
  type RequestInput,
} from './openCase.ts'
export { deadlines, nextStates, type CaseState } from './states.ts'
export { findCase, listCases, listEvents } from './store.ts'
