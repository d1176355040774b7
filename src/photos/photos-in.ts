import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { RollcallError } from '../errors.ts'

const pictures = /\.(jpe?g|png|pgm|ppm|pnm|bmp|webp|tiff?|gif|heic|heif|avif)$/i

/** Whether a file has the name of a picture. */
export const isPhotoName = (name: string): boolean => pictures.test(name)

/** Numbers in names are compared as numbers: s2 comes before s10. */
const inOrder = new Intl.Collator('en', { numeric: true }).compare

const refuse = (path: string, cause: unknown): never => {
  const { code } = cause as NodeJS.ErrnoException
  const what = code === 'ENOENT' || code === 'ENOTDIR' ? 'does not exist' : `cannot be read (${code})`
  throw new RollcallError('USAGE', `${path} ${what}`, { cause, remedy: 'name a photo or a folder with photos in it' })
}

/**
 * The photos that a path names: a file as it is, of a folder all that have the name of a picture, with those in its folders,
 * in order. Hidden files are left out, and links to folders are not followed. Throws USAGE, which names the path, also for a
 * folder without a photo.
 */
export const photosIn = async (path: string): Promise<string[]> => {
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    (cause: unknown) => refuse(path, cause),
  )
  if (!isFolder) return [path]
  const found = await below(path)
  if (found.length > 0) return found
  throw new RollcallError('USAGE', `${path} has no photo in it`, {
    remedy: 'name a folder with jpg, png, webp, heic or pgm pictures in it',
  })
}

const below = async (folder: string): Promise<string[]> => {
  const entries = await readdir(folder, { withFileTypes: true }).catch((cause: unknown) => refuse(folder, cause))
  const photos: string[] = []
  for (const entry of entries.toSorted((a, b) => inOrder(a.name, b.name))) {
    if (entry.name.startsWith('.')) continue
    const path = join(folder, entry.name)
    if (entry.isDirectory()) photos.push(...(await below(path)))
    else if (isPhotoName(entry.name)) photos.push(path)
  }
  return photos
}
