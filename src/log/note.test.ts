import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { test } from 'node:test'
import { parseCheckpoint, signCheckpoint } from './checkpoint.ts'
import { cosign, verifyCosignature } from './cosignature.ts'
import { emptyRoot, leafHash, memorySubtrees, consistencyProof, rangeRoot } from './merkle.ts'
import {
  formatNote,
  makeSigner,
  noteIsSignedBy,
  parseNote,
  parseSignatureLine,
  parseVkey,
  signatureTypes,
} from './note.ts'
import { addCheckpoint, formatAddCheckpoint, type WitnessedHead } from './witness.ts'

function newPem(): string {
  return generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }) as string
}

test('a note signed elsewhere verifies: the vector of the Go checksum database', () => {
  const key = parseVkey('PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW')
  const text =
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n" +
    '\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n'
  const note = parseNote(text)
  assert.ok(noteIsSignedBy(note, key))
  assert.equal(formatNote(note), text)
  assert.ok(!noteIsSignedBy({ ...note, text: note.text.replace('answer', 'Answer') }, key))
})

test('verifier keys whose id does not fit, or that are of another kind, are refused', () => {
  for (const text of [
    '',
    'a+b+c',
    'PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW',
    'x+00000000+AA==',
  ]) {
    assert.throws(() => parseVkey(text), /verifier key|Base64/)
  }
})

test('malformed notes and checkpoints are refused', () => {
  const signer = makeSigner('log.example', newPem())
  const good = formatNote(signCheckpoint(signer, 'log.example', 0, emptyRoot()).note)
  for (const bad of [
    good.trimEnd(),
    good.replace('\n\n', '\n'),
    good.replace('0\n', '00\n'),
    good.replace('0\n', '-1\n'),
    good.replace('—', '-'),
    good.replace('log.example\n', 'log.example\n\n'),
    good.replace('=', ''),
    `\u0001${good}`,
  ]) {
    assert.throws(
      () => parseCheckpoint(bad),
      /invalid|malformed|decimal|Base64|empty line|signature|characters|three lines/,
      JSON.stringify(bad),
    )
  }
})

test('a witness follows tlog-witness: every answer that it names', async () => {
  const logSigner = makeSigner('log.example', newPem())
  const witnessSigner = makeSigner('witness.example', newPem(), signatureTypes.cosignature)
  let head: WitnessedHead | undefined
  const store = {
    read: async () => head,
    replace: async (_: string, old: WitnessedHead | undefined, next: WitnessedHead) => {
      if (old !== head) return false
      head = next
      return true
    },
  }
  const leaves = Array.from({ length: 9 }, (_, i) => leafHash(Uint8Array.of(i)))
  const headOf = async (size: number, signer = logSigner) =>
    signCheckpoint(signer, 'log.example', size, await rangeRoot(memorySubtrees(leaves.slice(0, size)), 0, size))
  const proofOf = (from: number, to: number) => consistencyProof(memorySubtrees(leaves.slice(0, to)), from, to)
  const ask = (body: string) =>
    addCheckpoint(body, { signer: witnessSigner, logs: [parseVkey(logSigner.vkey)], store, nowSeconds: 1_700_000_000 })

  const first = await ask(formatAddCheckpoint(0, [], await headOf(4)))
  assert.equal(first.status, 200)
  const cosigned = await headOf(4)
  cosigned.note.signatures.push(parseSignatureLine(first.body.trimEnd()))
  assert.equal(verifyCosignature(cosigned, parseVkey(witnessSigner.vkey)), 1_700_000_000)

  assert.equal((await ask('nonsense')).status, 400)
  assert.equal((await ask(formatAddCheckpoint(9, [], await headOf(4)))).status, 400)
  const stranger = makeSigner('other.example', newPem())
  assert.equal(
    (await ask(formatAddCheckpoint(0, [], signCheckpoint(stranger, 'other.example', 1, leaves[0]!)))).status,
    404,
  )
  assert.equal(
    (await ask(formatAddCheckpoint(4, [], await headOf(9, makeSigner('log.example', newPem()))))).status,
    403,
  )
  const conflict = await ask(formatAddCheckpoint(3, await proofOf(3, 9), await headOf(9)))
  assert.deepEqual([conflict.status, conflict.contentType, conflict.body], [409, 'text/x.tlog.size', '4\n'])
  assert.equal((await ask(formatAddCheckpoint(4, await proofOf(3, 9), await headOf(9)))).status, 422)
  assert.equal((await ask(formatAddCheckpoint(4, await proofOf(4, 9), await headOf(9)))).status, 200)
  const forked = signCheckpoint(logSigner, 'log.example', 9, leafHash(Uint8Array.of(99)))
  assert.equal((await ask(formatAddCheckpoint(9, [], forked))).status, 409)
})

test('a cosignature at another time or of another checkpoint does not verify', () => {
  const logSigner = makeSigner('log.example', newPem())
  const witness = makeSigner('witness.example', newPem(), signatureTypes.cosignature)
  const checkpoint = signCheckpoint(logSigner, 'log.example', 0, emptyRoot())
  const line = cosign(checkpoint, witness, 5)
  const moved = {
    ...checkpoint,
    note: { ...checkpoint.note, text: checkpoint.note.text.replace('\n0\n', '\n1\n'), signatures: [line] },
  }
  assert.equal(
    verifyCosignature({ ...checkpoint, note: { ...checkpoint.note, signatures: [line] } }, parseVkey(witness.vkey)),
    5,
  )
  assert.equal(verifyCosignature(moved, parseVkey(witness.vkey)), undefined)
})
