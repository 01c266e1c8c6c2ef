import { codeHere, type WorkerAnswer } from './coders.ts'
import { NeedsPage } from './identify.ts'
import type { Source } from './sources.ts'

const say = (answer: WorkerAnswer) => postMessage(answer)

addEventListener('message', ({ data }: MessageEvent<Source>) => {
  codeHere(data).then(
    (coded) => say({ coded }),
    (error: Error) => say(error instanceof NeedsPage ? { isForPage: true } : { error: error.message }),
  )
})
say({ isAble: 'OffscreenCanvas' in globalThis && new OffscreenCanvas(1, 1).getContext('2d') !== null })
