import fc from 'fast-check'
import type { MarkProperties } from '../../src/marking/metadata/index.ts'

/** A value in every field. */
export const everyProperty: Required<MarkProperties> = {
  disclosureCode: 'CD-1 dev:1 prod:2 r',
  disclosureStatement: '{"degree":2,"note":"<b>Grüße</b> & \\"more\\""}',
  statementUrl: 'https://register.example/statements/01J?x=1&y=2',
  digitalSourceType: 'http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia',
  aiSystemUsed: 'Atelier & Söhne <Diffusion>',
  aiSystemVersionUsed: '4.1-beta',
  aiPromptInformation: 'Hills at dawn;\n"no people", 山と川',
  aiPromptWriterName: "Zoë O'Neill",
  webStatement: 'https://rights.example/terms?work=1&lang=en',
  usageTerms: 'Ask first. ]]> <script>alert(1)</script>',
  marked: true,
  licensorName: 'Bild-Kunst “Süd”',
  licensorUrl: 'https://licensor.example/',
  dataMining: 'http://ns.useplus.org/ldf/vocab/DMI-PROHIBITED-SEEEMBEDDEDRIGHTSEXPR',
  rightsExpression: '{"@context":"http://www.w3.org/ns/odrl.jsonld","@type":"Set","permission":[]}',
  title: '𝒯he hills & the sun',
  creator: 'Ana Čapek',
  rights: '© 2026 Ana Čapek',
}

/** Characters that XML 1.0 can hold, among them all that it must escape. */
const character = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...'<>&"\'\n\r\t =/-]') },
  { weight: 5, arbitrary: fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }) },
)
const text = fc
  .array(character, { minLength: 1, maxLength: 40 })
  .map((characters) => characters.join(''))
  .filter((value) => !/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/u.test(value))
const address = fc.webUrl({ validSchemes: ['https'], withQueryParameters: true, withFragments: true })

/** Any properties that may be written. */
export const anyProperties: fc.Arbitrary<MarkProperties> = fc.record(
  {
    disclosureCode: text,
    disclosureStatement: fc.json(),
    statementUrl: fc.oneof(
      address,
      fc.uuid().map((id) => `urn:uuid:${id}`),
    ),
    digitalSourceType: fc.constant(everyProperty.digitalSourceType),
    aiSystemUsed: text,
    aiSystemVersionUsed: text,
    aiPromptInformation: text,
    aiPromptWriterName: text,
    webStatement: address,
    usageTerms: text,
    marked: fc.boolean(),
    licensorName: text,
    licensorUrl: address,
    dataMining: fc
      .constantFrom('DMI-ALLOWED', 'DMI-PROHIBITED')
      .map((word) => `http://ns.useplus.org/ldf/vocab/${word}`),
    rightsExpression: fc.json(),
    title: text,
    creator: text,
    rights: text,
  },
  { requiredKeys: [] },
)
