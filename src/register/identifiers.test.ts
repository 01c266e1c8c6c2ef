import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { ColophonError } from '../foundation/index.ts'
import { identifierSchemes, normaliseIdentifier, type IdentifierScheme } from './identifiers.ts'

/** Published identifiers as people write them, and their canonical spelling. */
const valid: [IdentifierScheme, string, string][] = [
  ['isbn', '0-306-40615-2', '9780306406157'],
  ['isbn', 'ISBN 0-8044-2957-X', '9780804429573'],
  ['isbn', 'isbn-13: 978–0–306–40615–7', '9780306406157'],
  ['isbn', 'urn:isbn:9791090636071', '9791090636071'],
  ['issn', '0378-5955', '0378-5955'],
  ['issn', 'ISSN 1050-124x', '1050-124X'],
  ['issn', '20493630', '2049-3630'],
  ['isan', '0000-0001-8947-0000-8-0000-0000-D', '0000000189470000800000000D'],
  ['isan', 'ISAN 1881-66C7-3420-6541-Y-9F3A-0245-O', '188166C734206541Y9F3A0245O'],
  ['isan', 'urn:isan:0000-0001-8cfa-0000-i-0000-0000-k', '000000018CFA0000I00000000K'],
  ['isan', '0000-0000-D07A-0090-Q', '00000000D07A0090Q'],
  ['isrc', 'ISRC US-RC1-76-07839', 'USRC17607839'],
  ['isrc', 'aa6q72000047', 'AA6Q72000047'],
  ['iswc', 'T-034.524.680-1', 'T0345246801'],
  ['iswc', 'ISWC T-010.171.314-7', 'T0101713147'],
  ['iswc', 't0000000010', 'T0000000010'],
  ['isni', '0000 0001 2103 2683', '0000000121032683'],
  ['isni', 'https://isni.org/isni/000000012146438X', '000000012146438X'],
  ['ipi', '00014107338', '00014107338'],
  ['ipi', 'IPI 00052210040', '00052210040'],
  ['ipi', '00045620792', '00045620792'],
  ['ipi', '00334284961', '00334284961'],
  ['orcid', '0000-0002-1825-0097', '0000-0002-1825-0097'],
  ['orcid', 'https://orcid.org/0000-0002-1694-233x', '0000-0002-1694-233X'],
  ['orcid', 'https://orcid.org/0000000151093700', '0000-0001-5109-3700'],
  ['doi', '10.1000/182', '10.1000/182'],
  ['doi', 'doi:10.1038/NPHYS1170', '10.1038/nphys1170'],
  ['doi', 'https://doi.org/10.1002/(SICI)1097-4571(199806)49:8%3C693::AID-ASI4%3E3.0.CO;2-O', '10.1002/(sici)1097-4571(199806)49:8<693::aid-asi4>3.0.co;2-o'], // prettier-ignore
  ['doi', 'http://dx.doi.org/10.1000.10/123', '10.1000.10/123'],
  ['iscc', 'KUAG2PRCRS5LNVZVJKAFAVOJXLZZM', 'ISCC:KUAG2PRCRS5LNVZVJKAFAVOJXLZZM'],
  ['iscc', 'iscc:maagztfqttvizpjr', 'ISCC:MAAGZTFQTTVIZPJR'],
  ['iscc', 'ISCC:AAAZ-XZ6O-U4E4-5RB5', 'ISCC:AAAZXZ6OU4E45RB5'],
  ['iscc', 'ISCC:EADSKDNZNYGUUF5AMFEJLZ5P66CP5YKCOA3X7F36RWE4CIRCBTUWXYY', 'ISCC:EADSKDNZNYGUUF5AMFEJLZ5P66CP5YKCOA3X7F36RWE4CIRCBTUWXYY'], // prettier-ignore
  ['iscc', 'ISCC:EMBZEMGSDFIB4AHUEZSLJPJANMAAY', 'ISCC:EMBZEMGSDFIB4AHUEZSLJPJANMAAY'],
  ['iscc', 'ISCC:IABS2OW637YRWYPRJSEG4NNPUA3HG', 'ISCC:IABS2OW637YRWYPRJSEG4NNPUA3HG'],
  ['iscc', 'ISCC:KAARMJLTQCUWAND2LKF2GYSSNQVTYZBL4D5GOQCDIM', 'ISCC:KAARMJLTQCUWAND2LKF2GYSSNQVTYZBL4D5GOQCDIM'],
]

const invalid: [IdentifierScheme, string, RegExp][] = [
  ['isbn', '0-306-40615-3', /check digit 3 where 2 is expected/],
  ['isbn', '0-8044-2957-0', /check digit 0 where X is expected/],
  ['isbn', '9780306406158', /check digit 8 where 7 is expected/],
  ['isbn', '9770306406157', /neither 978 nor 979/],
  ['isbn', '9790060115615', /ISMN/],
  ['isbn', '978030640615', /has 12 characters .* not 10 or 13/],
  ['isbn', '97803064061X7', /characters that do not belong/],
  ['issn', '0378-5956', /check digit 6 where 5 is expected/],
  ['issn', '0000-0000', /placeholder/],
  ['isan', '0000-0001-8947-0000-9-0000-0000-D', /check digit 9 where 8 is expected/],
  ['isan', '0000-0001-8947-0000-8-0000-0001-D', /check digit D where . is expected/],
  ['isan', '0000-0001-8947-0000', /has 16 characters .* not 17 or 26/],
  ['isan', '0000-0001-894G-0000-8', /characters that do not belong/],
  ['isrc', 'US-RC1-76-0783', /has 11 characters .* not 12/],
  ['isrc', '1S-RC1-76-07839', /2 letters/],
  ['iswc', 'T-034.524.680-2', /check digit 2 where 1 is expected/],
  ['iswc', 'M-034.524.680-1', /T and 10 digits/],
  ['isni', '0000 0001 2103 2684', /check digit 4 where 3 is expected/],
  ['ipi', '00014107339', /check digit 39 where 38 is expected/],
  ['ipi', '00014107838', /check digit 38 where 28 is expected/],
  ['ipi', '00000000000', /placeholder/],
  ['ipi', '14107338', /has 8 characters/],
  ['orcid', '0000-0002-1825-0098', /check digit 8 where 7 is expected/],
  ['orcid', 'https://isni.org/isni/0000000218250097', /characters/],
  ['orcid', '٠000-0002-1825-0097', /neither Latin letters nor digits/],
  ['isrc', 'USRC1760783\u017f', /neither Latin letters nor digits/],
  ['doi', '11.1000/182', /does not start with 10\./],
  ['doi', '10.1000/', /suffix/],
  ['doi', '10.1000/a b', /suffix/],
  ['doi', 'https://doi.org/10.1000/%00', /suffix/],
  ['doi', 'https://doi.org/10.1000/%E0%A4', /percent-encoding/],
  ['iscc', 'ISCC:AAAZXZ6OU4E45RB', /has 15 characters where its header announces 16/],
  ['iscc', 'ISCC:AAAZXZ6OU4E45RB1', /base32/],
  ['iscc', 'ISCC:AAB', /too short/],
  ['iscc', 'ISCC:AEAZXZ6OU4E45RB5', /undefined header: main type 0, sub type 1/],
  ['iscc', 'ISCC:AAIZXZ6OU4E45RB5', /undefined header: .* version 1/],
  ['iscc', 'ISCC:QAAZXZ6OU4E45RB5', /undefined header: main type 8/],
  ['iscc', 'ISCC:KAAG2PRCRS5LNVZVJKAFAVOJXLZZM', /undefined header: main type 5, sub type 0/],
  ['iscc', 'ISCC:KUAG2PRCRS5LNVZVJKAFAVOJXLZZN', /bits that base32 must leave zero/],
]

function refusal(scheme: IdentifierScheme, text: string): ColophonError | undefined {
  try {
    normaliseIdentifier(scheme, text)
  } catch (error) {
    assert.ok(error instanceof ColophonError)
    assert.equal(error.code, 'invalid_identifier')
    return error
  }
  return undefined
}

/** A different character of the same kind in one place of a canonical identifier. */
function substituted(text: string, place: number, step: number): string {
  const kinds = ['0123456789', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ']
  const kind = kinds.find((characters) => characters.includes(text[place]!))
  if (!kind) return text
  const other = kind[(kind.indexOf(text[place]!) + 1 + (step % (kind.length - 1))) % kind.length]!
  return text.slice(0, place) + other + text.slice(place + 1)
}

test('published identifiers of every scheme are normalised, and normalising twice changes nothing', () => {
  assert.deepEqual(new Set(valid.map(([scheme]) => scheme)), new Set(identifierSchemes))
  for (const [scheme, text, canonical] of valid) {
    assert.equal(normaliseIdentifier(scheme, text), canonical)
    assert.equal(normaliseIdentifier(scheme, ` ${text}\n`), canonical)
    assert.equal(normaliseIdentifier(scheme, canonical), canonical)
  }
})

test('what is wrong is named, with the expected check digit', () => {
  assert.deepEqual(new Set(invalid.map(([scheme]) => scheme)), new Set(identifierSchemes))
  for (const [scheme, text, message] of invalid) {
    const error = refusal(scheme, text)
    assert.match(error?.message ?? 'accepted', message, `${scheme} ${text}`)
    assert.equal(error?.where, `${scheme} ${text}`)
  }
})

test('more than 100 characters are refused and not repeated in the error', () => {
  for (const scheme of identifierSchemes) {
    const error = refusal(scheme, `10.1000/${'1'.repeat(100_000)}`)
    assert.match(error?.message ?? '', /longer than 100/)
    assert.ok(error!.where!.length < 120)
  }
})

test('one wrong digit is always found where the algorithm guarantees it', () => {
  // Not ISWC: its weights 2, 4, 5, 6 and 8 share a factor with 10. Not ISRC, DOI and ISCC: they have no check digit.
  const guaranteed = valid.filter(([scheme]) => ['isbn', 'issn', 'isan', 'isni', 'ipi', 'orcid'].includes(scheme))
  const place = fc.nat(25)
  fc.assert(
    fc.property(fc.constantFrom(...guaranteed), place, fc.nat(24), ([scheme, , canonical], at, step) => {
      const wrong = substituted(canonical, at % canonical.length, step)
      assert.equal(refusal(scheme, wrong) === undefined, wrong === canonical, wrong)
    }),
    { numRuns: 3000 },
  )
})

test('one wrong digit of an ISWC is found at the weights that 10 has no factor with', () => {
  for (const place of [1, 3, 7, 9, 10]) {
    for (let step = 0; step < 9; step++) assert.ok(refusal('iswc', substituted('T0345246801', place, step)))
  }
})

test('one wrong digit of an ISBN-10 is found before it becomes an ISBN-13', () => {
  for (let place = 0; place < 10; place++) {
    for (let step = 0; step < 9; step++) assert.ok(refusal('isbn', substituted('0306406152', place, step)))
  }
})

test('random IPI name numbers have exactly one pair of check digits', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 999_999_999 }), (number) => {
      const base = String(number).padStart(9, '0')
      const accepted = Array.from({ length: 100 }, (_, check) => base + String(check).padStart(2, '0')).filter(
        (text) => refusal('ipi', text) === undefined,
      )
      assert.equal(accepted.length, 1)
    }),
    { numRuns: 30 },
  )
})

test('whatever is typed gives an identifier that stays as it is, or invalid_identifier', () => {
  const typed = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.stringMatching(/^10\.\d{4,6}\/[ -~]{1,30}$/),
    fc.stringMatching(/^https:\/\/doi\.org\/10\.\d{4}\/[ -~]{1,30}$/),
    fc.stringMatching(/^(ISCC:)?[A-P][A-Z2-7]{12,30}$/),
    fc.stringMatching(/^[A-Z]{2}[A-Z0-9]{3}\d{7}$/),
  )
  fc.assert(
    fc.property(fc.constantFrom(...identifierSchemes), typed, (scheme, text) => {
      if (refusal(scheme, text)) return
      const canonical = normaliseIdentifier(scheme, text)
      assert.equal(normaliseIdentifier(scheme, canonical), canonical)
    }),
    { numRuns: 5000 },
  )
})

test('an ISCC of every header either announces the length of its body or is refused', () => {
  const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
  let defined = 0
  for (let header = 0; header < 65_536; header++) {
    const start = [11, 6, 1].map((shift) => BASE32[(header >> shift) & 31]).join('') + BASE32[(header & 1) * 16]
    const message = refusal('iscc', start)?.message ?? ''
    assert.match(message, /undefined header|announces \d+/)
    const announced = /announces (\d+)/.exec(message)?.[1]
    if (!announced) continue
    defined++
    assert.equal(refusal('iscc', start.padEnd(Number(announced), 'A')), undefined)
  }
  // 13 units of 8 lengths, 5 media × 6 composites, SUM, NONE and WIDE, 4 × 5 IDs of version 0, 2 of version 1, 8 Flakes.
  assert.equal(defined, 13 * 8 + 5 * 6 + 3 + 20 + 2 + 8)
})
