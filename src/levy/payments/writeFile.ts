import { createHash } from 'node:crypto'
import { writeSync } from 'node:fs'
import { mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { syncDirectory } from '../../foundation/index.ts'
import { writePain001, type PaymentMessage, type PaymentTotals } from './pain001.ts'

/** What a written file is, for the books. */
export interface WrittenPayments extends PaymentTotals {
  bytes: number
  /** Of the file, in hexadecimal. */
  sha256: string
}

const BYTES_AT_ONCE = 1 << 20

/**
 * Writes a message to a file that is there whole or not at all: one piece after the other has reached the operating system
 * before the next is made, and the disk before the file has its name. Only its owner may read it.
 * Errors: those of `writePain001` and of writing; the file that was there before stays then.
 */
export async function writePain001File(message: PaymentMessage, path: string): Promise<WrittenPayments> {
  await mkdir(dirname(path), { recursive: true })
  const temporary = `${path}.${process.pid}.tmp`
  const hash = createHash('sha256')
  const file = await open(temporary, 'w', 0o600)
  try {
    let bytes = 0
    const pieces = writePain001(message)
    let step = await pieces.next()
    for (; !step.done; step = await pieces.next()) {
      const piece = Buffer.from(step.value, 'latin1')
      hash.update(piece)
      for (let written = 0; written < piece.length;) written += writeSync(file.fd, piece, written)
      bytes += piece.length
      // Whoever else waits in this process has a turn now and then.
      if (Math.floor(bytes / BYTES_AT_ONCE) > Math.floor((bytes - piece.length) / BYTES_AT_ONCE)) await setImmediate()
    }
    await file.sync()
    await file.close()
    await rename(temporary, path)
    syncDirectory(dirname(path))
    return { ...step.value, bytes, sha256: hash.digest('hex') }
  } catch (error) {
    await file.close().catch(() => {})
    await rm(temporary, { force: true })
    throw error
  }
}
