import { z } from 'zod'

/** Version 1 of the statement vocabulary. A context never changes once published; a new meaning gets a new version. */
export const COLOPHON_CONTEXT = 'https://colophon.example/ns/v1'
export const CREDENTIALS_CONTEXT = 'https://www.w3.org/ns/credentials/v2'

const SUBJECTS_MAX = 50

/** A moment in UTC, to the second or finer. */
export const isoTimeSchema = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?Z$/)
  .refine((text) => !Number.isNaN(Date.parse(text)), 'not a moment')
/** The same inside a subject, brought to one spelling, so that moments compare as text. */
export const momentSchema = isoTimeSchema.transform((text) => new Date(text).toISOString())
/** A party: a key of its own, or an organisation's domain. */
export const didSchema = z
  .string()
  .max(300)
  .regex(/^did:(key:z[1-9A-HJ-NP-Za-km-z]{40,80}|web:[a-z0-9.-]+(%3A\d+)?(:[A-Za-z0-9._-]+)*)$/)
/** An account on a chain (CAIP-10). It can be granted something; it signs no statements. */
export const pkhSchema = z.string().regex(/^did:pkh:eip155:[1-9]\d{0,17}:0x[0-9a-f]{40}$/)
export const didKeySchema = z.string().regex(/^did:key:z[1-9A-HJ-NP-Za-km-z]{40,80}$/)
export const uuidUrnSchema = z.string().regex(/^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/)
/** Text for people: no control characters, no half surrogate pairs, not blank. */
export const textSchema = (max: number) =>
  z
    .string()
    .max(max)
    .refine(
      (text) =>
        text.trim() !== '' && text.isWellFormed() && !/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u.test(text),
      'blank, or holds control characters',
    )

const proofBase = {
  '@context': z.array(z.string().max(200)).max(10).optional(),
  type: z.literal('DataIntegrityProof'),
  created: isoTimeSchema,
  verificationMethod: z.string().max(300),
  proofPurpose: z.literal('assertionMethod'),
  proofValue: z.string().max(200),
}

/** `eddsa-jcs-2022` of W3C Data Integrity. */
export const eddsaProofSchema = z.strictObject({ ...proofBase, cryptosuite: z.literal('eddsa-jcs-2022') })

/** A passkey's assertion, with everything that anybody needs to verify it again years later. */
export const passkeyProofSchema = z.strictObject({
  ...proofBase,
  cryptosuite: z.literal('webauthn-jcs-v1'),
  authenticatorData: z.base64url().max(2000),
  clientDataJSON: z.base64url().max(4000),
})

export const proofSchema = z.discriminatedUnion('cryptosuite', [eddsaProofSchema, passkeyProofSchema])

/** A subject names its kind; the rooms below give each kind its own schema. */
export const subjectSchema = z.looseObject({ type: z.string().max(40) })

/** The signed envelope: a W3C Verifiable Credential 2.0 whose subjects are the things stated. */
export const statementSchema = z.strictObject({
  '@context': z.tuple([z.literal(CREDENTIALS_CONTEXT), z.literal(COLOPHON_CONTEXT)]),
  id: uuidUrnSchema,
  type: z.tuple([z.literal('VerifiableCredential'), z.literal('ColophonStatement')]),
  issuer: didSchema,
  validFrom: isoTimeSchema,
  credentialSubject: z.array(subjectSchema).min(1).max(SUBJECTS_MAX),
  proof: proofSchema,
})

export type Statement = z.infer<typeof statementSchema>
export type UnsignedStatement = Omit<Statement, 'proof'>
export type StatementProof = z.infer<typeof proofSchema>
export type PasskeyProof = z.infer<typeof passkeyProofSchema>

/** A log entry: the statement itself, or a commitment to a sealed one. */
export const entrySchema = z.union([
  z.strictObject({ v: z.literal(1), at: isoTimeSchema, statement: z.looseObject({}) }),
  z.strictObject({
    v: z.literal(1),
    at: isoTimeSchema,
    sealed: z.strictObject({ commitment: z.string().regex(/^[0-9a-f]{64}$/) }),
  }),
])
export type LogEntry = z.infer<typeof entrySchema>
