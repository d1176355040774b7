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
  /** For people: where the model comes from, and its licence. */
  source: z.string().optional(),
  licence: z.string().optional(),
}

const anyDetector = {
  ...about,
  ...pixels,
  minScore: unit,
  /** Intersection over union above which the weaker of two boxes is dropped. */
  nms: unit,
  /**
   * The detector's scores at which a face's quality is 0 and 1. By default they are in the range from minScore to 1.
   */
  qualityScores: z.tuple([unit, unit]).optional(),
}

/** Those that look once, at cells. */
const detector = { ...anyDetector, strides: z.array(z.int().positive()).min(1) }

const yunet = z.strictObject({ kind: z.literal('yunet'), ...detector })

const scrfd = z.strictObject({ kind: z.literal('scrfd'), ...detector, anchors: z.int().positive().default(2) })

const retinaface = z.strictObject({
  kind: z.literal('retinaface'),
  ...detector,
  /** Sides of the square priors in pixels, one list for each stride. */
  minSizes: z.array(z.array(positive).min(1)).min(1),
  variances: z.tuple([positive, positive]).default([0.1, 0.2]),
})

const beside = z.string().regex(/^[\w.-]+\.onnx$/, 'expected the name of an .onnx file in the same folder')

const mtcnn = z.strictObject({
  kind: z.literal('mtcnn'),
  ...anyDetector,
  /** The files of R-Net and O-Net; the descriptor's own is P-Net. `nms` is for O-Net's faces, by the smaller of two. */
  refine: beside,
  output: beside,
  /** What P-Net's score has to reach, and R-Net's to exceed; `minScore` is O-Net's. */
  stageScores: z.tuple([unit, unit]).default([0.6, 0.7]),
  /** The smallest face, pixels of the detector's picture. */
  minFace: z.number().min(12).default(20),
  /** From one step of the pyramid to the next. */
  factor: z.number().min(0.1).max(0.95).default(0.709),
})

const embedder = z.strictObject({
  kind: z.literal('embedder'),
  ...about,
  ...pixels,
  /** Side of the square aligned crop in pixels, even. */
  side: z.int().min(16).max(1024).multipleOf(2),
  /**
   * Where the five landmarks are in the crop, pixels: image-left eye, image-right eye, nose, left and right mouth
   * corner.
   */
  template: z.tuple([point, point, point, point, point]),
  dimensions: z.int().positive(),
  /** Two faces at this cosine or more are the same person; the best value on a labelled set such as LFW. */
  threshold: z.number().min(-1).max(1),
  /** For people: whether the graph scales embeddings to unit length. Rollcall does it in any case. */
  normalised: z.boolean().optional(),
})

const descriptor = z.discriminatedUnion('kind', [yunet, scrfd, retinaface, mtcnn, embedder])

/** Describes a YuNet detector (Wu, Peng, Yu 2023): two scores, a box and landmarks for each cell of each stride. */
export type YunetDescriptor = Readonly<z.infer<typeof yunet>>
/** Describes an SCRFD detector (Guo et al. 2021): distances from the cell to the box's sides, in strides. */
export type ScrfdDescriptor = Readonly<z.infer<typeof scrfd>>
/** Describes a RetinaFace detector (Deng et al. 2019): offsets from square priors. */
export type RetinafaceDescriptor = Readonly<z.infer<typeof retinaface>>
/** Describes MTCNN (Zhang, Zhang, Li, Qiao 2016): three networks, each of which looks closer at what the one before found. */
export type MtcnnDescriptor = Readonly<z.infer<typeof mtcnn>>
/** Describes a model that turns an aligned square crop into a vector. */
export type EmbedderDescriptor = Readonly<z.infer<typeof embedder>>
/** Describes a detector that is one graph. `kind` says how its outputs are decoded. */
export type GraphDescriptor = YunetDescriptor | ScrfdDescriptor | RetinafaceDescriptor
/** Describes a detector. */
export type DetectorDescriptor = GraphDescriptor | MtcnnDescriptor
/**
 * What Rollcall must know of a model beyond its graph: `NAME.json` beside `NAME.onnx`; docs/models.md lists the fields.
 */
export type Descriptor = DetectorDescriptor | EmbedderDescriptor

/** What a model is for: it finds faces, or it embeds them. */
export type Role = 'detector' | 'embedder'
/** The role that a descriptor's `kind` implies. */
export const roleOf = (of: Descriptor): Role => (of.kind === 'embedder' ? 'embedder' : 'detector')

/** The detector's scores at which a face's quality is 0 and 1, from the descriptor or from its minScore. */
export const qualityScoresOf = ({ minScore, qualityScores }: DetectorDescriptor): readonly [number, number] =>
  qualityScores ?? [minScore, minScore + 0.8 * (1 - minScore)]

const invalid = (file: string, problem: string, cause?: unknown): RollcallError =>
  new RollcallError('MODEL_INVALID', `${file}: ${problem}`, {
    remedy: 'Correct the descriptor; docs/models.md lists its fields.',
    ...(cause === undefined ? {} : { cause }),
  })

/** Reads a descriptor from JSON. Throws MODEL_INVALID, which names `file` and each wrong field. */
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
