import { RollcallError } from '../../errors.ts'
import { identityOptions } from '../../identity/options.ts'
import type { MeasuredPhoto } from '../../photos/review-photos.ts'
import type { KnownLook } from '../../recognition/nearest.ts'
import { chooseFace } from './chosen-face.ts'
import { type GalleryPhoto, galleryIn } from './gallery.ts'
import { measureFiles } from './measure-files.ts'
import type { PhotoValues } from './options.ts'
import { siteLooks } from './site-looks.ts'

const { minQuality } = identityOptions.parse({})

/** The looks of a gallery's photos, and the photos whose face says nothing. Throws USAGE when none is left. */
export const looksOf = (
  directory: string,
  photos: readonly GalleryPhoto[],
  measured: ReadonlyMap<string, MeasuredPhoto>,
) => {
  const looks: KnownLook[] = []
  const refused: { file: string; why: string }[] = []
  for (const { person, file } of photos) {
    const { face, refusal } = chooseFace(measured.get(file) ?? { file, faces: [] }, minQuality)
    if (face) looks.push({ person, file, embedding: face.embedding })
    else refused.push({ file, why: refusal ?? '' })
  }
  if (looks.length > 0) return { looks, refused }
  throw new RollcallError('USAGE', `--gallery: no photo in ${directory} has a face that can be used`, {
    remedy: `the first: ${refused[0]?.file}: ${refused[0]?.why}`,
  })
}

/** Where known people are: at most one of both. */
export interface KnownPeopleValues extends PhotoValues {
  readonly gallery?: string | undefined
  readonly site?: string | undefined
}

/** The looks of known people, of a folder of photos or of a site. Throws what `galleryIn`, `looksOf` and `siteLooks` throw. */
export const knownLooks = async (values: KnownPeopleValues): Promise<readonly KnownLook[]> => {
  if (values.site !== undefined) return siteLooks(values.site, values)
  const directory = values.gallery ?? ''
  const photos = await galleryIn(directory)
  const files = [...new Set(photos.map(({ file }) => file))]
  const measured = await measureFiles(files, values, { keep: (photo) => photo })
  return looksOf(directory, photos, new Map(files.map((file, i) => [file, measured[i] ?? { file, faces: [] }]))).looks
}
