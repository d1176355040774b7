import { configSchema } from '../../config/config.ts'
import { createLog } from '../../config/log.ts'
import { RollcallError } from '../../errors.ts'
import { type EmbedOptions, embedPhotos, type PhotoSet } from '../../evaluate/embed-photos.ts'
import { type LabelledPhoto, listPhotos } from '../../evaluate/labelled-photos.ts'
import { loadModels, type Models } from '../../vision/models.ts'
import { modelsOf } from '../photos/options.ts'
import { progress } from '../photos/progress.ts'

/** Which photos are read, and with which models. */
export interface PhotoOptions {
  /** A directory with a folder for each person. */
  readonly photos: string
  readonly models?: string | undefined
  readonly embedder?: string | undefined
  readonly detector?: string | undefined
  /** The photos that are embedded; all of the directory when left out. */
  readonly only?: readonly LabelledPhoto[]
  /** How many embeddings are made of each photo; 1 when left out. */
  readonly views?: number
  /** Which of them take part, and what is looked at instead of each. */
  readonly each?: Pick<EmbedOptions, 'where' | 'change'>
}

/** The directory of `--photos`. Throws USAGE when it was not given. */
export const photosGiven = (command: string, photos: string | undefined): string => {
  if (photos !== undefined) return photos
  throw new RollcallError('USAGE', `eval ${command}: --photos is missing`, { remedy: 'add --photos DIR' })
}

/** Works with the chosen models, and the longest side of the detector's picture, and closes them. */
export const withModels = async <T>(
  chosen: Pick<PhotoOptions, 'models' | 'detector' | 'embedder'>,
  work: (models: Models, side: number) => Promise<T>,
): Promise<T> => {
  const options = modelsOf(chosen)
  const log = createLog(configSchema.parse({ log: { level: 'warn' } }).log, 'eval')
  const models = await loadModels(options, { log, onFallback: () => undefined })
  try {
    return await work(models, options.side)
  } finally {
    await models.close()
  }
}

/**
 * Decodes and embeds the photos with the chosen models; shows how far it is. Throws USAGE for fewer than two
 * readable people.
 */
export const readPhotos = async (options: PhotoOptions): Promise<PhotoSet> => {
  const list = options.only ?? (await listPhotos(options.photos))
  return withModels(options, async (models, side) => {
    const set = await embedPhotos(list, models, {
      ...options.each,
      side,
      ...(options.views !== undefined && { views: options.views }),
      onProgress: progress(list.length, 'photos'),
    })
    if (new Set(set.photos.map(({ person }) => person)).size < 2)
      throw new RollcallError('USAGE', `--photos: of ${list.length} photos in ${options.photos} too few can be read`, {
        remedy: `the first that cannot: ${set.unreadable[0]}`,
      })
    return set
  })
}
