import { z } from 'zod'
import { ColophonError } from '../../foundation/index.ts'
import { textSchema } from '../../statements/index.ts'
import { checkAccount, type PaymentBatch } from '../payments/index.ts'

const debtorSchema = z.strictObject({
  name: textSchema(70),
  iban: z.string().max(50),
  bic: z.string().max(20).optional(),
  address: z.strictObject({
    street: textSchema(70).optional(),
    buildingNumber: textSchema(16).optional(),
    postCode: textSchema(16).optional(),
    town: textSchema(35),
    country: z.string().regex(/^[A-Z]{2}$/),
  }),
})

/** The account that the fund pays from. Errors: `invalid_input` with the field. */
export function readDebtor(value: unknown, where: string): PaymentBatch['debtor'] {
  const read = debtorSchema.safeParse(value)
  if (!read.success) {
    const [issue] = read.error.issues
    throw new ColophonError('invalid_input', issue!.message, { where: `${where} ${issue!.path.join('.')}` })
  }
  const { account, findings } = checkAccount(read.data as PaymentBatch['debtor'], where)
  if (account?.address) return { ...account, address: account.address }
  const [wrong] = findings.filter(({ severity }) => severity === 'error')
  throw new ColophonError('invalid_input', wrong?.what ?? 'the account has no address', {
    where: wrong?.where ?? where,
  })
}
