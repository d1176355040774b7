import { z } from 'zod'
import { RollcallError } from '../errors.ts'

const triple = z.tuple([z.number(), z.number(), z.number()])
const positive = z.number().positive()
const unit = z.number().min(0).max(1)
const point = z.tuple([z.number(), z.number()])

/** The model's input is `(x − mean) / std`, x 0–255, both in the model's own channel order. */
const pixels = {
  channels: z.enum(['rgb', 'bgr']),
  mean: triple,
  std: z.tuple([positive, positive, positive]),
}

const about = {
  /** For people: where it comes from and under which licence. */
  source: z.string().optional(),
  licence: z.string().optional(),
}

const detector = {
  ...about,
  ...pixels,
  strides: z.array(z.int().positive()).min(1),
  minScore: unit,
  /** Intersection over union above which the weaker of two boxes goes. */
  nms: unit,
  /** Scores between which a face's quality goes from 0 to 1; the default lies between minScore and 1. */
  qualityScores: z.tuple([unit, unit]).optional(),
}

const yunet = z.strictObject({ kind: z.literal('yunet'), ...detector })

const scrfd = z.strictObject({ kind: z.literal('scrfd'), ...detector, anchors: z.int().positive().default(2) })

const retinaface = z.strictObject({
  kind: z.literal('retinaface'),
  ...detector,
  /** Sides of the square priors in pixels, one list for each stride. */
  minSizes: z.array(z.array(positive).min(1)).min(1),
  variances: z.tuple([positive, positive]).default([0.1, 0.2]),
})

const embedder = z.strictObject({
  kind: z.literal('embedder'),
  ...about,
  ...pixels,
  /** Side of the square aligned crop in pixels, even. */
  side: z.int().min(16).max(1024).multipleOf(2),
  /**
   * Where the five landmarks lie in the crop, pixels: image-left eye, -right eye, nose, image-left and -right mouth
   * corner.
   */
  template: z.tuple([point, point, point, point, point]),
  dimensions: z.int().positive(),
  /** Cosine from which two faces are the same person, best on a labelled set such as LFW. */
  threshold: z.number().min(-1).max(1),
  /** True when the graph itself scales embeddings to unit length. They leave Rollcall with unit length either way. */
  normalised: z.boolean(),
})

const descriptor = z.discriminatedUnion('kind', [yunet, scrfd, retinaface, embedder])

export type YunetDescriptor = Readonly<z.infer<typeof yunet>>
export type ScrfdDescriptor = Readonly<z.infer<typeof scrfd>>
export type RetinafaceDescriptor = Readonly<z.infer<typeof retinaface>>
export type EmbedderDescriptor = Readonly<z.infer<typeof embedder>>
export type DetectorDescriptor = YunetDescriptor | ScrfdDescriptor | RetinafaceDescriptor
export type Descriptor = DetectorDescriptor | EmbedderDescriptor

export type Role = 'detector' | 'embedder'
export const roleOf = (of: Descriptor): Role => (of.kind === 'embedder' ? 'embedder' : 'detector')

/** Where a detector's score goes from doubtful to certain. */
export const qualityScoresOf = ({ minScore, qualityScores }: DetectorDescriptor): readonly [number, number] =>
  qualityScores ?? [minScore, minScore + 0.8 * (1 - minScore)]

const invalid = (file: string, problem: string, cause?: unknown): RollcallError =>
  new RollcallError('MODEL_INVALID', `${file}: ${problem}`, {
    remedy: 'Correct the descriptor; docs/models.md lists its fields.',
    ...(cause === undefined ? {} : { cause }),
  })

/** Reads a descriptor. Throws MODEL_INVALID, which names `file` and each field that is wrong. */
export const parseDescriptor = (json: string, file: string): Descriptor => {
  let value: unknown
  try {
    value = JSON.parse(json)
  } catch (cause) {
    throw invalid(file, `not JSON (${cause instanceof Error ? cause.message : String(cause)})`, cause)
  }
  const result = descriptor.safeParse(value)
  if (!result.success) {
    const problems = result.error.issues.map((issue) => `${issue.path.join('.') || 'descriptor'}: ${issue.message}`)
    throw invalid(file, problems.join('; '))
  }
  const read = result.data
  if (read.kind === 'retinaface' && read.minSizes.length !== read.strides.length)
    throw invalid(file, `minSizes: expected one list for each of the ${read.strides.length} strides`)
  if (read.kind !== 'embedder' && read.qualityScores && !(read.qualityScores[0] < read.qualityScores[1]))
    throw invalid(file, 'qualityScores: expected the lower score first')
  return read
}
