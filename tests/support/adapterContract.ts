import assert from 'node:assert/strict'
import type { ServerResponse } from 'node:http'
import { test } from 'node:test'
import { LruMap } from '../../src/foundation/index.ts'
import { LEAVING, type Adapter, type FurtherQuestion } from '../../src/watching/adapters/adapter.ts'
import { lookFurther, type FurtherAnswer } from '../../src/watching/adapters/lookFurther.ts'
import { readTexts } from '../../tools/localeFlaws.ts'
import { serveLoopback, type Answerer } from './loopbackServer.ts'
import { playRecordedAnswers } from './recordedAnswers.ts'

/** A question of which every value would be known again wherever it turned up. */
export const TELLING: FurtherQuestion = {
  addresses: [{ value: 'https://harbour-lights.example/boats.html', scope: 'exact' }],
  hashes: [{ algorithm: 'sha256', value: '5e'.repeat(32) }],
  words: 'Forty lanterns over the harbour',
  passage: 'She counted the lanterns twice, and twice there were forty of them.',
  datasets: ['lantern-lab/harbour-texts'],
  indexes: [],
}

/** A look whose waits cost no time: the clock goes on by what would have been waited. */
export async function lookAt(
  adapter: Adapter,
  url: string,
  question: FurtherQuestion,
  { secondsMax, restingUntil = new LruMap<string, number>(10) }: Partial<Parameters<typeof lookFurther>[2]> = {},
): Promise<FurtherAnswer & { waited: number[] }> {
  const waited: number[] = []
  let skipped = 0
  const [answer] = await lookFurther([{ adapter, address: url, isOwnAddress: true }], question, {
    now: () => Date.now() + skipped,
    async sleep(milliseconds) {
      waited.push(Math.round(milliseconds))
      skipped += milliseconds
    },
    restingUntil,
    ...(secondsMax === undefined ? {} : { secondsMax }),
  })
  return { ...answer!, waited }
}

/**
 * The tests that every adapter passes. `recorded` names its file of answers, `question` is what those answer; it has
 * values of `TELLING` as far as it can, so that what is sent is found again. `harmless` are hostile servers that cannot
 * harm it, whose answers it reads like any other.
 */
export function testAdapter(
  adapter: Adapter,
  {
    recorded,
    question = TELLING,
    hits,
    harmless = [],
  }: { recorded: string; question?: FurtherQuestion; hits: number; harmless?: (keyof typeof HOSTILE)[] },
): void {
  const { id } = adapter

  test(`${id}: recorded answers are read, nothing else is asked, and nothing is sent that was not announced`, async () => {
    const played = await playRecordedAnswers(recorded)
    const answer = await lookAt(adapter, played.url, question)
    await played.finish()
    assert.deepEqual([answer.outcome, answer.problems, answer.hits.length], ['found', [], hits])
    assert.ok(answer.searched.length > 0 && answer.requests === played.received.length)
    const announced = adapter.sends(question, played.url)
    assert.deepEqual(answer.sends, announced)
    for (const { to, what } of announced) {
      assert.equal(to, new URL(played.url).host)
      assert.ok(adapter.leaves.includes(what) && LEAVING.includes(what))
    }
    const values = announced.map(({ value }) => value)
    for (const value of tellingValues(question))
      if (played.received.some((request) => request.includes(value)))
        assert.ok(
          values.some((each) => each.includes(value)),
          `${value} was sent and not announced`,
        )
  })

  test(`${id}: without what it needs it asks nobody, and it is told what is missing`, async () => {
    const server = await serveLoopback(() => '')
    const empty = { addresses: [], hashes: [], datasets: [], indexes: [] }
    const answer = await lookAt(adapter, server.url, empty)
    await server.close()
    assert.deepEqual([answer.outcome, answer.sends, server.asked], ['not-asked', [], []])
    assert.ok(answer.lacks)
  })

  for (const [name, answerer] of Object.entries(HOSTILE)) {
    if (harmless.includes(name)) continue
    test(`${id}: a server that ${name} ends the look with a problem, and nothing else`, async () => {
      const server = await serveLoopback(answerer)
      const answer = await lookAt(adapter, server.url, question, { secondsMax: 0.3 })
      await server.close()
      assert.deepEqual([answer.outcome, answer.hits], ['unanswered', []])
      assert.ok(answer.problems.length > 0 && server.asked.length <= 2 * adapter.bounds.requestsMax)
      for (const { what, where } of answer.problems) assert.doesNotMatch(what + where, UNSEEN)
    })
  }

  test(`${id}: its texts for people are there`, () => {
    const english = readTexts('en')
    for (const part of ['', '.leaves', '.means', '.wrong']) assert.ok(english[`further.${id}${part}`], part)
  })
}

// oxlint-disable-next-line no-control-regex
const UNSEEN = /[\u0000-\u001f\u007f-\u009f\u202a-\u202e]/

function tellingValues({ addresses, hashes, words, passage, datasets }: FurtherQuestion): string[] {
  const values = [...addresses, ...hashes].map(({ value }) => value)
  return [...values, ...datasets, words ?? '', passage ?? ''].filter((value) => value !== '')
}

const TEN_MEGABYTES = 10 * 1024 * 1024

/** Servers that nobody wants to meet. */
const HOSTILE: Record<string, Answerer> = {
  stalls: () => {},
  'stalls in the middle of an answer': (_, response) => void response.writeHead(200).write('{"rows": ['),
  'answers ten megabytes': (_, response) => sendLong(response),
  'answers garbage': () => '\u0000\u001b[2J\u202e<script>]]{"',
  'answers JSON of another shape': () => '{"rows": 7, "count": "many", "splits": {}, "url": []}',
  'answers with an error that holds commands of a terminal': (_, response) =>
    void response.writeHead(500).end('{"error": "\\u001b[31m\\u202efailed"}'),
  'is busy for an hour': (_, response) => void response.writeHead(429, { 'retry-after': '3600' }).end(),
  'sends the question on': (_, response) =>
    void response.writeHead(307, { location: 'http://169.254.169.254/question' }).end(),
  'hangs up': (_, response) => void response.destroy(),
}

/** Without a length, so that it is only known when it has come. */
function sendLong(response: ServerResponse): void {
  response.writeHead(200)
  const piece = '[1,'.repeat(20_000)
  for (let bytes = 0; bytes < TEN_MEGABYTES; bytes += piece.length) response.write(piece)
  response.end()
}
