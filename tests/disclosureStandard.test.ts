import assert from 'node:assert/strict'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { checkCharacter } from '../src/disclosure/checkCharacter.ts'
import {
  PROFILES,
  USES,
  degrees,
  disclosureFlaws,
  euCodeMapping,
  headerMapping,
  iptcMapping,
  packCode,
  parseCode,
  phases,
  reviews,
  w3cMapping,
  type Degree,
  type DisclosureFields,
  type Mapping,
  type Review,
} from '../src/disclosure/index.ts'
import {
  BEFORE,
  ENCODING,
  FIELDS,
  LANGUAGE,
  LICENSOR,
  MARKED,
  NAMESPACES,
  RIGHTS_EXPRESSION,
  WRITTEN,
} from '../src/marking/metadata/fields.ts'
import { bitOf, signOf } from '../src/marking/watermark/chips.ts'
import { encode } from '../src/marking/watermark/convolutional.ts'
import { payloadBits } from '../src/marking/watermark/payload.ts'
import { PILOTS } from '../src/marking/watermark/pilots.ts'
import { numbersFrom } from '../src/marking/watermark/random.ts'
import { abnfToRegExp } from './support/abnf.ts'
import { inTicks, rowsOf, section } from './support/markdownTables.ts'

const FOLDER = 'docs/ai-disclosure'
const read = (name: string) => readFileSync(join(FOLDER, name), 'utf8')
const [standard, labels, mappings, embedding, verification] = [
  read('README.md'),
  read('labels.md'),
  read('mappings.md'),
  read('embedding.md'),
  read('verification.md'),
]
const vectors = JSON.parse(readFileSync('vectors/ai-disclosure.json', 'utf8')) as {
  codes: { input: Parameters<typeof packCode>[0]; output: { text: string; bytes: string } }[]
  invalidCodes: { name: string; input: string; output: string }[]
  statements: { output: { code?: string } }[]
}

const firstCells = (text: string) => rowsOf(text).flatMap(([cell]) => inTicks(cell!))

/** The words of a type of TypeScript that is a union of words. */
function unionIn(path: string, after: string): string[] {
  const source = readFileSync(path, 'utf8')
  const start = source.indexOf(after)
  assert.ok(start >= 0, `${path}: ${after}`)
  const words = /^[^|]*?((?:\s*\|\s*(?:'[a-z_]+'|[A-Z]\w+))+)/.exec(source.slice(start + after.length))![1]!
  return [...words.matchAll(/'([a-z_]+)'/g)].map(([, word]) => word!)
}

test('the grammar accepts every code of the vectors, and refuses what is none', () => {
  const [, grammar] = /```abnf\n([^`]+)```/.exec(standard)!
  const code = abnfToRegExp(grammar!)
  assert.ok(vectors.codes.length >= 20 && vectors.invalidCodes.length >= 25)
  for (const { output } of vectors.codes) assert.match(output.text, code)
  for (const { output } of vectors.statements) if (output.code) assert.match(output.code, code)
  for (const { name, input, output } of vectors.invalidCodes)
    assert.equal(code.test(input), !['syntax', 'version_unknown'].includes(output), name)
})

test('the worked check character is worked rightly', () => {
  const rows = rowsOf(section(standard, '#### 4.2.4'))
  const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'
  let product = 36
  for (const [character, value, sum, reduced, next] of rows) {
    assert.equal(Number(value), alphabet.indexOf(inTicks(character!)[0]!))
    assert.equal(Number(sum), product + Number(value))
    assert.equal(Number(reduced), Number(sum) % 36 || 36)
    product = (2 * Number(reduced)) % 37
    assert.equal(Number(next), product)
  }
  const text = rows.map(([character]) => inTicks(character!)[0]).join('')
  assert.equal(`${text}${checkCharacter(text)}`, 'AID1-2-122X1XX-R-2'.replaceAll('-', ''))
})

test('every code in the text is one of the vectors', () => {
  const known = new Set(vectors.codes.map(({ output }) => output.text))
  const found = [standard, mappings, embedding, verification].flatMap((text) =>
    [...text.matchAll(/AID1-[0-9A-Z-]+-[0-9A-Z]\b/g)].map(([code]) => code),
  )
  const whole = found.filter((code) => code !== 'AID1-2-122X1XX-R')
  assert.ok(whole.length >= 3)
  for (const code of whole) {
    assert.ok(known.has(code), code)
    assert.deepEqual(parseCode(code).flaws, [], code)
  }
  const caption = /`(AID1 [^`]+)`/.exec(standard)![1]!
  assert.ok(parseCode(caption).code, caption)
})

test('the worked bytes are those of the vectors', () => {
  const text = section(standard, '## 5.')
  const [, code, hex] = /Worked for `([^`]+)`, which is `([^`]+)`/.exec(text)!
  const vector = vectors.codes.find(({ output }) => output.text === code)!
  assert.equal(hex, vector.output.bytes)
  const worked = rowsOf(text.slice(text.indexOf('Worked for')))
  assert.equal(worked.map(([bytes]) => inTicks(bytes!)[0]).join(''), hex)
  for (const [bytes, bits] of worked) {
    const written = inTicks(bits!).join('').replaceAll(' ', '')
    if (written) assert.equal(BigInt(`0b${written}`), BigInt(`0x${inTicks(bytes!)[0]}`))
  }
})

test('uses, roles and labels are those of the code', () => {
  const uses = rowsOf(section(standard, '#### 4.2.2')).filter(([first, , id]) => id && /^`[A-Z]`$/.test(first!))
  const said = uses.slice(-8).map(([letter, , id]) => [inTicks(letter!)[0], inTicks(id!)[0]!.replace('col:c', 'c')])
  assert.deepEqual(
    said.map(([letter, id]) => [letter, id!.replace('col:promotion', 'promotion')]),
    Object.entries(USES),
  )
  for (const [profile, roles] of Object.entries(PROFILES)) {
    const rows = rowsOf(section(standard, `### \`${profile}\``))
    assert.deepEqual(Object.fromEntries(rows.map(([phase, list]) => [inTicks(phase!)[0], inTicks(list!)])), roles)
  }
  assert.equal([...standard.matchAll(/^### `/gm)].length, Object.keys(PROFILES).length)
  const texts = JSON.parse(readFileSync('locales/disclosure.json', 'utf8')) as Record<string, Record<string, string>>
  const keys: [string, string[]][] = [
    ['## Degrees', ['degree0', 'degree1', 'degree2', 'degree3', 'degree4', 'undisclosed']],
    ['## Review', ['reviewed', 'notReviewed']],
    ['## Phases', phases.map((phase) => `phase_${phase}`)],
  ]
  for (const [heading, columns] of keys)
    assert.deepEqual(
      rowsOf(section(labels, heading)),
      Object.entries(texts).map(([language, text]) => [language, ...columns.map((key) => text[key])]),
    )
  for (const [degree, label, icon] of rowsOf(section(standard, '### 4.1'))) {
    assert.equal(label, texts.en![inTicks(degree!)[0]!.replace(/^\d$/, 'degree$&')])
    assert.ok(existsSync(`src/web/assets/icons/${inTicks(icon!)[0]}`), icon)
  }
})

test('flaws are those that the code tells', () => {
  assert.deepEqual(
    firstCells(section(standard, '#### 4.2.3')).sort(),
    unionIn('src/disclosure/code.ts', 'export interface CodeFlaw {').sort(),
  )
  assert.deepEqual(
    firstCells(section(standard, '### 6.3')).sort(),
    unionIn('src/disclosure/schema.ts', 'export interface DisclosureFlaw {').sort(),
  )
})

/** Codes that stand beside their severity in the sources, as `code severity`. */
function toldIn(pattern: string): string[] {
  const sources = globSync(pattern).filter((file) => !file.endsWith('.test.ts'))
  assert.ok(sources.length > 0, pattern)
  return sources.flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/'([a-z][a-z0-9_]+)',\s*(?:severity:\s*)?'(error|warning|note)'/g)].map(
      ([, code, severity]) => `${code} ${severity}`,
    ),
  )
}

test('findings and their severities are those that the code tells', () => {
  const listed = (heading: string) =>
    rowsOf(section(verification, heading)).flatMap(([code, severity]) =>
      severity!.split(', ').map((each) => `${inTicks(code!)[0]} ${each}`),
    )
  const codesOf = (pairs: string[]) => [...new Set(pairs.map((pair) => pair.split(' ')[0]!))].sort()
  const whole = listed('### Of the whole')
  // An operator's own model is no part of the standard: docs/watermark-models.md.
  const ofStandard = (pair: string) => !pair.includes('model_')
  const told = ['judge', 'verifyFile', 'words'].flatMap((name) => toldIn(`src/marking/${name}.ts`)).filter(ofStandard)
  assert.deepEqual([...new Set(told)].sort(), whole.sort())
  const marking = ['mark', 'addWatermarks'].flatMap((name) => toldIn(`src/marking/${name}.ts`)).filter(ofStandard)
  assert.deepEqual(listed('### Of marking').sort(), [...new Set(marking)].sort())

  const metadata = listed('### Of metadata')
  const ofFile = ['unreadable_file', 'too_large']
  assert.deepEqual(
    codesOf(metadata),
    [...unionIn('src/marking/metadata/findings.ts', 'MetadataFindingCode ='), ...ofFile].sort(),
  )
  const inMetadata = toldIn('src/marking/metadata/**/*.ts')
  assert.ok(inMetadata.length > 10)
  for (const pair of inMetadata) assert.ok(metadata.includes(pair), pair)

  assert.deepEqual([...new Set(toldIn('src/marking/web/*.ts'))].sort(), listed('### Of pages and texts').sort())

  const manifest = listed('### Of the manifest')
  assert.deepEqual(codesOf(manifest), unionIn('src/marking/c2pa/report.ts', 'export type C2paCode =').sort())
  const inManifest = toldIn('src/marking/c2pa/*.ts')
  assert.ok(inManifest.length > 20)
  for (const pair of inManifest) assert.ok(manifest.includes(pair), pair)

  const ofCode = unionIn('src/disclosure/code.ts', 'export interface CodeFlaw {').map((flaw) => `code_${flaw} warning`)
  const inBytesOnly = ['pointer_invalid', 'length', 'crc'].map((flaw) => `code_${flaw} warning`)
  assert.deepEqual(listed('### Of a code').sort(), ofCode.filter((pair) => !inBytesOnly.includes(pair)).sort())

  const verdicts = /export type Verdict = (.+)/.exec(readFileSync('src/marking/judge.ts', 'utf8'))![1]!
  assert.deepEqual(
    firstCells(section(verification, '## 11.2')).sort(),
    [...verdicts.matchAll(/'(\w+)'/g)].map(([, word]) => word).sort(),
  )
})

test('properties and namespaces of XMP are those that are written', () => {
  const text = section(embedding, '## 10.2')
  const properties = firstCells(text).filter((name) => name.includes(':'))
  const members = [...LICENSOR.members, ...RIGHTS_EXPRESSION.members, ENCODING, LANGUAGE]
  const written = [...FIELDS, LICENSOR, RIGHTS_EXPRESSION, MARKED, WRITTEN, BEFORE]
  const qualified = ({ prefix, name }: { prefix: string; name: string }) => `${prefix}:${name}`
  assert.deepEqual(properties.sort(), written.map(qualified).sort())
  for (const member of members) assert.ok(text.includes(`\`${qualified(member)}\``), member.name)
  for (const [prefix, namespace] of Object.entries(NAMESPACES))
    assert.ok(text.includes(`\`${prefix}\` = \`${namespace}\``), prefix)
})

test('the watermark’s worked example, first numbers and pilots are those of the code', () => {
  const text = section(embedding, '## 10.4')
  const toHex = (bits: number[]) => bits.join('').replace(/.{4}/g, (four) => Number.parseInt(four, 2).toString(16))
  const [, pointer, payload, coded] = /pointer `(\w+)`, degree 3, reviewed: payload `(\w+)`, coded `(\w+)`/.exec(text)!
  const bits = payloadBits({ pointer: pointer!, degree: 3, isReviewed: true })
  assert.equal(toHex(bits), payload)
  assert.equal(toHex([...encode(bits)].map((sign) => (sign > 0 ? 1 : 0))), coded)
  const next = numbersFrom(0xc0109403)
  const [, numbers] = /the first three are ([^.]+)\./.exec(text)!
  for (const number of inTicks(numbers!)) assert.equal(next().toString(16).padStart(8, '0'), number)
  const [, carried, signs] = /carry the coded bits ([\d ]+) with the signs ([+− ]+)\./.exec(text)!
  assert.deepEqual(carried!.split(' ').map(Number), Array.from(bitOf.slice(0, 16)))
  assert.deepEqual(
    signs!.split(' '),
    Array.from(signOf.slice(0, 16), (sign) => (sign > 0 ? '+' : '−')),
  )
  assert.deepEqual(
    rowsOf(section(embedding, '### Pilots')).map((row) => row.map(Number)),
    PILOTS.map(({ across, down, phase }, i) => [i, across, down, Number(phase.toFixed(6))]),
  )
})

/** The statements that the first cell of a mapping's row is about. */
function statementsOf(cell: string): DisclosureFields[] {
  return cell.split(';').flatMap((part) => {
    const words = part.split(',').map((word) => word.trim())
    const states: readonly Review[] = words.includes('reviewed')
      ? ['reviewed']
      : words.includes('otherwise')
        ? ['notReviewed', 'undisclosed']
        : words.includes('notReviewed')
          ? ['notReviewed']
          : words.includes('review not told')
            ? ['undisclosed']
            : reviews
    return states.flatMap((review) =>
      words.flatMap((word): DisclosureFields[] => {
        if (word === 'ideation only')
          return [{ version: '1.0', degree: 1, phases: { ideation: 3, production: 0 }, review }]
        const degree = degrees.find((each) => String(each) === word.replaceAll('`', ''))
        if (degree === undefined) return []
        const of = { version: '1.0', degree: degree as Degree, phases: { production: degree }, review } as const
        return disclosureFlaws(of).length > 0 ? [] : [of]
      }),
    )
  })
}

test('mapping tables say what the mappings do', () => {
  const tables: [string, Mapping<string | undefined>, (word: string) => string][] = [
    ['## 9.4', w3cMapping as Mapping<string | undefined>, (word) => word],
    ['## 9.5', headerMapping as Mapping<string | undefined>, (word) => word],
    ['## 9.6', euCodeMapping as Mapping<string | undefined>, (word) => word],
    [
      '## 9.2',
      {
        ...iptcMapping,
        to: (disclosure) => ({ value: iptcMapping.to(disclosure).value.digitalSourceType, losses: [] }),
        from: (digitalSourceType) => iptcMapping.from(digitalSourceType ? { digitalSourceType } : {}),
      },
      (word) => `http://cv.iptc.org/newscodes/digitalsourcetype/${word}`,
    ],
  ]
  for (const [heading, mapping, whole] of tables) {
    let written = 0
    let readBack = 0
    for (const [left, right] of rowsOf(section(mappings, heading))) {
      const statements = statementsOf(left!)
      if (statements.length > 0 && !left!.includes('profile')) {
        const [word] = inTicks(right!)
        for (const statement of statements) {
          assert.equal(mapping.to(statement).value, word && whole(word), `${heading}: ${JSON.stringify(statement)}`)
          written++
        }
      } else if (!left!.includes('profile')) {
        for (const word of inTicks(left!)) {
          const back = mapping.from(whole(word))?.value
          const [degree] = /^(\d)/.exec(right!) ?? inTicks(right!)
          assert.equal(String(back?.degree), degree, `${heading}: ${word}`)
          readBack++
        }
      }
    }
    assert.ok(written >= 10 && readBack >= 3, heading)
  }
})

test('links within the standard lead somewhere', () => {
  let seen = 0
  for (const file of globSync(`${FOLDER}/*.md`))
    for (const [, target] of readFileSync(file, 'utf8').matchAll(/\]\((?!https?:)([^)#]+)\)/g)) {
      assert.ok(existsSync(join(dirname(file), target!)), `${file}: ${target}`)
      seen++
    }
  assert.ok(seen >= 10)
})
