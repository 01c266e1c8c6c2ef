import { plainReport, type C2paReport } from './report.ts'

const MESSAGE_CHARACTERS_MAX = 200

/** Failures of the library that are about the file or its manifest store as a whole, by what it writes. */
const FAILURES: [RegExp, (message: string) => C2paReport][] = [
  [/JumbfNotFound|ProvenanceMissing/, () => ({ state: 'none', findings: [] })],
  [
    /RemoteManifest(?:Fetch|Url)\("?([^")]*)/,
    (message) =>
      plainReport(
        'none',
        'manifest_remote',
        'the file names an address of a manifest; it was not fetched',
        'note',
        /RemoteManifest\w*\("?([^")]*)/.exec(message)?.[1]?.slice(0, MESSAGE_CHARACTERS_MAX),
      ),
  ],
  [
    /compression method not supported/i,
    () =>
      plainReport(
        'unreadable',
        'format_unsupported',
        'the entries of this archive are compressed in a way that is not read here',
      ),
  ],
  [
    /UnsupportedType|InvalidAsset|IoError|EmbeddingError|UnexpectedEof\)$/,
    () => plainReport('unreadable', 'file_broken', 'the file is broken or cut off'),
  ],
  [
    /TooManyManifestStores/,
    () => plainReport('invalid', 'manifest_malformed', 'the file carries more than one manifest store'),
  ],
]

/** What a thrown failure says about a file. A manifest that cannot be read is there, and is not valid. */
export function failureOf(error: unknown): C2paReport {
  const message = String(error)
  const known = FAILURES.find(([pattern]) => pattern.test(message))
  const detail = message.replaceAll(/[^ -~]/g, ' ').slice(0, MESSAGE_CHARACTERS_MAX)
  return known?.[1](message) ?? plainReport('invalid', 'manifest_broken', `the manifest cannot be read: ${detail}`)
}
