import { canonicalJson, ColophonError, LruMap, sha256Hex } from '../../foundation/index.ts'
import type { Register } from '../../statements/index.ts'
import type { FurtherQuestion } from './adapter.ts'
import { lookFurther, type EnabledAdapter, type FurtherAnswer } from './lookFurther.ts'

/** What this process remembers of looks: how many go on, whom to leave alone, and answers of a few minutes. */
interface Memory {
  looks: number
  restingUntil: LruMap<string, number>
  answers: LruMap<string, { at: number; answer: FurtherAnswer }>
}

const memories = new WeakMap<Register, Memory>()
const LOOKS_MAX = 2
const HOSTS_MAX = 1000
const ANSWERS_MAX = 50
const FRESH_MS = 10 * 60_000

/**
 * The same as `lookFurther` for many people at once: few looks at a time, and nobody elsewhere is asked the same again
 * within minutes, whoever presses the button. `secondsMax` is for each adapter. Error: `too_busy`.
 */
export async function askFurther(
  register: Register,
  enabled: readonly EnabledAdapter[],
  question: FurtherQuestion,
  { secondsMax }: { secondsMax: number },
): Promise<FurtherAnswer[]> {
  const memory = memoryOf(register)
  if (memory.looks >= LOOKS_MAX)
    throw new ColophonError('too_busy', 'other services are being asked', { remedy: 'Try again in a minute.' })
  const now = () => register.effects.now()
  memory.looks++
  try {
    const fresh = new Map<EnabledAdapter, FurtherAnswer>()
    for (const each of enabled) {
      const known = memory.answers.get(keyOf(each, question))
      if (known && now() - known.at < FRESH_MS) fresh.set(each, known.answer)
    }
    const asked = enabled.filter((each) => !fresh.has(each))
    const answers = await lookFurther(asked, question, { now, secondsMax, restingUntil: memory.restingUntil })
    for (const [i, answer] of answers.entries()) {
      fresh.set(asked[i]!, answer)
      if (answer.problems.length === 0) memory.answers.set(keyOf(asked[i]!, question), { at: now(), answer })
    }
    return enabled.map((each) => fresh.get(each)!)
  } finally {
    memory.looks--
  }
}

function memoryOf(register: Register): Memory {
  const known = memories.get(register)
  if (known) return known
  const memory: Memory = { looks: 0, restingUntil: new LruMap(HOSTS_MAX), answers: new LruMap(ANSWERS_MAX) }
  memories.set(register, memory)
  return memory
}

function keyOf({ adapter, address }: EnabledAdapter, question: FurtherQuestion): string {
  return sha256Hex(new TextEncoder().encode(canonicalJson({ id: adapter.id, address: address ?? '', ...question })))
}
