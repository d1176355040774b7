import { type InferenceSession, Tensor } from 'onnxruntime-node'
import type { Box, Landmarks, Quality, Yuv } from '../types.ts'
import { cropToPicture, visibleShare } from './align.ts'
import type { Arithmetic } from './arithmetic.ts'
import { batchSizesFor, chunksOf } from './batches.ts'
import { fillBlack, pixelsOf } from './canvas.ts'
import type { EmbedderDescriptor } from './descriptor.ts'
import type { DetectorOutput } from './detector-outputs.ts'
import { inOrder } from './in-order.ts'
import { createInputMemory } from './input-memory.ts'
import { type InputShape, inputShapeOf, notAsDescribed, shapesOf } from './model-input.ts'
import { qualityOf, type ScoreRange } from './quality.ts'
import { type OnFallback, openSession, type Provider, runSession } from './session.ts'
import { createWarp } from './warp.ts'

/** A face to embed: where it is (fractions) in which decoded picture. */
export interface FaceToEmbed {
  readonly full: Yuv
  readonly landmarks: Landmarks
  readonly box: Box
  readonly score: number
}

export interface EmbeddedFace {
  /** Unit length, always. Biometric data. */
  readonly embedding: Float32Array
  readonly quality: Quality
}

/** Turns faces into vectors whose distance says whether two are the same person. */
export interface Embedder {
  readonly name: string
  readonly sha256: string
  /** Where the model runs. */
  readonly provider: Provider
  readonly arithmetic: Arithmetic
  readonly dimensions: number
  /** Cosine from which two faces are the same person. */
  readonly threshold: number
  /**
   * One result a face, in their order. Keep the pictures valid until the promise settles. A face whose landmarks are no
   * face gets quality 0. Calls run one after the other. Rejects with MODEL_RUN.
   */
  embed(faces: readonly FaceToEmbed[]): Promise<EmbeddedFace[]>
  /** Waits for what runs, then frees the model. Idempotent. */
  close(): Promise<void>
}

export interface EmbedderSettings {
  readonly providers: readonly Provider[]
  readonly threads: number
  readonly batchSizes: 'auto' | readonly number[]
  /** Of the detector whose faces come. */
  readonly scores: ScoreRange
  readonly onFallback: OnFallback
}

export interface EmbedderModel {
  readonly file: string
  readonly name: string
  readonly sha256: string
  readonly descriptor: EmbedderDescriptor
}

interface Findings {
  readonly shape: InputShape
  /** Position of the embeddings among the outputs. */
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
    const outputs = (await session.run({ [session.inputNames[0] ?? '']: input })) as Record<string, DetectorOutput>
    const listed = session.outputNames.flatMap((name) => outputs[name] ?? [])
    const output = listed.findIndex(({ data }) => data.length === count * descriptor.dimensions)
    if (output < 0) {
      const expected = `expected an output [${count}, ${descriptor.dimensions}] (its descriptor's dimensions)`
      throw notAsDescribed(file, descriptor.kind, `${expected}, found ${shapesOf(listed)}`)
    }
    return { shape, output }
  }

/** A copy with length 1; null when the vector has no direction. */
export const toUnitLength = (vector: Float32Array): Float32Array | null => {
  let squares = 0
  for (const value of vector) squares += value * value
  const length = Math.sqrt(squares)
  return length > 0 && Number.isFinite(length) ? vector.map((value) => value / length) : null
}

const noQuality = (sizePx: number): Quality => ({ overall: 0, sizePx, sharpness: 0, yaw: 0 })

/** Opens an embedder and tries it once. Throws MODEL_INVALID when the graph is not what its descriptor says. */
export const openEmbedder = async (model: EmbedderModel, settings: EmbedderSettings): Promise<Embedder> => {
  const { name, descriptor } = model
  const { dimensions, template, side } = descriptor
  const { session, provider, arithmetic, trial } = await openSession(model, settings, inspect(model))
  const canvas = { width: side, height: side }
  const pixels = pixelsOf(descriptor)
  const memory = createInputMemory(pixels)
  const warp = createWarp(side)
  const sizes = batchSizesFor(settings.batchSizes, provider, { most: Infinity, fixed: trial.shape.batch })
  const run = inOrder()
  let closed: Promise<void> | null = null

  /** Writes the face's crop into its place in the batch and says how good it is. */
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
    const outputs = (await runSession(session, name, input.tensor)) as readonly DetectorOutput[]
    const values = outputs[trial.output]?.data ?? new Float32Array()
    return qualities.map((quality, index) => {
      const embedding = toUnitLength(values.subarray(index * dimensions, (index + 1) * dimensions))
      if (embedding) return { embedding, quality }
      // No direction: any unit vector will do, as long as nobody trusts it.
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
    close: () => (closed ??= run(() => session.release())),
  }
}
