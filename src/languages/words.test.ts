import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { languageIdentifier } from './index.ts'
import { plainWords } from './words.ts'

const { identify, code } = languageIdentifier()

test('addresses, programs and digests are in no language', () => {
  for (const text of [
    'https://www.example.org/some/path/index.html?query=value&other=thing',
    'someone@example.com other.person@example.org',
    'SELECT id, name FROM users WHERE created_at > NOW() ORDER BY name LIMIT 10;',
    'CREATE TABLE works (id INTEGER PRIMARY KEY, name TEXT NOT NULL); INSERT INTO works VALUES (1);',
    'function foo(bar) { return bar.map((x) => x.value).filter(Boolean); } const camelCase = useState(null);',
    'import os\nimport sys\ndef main():\n    print("hello world")\nif __name__ == "__main__":\n    main()',
    '{"name":"John","age":30,"city":"New York","items":["a","b"]}',
    'd41d8cd98f00b204e9800998ecf8427e e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  ])
    assert.deepEqual(identify(text), { code: 'und', confidence: 0, candidates: [] }, text)
})

test('a text keeps its language beside addresses, markup, numbers and names of programs', () => {
  const wanted: [string, string][] = [
    ['fra', '<p class="first">Demain matin, nous allons au <b>marché</b> pour acheter du pain.</p>'],
    ['eng', 'Tomorrow we go to https://example.org/bread to buy 12 loaves of bread; call read_me(1) first.'],
    ['deu', 'Wählen Sie die Seite(n) aus, die Sie am 12.05.1981 unter www.example.org gelesen haben.'],
    [
      'gle',
      'Maidin amárach beimid ag dul chuig an margadh i nGaillimh chun arán ón mbácús i bhFear Manach a cheannach.',
    ],
    ['jpn', '明日の朝、2つのパンを買いに市場へ行きます。https://example.org/でも買えます。'],
    ['ell', 'Πόσο κάνει αυτό το ψωμί; Θέλω 2 κιλά τυρί; Ευχαριστώ πολύ και καλημέρα;'],
  ]
  for (const [language, text] of wanted) assert.equal(code(text), language, text)
})

test('property: plain words stay as they are', () => {
  fc.assert(
    fc.property(fc.array(fc.stringMatching(/^[a-zäöüßéèçñłőś]{1,12}[,.?!]?$/), { maxLength: 40 }), (words) => {
      const text = words.join(' ')
      assert.equal(plainWords(text), text)
    }),
  )
})

test('Montenegrin by its letters is not Croatian alone', () => {
  assert.equal(identify('Dajte mi śutra źenicu oka svojega, da viđimo đe śedi śekira naša').near, 'hbs')
})
