import { RollcallError } from '../../errors.ts'
import { halfOf, listPhotos } from '../../evaluate/labelled-photos.ts'
import { qualityPredicts } from '../../evaluate/predicted/calibration.ts'
import { lookAtViews } from '../../evaluate/predicted/looks.ts'
import { qualityInWords, qualityPage, qualityTables } from '../../evaluate/report/quality.ts'
import { named } from '../arguments.ts'
import { modelOptions } from '../photos/options.ts'
import { progress } from '../photos/progress.ts'
import { outputOptions, parseWithFiles, report } from './arguments.ts'
import { photosGiven, withModels } from './photos.ts'

const help = `rollcall eval quality --photos DIR [OPTIONS]

Does quality say how far an embedding can be trusted? Makes each photo small, blurred, noisy, dim, blocky and grey, finds the
face anew, and compares what is said of it with its cosine to the same face in the photo as it is.

  --photos DIR     a directory with a folder of photos (jpg, png, pgm …) for each person
  --half A         every second person; B: the others
  --models DIR     detector and embedder (default: those that come with Rollcall)
  --detector NAME  the one to use when the directory has several; likewise --embedder NAME
  --json           the whole result as JSON
  --html FILE      a report with plots`

/** `rollcall eval quality`. Resolves to 0; throws USAGE for options or photos, MODEL_MISSING or MODEL_INVALID for models. */
export const quality = async (args: readonly string[]): Promise<number> => {
  const { values } = parseWithFiles(
    'quality',
    args,
    {
      ...outputOptions,
      photos: { type: 'string' },
      half: { type: 'string' },
      ...modelOptions,
    },
    [],
  )
  if (values.help) {
    console.log(help)
    return 0
  }
  const { half } = values
  const photos = photosGiven('quality', values.photos)
  const all = await listPhotos(photos)
  const list =
    half === undefined
      ? all
      : halfOf(all, named('half', half, { A: 0, B: 1 } as const, 'see rollcall eval quality --help'))
  return withModels(values, async (models, side) => {
    const onProgress = progress(list.length, 'photos')
    const looks = await lookAtViews(list, models, { side, onProgress })
    if (looks.looks.length === 0)
      throw new RollcallError('USAGE', `--photos: no face in any of the ${list.length} photos in ${photos}`, {
        remedy: 'give photos of faces',
      })
    const result = qualityPredicts(looks)
    const names = `${looks.detector}, ${looks.embedder}`
    await report(values, {
      result,
      page: () => qualityPage(result, names),
      text: [
        `${result.people} people, ${result.photos} photos; ${names}; left out: ${result.withoutFace.length} without a face, ${result.unreadable.length} unreadable`,
        qualityInWords(result),
        ...qualityTables(result),
      ],
    })
    return 0
  })
}
