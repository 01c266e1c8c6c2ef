import { LANGUAGES } from './languages.ts'

/** ISO 639-1 to ISO 639-3, as Unicode CLDR 48 has it (aliases.json, `overlong`). */
const TWO_LETTERS =
  'aa:aar ab:abk ae:ave af:afr ak:aka am:amh an:arg ar:ara as:asm av:ava ay:aym az:aze ba:bak be:bel bg:bul bh:bih bi:bis bm:bam bn:ben bo:bod br:bre bs:bos ca:cat ce:che ch:cha co:cos cr:cre cs:ces cu:chu cv:chv cy:cym da:dan de:deu dv:div dz:dzo ee:ewe el:ell en:eng eo:epo es:spa et:est eu:eus fa:fas ff:ful fi:fin fj:fij fo:fao fr:fra fy:fry ga:gle gd:gla gl:glg gn:grn gu:guj gv:glv ha:hau he:heb hi:hin ho:hmo hr:hrv ht:hat hu:hun hy:hye hz:her ia:ina id:ind ie:ile ig:ibo ii:iii ik:ipk io:ido is:isl it:ita iu:iku ja:jpn jv:jav ka:kat kg:kon ki:kik kj:kua kk:kaz kl:kal km:khm kn:kan ko:kor kr:kau ks:kas ku:kur kv:kom kw:cor ky:kir la:lat lb:ltz lg:lug li:lim ln:lin lo:lao lt:lit lu:lub lv:lav mg:mlg mh:mah mi:mri mk:mkd ml:mal mn:mon mr:mar ms:msa mt:mlt my:mya na:nau nb:nob nd:nde ne:nep ng:ndo nl:nld nn:nno no:nor nr:nbl nv:nav ny:nya oc:oci oj:oji om:orm or:ori os:oss pa:pan pi:pli pl:pol ps:pus pt:por qu:que rm:roh rn:run ro:ron ru:rus rw:kin sa:san sc:srd sd:snd se:sme sg:sag sh:hbs si:sin sk:slk sl:slv sm:smo sn:sna so:som sq:sqi sr:srp ss:ssw st:sot su:sun sv:swe sw:swa ta:tam te:tel tg:tgk th:tha ti:tir tk:tuk tl:tgl tn:tsn to:ton tr:tur ts:tso tt:tat tw:twi ty:tah ug:uig uk:ukr ur:urd uz:uzb ve:ven vi:vie vo:vol wa:wln wo:wol xh:xho yi:yid yo:yor za:zha zh:zho zu:zul iw:heb in:ind ji:yid jw:jav mo:ron'

/** Bibliographic and older codes of ISO 639-2, and standard members of macrolanguages that are written by either code. */
const SAME =
  'alb:sqi arm:hye baq:eus bur:mya chi:zho cze:ces dut:nld fre:fra geo:kat ger:deu gre:ell ice:isl mac:mkd mao:mri may:msa per:fas rum:ron slo:slk tib:bod wel:cym scr:hrv scc:srp mol:ron fil:tgl als:sqi ekk:est lvs:lav npi:nep zsm:msa ory:ori'

/** Macrolanguages that by common practice mean this one of their languages, which is also the one that the model knows. */
const USUALLY = 'nor:nob ara:arb zho:cmn fas:pes swa:swh aze:azj uzb:uzn mon:khk grn:gug srd:src yid:ydd mlg:plt'

const mapOf = (text: string): ReadonlyMap<string, string> =>
  new Map(text.split(' ').map((pair) => pair.split(':') as [string, string]))

const [two, same, usually] = [TWO_LETTERS, SAME, USUALLY].map(mapOf) as [
  ReadonlyMap<string, string>,
  ReadonlyMap<string, string>,
  ReadonlyMap<string, string>,
]

/** Macrolanguages of which no one language is meant: they stay themselves. */
const OWN_NAMES: ReadonlyMap<string, string> = new Map([
  ['msa', 'Malay'],
  ['hbs', 'Serbo-Croatian'],
  ['kur', 'Kurdish'],
])

/** Codes that say that there is no language, several, or one that is not told. */
const NONE: ReadonlySet<string> = new Set(['und', 'zxx', 'mul', 'mis', 'unk', 'nan'])

/**
 * The ISO 639-3 code of a language tag. `no` is Bokmål as in CLDR, `zh` Mandarin, `ar` Standard Arabic; Malay, Kurdish and
 * Serbo-Croatian (`ms`, `ku`, `sh`) stay macrolanguages, since none of their languages is meant. A language that the model
 * does not know has a code, too. `nan` alone is what programs write for no value; Min Nan needs more (`nan-Hant`).
 * Undefined for what is no code, no language, or many.
 *
 * @example toIso3('pt-BR') // 'por'
 */
export function toIso3(tag: string): string | undefined {
  const text = tag.trim().toLowerCase()
  const [primary = '', ...more] = text.split(/[-_]/)
  if (NONE.has(primary) && !(primary === 'nan' && more.length > 0)) return undefined
  const code = primary.length === 2 ? two.get(primary) : /^[a-z]{3}$/.test(primary) ? primary : undefined
  if (code === undefined || /^q[a-t][a-z]$/.test(code)) return LANGUAGES.has(primary) ? primary : undefined
  const one = same.get(code) ?? code
  return usually.get(one) ?? one
}

let english: Intl.DisplayNames | undefined

/** The English name of a language by its code; the code itself where it has none. */
export function languageName(code: string): string {
  const known = LANGUAGES.get(code)?.name ?? OWN_NAMES.get(code)
  if (known !== undefined || !/^[a-z]{3}$/.test(code)) return known ?? code
  english ??= new Intl.DisplayNames('en', { type: 'language', fallback: 'code' })
  return english.of(code) ?? code
}
