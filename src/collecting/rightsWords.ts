import { isPublicDomain } from '../rights/index.ts'

/** What a record says about rights, as far as it can be relied on. */
export interface RightsReading {
  /** An address of creativecommons.org or rightsstatements.org. */
  statement?: string
  /** False when it is, or may be, in the public domain: then nobody reserves it. */
  mayBeReserved: boolean
  note?: string
}

const MARK = 'https://creativecommons.org/publicdomain/mark/1.0/'
export const ZERO = 'https://creativecommons.org/publicdomain/zero/1.0/'

/** Words that say it outright, when they are all that is said. */
const SAID_OUTRIGHT = new Map(
  Object.entries({
    ...Object.fromEntries(
      // prettier-ignore
      ['public domain', 'in the public domain', 'public domain mark', 'public domain mark 1 0', 'pdm', 'pdm 1 0', 'gemeinfrei', 'domaine public', 'dominio público', 'dominio publico', 'dominio pubblico', 'pubblico dominio', 'publiek domein', 'rechtenvrij', 'domena publiczna', 'domínio público', 'volné dílo', 'offentlig eiendom', 'public domain pdm'].map((words) => [words, MARK]),
    ),
    ...Object.fromEntries(['cc0', 'cc0 1 0', 'cc zero', 'cc 0', 'cc0 1 0 universal'].map((words) => [words, ZERO])),
    'in copyright': statementOf('InC'),
    'copyright not evaluated': statementOf('CNE'),
    'copyright undetermined': statementOf('UND'),
    'no known copyright': statementOf('NKC'),
    'no copyright united states': statementOf('NoC-US'),
    'no copyright non commercial use only': statementOf('NoC-NC'),
    'no copyright contractual restrictions': statementOf('NoC-CR'),
  }),
)

/** The statements of rightsstatements.org, by the codes that stand in their addresses. */
// prettier-ignore
const CODES = ['InC', 'InC-OW-EU', 'InC-EDU', 'InC-NC', 'InC-RUU', 'NoC-CR', 'NoC-NC', 'NoC-OKLR', 'NoC-US', 'CNE', 'UND', 'NKC']

/** What mentions the public domain in a sentence may mean it, or the opposite. */
const MENTIONED =
  /public\s*-?domain|gemeinfrei|domaine public|domin[ií]o p[uú]bb?lico|pubblico dominio|publiek domein|domena publiczna|no known (copyright|rights)|out of copyright|free of (known )?copyright|urheberrechtsfrei|libre de droits?|rechtenvrij|\bcc-?\s?0\b|\bpdm\b|noc-(us|nc|cr|oklr)/i

/** Statements of Europeana before rightsstatements.org. */
const EUROPEANA: Record<string, string> = {
  'out-of-copyright-non-commercial': 'NoC-NC',
  'rr-f': 'InC',
  'rr-p': 'InC',
  'rr-r': 'InC',
  unknown: 'UND',
  'orphan-work-eu': 'InC-OW-EU',
}

function statementOf(code: string): string {
  return `http://rightsstatements.org/vocab/${code}/1.0/`
}

/**
 * Reads what a record says about rights. Of several statements the one that frees counts, because nobody may reserve what
 * is in the public domain; a text that only mentions the public domain is no statement, and keeps from reserving too.
 *
 * @example readRights(['Public Domain']).statement // 'https://creativecommons.org/publicdomain/mark/1.0/'
 */
export function readRights(texts: readonly string[]): RightsReading {
  const statements = texts.flatMap((text) => readStatement(text) ?? [])
  const statement = statements.find(isPublicDomain) ?? statements[0]
  if (statement && (isPublicDomain(statement) || statement.includes('/NKC/')))
    return { statement, mayBeReserved: false }
  const unclear = texts.find((text) => readStatement(text) === undefined && MENTIONED.test(text))
  if (unclear === undefined) return { ...(statement ? { statement } : {}), mayBeReserved: true }
  return {
    ...(statement ? { statement } : {}),
    mayBeReserved: false,
    note: `the rights mention the public domain and are no known statement, so nothing is reserved: ${unclear.slice(0, 80)}`,
  }
}

function readStatement(text: string): string | undefined {
  const trimmed = text.trim()
  const code = CODES.find((each) => each.toLowerCase() === trimmed.toLowerCase())
  if (code) return statementOf(code)
  return readAddress(trimmed) ?? SAID_OUTRIGHT.get(wordsOf(trimmed)) ?? readLicence(trimmed)
}

function wordsOf(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
}

function readAddress(text: string): string | undefined {
  const address =
    /https?:\/\/(?:www\.)?(creativecommons\.org|rightsstatements\.org|europeana\.eu)\/([^\s?#"'<>]*)/i.exec(text)
  if (!address) return undefined
  const [, host, path] = address as unknown as [string, string, string]
  if (host.toLowerCase() === 'rightsstatements.org') {
    const code = /^(?:vocab|page|data)\/([A-Za-z-]{2,12})\/1\.0/.exec(path)?.[1]
    return code && statementOf(code)
  }
  if (host.toLowerCase() === 'europeana.eu') {
    const code = /^rights\/([a-z-]+)/.exec(path)?.[1] ?? ''
    return Object.hasOwn(EUROPEANA, code) ? statementOf(EUROPEANA[code]!) : undefined
  }
  const free = /^(?:publicdomain\/(mark|zero)\/1\.0|licenses\/(publicdomain)|publicdomain\/?$)/i.exec(path)
  if (free) return free[1]?.toLowerCase() === 'zero' ? ZERO : MARK
  const licence = /^licenses\/([a-z-]{2,20})\/(\d\.\d)(?:\/([a-z]{2,3}|igo)(?=\/|$))?/i.exec(path)
  if (!licence) return undefined
  const [, kind, version, place] = licence
  return `https://creativecommons.org/licenses/${kind!.toLowerCase()}/${version}/${place ? `${place.toLowerCase()}/` : ''}`
}

/** `CC BY-SA 4.0`. Without a version it is not known which licence is meant. */
function readLicence(text: string): string | undefined {
  const licence =
    /^cc[\s-]*(by(?:[\s-]?nc)?(?:[\s-]?(?:sa|nd))?)[\s-]*v?(\d\.\d)(?:\s+(?:international|unported))?$/i.exec(text)
  if (!licence) return undefined
  const kind = licence[1]!
    .toLowerCase()
    .replaceAll(/\s/g, '-')
    .replace(/^by(?=nc|sa|nd)/, 'by-')
  return `https://creativecommons.org/licenses/${kind}/${licence[2]}/`
}
