import { fitCalibration as measure } from '../../evaluate/calibrate.ts'
import { listPhotos } from '../../evaluate/labelled-photos.ts'
import { poorDirection } from '../../evaluate/poor-direction.ts'
import { calibrationPage, farTable } from '../../evaluate/report/calibration.ts'
import { percent, three } from '../../evaluate/report/numbers.ts'
import { drawSpoilt } from '../../evaluate/spoilt/draw.ts'
import { type Calibration, canScale, scaleOf, writeCalibration } from '../../vision/calibration.ts'
import { embedderFile } from '../../vision/chosen-embedder.ts'
import { modelOptions } from '../photos/options.ts'
import { outputOptions, parseWithFiles, report } from './arguments.ts'
import { readPhotos } from './photos.ts'

const help = `rollcall eval calibrate DIR [OPTIONS]

What do an embedder's cosines mean? Measures with labelled photos (a folder for each person) how likely two faces show one
person at each cosine, and how many pairs of others a threshold lets through. Each photo is looked at once more when it is
spoilt, as by a cheap camera at night: what poor pictures have in common. rollcall run uses what --write writes.

  --models DIR     detector and embedder (default: those that come with Rollcall)
  --detector NAME  the one to use when the directory has several; likewise --embedder NAME
  --write          writes NAME.calibration.json next to the embedder NAME.onnx
  --json           the whole result as JSON
  --html FILE      a report`

/**
 * `rollcall eval calibrate`. Resolves to 0; throws USAGE for options or photos, MODEL_MISSING or MODEL_INVALID for
 * models.
 */
export const calibrate = async (args: readonly string[]): Promise<number> => {
  const { values, files } = parseWithFiles(
    'calibrate',
    args,
    {
      ...outputOptions,
      ...modelOptions,
      write: { type: 'boolean' },
    },
    ['DIR'],
  )
  if (values.help) {
    console.log(help)
    return 0
  }
  const { file, sha256 } = await embedderFile({
    directory: values.models ?? null,
    embedder: values.embedder ?? 'auto',
  })
  const photos = files[0] ?? ''
  const set = await readPhotos({ ...values, photos })
  // Where no face was found, the middle of the photo says nothing about faces.
  const curves = measure(
    set.photos.filter(({ how }) => how !== 'centred'),
    sha256,
  )
  const { change } = drawSpoilt(await listPhotos(photos), { grey: 0.5, poor: 1 }, 1)
  const poor = poorDirection(set.photos, (await readPhotos({ ...values, photos, each: { change } })).photos)
  const result: Calibration = { ...curves, ...(poor && { poor }) }
  const { scale, offset } = scaleOf(result)
  const written = values.write ? writeCalibration(file, result) : null
  const { same, different } = result
  await report(values, {
    result: { ...result, scale, offset },
    page: () => calibrationPage(result, `${set.detector}, ${set.embedder}`),
    text: [
      `${result.people} people, ${result.photos} photos, ${result.pairs.same} + ${result.pairs.different} pairs; ${set.detector}, ${set.embedder}; left out: ${set.how.centred} without a face, ${set.unreadable.length} unreadable`,
      `P(same | cosine) = 1 / (1 + exp(−${result.slope.toFixed(2)} · (cosine − ${three(result.midpoint)}))); EER ${percent(result.eer)}`,
      `cosines of one person: mean ${three(same.mean)} ± ${three(same.standardDeviation)}, median ${three(same.median)}; of two: ${three(different.mean)} ± ${three(different.standardDeviation)}, median ${three(different.median)}`,
      canScale(result)
        ? `on the scale of the thresholds: ${three(offset)} + ${three(scale)} · cosine`
        : 'half of the pairs of one person are no more alike than 1e-3 of the others: the thresholds cannot be adapted to this model',
      poor
        ? 'what poor pictures have in common is known, and left out when faces are compared'
        : 'too few photos to say what poor ones have in common: expected a hundred with a face',
      ...(written ? [`written to ${written}`] : []),
      farTable(result),
    ],
  })
  return 0
}
