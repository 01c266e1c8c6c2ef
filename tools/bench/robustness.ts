import { benchFilms } from './robustness/films.ts'
import { benchPictures } from './robustness/pictures.ts'
import { benchSounds } from './robustness/sounds.ts'
import { benchTexts } from './robustness/texts.ts'

/**
 * What is done to copies, and how many are found after it: by the code of the whole picture, by its parts, by passages, by
 * sound, by scenes; and how many pairs that have nothing to do with each other are called a match. `MEDIA` limits it:
 * `pictures`, `sounds`, `texts`, `films`.
 */
export async function bench(): Promise<void> {
  const media = (process.env.MEDIA ?? 'pictures,sounds,texts,films').split(',')
  if (media.includes('pictures')) await benchPictures()
  if (media.includes('sounds')) await benchSounds()
  if (media.includes('texts')) await benchTexts()
  if (media.includes('films')) await benchFilms()
}
