import { makeManifest, type ManifestStore, type WorkFields } from '../../src/register/index.ts'
import { appendStatement, newSigner, type Register, type StatementSigner } from '../../src/statements/index.ts'
import { signed } from './testRegister.ts'

type Subject = { type: string }

/** Ids that tell apart what a test declares. */
export const urn = (number: number) => `urn:uuid:018f0000-0000-7000-8000-${String(number).padStart(12, '0')}`

/** Records a statement, and tells its id. */
export async function state(register: Register, signer: StatementSigner, ...subjects: Subject[]): Promise<string> {
  return (await appendStatement(register, signed(register, signer, ...(subjects as never[])))).statement.id
}

export async function stateSealed(register: Register, signer: StatementSigner, ...subjects: Subject[]): Promise<void> {
  await appendStatement(register, signed(register, signer, ...(subjects as never[])), { isSealed: true })
}

/** Records a collection with its manifest, and tells its id. */
export async function stateCollection(
  { register, manifests }: { register: Register; manifests: ManifestStore },
  signer: StatementSigner,
  id: string,
  title: string,
  works: WorkFields[],
  more: object = {},
): Promise<string> {
  const { bytes, manifest, root, count } = await makeManifest(works)
  manifests.write(bytes)
  return state(register, signer, {
    type: 'Collection',
    id,
    title,
    role: 'rightsholder',
    manifest,
    root,
    count,
    ...more,
  } as Subject)
}

const share = (...names: string[]) => names.map((name, i) => ({ name, role: 'artist', share: i === 0 ? 10_000 : 0 }))

/** One of each kind, with the numbers of every standard that a work can have. */
export const WORKS: (WorkFields & { rightsStatement?: string; role?: string })[] = [
  {
    title: 'Bridge & <river>',
    medium: 'picture',
    creators: share('Maria Muster', 'Jan Novák'),
    identifiers: [
      { scheme: 'doi', value: '10.5555/bridge' },
      { scheme: 'iscc', value: 'ISCC:KACYPXW445FTYNJ3CYSXHAFJMA2HUWULUNRFE3BLHRSCXYH2M5AEGQY' },
    ],
    urls: ['https://museum.example.org/bridge', 'https://museum.example.org/bridge.jpg'],
    rightsStatement: 'https://creativecommons.org/licenses/by/4.0/',
  },
  {
    title: 'Ein Buch – “Band 2”',
    medium: 'text',
    language: 'de',
    creators: share('Ada Autorin'),
    identifiers: [
      { scheme: 'isbn', value: '9783161484100' },
      { scheme: 'issn', value: '0317-8471' },
    ],
    urls: ['https://verlag.example.org/buch?id=1&v=2'],
  },
  {
    title: 'Song',
    medium: 'sound',
    creators: share('A. Singer'),
    identifiers: [
      { scheme: 'isrc', value: 'USRC17607839' },
      { scheme: 'iswc', value: 'T0345246801' },
    ],
    urls: ['https://label.example.org/song'],
    rightsStatement: 'http://rightsstatements.org/vocab/InC-NC/1.0/',
  },
  {
    title: 'Film',
    medium: 'video',
    identifiers: [{ scheme: 'isan', value: '006A15FA002BC95B3' }],
    urls: ['https://film.example.org/'],
    rightsStatement: 'http://rightsstatements.org/vocab/NoC-US/1.0/',
    role: 'custodian',
  },
  {
    title: 'Old print',
    medium: 'picture',
    language: 'la',
    urls: ['https://museum.example.org/old'],
    rightsStatement: 'https://creativecommons.org/publicdomain/mark/1.0/',
    role: 'custodian',
  },
  { title: 'A garden', medium: 'other', creators: share('G. Gardener') },
]

export { newSigner }
