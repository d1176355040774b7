import { existsSync } from 'node:fs'
import { basename, join } from 'node:path'
import { RollcallError } from '../../errors.ts'
import { peopleIn } from '../people/enroll-folder.ts'
import type { PhotoLibrary } from '../people/run-enroll.ts'

/** Faces that Frigate has seen and nobody has confirmed: `train/EVENT-TIME-NAME-SCORE.webp`. */
const unconfirmed = 'train'

/** Frigate has its library in `clips/faces` of its media directory. */
const libraryIn = (directory: string): string =>
  [join(directory, 'clips', 'faces'), join(directory, 'faces')].find((path) => existsSync(path)) ?? directory

/**
 * The face library of Frigate: `clips/faces/NAME/*.webp`, crops of faces. `directory` is its media directory, or one further in.
 * Names have blanks where Frigate wrote `_` for them. Throws USAGE when nobody is in it.
 */
export const frigateLibrary = async (directory: string, say: (line: string) => void): Promise<PhotoLibrary> => {
  if (!existsSync(directory))
    throw new RollcallError('USAGE', `${directory} does not exist`, {
      remedy: 'name the media directory of Frigate, with clips/faces/NAME/*.webp in it',
    })
  const leftOut = (folder: string): string | null =>
    folder === unconfirmed ? 'faces that Frigate has guessed, and nobody has confirmed' : null
  const people = await peopleIn(libraryIn(directory), say, leftOut)
  return { people: people.map(({ place, files }) => ({ name: basename(place).replaceAll('_', ' '), place, files })) }
}
