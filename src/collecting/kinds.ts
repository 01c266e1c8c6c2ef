import type { WorkFields } from '../register/index.ts'

type Medium = WorkFields['medium']

/** In this order: a moving image is no image, and a recording of a text is a sound. Words may go on where a star stands. */
const WORDS: [Medium, string][] = [
  [
    'video',
    'video* moving_image movingimage film films movie* animation* filmopname vidéo* vídeo* audiovisual* audiovisuell* multimedia motion_picture spielfilm dokumentarfilm',
  ],
  [
    'sound',
    'sound* audio* music* song* recording* tonaufnahme* ton musik* lied tonträger* son enregistrement* musique* chanson* suono musica* canzone sonido* música* canción geluid* muziek* nagranie muzyka dźwięk* phonogram* schallplatte* album',
  ],
  [
    'picture',
    'image* picture* photo* painting* drawing* print prints etching* engraving* lithograph* litho* watercolour* watercolor* poster* map maps graphic* graphite gouache* pastel* screenprint* aquatint* mezzotint* woodcut* sketch* ink oil_paint* oil_on öl ölgemälde ölfarbe acryl* still_image stillimage bild* gemälde* malerei* zeichnung* foto* druckgrafik* grafik* kupferstich* radierung* aquarell* plakat* karte karten leinwand canvas peinture* huile dessin* gravure* estampe* affiche* aquarelle* carte pintura* óleo dibujo* grabado* acuarela* cartel fotografía* dipinto* olio disegno* incisione* acquerello* stampa* schilderij* tekening* prent* obraz* rysunek* zdjęcie* akwarela* visualartwork* holzschnitt* lithografie* miniatur*',
  ],
  [
    'text',
    'text* book* article* journal* manuscript* letter* poem* novel* chapter* thesis dissertation* report* essay* review* newspaper* magazine* preprint* buch* brief* handschrift* zeitung* zeitschrift* gedicht* roman* aufsatz* livre* manuscrit* lettre* poème* revue* libro* carta* manuscrito* poema* manoscritto* lettera* rivista* boek* krant* tijdschrift* książka rękopis* czasopismo* blogposting scholarlyarticle newsarticle conference_paper conference_abstract working_paper',
  ],
]

const PATTERNS = WORDS.map(([medium, words]): [Medium, RegExp] => {
  const alternatives = words.split(' ').map((word) => word.replaceAll('_', '[ -]').replace('*', '\\p{L}*'))
  return [medium, new RegExp(`(?<![\\p{L}\\p{N}])(?:${alternatives.join('|')})(?![\\p{L}\\p{N}])`, 'iu')]
})

/** What kind of work some words or media types mean; the first that says anything counts. */
export function mediumOf(kinds: readonly string[]): Medium | undefined {
  for (const kind of kinds)
    for (const [medium, words] of PATTERNS)
      if (words.test(kind.replaceAll(/[_/:#]+/g, ' ').slice(0, 300))) return medium
  return undefined
}

/** Names of languages as people write them in these, to the codes that the register has. */
const NAMED_IN = ['en', 'de', 'fr', 'es', 'it', 'nl', 'pl', 'pt', 'cs', 'sv']
let namedLanguages: Map<string, string> | undefined

/** The code of a language that is written as a code or by its name. */
export function languageOf(text: string): string | undefined {
  const trimmed = text.trim()
  if (/^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/.test(trimmed)) {
    const [primary, ...rest] = trimmed.split('-')
    // ISO 639-2 has two codes for some languages, and BCP 47 the short one.
    return [Intl.getCanonicalLocales(BIBLIOGRAPHIC[primary!.toLowerCase()] ?? primary!)[0]!, ...rest].join('-')
  }
  namedLanguages ??= nameLanguages()
  return namedLanguages.get(trimmed.toLowerCase())
}

const BIBLIOGRAPHIC: Record<string, string> = {
  ger: 'de',
  fre: 'fr',
  dut: 'nl',
  cze: 'cs',
  gre: 'el',
  rum: 'ro',
  slo: 'sk',
  alb: 'sq',
  arm: 'hy',
  baq: 'eu',
  geo: 'ka',
  ice: 'is',
  mac: 'mk',
  wel: 'cy',
}

function nameLanguages(): Map<string, string> {
  const names = new Map<string, string>()
  for (const locale of NAMED_IN) {
    const display = new Intl.DisplayNames([locale], { type: 'language', fallback: 'none' })
    for (const code of CODES) {
      const name = display.of(code)?.toLowerCase()
      if (name !== undefined && !names.has(name)) names.set(name, code)
    }
  }
  return names
}

const CODES =
  'af ar be bg bn br bs ca co cs cy da de el en eo es et eu fa fi fo fr fy ga gd gl gsw he hi hr hu hy id is it ja ka kl ko ku la lb lt lv mk mt nb nl nn no oc pl pt rm ro ru se sk sl sq sr sv ta te tr uk ur vi yi zh'.split(
    ' ',
  )
