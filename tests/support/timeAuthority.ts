import { X509Certificate, createHash, randomBytes, sign } from 'node:crypto'
import type { TimeAuthority } from '../../src/marking/c2pa/index.ts'
import { generateKey, makeCertificate, partsOf } from '../../src/marking/c2pa/certificates.ts'
import {
  contextValue,
  derValue,
  generalizedTime,
  integer,
  objectId,
  octetString,
  readDer,
  readInside,
  sequence,
  setOf,
  smallInteger,
} from '../../src/marking/c2pa/der.ts'

const DAY_MS = 86_400_000
const TST_INFO = objectId('1.2.840.113549.1.9.16.1.4')
const SHA256 = sequence(objectId('2.16.840.1.101.3.4.2.1'))

interface TestTimeAuthority extends TimeAuthority {
  /** Its root, as PEM. */
  anchor: string
}

/** A time authority (RFC 3161) of its own, whose clock can be wrong; `spoil` changes the imprint that it attests. */
export function openTestTimeAuthority(now: () => number, spoil = false): TestTimeAuthority {
  const root = generateKey()
  const key = generateKey()
  const notBeforeMs = now() - 2000 * DAY_MS
  const notAfterMs = now() + 2000 * DAY_MS
  const rootCertificate = makeCertificate({
    subject: { organisation: 'Test Time', commonName: 'Root of Test Time' },
    publicKey: root.publicKey,
    use: 'issue',
    serial: Uint8Array.of(1),
    notBeforeMs,
    notAfterMs,
    issuerKey: root.privateKey,
  })
  const certificate = makeCertificate({
    subject: { organisation: 'Test Time', commonName: 'Clock of Test Time' },
    publicKey: key.publicKey,
    use: 'timeStamp',
    serial: Uint8Array.of(2),
    notBeforeMs,
    notAfterMs,
    issuerKey: root.privateKey,
    issuerCertificate: rootCertificate,
  })
  return {
    anchor: new X509Certificate(rootCertificate).toString(),
    async stamp(request) {
      const [, imprint, nonce] = readInside(readDer(request))
      const said = Uint8Array.from(imprint!.whole)
      const serial = integer(new Uint8Array(randomBytes(8)))
      const info = sequence(smallInteger(1), objectId('1.2.3.4'), said, serial, generalizedTime(now()), nonce!.whole)
      const attributes = setOf(
        attribute('1.2.840.113549.1.9.3', TST_INFO),
        attribute('1.2.840.113549.1.9.4', octetString(sha256(info))),
        attribute('1.2.840.113549.1.9.16.2.47', sequence(sequence(sequence(octetString(sha256(certificate)))))),
      )
      const signature = new Uint8Array(sign('sha256', attributes, key.privateKey))
      if (spoil) signature[signature.length - 1]! ^= 1
      const { issuer, serial: certificateSerial } = partsOf(certificate)
      const signerInfo = sequence(
        smallInteger(1),
        sequence(issuer, certificateSerial),
        SHA256,
        derValue(0xa0, readDer(attributes)!.content),
        sequence(objectId('1.2.840.10045.4.3.2')),
        octetString(signature),
      )
      const signedData = sequence(
        smallInteger(3),
        setOf(SHA256),
        sequence(TST_INFO, contextValue(0, octetString(info))),
        contextValue(0, certificate),
        setOf(signerInfo),
      )
      const token = sequence(objectId('1.2.840.113549.1.7.2'), contextValue(0, signedData))
      return sequence(sequence(smallInteger(0)), token)
    },
  }
}

function attribute(id: string, value: Uint8Array): Uint8Array {
  return sequence(objectId(id), setOf(value))
}

function sha256(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(createHash('sha256').update(bytes).digest())
}
