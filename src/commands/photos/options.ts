import type { ParseArgsOptionsConfig } from 'node:util'
import { configSchema } from '../../config/config.ts'
import { RollcallError } from '../../errors.ts'
import { type Threshold, thresholdAt } from '../../recognition/threshold.ts'
import { type Calibration, readCalibration, reference } from '../../vision/calibration.ts'
import { embedderFile } from '../../vision/chosen-embedder.ts'
import { chooseModel, describeModels } from '../../vision/model-files.ts'
import { type ModelOptions, shippedModels } from '../../vision/options.ts'

/** Which models look at photos. */
export const modelOptions = {
  models: { type: 'string' },
  detector: { type: 'string' },
  embedder: { type: 'string' },
} as const satisfies ParseArgsOptionsConfig

/** The options of every command that compares photos. */
export const photoOptions = {
  far: { type: 'string' },
  ...modelOptions,
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const satisfies ParseArgsOptionsConfig

/** Their help. */
export const photoOptionsHelp = `  --far RATE       how many of the pairs of two people may pass for one: .1, .01, .001 (default) or .0001
  --models DIR     detector and embedder (default: those that come with Rollcall)
  --detector NAME  the one to use when the directory has several; likewise --embedder NAME
  --json           the whole result as JSON`

/** Their values. */
export interface PhotoValues {
  readonly far?: string | undefined
  readonly models?: string | undefined
  readonly detector?: string | undefined
  readonly embedder?: string | undefined
}

/** The models that the options choose. */
export const modelsOf = ({ models, detector, embedder }: PhotoValues): ModelOptions =>
  configSchema.parse({
    models: {
      ...(models !== undefined && { directory: models }),
      ...(detector !== undefined && { detector }),
      ...(embedder !== undefined && { embedder }),
    },
  }).models

/** How faces are judged. */
export interface Judging {
  /** The embedder's name, and the SHA-256 of its file. */
  readonly embedder: { readonly name: string; readonly sha256: string }
  readonly calibration: Calibration | null
  readonly threshold: Threshold
}

/**
 * The calibration of the chosen embedder, and the threshold at `--far`. Throws USAGE for a rate that is not known, MODEL_MISSING and
 * MODEL_INVALID.
 */
export const judgingOf = async (values: PhotoValues): Promise<Judging> => {
  const { far } = values
  const rate = far === undefined ? undefined : Number(far)
  if (rate !== undefined && !(rate > 0 && rate < 1))
    throw new RollcallError('USAGE', `--far ${far}: expected a share between 0 and 1`, {
      remedy: 'for example --far 0.001',
    })
  const file = await embedderFile(modelsOf(values))
  const calibration = await readCalibration(file)
  const { name, sha256, descriptor } = file
  const fallback = descriptor?.kind === 'embedder' ? descriptor.threshold : 0
  const threshold = thresholdAt(calibration, { name, threshold: fallback }, rate)
  return { embedder: { name, sha256 }, calibration, threshold }
}

/**
 * The mean cosine from which clusters are one person: that of `--far`, which defaults to 1e-3. A model without a calibration
 * has that of the reference model, because the thresholds of descriptors are for single pairs, and too low for many photos.
 */
export const clusterThresholdOf = ({ threshold, calibration }: Judging): number =>
  calibration ? threshold.cosine : reference.cosineAtFar

/** Names the models that measure photos, by their content. Throws MODEL_MISSING and MODEL_INVALID. */
export const modelsKey = async (values: PhotoValues): Promise<string> => {
  const { directory, detector, embedder, side } = modelsOf(values)
  const folder = directory ?? shippedModels
  const files = await describeModels(folder)
  const found = (['detector', 'embedder'] as const).map((role) =>
    chooseModel(files, folder, role, role === 'detector' ? detector : embedder),
  )
  return [...found.map(({ sha256 }) => sha256), side].join(' ')
}

/** The threshold in words: what it is and what it stands for. */
export const thresholdText = ({ cosine, distance, measured }: Threshold): string => {
  const value = `threshold: distance ${distance.toFixed(3)} (cosine ${cosine.toFixed(3)})`
  if (measured === null) return `${value}, as the model's descriptor says; how many strangers pass is not known`
  const { far, val, people, photos } = measured
  return `${value}, which ${one(far)} of two people passed and ${(100 * val).toFixed(1)} % of the pairs of one person (measured on ${people} people, ${photos} photos)`
}

const one = (far: number): string => `1 in ${Math.round(1 / far)} pairs`
