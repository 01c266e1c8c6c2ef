import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { after, test } from 'node:test'
import { ColophonError } from '../foundation/index.ts'
import { openLane } from './lane.ts'
import { openWorkshop } from './workshop.ts'

const directory = mkdtempSync(join(tmpdir(), 'colophon-workshop-'))
after(() => rmSync(directory, { recursive: true, force: true }))

/** Answers with what it was given; dies of a word; sleeps on another. */
const program = join(directory, 'program.mjs')
writeFileSync(
  program,
  `process.on('message', async ({ what, parameters: [word] }) => {
    if (word === 'die') process.kill(process.pid, 'SIGKILL')
    if (word === 'sleep') await new Promise((resolve) => setTimeout(resolve, 500))
    if (word === 'refuse') return process.send({ failure: { code: 'empty_file', message: 'nothing in it', where: what } })
    process.send({ answer: [what, word, process.pid] })
  })
  process.on('disconnect', () => process.exit(0))`,
)
const lane = (waitingMax = 10, idleMs?: number) => openLane(pathToFileURL(program), '', waitingMax, idleMs)

test('only the question that brings the process down fails; the others are asked anew', async () => {
  const asked = lane()
  const answers = await Promise.allSettled(
    ['a', 'die', 'b', 'refuse', 'c'].map((word) => asked.ask<string[]>('say', word)),
  )
  assert.deepEqual(
    answers.map((answer) => (answer.status === 'fulfilled' ? answer.value[1] : (answer.reason as ColophonError).code)),
    ['a', 'unreadable_file', 'b', 'empty_file', 'c'],
  )
  await asked.close()
})

test('too many are refused, and those that wait when it closes are told', async () => {
  const asked = lane(2)
  const answers = ['sleep', 'a', 'b', 'c'].map((word) => asked.ask('say', word))
  await assert.rejects(answers[3]!, { code: 'too_busy' })
  const rest = Promise.allSettled(answers)
  await asked.close()
  assert.deepEqual(
    (await rest).map(({ status }) => status),
    ['rejected', 'rejected', 'rejected', 'rejected'],
  )
  await assert.rejects(asked.ask('say', 'late'), { code: 'too_busy' })
})

test('a process that rested is started again when it is asked', async () => {
  const asked = lane(10, 20)
  const pids = new Set<number>()
  for (let round = 0; round < 8; round++) {
    const [, word, pid] = await asked.ask<[string, string, number]>('say', `round ${round}`)
    assert.equal(word, `round ${round}`)
    pids.add(pid)
    await new Promise((resolve) => setTimeout(resolve, round % 2 === 0 ? 60 : 5))
  }
  assert.ok(pids.size > 1)
  await asked.close()
})

test('a file is identified and checked in the workshop as it is here', async () => {
  const workshop = openWorkshop(directory)
  const found = await workshop.identify(new TextEncoder().encode('A heron stands in the weir.'), 'heron.txt')
  assert.equal(found.mediaType, 'text/plain')
  assert.deepEqual(await workshop.check({ sha256: found.codes.sha256! }), { hits: [], unasked: [] })
  await assert.rejects(workshop.identify(new Uint8Array(), 'empty.txt'), { code: 'empty_file', where: 'empty.txt' })
  await workshop.close()
})
