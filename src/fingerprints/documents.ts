import { Worker } from 'node:worker_threads'
import { ColophonError, limits, threadEnvironment } from '../foundation/index.ts'
import { isDocument } from './documents/readDocument.ts'
import type { DocumentAnswer, DocumentTask } from './documents/worker.ts'

/**
 * The text of a file, in the order in which it is read: plain text as it is, and what PDF, EPUB, DOCX, ODT and HTML hold.
 * Documents are opened in a thread of their own, which ends when they take too long or too much memory.
 *
 * Errors: `unreadable_file` (damaged, encrypted, without text), `too_large`, `unsupported_media`.
 *
 * @example await documentText(bytes, 'application/pdf', 'book.pdf') // 'Chapter 1\nCall me Ishmael.'
 */
export async function documentText(
  bytes: Uint8Array,
  mediaType: string,
  where: string,
  textBytesMax: number = limits.textBytesMax,
): Promise<string> {
  if (mediaType === 'text/plain') {
    if (bytes.length > textBytesMax) throw tooMuchText(textBytesMax, where)
    return new TextDecoder().decode(bytes)
  }
  if (!isDocument(mediaType))
    throw new ColophonError('unsupported_media', `no text is read from ${mediaType}`, {
      where,
      remedy: 'Give plain text, PDF, EPUB, DOCX, ODT or HTML.',
    })
  if (bytes.length > limits.documentBytesMax)
    throw new ColophonError('too_large', `documents of more than ${limits.documentBytesMax} bytes are not read`, {
      where,
      remedy: 'Give it in parts, or as plain text.',
    })
  const most = {
    textLength: textBytesMax,
    pages: limits.documentPagesMax,
    archiveEntries: limits.documentArchiveEntriesMax,
    inflatedBytes: limits.documentInflatedBytesMax,
    markupDepth: limits.documentMarkupDepthMax,
  }
  const answer = await inTurn(() => readInThread({ bytes, mediaType, most }))
  if ('code' in answer) throw new ColophonError(answer.code, answer.message, { where, remedy: answer.remedy })
  if (Buffer.byteLength(answer.text) > textBytesMax) throw tooMuchText(textBytesMax, where)
  return answer.text
}

function tooMuchText(textBytesMax: number, where: string): ColophonError {
  return new ColophonError('too_large', `texts of more than ${textBytesMax} bytes are not read here`, {
    where,
    remedy: 'Check it in parts, or with the command line.',
  })
}

let running = 0
const waiting: (() => void)[] = []

/** Reads so many documents at once and no more; the others wait for their turn. */
async function inTurn<Result>(read: () => Promise<Result>): Promise<Result> {
  if (running < limits.documentsAtOnceMax) running++
  else await new Promise<void>((resolve) => waiting.push(resolve))
  try {
    return await read()
  } finally {
    const next = waiting.shift()
    if (next) next()
    else running--
  }
}

const WATCH_EVERY_MS = 100
const TOO_MUCH_MEMORY = {
  code: 'too_large',
  message: 'the document needs too much memory when it is opened',
  remedy: 'Give it in parts, or as plain text.',
} as const
const TOO_MUCH_TIME = { ...TOO_MUCH_MEMORY, message: 'the document takes too long to open' } as const
const BROKEN = {
  code: 'unreadable_file',
  message: 'the document cannot be read',
  remedy: 'It may be damaged or cut short; try the original file.',
} as const

function readInThread(task: DocumentTask): Promise<DocumentAnswer> {
  const worker = new Worker(new URL('documents/worker.ts', import.meta.url), {
    workerData: task,
    env: threadEnvironment(),
    execArgv: ['--disable-warning=ExperimentalWarning'],
    resourceLimits: { maxOldGenerationSizeMb: limits.documentMemoryBytesMax / 1024 / 1024 },
  })
  const { promise, resolve } = Promise.withResolvers<DocumentAnswer>()
  worker.once('message', resolve)
  worker.once('error', (error: NodeJS.ErrnoException) =>
    resolve(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? TOO_MUCH_MEMORY : BROKEN),
  )
  worker.once('exit', () => resolve(BROKEN))
  const startedAt = performance.now()
  const watch = setInterval(async () => {
    if (performance.now() - startedAt > limits.documentTimeoutMs) return resolve(TOO_MUCH_TIME)
    // Buffers are not on the thread's heap, so its resource limit does not see them. Copies of the file are allowed.
    const memory = await worker.getHeapStatistics().catch(() => undefined)
    const bytes = memory ? memory.total_heap_size + memory.external_memory : 0
    if (bytes > limits.documentMemoryBytesMax + 3 * task.bytes.length) resolve(TOO_MUCH_MEMORY)
  }, WATCH_EVERY_MS)
  return promise.finally(async () => {
    clearInterval(watch)
    await worker.terminate()
  })
}
