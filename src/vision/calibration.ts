import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { RollcallError } from '../errors.ts'
import { replaceFile } from '../replace-file.ts'
import { embedderFile } from './chosen-embedder.ts'
import type { ModelFile } from './model-files.ts'
import type { ModelOptions } from './options.ts'
import { poorOfReference } from './poor-of-reference.ts'

const count = z.int().min(1)
const share = z.number().min(0).max(1)
const cosine = z.number().min(-1).max(1)
const spread = z.strictObject({ mean: cosine, standardDeviation: z.number().min(0), median: cosine })

const schema = z.strictObject({
  /** SHA-256 of the .onnx file that was measured. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  people: count,
  photos: count,
  pairs: z.strictObject({ same: count, different: count }),
  /** P(same | cosine) = 1 / (1 + exp(−slope · (cosine − midpoint))), if same and different are equally frequent. */
  slope: z.number().positive(),
  midpoint: cosine,
  eer: share,
  /**
   * Above `cosine` the share `far` (at most `targetFar`) of the different pairs and `val` of the same pairs are
   * accepted.
   */
  fars: z.array(z.strictObject({ targetFar: share, cosine, val: share, far: share })).min(1),
  /** The cosines of pairs of one person, and of two people. */
  same: spread,
  different: spread,
  /**
   * Unit length, as many numbers as an embedding has: what the embeddings of poor pictures have in common, whoever they
   * show. Absent when it was not measured.
   */
  poor: z.array(cosine).min(2).optional(),
})

/**
 * What an embedder's cosines mean, measured on labelled photos. It is in `NAME.calibration.json` beside `NAME.onnx`.
 */
export type Calibration = Readonly<z.infer<typeof schema>>

/** The linear map from a model's cosines to those of the reference: cos' = offset + scale · cos. */
export interface CosineScale {
  readonly scale: number
  readonly offset: number
  /** The model's median cosine of two people; absent when it is not scaled. */
  readonly different?: number
  /** What embeddings of poor pictures have in common; absent when it is not known. Cosines are compared without it. */
  readonly poor?: readonly number[]
}

const anchorFar = 1e-3

/**
 * The model for which the thresholds in `identity` were chosen, the public MobileFaceNet with YuNet, on press photos of 444
 * people (3,249 in all), measured by `rollcall eval calibrate DIR --models DIR`. The photos of one person are years apart
 * there: photos of one session would say of any model that a person hardly varies.
 */
export const reference = {
  sha256: '08cd987a0b5ab0c14734b7327fb7e67e733ff498f5b23b63200ca3d9803a3934',
  cosineAtFar: 0.34158,
  sameMedian: 0.64756,
} as const

const anchorsOf = ({ fars, same }: Calibration): { readonly low: number; readonly high: number } | null => {
  const low = fars.find(({ targetFar }) => targetFar === anchorFar)?.cosine
  return low !== undefined && same.median > low ? { low, high: same.median } : null
}

/** Whether the model tells people apart well enough for its cosines to be mapped to the reference's. */
export const canScale = (calibration: Calibration): boolean => anchorsOf(calibration) !== null

/**
 * Maps a model's cosines to those of the reference. Two cosines of the model are mapped to the reference's: the one
 * that accepts 1e-3 of the different pairs, and the median of the same pairs. A model without such cosines is not
 * scaled.
 */
export const scaleOf = (calibration: Calibration): CosineScale => {
  const anchors = anchorsOf(calibration)
  const poor = calibration.poor && { poor: calibration.poor }
  if (!anchors) return { scale: 1, offset: 0, ...poor }
  const scale = (reference.sameMedian - reference.cosineAtFar) / (anchors.high - anchors.low)
  const offset = reference.cosineAtFar - scale * anchors.low
  return { scale, offset, different: calibration.different.median, ...poor }
}

/** The path of the calibration: `NAME.calibration.json` beside `NAME.onnx`. */
export const calibrationFileOf = (modelFile: string): string => `${modelFile.replace(/\.onnx$/, '')}.calibration.json`

const again = 'Measure again with rollcall eval calibrate DIR --write, or delete the file.'

/**
 * The calibration beside a model; null when there is none. Throws MODEL_INVALID, which names the file and the wrong
 * fields, also when another model was measured.
 */
export const readCalibration = async ({
  file,
  sha256,
}: Pick<ModelFile, 'file' | 'sha256'>): Promise<Calibration | null> => {
  const path = calibrationFileOf(file)
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw new RollcallError('MODEL_INVALID', `${path}: cannot be read`, { cause, remedy: again })
  }
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw new RollcallError('MODEL_INVALID', `${path}: not JSON (${(cause as Error).message})`, {
      cause,
      remedy: again,
    })
  }
  const parsed = schema.safeParse(value)
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'calibration'}: ${issue.message}`)
    throw new RollcallError('MODEL_INVALID', `${path}: ${problems.join('; ')}`, { remedy: again })
  }
  if (parsed.data.sha256 === sha256) return parsed.data
  throw new RollcallError(
    'MODEL_INVALID',
    `${path}: sha256: measured on another model (${parsed.data.sha256.slice(0, 12)}…), expected ${sha256.slice(0, 12)}…, that of ${file}`,
    { remedy: again },
  )
}

/** Writes the calibration beside the model and returns its path. Throws MODEL_INVALID when it cannot be written. */
export const writeCalibration = (modelFile: string, calibration: Calibration): string => {
  const path = calibrationFileOf(modelFile)
  try {
    replaceFile(path, `${JSON.stringify(calibration, null, 2)}\n`, { mode: 0o644 })
    return path
  } catch (cause) {
    throw new RollcallError('MODEL_INVALID', `${path}: cannot be written (${(cause as Error).message})`, {
      cause,
      remedy: 'Check that the models directory is writable.',
    })
  }
}

/**
 * The scale of the configured embedder; null when it has no calibration and is not the reference. Throws MODEL_MISSING without
 * such an embedder, and MODEL_INVALID for a calibration of another model.
 */
export const configuredScale = async (
  options: Pick<ModelOptions, 'directory' | 'embedder'>,
): Promise<CosineScale | null> => {
  const model = await embedderFile(options)
  const calibration = await readCalibration(model)
  if (calibration) return scaleOf(calibration)
  return model.sha256 === reference.sha256 ? { scale: 1, offset: 0, poor: poorOfReference } : null
}
