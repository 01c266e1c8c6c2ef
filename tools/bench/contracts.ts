import { createPublicKey, generateKeyPairSync, sign, createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { createContract } from 'micro-eth-signer/abi.js'
import {
  TermsContract,
  anchorCheckpoint,
  artefactOf,
  chainWorkOf,
  deployAnchor,
  grantDigest,
  logKey,
  openChain,
  openDigest,
  packTerms,
  passkeyAddress,
  passkeyConsent,
  recordOf,
  CHAIN_USES,
  type Chain,
  type ChainGrant,
  type ChainTerms,
  type Hex,
} from '../../src/contracts/index.ts'
import { inclusionProof, leafHash, memorySubtrees, rangeRoot } from '../../src/log/index.ts'
import { toDidKey } from '../../src/statements/index.ts'
import { ANVIL_KEY, ANVIL_OTHER_KEY, startAnvil } from '../../tests/support/anvil.ts'
import { signDigest } from '../../tests/support/signDigest.ts'
import { compileSource } from '../buildContracts.ts'
import { printTable } from './table.ts'

const LEAVES = 1_000_003
const GAS_FILE = new URL('../../src/contracts/gas.json', import.meta.url)

/** What each operation costs in gas, as a transaction on Anvil; `src/contracts/gas.json`, which the page shows, is written. */
export async function bench(): Promise<void> {
  const [osaka, london] = [await measure('osaka', LEAVES, measurePeers), await measure('london', LEAVES)]
  const figures = { ...osaka, passkeyGrantWithoutPrecompile: london.passkeyGrant, proofInLondon: london.proof }
  const row = (what: string, ours: number, target: string, peer?: { name: string; figure: number }) => ({
    what,
    ours,
    unit: 'gas',
    target,
    input: 'one transaction',
    ...(peer ? { peer } : {}),
  })
  printTable([
    row('anchor the log again', figures.anchor, '≤ 36,000'),
    row('record of a work', figures.record, '≤ 94,000, stretch 70,000', {
      name: 'like Story Protocol, new terms',
      figure: figures.storyRecord,
    }),
    row('record of a work, terms known before', figures.record, '', {
      name: 'like Story Protocol',
      figure: figures.storyRecordAgain,
    }),
    row('grant by EIP-712, without payment', figures.grant, '≤ 62,000', { name: 'ERC-721', figure: figures.erc721 }),
    row('the same', figures.grant, '', { name: 'ERC-1155, no time limit', figure: figures.erc1155 }),
    row('grant by passkey, with the precompile', figures.passkeyGrant, '≤ 72,000'),
    row('grant by passkey, London', figures.passkeyGrantWithoutPrecompile, ''),
    row('grant with a payment to two', figures.paidGrant, ''),
    row(`inclusion proof, ${LEAVES.toLocaleString('en')} entries`, figures.proof, '≤ 56,000, stretch 50,000'),
    row('the same, London', figures.proofInLondon, '≤ 56,000, stretch 50,000'),
  ])
  console.log('Since Prague a transaction costs at least what its bytes do (EIP-7623): a proof comes to that.')
  console.log('The peers store the least that their designs need, and are written in tests/contracts/Peers.sol.')
  const shown = ['anchor', 'record', 'grant', 'passkeyGrant', 'paidGrant', 'proof'] as const
  const text = `${JSON.stringify(Object.fromEntries(shown.map((name) => [name, figures[name]])), null, 2)}\n`
  if (readFileSync(GAS_FILE, 'utf8') !== text) {
    writeFileSync(GAS_FILE, text)
    console.log('src/contracts/gas.json is written anew.')
  }
}

/** Measures all operations on a chain of one level, over a log of so many entries, and what else is to be measured there. */
export async function measure<More extends object = object>(
  level: 'london' | 'osaka',
  leaves: number,
  more?: (chain: Chain) => Promise<More>,
) {
  const anvil = await startAnvil('--hardfork', level)
  try {
    const chain = await openChain({ url: anvil.url, key: ANVIL_KEY, depth: 1 })
    const other = await openChain({ url: anvil.url, key: ANVIL_OTHER_KEY, depth: 1 })
    const anchors = (await deployAnchor(chain)).contract
    const contract = new TermsContract(
      chain,
      (await TermsContract.deploy(chain, anchors, LOG, chain.sender())).contract,
    )
    return {
      ...(await measureLog(chain, anchors, leaves)),
      ...(await measureGrants(chain, other, contract)),
      ...((await more?.(chain)) as More),
    }
  } finally {
    await anvil.stop()
  }
}

const LOG = logKey('a log')

async function measureLog(chain: Chain, anchors: Hex, leaves: number) {
  const tree = memorySubtrees(Array.from({ length: leaves }, (_, i) => leafHash(Buffer.from(`entry ${i}`))))
  const root = await rangeRoot(tree, 0, leaves)
  // Another root before: writing the same one again would cost less.
  await anchorCheckpoint(chain, anchors, LOG, { size: leaves - 1, root: new Uint8Array(32).fill(1) })
  const anchor = await anchorCheckpoint(chain, anchors, LOG, { size: leaves, root })
  const index = Math.floor(leaves / 3)
  const { abi } = artefactOf('ColophonAnchor')
  const proof = await send(chain, anchors, abi, 'isInLog', {
    log: Buffer.from(LOG.slice(2), 'hex'),
    leaf: leafHash(Buffer.from(`entry ${index}`)),
    index: BigInt(index),
    proof: await inclusionProof(tree, index, leaves),
  })
  return { anchor: Number(anchor.gas), proof }
}

const TERMS: ChainTerms = {
  modes: Object.fromEntries(CHAIN_USES.map((use) => [use, 'byGrant'])) as ChainTerms['modes'],
  grantsMayBeRevoked: true,
  licenseesMaySublicense: false,
  territory: 'EU',
  promotionFrom: 1_800_000_000,
  promotionUntil: 1_900_000_000,
  expiry: 2_000_000_000,
  boughtDays: 365,
  share: 500,
}

async function measureGrants(chain: Chain, other: Chain, contract: TermsContract) {
  const work = chainWorkOf('urn:uuid:00000000-0000-4000-8000-000000000001', new Uint8Array(32).fill(7))
  const record = await contract.open(work, chain.sender(), TERMS)
  const own = recordOf(work, chain.sender())
  const block = await chain.ask<{ timestamp: Hex }>('eth_getBlockByNumber', ['latest', false])
  const now = Number(block.timestamp)
  const given: ChainGrant = {
    uses: ['derivatives', 'modification'],
    mayBeRevoked: true,
    maySublicense: false,
    territory: 'EU',
    from: now,
    until: now + 86_400 * 365,
  }
  const domain = { chainId: chain.id, contract: contract.address }
  const relayed = new TermsContract(other, contract.address)
  const fresh = (byte: string): Hex => `0x${byte.repeat(20)}`
  const digest = grantDigest(domain, own, fresh('a1'), given, 0)
  const grant = await relayed.grant(own, fresh('a1'), given, signDigest(digest, ANVIL_KEY))

  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const didKey = toDidKey(createPublicKey(privateKey))
  const consent = (of: Uint8Array) => {
    const clientDataJSON = Buffer.from(
      `{"type":"webauthn.get","challenge":"${Buffer.from(of).toString('base64url')}","origin":"https://colophon.example","crossOrigin":false}`,
    )
    const rpId = createHash('sha256').update('colophon.example').digest()
    const authenticatorData = Buffer.concat([rpId, Buffer.from([0x1d]), Buffer.alloc(4)])
    const signedBytes = Buffer.concat([authenticatorData, createHash('sha256').update(clientDataJSON).digest()])
    const answer = { clientDataJSON, authenticatorData, signature: sign('sha256', signedBytes, privateKey) }
    return passkeyConsent(answer, didKey, of, 'https://colophon.example')
  }
  const holder = passkeyAddress(didKey)
  await contract.open(work, holder, TERMS, consent(openDigest(domain, work, packTerms(TERMS))))
  const theirs = recordOf(work, holder)
  const passkeyGrant = await relayed.grant(
    theirs,
    fresh('b2'),
    given,
    consent(grantDigest(domain, theirs, fresh('b2'), given, 0)),
  )

  const { abi, bytecode } = compileSource('tests/contracts/Euro.sol', 'Euro')
  const { contract: token } = await chain.send({ data: bytecode as Hex })
  await send(chain, token, abi, 'make', { to: chain.sender(), amount: 10n ** 12n })
  await send(chain, token, abi, 'approve', { spender: contract.address, value: 10n ** 12n })
  const shares = [
    { payee: fresh('c3'), share: 3333 },
    { payee: fresh('d4'), share: 6667 },
  ]
  await contract.offer(own, { token, price: 1_000_000n, shares, resaleReceiver: fresh('c3') })
  const price = { price: 1_000_000n, shares }
  const paidDigest = grantDigest(domain, own, fresh('e5'), given, 1, price.price)
  const paidGrant = await contract.grantForPrice(own, fresh('e5'), given, price, signDigest(paidDigest, ANVIL_KEY))
  return {
    record: Number(record.gas),
    grant: Number(grant.gas),
    passkeyGrant: Number(passkeyGrant.gas),
    paidGrant: Number(paidGrant.gas),
  }
}

async function measurePeers(chain: Chain) {
  const deployed = async (name: string) => {
    const { abi, bytecode } = compileSource('tests/contracts/Peers.sol', name)
    return { abi, contract: (await chain.send({ data: bytecode as Hex })).contract }
  }
  const [nft, multi, story] = [await deployed('Licence721'), await deployed('Licence1155'), await deployed('StoryLike')]
  const to = `0x${'f6'.repeat(20)}`
  const work = new Uint8Array(32).fill(5)
  const licence = { to, work, uses: 3n, from: 1_800_000_000n, until: 1_900_000_000n }
  // The first token of a contract costs more than all that follow.
  await send(chain, nft.contract, nft.abi, 'licence', { ...licence, to: chain.sender() })
  const terms = {
    transferable: true,
    royaltyPolicy: to,
    defaultMintingFee: 10n ** 18n,
    expiration: 2_000_000_000n,
    commercialUse: true,
    commercialAttribution: true,
    commercializerChecker: `0x${'00'.repeat(20)}`,
    commercializerCheckerData: new Uint8Array(),
    commercialRevShare: 500n,
    commercialRevCeiling: 0n,
    derivativesAllowed: true,
    derivativesAttribution: true,
    derivativesApproval: false,
    derivativesReciprocal: true,
    derivativeRevCeiling: 0n,
    currency: to,
    uri: 'https://colophon.example/terms/0123456789abcdef',
  }
  const attach = (byte: number) =>
    send(chain, story.contract, story.abi, 'registerAndAttach', { work: new Uint8Array(32).fill(byte), given: terms })
  return {
    erc721: await send(chain, nft.contract, nft.abi, 'licence', licence),
    erc1155: await send(chain, multi.contract, multi.abi, 'licence', { to, workAndTerms: 5n }),
    storyRecord: await attach(1),
    storyRecordAgain: await attach(2),
  }
}

async function send(chain: Chain, to: Hex, abi: unknown[], method: string, input: unknown): Promise<number> {
  const methods = createContract(abi as never) as unknown as Record<string, { encodeInput(input: unknown): Uint8Array }>
  const data: Hex = `0x${Buffer.from(methods[method]!.encodeInput(input)).toString('hex')}`
  return Number((await chain.send({ to, data })).gas)
}
