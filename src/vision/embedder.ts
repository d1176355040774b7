import { type InferenceSession, Tensor } from 'onnxruntime-node'
import { inOrder } from '../in-order.ts'
import { unit } from '../math/vector.ts'
import type { Box, Landmarks, Picture, Quality, Yuv } from '../types.ts'
import { cropToPicture, visibleShare } from './align.ts'
import type { Arithmetic } from './arithmetic.ts'
import { batchSizesFor, chunksOf } from './batches.ts'
import { fillBlack, pixelsOf } from './canvas.ts'
import type { EmbedderDescriptor } from './descriptor.ts'
import { createInputMemory } from './input-memory.ts'
import { type InputShape, inputShapeOf, notAsDescribed, shapesOf } from './model-input.ts'
import { outputsOf } from './outputs.ts'
import { qualityOf, type ScoreRange, shownDetail } from './quality.ts'
import { type OnFallback, openSession, type Provider, runSession } from './session.ts'
import { expectedCosine } from './sharpness.ts'
import { createWarp, type Warp } from './warp.ts'

/** A face to embed: its place, in fractions of the picture, and the decoded picture. */
export interface FaceToEmbed {
  readonly full: Yuv
  readonly landmarks: Landmarks
  readonly box: Box
  readonly score: number
}

/** What an embedder returns for one face. */
export interface EmbeddedFace {
  /** Always of unit length. Biometric data. */
  readonly embedding: Float32Array
  readonly quality: Quality
}

/**
 * Turns faces into vectors whose cosine says whether two are the same person. Owned by whoever opened it, who calls
 * `close()`.
 */
export interface Embedder {
  readonly name: string
  readonly sha256: string
  /** The hardware that runs the model. */
  readonly provider: Provider
  readonly arithmetic: Arithmetic
  /** The length of an embedding. */
  readonly dimensions: number
  /** Two faces at this cosine or more are the same person, by the descriptor. */
  readonly threshold: number
  /**
   * Returns one result for each face, in order. The pictures have to stay valid until the promise settles. Landmarks
   * that cannot be a face give quality 0. Calls run one after the other. Rejects with MODEL_RUN.
   */
  embed(faces: readonly FaceToEmbed[]): Promise<EmbeddedFace[]>
  /** The crop that the model is given, for people to look at: planar RGB. Null for landmarks that cannot be a face. */
  aligned(face: Pick<FaceToEmbed, 'full' | 'landmarks'>): Picture | null
  /** The cosine that its crop lets expect to the same face seen clearly: see `expectedCosine`. Null for landmarks that cannot be a face. */
  expected(face: Pick<FaceToEmbed, 'full' | 'landmarks'>): number | null
  /** Waits for the runs in flight, then frees the model. Idempotent. */
  close(): Promise<void>
}

/** How an embedder is run, from `models` in the configuration. */
export interface EmbedderSettings {
  readonly providers: readonly Provider[]
  readonly threads: number
  readonly batchSizes: 'auto' | readonly number[]
  /** The score range of the detector that found the faces; see `qualityOf`. */
  readonly scores: ScoreRange
  readonly onFallback: OnFallback
}

/** An embedder's file with its descriptor. */
export interface EmbedderModel {
  readonly file: string
  readonly name: string
  readonly sha256: string
  readonly descriptor: EmbedderDescriptor
}

/** What the trial run of an embedder found out. */
interface Findings {
  readonly shape: InputShape
  /** Index of the output with the embeddings. */
  readonly output: number
}

const inspect =
  ({ file, descriptor }: EmbedderModel) =>
  async (session: InferenceSession): Promise<Findings> => {
    const shape = inputShapeOf(session, file, descriptor.kind)
    const { side } = descriptor
    if ((shape.width ?? side) !== side || (shape.height ?? side) !== side)
      throw notAsDescribed(
        file,
        descriptor.kind,
        `its input is ${shape.width}×${shape.height}, its descriptor says side ${side}`,
      )
    const count = shape.batch ?? 1
    const input = new Tensor('float32', new Float32Array(count * 3 * side * side), [count, 3, side, side])
    const outputs = await outputsOf(session, input)
    const output = outputs.findIndex(({ data }) => data.length === count * descriptor.dimensions)
    if (output < 0) {
      const expected = `expected an output [${count}, ${descriptor.dimensions}] (its descriptor's dimensions)`
      throw notAsDescribed(file, descriptor.kind, `${expected}, found ${shapesOf(outputs)}`)
    }
    return { shape, output }
  }

const noQuality = (sizePx: number): Quality => ({ overall: 0, sizePx, sharpness: 0, yaw: 0 })

/** What can be said of a crop without running the model. It reuses the memory of `warp`. */
const cropsOf = ({ template, side }: EmbedderDescriptor, warp: Warp): Pick<Embedder, 'aligned' | 'expected'> => ({
  aligned: ({ full, landmarks }) => {
    const map = cropToPicture(landmarks, template, full)
    return map && warp.toPicture(full, map)
  },
  expected: ({ full, landmarks }) => {
    const map = cropToPicture(landmarks, template, full)
    if (!map) return null
    warp.toLuma(full, map)
    return expectedCosine(shownDetail({ luma: warp.luma, side, scale: Math.hypot(map.a, map.b) }))
  },
})

/**
 * Opens an embedder and runs it once. Throws MODEL_INVALID when no provider runs it, or when the graph is not what its
 * descriptor says.
 */
export const openEmbedder = async (model: EmbedderModel, settings: EmbedderSettings): Promise<Embedder> => {
  const { name, descriptor } = model
  const { dimensions, template, side } = descriptor
  const canvas = { width: side, height: side }
  const { session, provider, arithmetic, trial } = await openSession(
    model,
    { ...settings, usual: canvas },
    inspect(model),
  )
  const pixels = pixelsOf(descriptor)
  const memory = createInputMemory(pixels)
  const warp = createWarp(side)
  const sizes = batchSizesFor(settings.batchSizes, provider, { most: Infinity, fixed: trial.shape.batch })
  // Input memory is used again: two runs at the same time would overwrite each other's pictures.
  const run = inOrder()
  let closed: Promise<void> | null = null

  /** Writes the face's crop into its place in the batch, and returns its quality. */
  const prepare = ({ full, landmarks, box, score }: FaceToEmbed, planes: Float32Array): Quality => {
    const { width, height } = full
    const map = cropToPicture(landmarks, template, full)
    if (!map) {
      fillBlack(planes, side * side, pixels)
      return noQuality(Math.min(box.width * width, box.height * height))
    }
    warp.toPlanes(full, map, planes, pixels)
    const scale = Math.hypot(map.a, map.b)
    const visible = visibleShare(map, side, full)
    const looks = { box, landmarks, score, luma: warp.luma, side, scale, visible, width, height }
    return qualityOf(looks, settings.scores)
  }

  const embedChunk = async (faces: readonly FaceToEmbed[], size: number): Promise<EmbeddedFace[]> => {
    const input = memory.take(canvas, size)
    const qualities = faces.map((face, index) => prepare(face, input.slot(index, canvas)))
    const outputs = await runSession(session, name, input.tensor)
    const values = outputs[trial.output]?.data ?? new Float32Array()
    return qualities.map((quality, index) => {
      const embedding = unit(values.subarray(index * dimensions, (index + 1) * dimensions))
      if (embedding) return { embedding, quality }
      // Without a direction any unit vector will do, because quality 0 keeps it from being used.
      return {
        embedding: Float32Array.from({ length: dimensions }, (_, i) => (i === 0 ? 1 : 0)),
        quality: noQuality(quality.sizePx),
      }
    })
  }

  return {
    name,
    sha256: model.sha256,
    provider,
    arithmetic,
    dimensions,
    threshold: descriptor.threshold,
    embed: (faces) =>
      run(async () => {
        const embedded: EmbeddedFace[] = []
        for (const { from, count, size } of chunksOf(faces.length, sizes))
          embedded.push(...(await embedChunk(faces.slice(from, from + count), size)))
        return embedded
      }),
    ...cropsOf(descriptor, warp),
    close: () => (closed ??= run(() => session.release())),
  }
}
