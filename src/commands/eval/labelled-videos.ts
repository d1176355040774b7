import { readdir } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { RollcallError } from '../../errors.ts'
import { isPhotoName } from '../../photos/photos-in.ts'

/** A video and whose folder it is in. */
export interface LabelledVideo {
  readonly person: string
  readonly name: string
  /** Its frames as pictures, in order; null for a recording, which is `file`. */
  readonly frames: readonly string[] | null
  readonly file: string
}

const recordings = new Set(['.mp4', '.m4v', '.mov', '.mkv', '.webm', '.avi', '.ts', '.mpg', '.mpeg'])
/** Numbers in names are compared as numbers: 2.10 comes after 2.9. */
const inOrder = new Intl.Collator('en', { numeric: true }).compare

const entriesOf = async (folder: string) => {
  try {
    return (await readdir(folder, { withFileTypes: true })).sort((a, b) => inOrder(a.name, b.name))
  } catch (cause) {
    throw new RollcallError('USAGE', `--videos: cannot read ${folder}: ${(cause as Error).message}`, {
      cause,
      remedy: 'give a folder with one folder for each person',
    })
  }
}

/**
 * The videos of `directory/person`: recordings, and folders of pictures as YouTube Faces has them, sorted by name. Throws USAGE, also
 * where no person has two videos, or there is one person only.
 */
export const listVideos = async (directory: string): Promise<readonly LabelledVideo[]> => {
  const videos: LabelledVideo[] = []
  for (const folder of await entriesOf(directory)) {
    if (!folder.isDirectory() && !folder.isSymbolicLink()) continue
    const person = folder.name
    for (const entry of await entriesOf(join(directory, person))) {
      const file = join(directory, person, entry.name)
      const shared = { person, name: `${person}/${entry.name}`, file }
      if (recordings.has(extname(entry.name).toLowerCase())) videos.push({ ...shared, frames: null })
      else if (entry.isDirectory()) {
        const frames = (await entriesOf(file))
          .filter(({ name }) => isPhotoName(name))
          .map(({ name }) => join(file, name))
        if (frames.length > 0) videos.push({ ...shared, frames })
      }
    }
  }
  const people = new Set(videos.map(({ person }) => person)).size
  if (people >= 2 && people < videos.length) return videos
  throw new RollcallError('USAGE', `--videos: ${directory} has ${videos.length} videos of ${people} people`, {
    remedy:
      'give two people or more, one of them with several videos: DIR/PERSON/VIDEO.mp4, or DIR/PERSON/VIDEO/FRAME.jpg',
  })
}
