import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { RollcallError } from '../errors.ts'
import { isPhotoName } from '../photos/photos-in.ts'

/** A photo and the person whose folder it is in. */
export interface LabelledPhoto {
  readonly person: string
  readonly file: string
}

/** Numbers in names are compared as numbers: s2 comes before s10. */
const inOrder = new Intl.Collator('en', { numeric: true }).compare

/**
 * The photos of `directory/person/photo`, sorted by name. Throws USAGE, which names the folder, also for fewer than two
 * people.
 */
export const listPhotos = async (directory: string): Promise<LabelledPhoto[]> => {
  const list = async (folder: string) => {
    try {
      return (await readdir(folder, { withFileTypes: true })).sort((a, b) => inOrder(a.name, b.name))
    } catch (cause) {
      throw new RollcallError('USAGE', `--photos: cannot read ${folder}: ${(cause as Error).message}`, {
        cause,
        remedy: 'give a folder with one folder for each person',
      })
    }
  }
  const people = (await list(directory)).filter((entry) => entry.isDirectory() || entry.isSymbolicLink())
  const photos: LabelledPhoto[] = []
  for (const { name: person } of people)
    for (const { name } of await list(join(directory, person)))
      if (isPhotoName(name)) photos.push({ person, file: join(directory, person, name) })
  if (new Set(photos.map(({ person }) => person)).size < 2)
    throw new RollcallError('USAGE', `--photos: ${directory} has photos of fewer than two people`, {
      remedy: 'give a folder with one folder for each person, and jpg, png or pgm pictures in it',
    })
  return photos
}

/** The photos of every second person, in the order in which people come first: 0 the first, the third and so on, 1 the others. */
export const halfOf = <Photo extends Pick<LabelledPhoto, 'person'>>(photos: readonly Photo[], half: 0 | 1): Photo[] => {
  const people = [...new Set(photos.map(({ person }) => person))]
  const chosen = new Set(people.filter((_, i) => i % 2 === half))
  return photos.filter(({ person }) => chosen.has(person))
}
