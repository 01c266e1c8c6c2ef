import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import fc from 'fast-check'
import { checkCharacter } from './checkCharacter.ts'
import {
  CODE_LENGTH_MAX,
  c2paMapping,
  codeTextOf,
  degrees,
  disclosureFlaws,
  disclosureFields,
  disclosureFrom,
  euCodeMapping,
  formatCode,
  headerMapping,
  iptcMapping,
  musicMapping,
  onixMapping,
  overallDegree,
  packCode,
  parseCode,
  phases,
  reviews,
  termAnswers,
  unpackCode,
  useLetters,
  w3cMapping,
  type DisclosureCode,
  type DisclosureFields,
  type Mapping,
} from './index.ts'
import { disclosureJsonSchema } from './jsonSchema.ts'

const vectors = JSON.parse(readFileSync('vectors/ai-disclosure.json', 'utf8'))
const MAPPINGS = [
  iptcMapping,
  c2paMapping,
  w3cMapping,
  headerMapping,
  euCodeMapping,
  onixMapping,
  musicMapping,
] as Mapping<never>[]

test('codes of the vectors are written and read, as text and as bytes', () => {
  assert.ok(vectors.codes.length >= 20)
  for (const { name, input, output } of vectors.codes) {
    assert.equal(formatCode(input), output.text, name)
    assert.deepEqual(parseCode(output.text), { code: input, flaws: [] }, name)
    assert.equal(Buffer.from(packCode(input)).toString('hex'), output.bytes, name)
    assert.deepEqual(unpackCode(Buffer.from(output.bytes, 'hex')), { code: input, flaws: [] }, name)
  }
})

test('the degree of the whole follows from the phases', () => {
  for (const { name, input, output } of vectors.overall) assert.equal(overallDegree(input), output, name)
})

test('what is no code, or contradicts itself, is told by its flaw', () => {
  assert.ok(vectors.invalidCodes.length >= 25)
  for (const { name, input, output } of vectors.invalidCodes) {
    const { code, flaws } = parseCode(input)
    assert.deepEqual([code, flaws.map((flaw) => flaw.code)], [undefined, [output]], name)
  }
  for (const { name, input, output } of vectors.invalidBytes)
    assert.deepEqual(
      unpackCode(Buffer.from(input, 'hex')).flaws.map((flaw) => flaw.code),
      [output],
      name,
    )
})

test('statements of the vectors are accepted, or refused by their flaw', () => {
  for (const { name, input, output } of vectors.statements) {
    const parsed = disclosureFields.safeParse(input)
    const flaws = parsed.success ? disclosureFlaws(parsed.data).map(({ code }) => code) : ['schema']
    assert.deepEqual(flaws, output.flaws, name)
    if (parsed.success && flaws.length === 0) assert.equal(codeTextOf(parsed.data), output.code, name)
  }
})

test('other vocabularies say what the vectors say, and lose what they say is lost', () => {
  for (const { name, input, output, losses } of vectors.mappings)
    for (const mapping of MAPPINGS) {
      const mapped = mapping.to(input)
      const where = `${name}, ${mapping.id}`
      assert.deepEqual(JSON.parse(JSON.stringify(mapped.value ?? null)), output[mapping.id], where)
      assert.deepEqual(mapped.losses.map(({ what }) => what).sort(), losses[mapping.id], where)
    }
})

test('what other vocabularies say is read as the vectors say', () => {
  for (const mapping of MAPPINGS) {
    const readings = vectors.readings.filter(({ vocabulary }: { vocabulary: string }) => vocabulary === mapping.id)
    assert.ok(readings.length >= 5, mapping.id)
    for (const { name, input, output, degreesMeant } of readings) {
      const read = mapping.from((input ?? undefined) as never)
      assert.deepEqual(read?.value ?? null, output, `${name}, ${mapping.id}`)
      // Where it may mean more than one degree, that is told.
      if (degreesMeant)
        assert.ok(
          read!.losses.some(({ what }) => what === 'degree'),
          `${name}, ${mapping.id}`,
        )
    }
  }
})

test('the check character is that of ISO 7064 MOD 37,36, by numbers of two other registries', () => {
  // A GRid and an ISAN that their registries give as examples.
  assert.equal(checkCharacter('A12425GABC1234002'), 'M')
  assert.equal(checkCharacter('000000003A8D0000'), 'Z')
})

const degree = fc.constantFrom(...degrees)
const said = fc.dictionary(fc.constantFrom(...phases), degree, { maxKeys: 7 }).map((record) => ({ ...record }))
const anyCode = fc
  .record({
    phases: said,
    degree,
    review: fc.constantFrom(...reviews),
    terms: fc
      .dictionary(fc.constantFrom(...useLetters), fc.constantFrom(...termAnswers))
      .map((record) => ({ ...record })),
    day: fc.option(fc.integer({ min: 0, max: 65_535 })),
    pointer: fc.option(fc.stringMatching(/^[0-9a-f]{10}$/)),
  })
  .map(({ day, pointer, ...rest }): DisclosureCode => {
    const whole = Object.keys(rest.phases).length > 0 ? overallDegree(rest.phases) : rest.degree
    const review = whole === 4 ? 'notReviewed' : whole === 3 && rest.review === 'notReviewed' ? 'reviewed' : rest.review
    const until =
      day !== null && Object.keys(rest.terms).length > 0
        ? new Date(Date.UTC(2020, 0, 1 + day)).toISOString().slice(0, 10)
        : undefined
    return { ...rest, degree: whole, review, ...(until ? { until } : {}), ...(pointer ? { pointer } : {}) }
  })

test('every code comes back from its text, its bytes, and a caption in small letters', () => {
  fc.assert(
    fc.property(anyCode, (code) => {
      const text = formatCode(code)
      assert.ok(text.length <= CODE_LENGTH_MAX && /^[0-9A-Z-]+$/.test(text))
      assert.deepEqual(parseCode(text).code, code)
      assert.deepEqual(parseCode(` ${text.toLowerCase().replaceAll('-', ' ')}\n`).code, code)
      const bytes = packCode(code)
      assert.ok(bytes.length <= 14)
      assert.deepEqual(unpackCode(bytes).code, code)
    }),
  )
})

test('a character that is misread is always noticed', () => {
  const letters = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'
  fc.assert(
    fc.property(anyCode, fc.nat(), fc.constantFrom(...letters), (code, at, letter) => {
      const text = formatCode(code)
      const place = at % text.length
      fc.pre(text[place] !== '-' && text[place] !== letter)
      assert.equal(parseCode(text.slice(0, place) + letter + text.slice(place + 1)).code, undefined)
    }),
  )
})

test('reading never throws, whatever it is given', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 200 }), fc.uint8Array({ maxLength: 20 }), (text, bytes) => {
      assert.ok(parseCode(text).code !== undefined || parseCode(text).flaws.length > 0)
      assert.ok(unpackCode(bytes).code !== undefined || unpackCode(bytes).flaws.length > 0)
    }),
  )
})

const anySystems = fc.array(
  fc.record(
    {
      name: fc.constant('S'),
      phase: fc.constantFrom(...phases),
      role: fc.constantFrom(
        'vocals',
        'programming',
        'instrumentalPerformance',
        'composition',
        'lyrics',
        'writing',
        'illustration',
        'translation',
      ),
      degree,
    },
    { requiredKeys: ['name', 'phase'] },
  ),
  { maxLength: 3 },
)

test('no vocabulary turns AI into its absence, nor silence into AI', () => {
  fc.assert(
    fc.property(said, fc.constantFrom(...reviews), anySystems, (phaseDegrees, review, systems) => {
      const whole = overallDegree(phaseDegrees)
      const disclosure: DisclosureFields = disclosureFrom({
        phases: phaseDegrees,
        systems,
        review: whole === 4 ? 'notReviewed' : whole === 3 ? 'reviewed' : review,
      })
      const reachesContent = (['development', 'production', 'performance', 'postProduction'] as const).some(
        (phase) => typeof phaseDegrees[phase] === 'number' && phaseDegrees[phase] > 0,
      )
      const ofSystems = systems.flatMap(({ degree: own }) => (typeof own === 'number' ? [own] : []))
      fc.pre(disclosureFlaws(disclosure).length === 0)
      for (const mapping of MAPPINGS) {
        const back = mapping.from(mapping.to(disclosure).value)
        assert.ok(back, mapping.id)
        const read = back.value.degree
        // A poster made by AI, or a voice in a trailer, is told by some fields; the work itself is not.
        if (reachesContent) assert.notEqual(read, 0, mapping.id)
        if (whole === 'undisclosed')
          assert.equal(read === 0 ? 0 : 'never 0', 'never 0', `${mapping.id}: ${JSON.stringify(disclosure)}`)
        if (read !== 'undisclosed' && typeof whole === 'number')
          assert.ok(
            read <= Math.max(whole, 1, ...ofSystems) || mapping.id === 'music',
            `${mapping.id} says more than was said`,
          )
        const lost = mapping.to(disclosure).losses.map(({ what }) => what)
        for (const key of ['degree', 'phases', 'review'] as const)
          if (!lost.includes(key))
            assert.deepEqual(back.value[key], disclosure[key], `${mapping.id} lost ${key} without telling`)
      }
    }),
  )
})

test('the JSON Schema beside the standard is the one that is enforced', () => {
  const written = JSON.parse(readFileSync('docs/ai-disclosure/schema.json', 'utf8'))
  assert.deepEqual(written, JSON.parse(JSON.stringify(disclosureJsonSchema())))
})

test('manifests of others never read as human made where a model took part', () => {
  const created = (word: string) => ({
    action: 'c2pa.created',
    digitalSourceType: `http://cv.iptc.org/newscodes/digitalsourcetype/${word}`,
  })
  const read = (word: string, humanOversightLevel?: 'prompt_guided' | 'human_validated') => {
    const contentProfile = humanOversightLevel && { contentProfile: { humanOversightLevel } }
    const { degree, review } = c2paMapping.from({
      actions: [created(word)],
      aiDisclosure: { modelType: 'c2pa.types.model', ...contentProfile },
    })!.value
    return [degree, review]
  }
  assert.deepEqual(read('digitalCreation'), [1, 'undisclosed'])
  assert.deepEqual(read('composite', 'human_validated'), [1, 'reviewed'])
  // C2PA 2.4, 18.28.4: prompts by a person, and no final approval.
  assert.deepEqual(read('trainedAlgorithmicMedia', 'prompt_guided'), [4, 'notReviewed'])
  assert.deepEqual(read('compositeWithTrainedAlgorithmicMedia', 'prompt_guided'), [1, 'notReviewed'])
})

test('a share is told in many ways, and refused in each', () => {
  const said = disclosureFrom({ phases: { production: 1 }, review: 'reviewed' })
  const flawsOfText = (text: string) =>
    disclosureFlaws({ ...said, human: [{ language: 'en', text }] }).map(({ code }) => code)
  for (const text of ['80 %', '%80', '80 por ciento', '٨٠٪', '50 Prozent', '30 procent', '20 τοις εκατό', 'some 99％'])
    assert.deepEqual(flawsOfText(text), ['human_is_a_share'], text)
  for (const text of ['I drew 80 sheets.', 'Everything but the sky.', 'A percentage would say nothing.'])
    assert.deepEqual(flawsOfText(text), [], text)
})
