import { keccak_256 } from '@noble/hashes/sha3.js'
import { ColophonError } from '../foundation/index.ts'
import { parseDidKey, verifyPasskeyAnswer, type PasskeyAnswer } from '../statements/index.ts'
import { bytesOf, hexOf } from './abi.ts'
import type { Hex } from './chain.ts'
import { maskOfUses } from './uses.ts'
import { packGrant, chainTerritories, type ChainGrant } from './words.ts'

/** What a holder consents to, as EIP-712 has it: the types of `contracts/ColophonTerms.sol`. */
const TYPES = {
  Open: 'Open(bytes32 work,uint256 terms)',
  Change: 'Change(bytes32 record,uint256 terms,uint24 revision)',
  Offer: 'Offer(bytes32 record,address token,uint96 price,bytes32 split,address resaleReceiver,uint24 revision)',
  HandOn: 'HandOn(bytes32 record,address holder,uint24 revision)',
  Grant:
    'Grant(bytes32 record,address licensee,uint8 uses,bool mayBeRevoked,bool maySublicense,uint8 territory,uint40 from,uint40 until,uint96 price,uint24 revision)',
  Sublicense:
    'Sublicense(bytes32 record,address licensee,uint8 uses,bool mayBeRevoked,uint8 territory,uint40 from,uint40 until)',
  Revoke: 'Revoke(bytes32 record,address licensee)',
} as const

/** The contract on which a signature counts, and on no other. */
export interface ConsentDomain {
  chainId: bigint
  contract: Hex
}

type Word = bigint | number | boolean | Hex

const text = (value: string) => keccak_256(new TextEncoder().encode(value))

/** 32 bytes, numbers at their end. */
function wordOf(value: Word): Uint8Array {
  const hex = typeof value === 'string' ? value.slice(2) : BigInt(value).toString(16)
  return bytesOf(`0x${hex.padStart(64, '0')}`)
}

function digestOf({ chainId, contract }: ConsentDomain, type: keyof typeof TYPES, values: readonly Word[]): Uint8Array {
  const domain = keccak_256(
    Buffer.concat([
      text('EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)'),
      text('ColophonTerms'),
      text('1'),
      wordOf(chainId),
      wordOf(contract),
    ]),
  )
  const said = keccak_256(Buffer.concat([text(TYPES[type]), ...values.map(wordOf)]))
  return keccak_256(Buffer.concat([Buffer.from([0x19, 0x01]), domain, said]))
}

/** What is signed to open a record. */
export function openDigest(domain: ConsentDomain, work: Hex, terms: bigint): Uint8Array {
  return digestOf(domain, 'Open', [work, terms])
}

/** What is signed to change terms; `revision` is the one that the record has. */
export function changeDigest(domain: ConsentDomain, record: Hex, terms: bigint, revision: number): Uint8Array {
  return digestOf(domain, 'Change', [record, terms, revision])
}

/** What is signed to set the price of a grant, and who shares it. */
export function offerDigest(
  domain: ConsentDomain,
  record: Hex,
  offer: { token: Hex; price: bigint; split: Hex; resaleReceiver: Hex },
  revision: number,
): Uint8Array {
  return digestOf(domain, 'Offer', [record, offer.token, offer.price, offer.split, offer.resaleReceiver, revision])
}

/** What is signed to hand a record on. */
export function handOnDigest(domain: ConsentDomain, record: Hex, holder: Hex, revision: number): Uint8Array {
  return digestOf(domain, 'HandOn', [record, holder, revision])
}

/** What is signed for a grant; the price is 0 when nothing is paid. Errors: `invalid_input`. */
export function grantDigest(
  domain: ConsentDomain,
  record: Hex,
  licensee: Hex,
  grant: ChainGrant,
  revision: number,
  price = 0n,
): Uint8Array {
  packGrant(grant)
  return digestOf(domain, 'Grant', [
    record,
    licensee,
    maskOfUses(grant.uses),
    grant.mayBeRevoked,
    grant.maySublicense,
    chainTerritories.indexOf(grant.territory),
    grant.from,
    grant.until,
    price,
    revision,
  ])
}

/** What whoever has a licence signs for who takes a part of it. Errors: `invalid_input`. */
export function sublicenceDigest(domain: ConsentDomain, record: Hex, licensee: Hex, grant: ChainGrant): Uint8Array {
  packGrant(grant)
  const { uses, mayBeRevoked, territory, from, until } = grant
  const values = [maskOfUses(uses), mayBeRevoked, chainTerritories.indexOf(territory), from, until]
  return digestOf(domain, 'Sublicense', [record, licensee, ...values])
}

/** What is signed to end a grant. */
export function revokeDigest(domain: ConsentDomain, record: Hex, licensee: Hex): Uint8Array {
  return digestOf(domain, 'Revoke', [record, licensee])
}

/** How a record is called: by the salted hash of its work, and by who opened it. */
export function recordOf(work: Hex, holder: Hex): Hex {
  return hexOf(keccak_256(Buffer.concat([wordOf(work), wordOf(holder)])))
}

/** The salted hash by which a work stands on chains: whoever has not the salt cannot guess the work. */
export function chainWorkOf(work: string, salt: Uint8Array): Hex {
  if (salt.length !== 32) throw new ColophonError('invalid_input', 'a salt has 32 bytes')
  return hexOf(keccak_256(Buffer.concat([salt, new TextEncoder().encode(work)])))
}

/** Who shares a payment, as the contract commits to it: `keccak256(abi.encode(address[], uint16[]))`. */
export function splitOf(shares: readonly { payee: Hex; share: number }[]): Hex {
  const words = [
    0x40,
    0x40 + 32 * (shares.length + 1),
    shares.length,
    ...shares.map(({ payee }) => payee),
    shares.length,
    ...shares.map(({ share }) => share),
  ]
  return hexOf(keccak_256(Buffer.concat(words.map(wordOf))))
}

const P256_ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n
const USER_VERIFIED = 0x04

/** x and y of a passkey's key, 32 bytes each. Errors: `invalid_signature` when the key is on another curve. */
function coordinatesOf(didKey: string): Uint8Array {
  const { curve, publicKey } = parseDidKey(didKey)
  if (curve !== 'P-256') throw refused('only passkeys with a P-256 key (ES256) can consent on a chain')
  const { x, y } = publicKey.export({ format: 'jwk' })
  return Buffer.concat([Buffer.from(x!, 'base64url'), Buffer.from(y!, 'base64url')])
}

/** The address under which a passkey holds a record. */
export function passkeyAddress(didKey: string): Hex {
  return hexOf(keccak_256(coordinatesOf(didKey)).subarray(12))
}

/**
 * A passkey's consent in the form that the contract takes. The contract looks neither at the site nor at its RP ID: that is
 * done here. Errors: `invalid_signature` when the answer is to another question, of another site or nobody's, or of a form
 * that WebAuthn does not give.
 */
export function passkeyConsent(
  answer: PasskeyAnswer,
  didKey: string,
  digest: Uint8Array,
  expectedOrigin: string,
): Uint8Array {
  const { challenge, origin } = verifyPasskeyAnswer(answer, didKey)
  const { authenticatorData, clientDataJSON } = answer
  const client = new TextDecoder().decode(clientDataJSON)
  const head = `{"type":"webauthn.get","challenge":"${Buffer.from(digest).toString('base64url')}"`
  if (challenge !== Buffer.from(digest).toString('base64url') || !client.startsWith(head))
    throw refused('the passkey answered another question')
  if (origin !== expectedOrigin) throw refused('the passkey answered another site')
  if (authenticatorData.length > 255) throw refused('the authenticator data are too long for a chain')
  if ((authenticatorData[32]! & USER_VERIFIED) === 0)
    throw refused('the passkey did not ask for a finger, a face or a number')
  const [r, s] = readDer(answer.signature)
  return Buffer.concat([
    coordinatesOf(didKey),
    wordOf(r),
    // One of the two forms of a signature: the contract takes no other.
    wordOf(s > P256_ORDER / 2n ? P256_ORDER - s : s),
    Buffer.from([authenticatorData.length]),
    authenticatorData,
    new TextEncoder().encode(client.slice(head.length)),
  ])
}

/** The two numbers of an ECDSA signature in DER. */
function readDer(der: Uint8Array): [bigint, bigint] {
  let at = 0
  const take = (tag: number) => {
    if (der[at] !== tag) throw refused('the signature is no DER')
    const length = der[at + 1]!
    const bytes = der.subarray(at + 2, at + 2 + length)
    if (length > 127 || bytes.length !== length) throw refused('the signature is no DER')
    at += 2 + (tag === 0x30 ? 0 : length)
    return bytes
  }
  take(0x30)
  const [r, s] = [take(0x02), take(0x02)].map((bytes) => BigInt(hexOf(bytes)))
  if (at !== der.length || r! <= 0n || s! <= 0n || r! >= P256_ORDER || s! >= P256_ORDER)
    throw refused('the signature is no DER')
  return [r!, s!]
}

const refused = (message: string) => new ColophonError('invalid_signature', message)
