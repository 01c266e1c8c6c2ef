import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'

const labels = JSON.parse(readFileSync('locales/disclosure.json', 'utf8')) as Record<string, Record<string, string>>

/**
 * How each official language of the Union writes artificial intelligence, as the AI Act or everyday writing shortens it.
 * Finnish has no abbreviation of its own in use.
 */
const INTELLIGENCE: Record<string, string[]> = {
  bg: ['ИИ'],
  cs: ['AI', 'UI'],
  da: ['AI', 'KI'],
  de: ['KI'],
  el: ['ΤΝ'],
  en: ['AI'],
  es: ['IA'],
  et: ['TI'],
  fi: ['tekoäly'],
  fr: ['IA'],
  ga: ['IS'],
  hr: ['UI'],
  hu: ['MI'],
  it: ['IA'],
  lt: ['DI'],
  lv: ['MI'],
  mt: ['IA'],
  nl: ['AI', 'KI'],
  pl: ['AI', 'SI'],
  pt: ['IA'],
  ro: ['IA'],
  sk: ['AI', 'UI'],
  sl: ['UI'],
  sv: ['AI'],
}

/** The same for candidates for accession and neighbours; Icelandic has no abbreviation of its own in use either. */
const NEIGHBOURS: Record<string, string[]> = {
  bs: ['AI'],
  cnr: ['AI'],
  is: ['gervigreind'],
  ka: ['AI'],
  mk: ['ВИ'],
  nb: ['KI'],
  sq: ['IA'],
  sr: ['ВИ'],
  tr: ['YZ'],
  uk: ['ШІ'],
}
const NAMES = { ...INTELLIGENCE, ...NEIGHBOURS }

const WITH_INTELLIGENCE = ['degree1', 'degree2', 'degree3', 'degree4']
const DEGREES = ['degree0', ...WITH_INTELLIGENCE, 'undisclosed']
const PHASES = ['ideation', 'development', 'production', 'performance', 'postProduction', 'translation', 'promotion']
const KEYS = [...DEGREES, ...PHASES.map((phase) => `phase_${phase}`), 'reviewed', 'notReviewed'].sort()

/** Finnish inflects the word, so it is looked for at the start of one, whatever its case; abbreviations stand alone. */
function namesIntelligence(language: string, text: string): boolean {
  const names = language === 'en' ? NAMES[language]! : [...NAMES[language]!, 'AI']
  return names.some((name) =>
    name === name.toUpperCase()
      ? new RegExp(`(?<!\\p{L})${name}(?!\\p{L})`, 'u').test(text)
      : text.toLowerCase().includes(name),
  )
}

test('every official language of the Union has every label', () => {
  assert.deepEqual(Object.keys(labels).sort(), Object.keys(NAMES).sort())
  assert.equal(Object.keys(INTELLIGENCE).length, 24)
  for (const [language, texts] of Object.entries(labels)) {
    assert.deepEqual(Object.keys(texts).sort(), KEYS, language)
    for (const [key, text] of Object.entries(texts)) {
      assert.equal(text, text.trim().normalize('NFC'), `${language}.${key}`)
      assert.notEqual(text, '', `${language}.${key}`)
    }
  }
})

test('a degree is said in two words, three where the grammar needs it', () => {
  for (const [language, texts] of Object.entries(labels))
    for (const key of DEGREES) {
      const text = texts[key]!
      assert.ok(text.split(/[ -]/).length >= 2, `${language}.${key}: ${text}`)
      assert.ok(text.split(' ').length <= 3, `${language}.${key}: ${text}`)
    }
})

test('within a language no two degrees, phases or states of review read alike', () => {
  for (const [language, texts] of Object.entries(labels)) {
    const folded = Object.values(texts).map((text) => text.toLocaleLowerCase(language))
    assert.equal(new Set(folded).size, folded.length, language)
  }
})

test('what names artificial intelligence are the four degrees that have some, and nothing else', () => {
  for (const [language, texts] of Object.entries(labels))
    for (const [key, text] of Object.entries(texts))
      assert.equal(namesIntelligence(language, text), WITH_INTELLIGENCE.includes(key), `${language}.${key}: ${text}`)
})

test('each degree has a small icon that takes the colour of the text around it', () => {
  const icons = DEGREES.map((key) => readFileSync(iconOf(key), 'utf8'))
  for (const icon of icons) {
    assert.ok(Buffer.byteLength(icon) < 700, icon)
    assert.match(icon, /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" viewBox="0 0 24 24"[^>]*><title>[^<]+<\/title>/)
    assert.match(icon, /currentColor/)
    assert.doesNotMatch(icon, /href|url\(|#[0-9a-f]{3}|style=/i)
  }
  assert.equal(new Set(icons).size, DEGREES.length)
  assert.deepEqual(
    icons.map((icon) => /<title>(.*)<\/title>/.exec(icon)![1]),
    DEGREES.map((key) => labels.en![key]),
  )
})

function iconOf(key: string): string {
  return `src/web/assets/icons/${key.replace(/^degree(\d)$/, 'degree-$1')}.svg`
}
