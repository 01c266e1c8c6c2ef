import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import type { LabelReading } from '../src/rights/index.ts'
import { openCommandLine, type Recorded } from './support/commandLine.ts'

const { directory, run, json, declareText, whileServing, close } = openCommandLine()
after(close)

async function labelAndReport(name: string): Promise<void> {
  const work = await declareText(name, `The song of the harbour, told ${name}. `.repeat(9), '--key', 'museum.pem')
  const community = ['--key', `${name}-people.pem`, '--work', work]
  const unnamed = await run('label', 'apply', ...community, '--code', 'tknc')
  assert.deepEqual([unnamed.status, /say the name/.test(unnamed.errors)], [2, true])
  const named = [...community, '--name', 'People of the harbour']
  const seasonal = await run('label', 'apply', ...named, '--code', 'tks', '--season', '06-01')
  assert.match(seasonal.errors, /a first and a last day/)
  const applied = await json<Recorded>('label', 'apply', ...named, '--code', 'tks', '--season', '06-01/08-31')
  const notice = await run('label', 'apply', '--key', `${name}-people.pem`, '--work', work, '--code', 'biocultural')
  assert.match(notice.errors, /a notice is for institutions/)
  const told = await run('label', 'list', '--work', work)
  assert.match(
    told.output,
    new RegExp(`${applied.statement}: Seasonal \\(tks\\), ${work}\\. People of the harbour says`),
  )
  const ofParty = await json<LabelReading>('label', 'list', '--key', `${name}-people.pem`)
  assert.deepEqual([ofParty.state, ofParty.details.seasons], ['inForce', [{ from: '06-01', until: '08-31' }]])
  const stranger = await run('label', 'withdraw', applied.statement, '--key', 'museum.pem')
  assert.deepEqual([stranger.status, /not the one of the party/.test(stranger.errors)], [2, true])
  const approval = await run('label', 'approve', applied.statement, '--key', 'museum.pem')
  assert.match(approval.errors, /only an approver whom the community named/)
  await json('label', 'withdraw', applied.statement, '--key', `${name}-people.pem`)
  await approve(name, work)
  assert.match((await run('label', 'list', '--work', work)).output, /has taken this back/)

  const asked = ['--work', work, '--action', 'odrl:display', '--name', 'Radio']
  const proposal = await json<Recorded>('consent', 'propose', '--key', `${name}-radio.pem`, ...asked)
  const early = await run('consent', 'report', proposal.statement, '--key', `${name}-radio.pem`, '--text', 'Shown.')
  assert.match(early.errors, /nothing was granted/)
  await json('consent', 'answer', proposal.statement, '--accept', '--key', 'museum.pem')
  const other = await run('consent', 'report', proposal.statement, '--key', 'museum.pem', '--text', 'Shown.')
  assert.match(other.errors, /not the one of the party/)
  await json('consent', 'report', proposal.statement, '--key', `${name}-radio.pem`, '--text', 'Shown once, on air.')
  assert.match((await run('consent', 'show', proposal.statement)).output, /Report on the use: Shown once, on air\./)
}

/** A community names its elders: what it labels then waits for them. */
async function approve(name: string, work: string): Promise<void> {
  const [people, elder] = [`${name}-people.pem`, `${name}-elder.pem`]
  writeFileSync(join(directory, `${name}-tale.txt`), `Told by an elder, ${name}. `.repeat(9))
  const { party } = await json<{ party: string }>('declare', `${name}-tale.txt`, '--key', elder)
  const unknown = await run('label', 'approvers', '--key', people, '--approver', 'Anna')
  assert.match(unknown.errors, /names no party by its DID .*: Anna/)
  const many = await run('label', 'approvers', '--key', people, '--approver', party, '--needed', '2')
  assert.match(many.errors, /more approvals are needed than there are approvers/)
  const notOne = await run('label', 'approvers', '--key', 'museum.pem', '--name', 'M', '--approver', party)
  assert.equal(notOne.status, 0, 'whoever is not known yet may say that it is a community')
  await json('label', 'approvers', '--key', people, '--approver', party)
  const { statement } = await json<Recorded>('label', 'apply', '--key', people, '--work', work, '--code', 'tka')
  assert.match((await run('label', 'list', '--work', work)).output, /waits for the approvals.* 0 of 1/)
  await json('label', 'approve', statement, '--key', elder)
  assert.match((await run('label', 'list', '--work', work)).output, /People of the harbour says this\. 1 of 1/)
  await json('label', 'approvers', '--key', people)
  await json('label', 'apply', '--key', people, '--work', work, '--code', 'tkcl')
  assert.match((await run('label', 'list', '--work', work)).output, /\(tkcl\), .*says this\.$/m)
}

test('labels and reports on the command line, without a running node', () => labelAndReport('alone'))
test('the same through the node that holds the data directory', () => whileServing(() => labelAndReport('served')))

test('wrong usage says how it is called', async () => {
  for (const args of [
    ['give'],
    ['apply', '--work', 'x'],
    ['approve', '--key', 'k.pem'],
    ['list'],
    ['list', '--work', 'a', '--party', 'b'],
  ]) {
    const { status, errors } = await run('label', ...args)
    assert.equal(status, 2, args.join(' '))
    assert.match(errors, /^colophon label: usage/, args.join(' '))
  }
})
