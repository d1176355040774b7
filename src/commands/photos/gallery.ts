import { readdir } from 'node:fs/promises'
import { basename, extname, join } from 'node:path'
import { RollcallError } from '../../errors.ts'
import { isPhotoName, photosIn } from '../../photos/photos-in.ts'

/** A photo and whom it shows. */
export interface GalleryPhoto {
  readonly person: string
  readonly file: string
}

const entriesOf = async (directory: string) => {
  try {
    return await readdir(directory, { withFileTypes: true })
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    const what = code === 'ENOENT' ? 'does not exist' : code === 'ENOTDIR' ? 'is no folder' : `cannot be read (${code})`
    throw new RollcallError('USAGE', `--gallery: ${directory} ${what}`, {
      cause,
      remedy: 'name a folder that has a folder with photos for each person: DIR/NAME/*.jpg',
    })
  }
}

/**
 * The photos of a gallery: `DIR/NAME/*` are of NAME, as is `DIR/NAME.jpg`. Throws USAGE when the folder cannot be read, or has no
 * photo.
 */
export const galleryIn = async (directory: string): Promise<GalleryPhoto[]> => {
  const photos: GalleryPhoto[] = []
  for (const entry of (await entriesOf(directory)).toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    if (entry.name.startsWith('.')) continue
    const path = join(directory, entry.name)
    if (entry.isDirectory()) {
      const files = await photosIn(path).catch((error: unknown) => {
        // An empty folder is nobody.
        if (error instanceof RollcallError && error.message.endsWith('has no photo in it')) return []
        throw error
      })
      photos.push(...files.map((file) => ({ person: entry.name, file })))
    } else if (isPhotoName(entry.name)) photos.push({ person: basename(entry.name, extname(entry.name)), file: path })
  }
  if (photos.length > 0) return photos
  throw new RollcallError('USAGE', `--gallery: ${directory} has no photo in it`, {
    remedy: 'give each person a folder with photos: DIR/NAME/*.jpg',
  })
}
