import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { composeIBAN } from 'ibantools'
import { checkAccount, checkBic, checkIban, isIban, isSepaText, toSepaText, type PaymentAccount } from './index.ts'

const codes = (given: PaymentAccount) => checkAccount(given, 'payee 7').findings.map(({ code }) => code)
const ana: PaymentAccount = { name: 'Ana Zupan', iban: 'SI56 1910 0000 0123 438' }

test('accounts of SEPA are taken with spaces or without, others are named', () => {
  for (const iban of [
    'DE89 3704 0044 0532 0130 00',
    'mt84malt011000012345mtlcast001s',
    'NO9386011117947',
    'XK051212012345678906',
  ]) {
    const found = checkIban(iban, 'payee 7').map(({ code }) => code)
    assert.deepEqual(found, iban.startsWith('XK') ? ['iban_outside_sepa'] : [], iban)
  }
  for (const wrong of [
    '',
    'DE',
    'ZZ89370400440532013000',
    'DE8937040044053201300',
    'DE89370400440532013001',
    'NL91ABN10417164300',
  ]) {
    const [finding] = checkIban(wrong, 'payee 7')
    assert.equal(finding?.code, 'iban_invalid', wrong)
    assert.equal(finding.where, 'payee 7')
  }
})

test('an IBAN with one wrong digit is never taken', () => {
  const digits = fc.stringMatching(/^\d{18}$/)
  fc.assert(
    fc.property(digits, fc.integer({ min: 2, max: 21 }), fc.integer({ min: 1, max: 9 }), (bban, place, by) => {
      const iban = composeIBAN({ countryCode: 'DE', bban })!
      assert.ok(isIban(iban))
      const digit = (Number(iban[place]) + by) % 10
      assert.ok(!isIban(iban.slice(0, place) + digit + iban.slice(place + 1)))
    }),
  )
})

test('a BIC must be of the country of the IBAN, or of a territory that has its IBANs', () => {
  const iban = 'FR1420041010050500013M02606'
  assert.deepEqual(checkBic('PSSTFRPPXXX', iban, ''), [])
  assert.deepEqual(checkBic('CEPAGPGPXXX', iban, ''), [])
  assert.equal(checkBic('DEUTDEFF', iban, '')[0]?.code, 'bic_country_differs')
  assert.equal(checkBic('DEUTDEF', iban, '')[0]?.code, 'bic_invalid')
})

test('names are written in the letters of SEPA, and a name is never lost', () => {
  const written: [string, string][] = [
    ['Žužek & Müller', 'Zuzek + Muller'],
    ['Παύλος ΑΓΓΕΛΟΥ', 'Pavlos ANGELOU'],
    ['Ευδοκία Μπαλή', 'Evdokia Bali'],
    ['Щастие Жекова, Мария', 'Shtastie Zhekova, Maria'],
    ['ЖАНА Ёлкина', 'ZHANA Yolkina'],
    ['Søren Łęcki Straße', 'Soren Lecki Strasse'],
    ['O’Brien_“Ltd”', "O'Brien-.Ltd."],
    ['Zoe\u0308\u00a0 ﬁ\n', 'Zoe fi'],
  ]
  for (const [given, expected] of written) assert.deepEqual(toSepaText(given), { text: expected, lost: '' }, given)
  assert.deepEqual(codes({ ...ana, name: '李小龍' }), ['characters_lost'])
  assert.equal(checkAccount({ ...ana, name: '李小龍' }, '').account, undefined)
  assert.equal(checkAccount({ ...ana, name: '李 Studio' }, '').account?.name, '? Studio')
  assert.deepEqual(codes({ ...ana, name: '李 Studio' }), ['characters_lost'])
  assert.deepEqual(codes({ ...ana, name: ' ' }), ['name_missing'])
  assert.deepEqual(codes({ ...ana, name: 'ß'.repeat(36) }), ['text_too_long'])
})

test('whatever a text holds, what is written is in the set and the same when it is written again', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (given) => {
      const { text } = toSepaText(given)
      assert.ok(isSepaText(text))
      assert.equal(toSepaText(text).text, text)
    }),
  )
})

test('addresses have town and country in their own fields, and two free lines at most', () => {
  const at = (address: Partial<NonNullable<PaymentAccount['address']>>) =>
    codes({ ...ana, address: address as NonNullable<PaymentAccount['address']> })
  assert.deepEqual(at({ town: 'Ljubljana', country: 'si', street: 'Čopova', buildingNumber: '1' }), [])
  assert.deepEqual(at({ town: 'Ljubljana', country: 'SI', lines: ['Čopova 1', 'Second floor'] }), [])
  assert.deepEqual(at({ country: 'SI', lines: ['Čopova 1', '1000 Ljubljana'] }), ['address_unstructured'])
  assert.deepEqual(at({ town: 'Ljubljana', country: 'SI', lines: ['a', 'b', 'c'] }), ['address_unstructured'])
  assert.deepEqual(at({ town: 'Ljubljana' }), ['address_incomplete'])
  assert.deepEqual(at({ town: 'Ljubljana', country: 'Slovenia' }), ['address_incomplete'])
  const { account } = checkAccount({ ...ana, address: { town: 'Škofja Loka', country: 'si' } }, '')
  assert.deepEqual(account, {
    name: 'Ana Zupan',
    iban: 'SI56191000000123438',
    address: { town: 'Skofja Loka', country: 'SI' },
  })
})
