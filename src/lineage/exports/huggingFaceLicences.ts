import { spdxIdOf } from '../../rights/index.ts'

/** The identifiers of the Hub that are those of SPDX in small letters. Source: huggingface.co/docs/hub/repositories-licenses */
const SAME = new Set(
  (
    'apache-2.0 mit afl-3.0 artistic-2.0 bsl-1.0 bsd-2-clause bsd-3-clause bsd-3-clause-clear c-uda cc0-1.0 cc-by-2.0 ' +
    'cc-by-2.5 cc-by-3.0 cc-by-4.0 cc-by-sa-3.0 cc-by-sa-4.0 cc-by-nc-2.0 cc-by-nc-3.0 cc-by-nc-4.0 cc-by-nd-4.0 ' +
    'cc-by-nc-nd-3.0 cc-by-nc-nd-4.0 cc-by-nc-sa-2.0 cc-by-nc-sa-3.0 cc-by-nc-sa-4.0 cdla-sharing-1.0 ' +
    'cdla-permissive-1.0 cdla-permissive-2.0 wtfpl ecl-2.0 epl-1.0 epl-2.0 etalab-2.0 eupl-1.1 eupl-1.2 isc lppl-1.3c ' +
    'ms-pl mpl-2.0 osl-3.0 postgresql ofl-1.1 ncsa unlicense zlib'
  ).split(' '),
)
/** Those that the Hub calls otherwise. */
const OTHER = new Map([
  ['odc-by', 'ODC-By-1.0'],
  ['odbl', 'ODbL-1.0'],
  ['pddl', 'PDDL-1.0'],
])
const hubIdOf = new Map([...OTHER].map(([hub, spdx]) => [spdx, hub]))

/** The lines of a card that say a licence; one that the Hub has no name for is `other`, with its name and address. */
export function cardLicence(licence: string | undefined): Record<string, string> {
  if (licence === undefined) return {}
  const id = spdxIdOf(licence)
  const hub = id && (hubIdOf.get(id) ?? (SAME.has(id.toLowerCase()) ? id.toLowerCase() : undefined))
  if (hub) return { license: hub }
  return { license: 'other', ...(/^https?:/i.test(licence) ? { license_link: licence } : { license_name: licence }) }
}

/** What a card says of its licence, in the words of SPDX where there are any; nothing where it says that it is unknown. */
export function licenceOfCard(said: {
  license?: string | undefined
  license_name?: string | undefined
  license_link?: string | undefined
}): string | undefined {
  const { license, license_name: name, license_link: link } = said
  if (license === undefined || license === 'unknown') return undefined
  if (license === 'other') return link && /^https?:/i.test(link) ? link : name
  return OTHER.get(license) ?? spdxIdOf(license) ?? license
}
