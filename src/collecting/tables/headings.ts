import { identifierSchemes, type IdentifierScheme } from '../../register/index.ts'

/** What a column can be read as. */
export const tableFields = [
  'id',
  'title',
  'creator',
  'role',
  'kind',
  'language',
  'url',
  'rights',
  'free',
  'identifier',
  'sha256',
  ...identifierSchemes.filter((scheme) => !['isni', 'ipi', 'orcid'].includes(scheme)),
] as const
export type TableField = Exclude<(typeof tableFields)[number], 'isni' | 'ipi' | 'orcid'>

export function isScheme(field: string): field is IdentifierScheme {
  return (identifierSchemes as readonly string[]).includes(field)
}

/** Headings as museums, publishers, labels and their programs write them, without accents and signs. */
const HEADINGS: Record<TableField, string> = {
  id: 'id|record id|recordid|object id|objectid|objekt id|object number|objectnumber|objektnummer|inventory number|inventory no|inventory nr|inventarnummer|inventar nr|inv nr|inv no|inventaire|n d inventaire|nr d inventaire|numero d inventaire|no d inventaire|numero inventaire|numero di inventario|numero inventario|numero de inventario|inventarisnummer|objectnummer|numer inwentarzowy|nr inwentarzowy|sygnatura|accession number|accession no|accession|accessionnumber|acno|signatur|cote|segnatura|signatura|shelfmark|reference|referenznummer|catalogue number|katalognummer|work id|workid|track id|sku|dc identifier|dcterms identifier|evidencni cislo|inventarni cislo',
  title:
    'title|titel|titre|titolo|titulo|tytul|nazev|cim|titlu|tittel|naslov|otsikko|nimi|pavadinimas|nosaukums|name|work title|worktitle|werktitel|object title|objekttitel|objecttitel|bildtitel|buchtitel|songtitel|track|track title|tracktitle|song|song title|recording title|intitule|bezeichnung|dc title|titre de l oeuvre|titolo dell opera|titulo de la obra|tytul utworu|tytul dziela|naam|benaming|caption|headline',
  creator:
    'creator|creators|artist|artists|author|authors|maker|photographer|composer|composers|writer|writers|illustrator|performer|performers|artist display name|artist name|artistname|urheber|urheberin|urheber in|kunstler|kunstlerin|kunstler in|autor|autorin|autoren|verfasser|verfasserin|fotograf|fotografin|komponist|komponistin|interpret|createur|auteur|auteurs|artiste|artistes|photographe|compositeur|interprete|autore|autori|artista|artisti|fotografo|compositore|creador|creadora|autora|autores|artistas|compositor|maker s|kunstenaar|vervaardiger|schrijver|fotograaf|componist|tworca|tworcy|artysta|malarz|fotografka|kompozytor|autorzy|dc creator|skapare|konstnar|kunstner|umelec|fotografie von|by|von|par',
  role: 'role|rolle|ruolo|rol|rola|creator role|artist role|funktion|fonction',
  kind: 'type|typ|kind|medium|media|material|technique|technik|technika|tecnica|techniek|technique materials|material technique|werkart|werktyp|objektart|objektbezeichnung|object type|objecttype|object name|objectname|objectnaam|classification|klassifikation|gattung|genre|genere|genero|categorie|category|kategorie|categoria|kategoria|tipo|art|rodzaj|denomination|format|dc type|edm type|mime type|mimetype|dc format|soort',
  language:
    'language|languages|lang|sprache|langue|lingua|idioma|lengua|taal|jezyk|jazyk|sprak|sprog|nyelv|dc language',
  url: 'url|urls|uri|link|links|web|website|webseite|web page|weblink|permalink|address|adresse|adres|indirizzo|direccion|lien|lien web|collegamento|enlace|koppeling|odnosnik|odkaz|object url|objecturl|image url|imageurl|image link|image|bild|bild url|bildlink|link resource|thumbnail url|edm isshownat|edm isshownby|isshownat|isshownby|primary image|primaryimage|object url s|page url|landing page|video url|audio url',
  rights:
    'rights|right|license|licence|licenses|rechte|rechtestatus|lizenz|nutzungsrechte|droits|droit|licenza|diritti|derechos|licencia|rechten|licentie|prawa|licencja|rights statement|rightsstatement|rights statement uri|edm rights|dc rights|dcterms rights|copyright|copyright status|urheberrecht|usage rights|reuse|image rights',
  /** A yes to this says that nobody holds rights. */
  free: 'is public domain|public domain|gemeinfrei|domaine public|dominio publico|dominio pubblico|publiek domein|domena publiczna|copyright free',
  identifier:
    'identifier|identifiers|identifikator|identifiant|identificatore|identificativo|identificador|identificatie|identyfikator|standard number|codes',
  sha256: 'sha256|sha 256|hash|checksum|sha256 hash',
  iscc: 'iscc|iscc code',
  isbn: 'isbn|isbn 13|isbn13|isbn 10|isbn10|isbn ean|ean isbn|isbn number|isbn nummer|numero isbn',
  issn: 'issn|eissn|e issn|issn l|numero issn',
  isan: 'isan',
  isrc: 'isrc|isrc code|isrc nummer|code isrc|codice isrc|kod isrc|track isrc',
  iswc: 'iswc|iswc code|code iswc|codice iswc|kod iswc',
  doi: 'doi|doi url|doi link|digital object identifier',
}

const FIELD_OF = new Map(
  Object.entries(HEADINGS).flatMap(([field, words]) =>
    words.split('|').flatMap(
      (word) =>
        [
          [word, field as TableField],
          [word.replaceAll(' ', ''), field as TableField],
        ] as const,
    ),
  ),
)

/** Signs and accents fall away; so does what stands in brackets, and a number at the end. */
function headingWords(heading: string): string {
  return heading
    .replaceAll(/[([{].*?[)\]}]/g, ' ')
    .replaceAll(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .normalize('NFKD')
    .replaceAll(/\p{M}+/gu, '')
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .replaceAll('ł', 'l')
    .replaceAll('ø', 'o')
    .replaceAll('œ', 'oe')
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
}

const HEADING_CHARACTERS_MAX = 120

/** Which field a heading names; `undefined` when it names none that is read. */
export function fieldOfHeading(heading: string): TableField | undefined {
  const words = headingWords(heading.slice(0, HEADING_CHARACTERS_MAX))
  // Unicode takes the accent of ł and ø for a part of the letter, and that of ü for a sign: both spellings are known.
  return FIELD_OF.get(words) ?? FIELD_OF.get(words.replaceAll(' ', '')) ?? FIELD_OF.get(words.replace(/ ?\d{1,2}$/, ''))
}
