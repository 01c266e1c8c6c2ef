import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { openCommandLine, type Recorded } from './support/commandLine.ts'

const { run, json, declareText, whileServing, close } = openCommandLine()
after(close)

interface Declared {
  party: string
}

async function actFor(name: string): Promise<void> {
  const [author, society, radio] = [`${name}-author.pem`, `${name}-society.pem`, `${name}-radio.pem`]
  const work = await declareText(name, `A ballad of the ferry, ${name}. `.repeat(9), '--key', author)
  const partyOf = async (key: string) =>
    (await json<Declared>('declare', `${name}.txt`, '--key', key, '--terms', 'none')).party
  const [principal, representative] = [await partyOf(author), await partyOf(society)]
  const forHer = ['--key', society, '--on-behalf-of', principal]
  const asked = ['--work', work, '--action', 'col:trainAI', '--name', 'Radio']
  const ask = async () => (await json<Recorded>('consent', 'propose', '--key', radio, ...asked)).statement
  const decision = async () => {
    const licensee = ['--licensee', await partyOf(radio)]
    const { output } = await run('rights', 'decide', '--work', work, '--action', 'col:trainAI', ...licensee)
    return output.split('\n')[0]
  }
  const first = await ask()
  const early = await run('consent', 'answer', first, '--accept', ...forHer)
  assert.match(early.errors, /has no mandate in force/)
  const own = await run('consent', 'answer', first, '--accept', '--key', society)
  assert.match(own.errors, /not the one of the party that is asked/)
  const mandate = ['mandate', '--key', author, '--representative', representative]
  assert.match((await run('consent', ...mandate, '--power', 'sell')).errors, /the powers are declare, reserve/)
  await json('consent', ...mandate, '--power', 'grant', '--until', '2099-12-31')
  assert.equal(await decision(), 'unset')
  await json('consent', 'answer', first, '--accept', ...forHer)
  assert.equal(await decision(), 'allow')
  await json('consent', 'take-back', first, ...forHer)
  assert.equal(await decision(), 'unset')

  const second = await ask()
  await json('consent', 'answer', second, '--accept', ...forHer)
  const stranger = await run('consent', 'take-back', second, '--key', radio, '--on-behalf-of', principal)
  assert.match(stranger.errors, /only its issuer can revoke/)
  await json('consent', 'take-back', second, '--key', author)
  assert.equal(await decision(), 'unset')
  assert.match(
    (await run('consent', ...mandate, '--power', 'grant', '--on-behalf-of', 'Anna')).errors,
    /names no party/,
  )
  const passedOn = await run('consent', 'mandate', '--representative', principal, '--power', 'grant', ...forHer)
  assert.match(passedOn.errors, /in one’s own name only/)
}

test('a society answers for an author within its mandate; either takes it back', () =>
  whileServing(() => actFor('served')))
