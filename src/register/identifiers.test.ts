import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { ColophonError } from '../foundation/index.ts'
import { normaliseIdentifier, type IdentifierScheme } from './identifiers.ts'

const VALID: [IdentifierScheme, string, string][] = [
  ['isbn', '0-306-40615-2', '9780306406157'],
  ['isbn', '978-3-16-148410-0', '9783161484100'],
  ['isbn', '0-8044-2957-X', '9780804429573'],
  ['issn', '0378-5955', '0378-5955'],
  ['issn', '2434-561X', '2434-561X'],
  ['iswc', 'T-034.524.680-1', 'T0345246801'],
  ['isni', '0000 0001 2103 2683', '0000000121032683'],
  ['orcid', 'https://orcid.org/0000-0002-1825-0097', '0000-0002-1825-0097'],
  ['orcid', '0000-0002-1694-233X', '0000-0002-1694-233X'],
  ['ipi', '00014107338', '00014107338'],
  ['ipi', '52210040', '00052210040'],
  ['isan', 'ISAN 0000-0000-D07A-0090-Q-0000-0000-X', '00000000D07A0090Q00000000X'],
  ['isrc', 'US-S1Z-99-00001', 'USS1Z9900001'],
  ['doi', 'https://doi.org/10.1000/ABC', '10.1000/abc'],
  [
    'iscc',
    'ISCC:KACYPXW445FTYNJ3CYSXHAFJMA2HUWULUNRFE3BLHRSCXYH2M5AEGQY',
    'ISCC:KACYPXW445FTYNJ3CYSXHAFJMA2HUWULUNRFE3BLHRSCXYH2M5AEGQY',
  ],
  ['iscc', 'iscc:eaasl4f2wzy7kbxb', 'ISCC:EAASL4F2WZY7KBXB'],
]

test('valid identifiers are brought to one spelling, and that spelling is stable', () => {
  for (const [scheme, text, expected] of VALID) {
    assert.equal(normaliseIdentifier(scheme, text), expected)
    assert.equal(normaliseIdentifier(scheme, expected), expected)
  }
})

test('any single wrong digit is found where the scheme has a check digit', () => {
  const checked = VALID.filter(([scheme]) => !['isrc', 'doi', 'iscc', 'isan', 'iswc'].includes(scheme))
  fc.assert(
    fc.property(
      fc.constantFrom(...checked),
      fc.nat(),
      fc.integer({ min: 1, max: 9 }),
      ([scheme, , canonical], at, shift) => {
        const places = [...canonical.matchAll(/\d/g)].map(({ index }) => index)
        const place = places[at % places.length]!
        const digit = (Number(canonical[place]) + shift) % 10
        const wrong = canonical.slice(0, place) + digit + canonical.slice(place + 1)
        assert.throws(
          () => normaliseIdentifier(scheme, wrong),
          (error: ColophonError) => error.code === 'invalid_identifier',
        )
      },
    ),
  )
})

test('malformed identifiers say what is wrong', () => {
  for (const [scheme, text] of [
    ['isbn', ''],
    ['isbn', '978'],
    ['doi', '11.1/x'],
    ['iscc', 'ISCC:KACYPXW445FT'],
    ['isrc', 'USS1Z99'],
    ['isni', 'x'.repeat(200)],
    ['isan', '0000-0000-D07A-0090-R'],
  ] as const) {
    assert.throws(
      () => normaliseIdentifier(scheme, text),
      (error: ColophonError) => error.code === 'invalid_identifier' && error.message.length > 10,
    )
  }
})
