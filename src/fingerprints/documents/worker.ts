import { parentPort, workerData } from 'node:worker_threads'
import type { DocumentLimits } from './libraries.ts'
import { packages } from './packages.ts'
import { readDocument } from './readDocument.ts'
import { damaged, DocumentRefusal } from './refusal.ts'

/** What the thread is given. */
export interface DocumentTask {
  bytes: Uint8Array
  mediaType: string
  most: DocumentLimits
}

/** What the thread answers: a text, or why there is none. */
export type DocumentAnswer = { text: string } | { code: DocumentRefusal['code']; message: string; remedy: string }

async function answer({ bytes, mediaType, most }: DocumentTask): Promise<DocumentAnswer> {
  try {
    return { text: await readDocument(bytes, mediaType, packages, most) }
  } catch (error) {
    const { code, message, remedy } =
      error instanceof DocumentRefusal ? error : damaged('the document cannot be read', error)
    return { code, message, remedy }
  }
}

// PDF.js also fails beside the promises that it gives out, and then finds another way. What it gives out is what counts;
// should that never come, the thread ends with nothing to do, and the other side sees it.
process.on('unhandledRejection', () => {})
parentPort!.postMessage(await answer(workerData as DocumentTask))
