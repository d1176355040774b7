import { type InferenceSession, Tensor } from 'onnxruntime-node'
import { RollcallError } from '../errors.ts'
import { inOrder } from '../in-order.ts'
import type { Detection, Picture } from '../types.ts'
import type { Arithmetic } from './arithmetic.ts'
import { batchSizesFor, chunksOf } from './batches.ts'
import { isInside, isSound, toDetection } from './candidate.ts'
import { canvasFor, pack, pixelsOf, type Size } from './canvas.ts'
import type { DetectorDescriptor, GraphDescriptor } from './descriptor.ts'
import { decodingFor, type OutputDecoding } from './detector-outputs.ts'
import { createInputMemory } from './input-memory.ts'
import { type InputShape, inputShapeOf, notAsDescribed, shapesOf } from './model-input.ts'
import { openMtcnn } from './mtcnn/open-mtcnn.ts'
import { suppress } from './nms.ts'
import { outputsOf } from './outputs.ts'
import { type OnFallback, openSession, type Provider, runSession } from './session.ts'

/** Finds faces in pictures. Owned by whoever opened it, who calls `close()`. */
export interface Detector {
  readonly name: string
  readonly sha256: string
  /** The hardware that runs the model. */
  readonly provider: Provider
  readonly arithmetic: Arithmetic
  /** Whether parts of a picture cost less than all of it: on a CPU, with a graph that takes any size. */
  readonly seesParts: boolean
  /**
   * Finds the faces of each picture, best first, in fractions of the picture. Pictures may have different sizes, and
   * have to stay valid until the promise settles. Calls run one after the other. Rejects with MODEL_RUN.
   */
  detect(pictures: readonly Picture[]): Promise<Detection[][]>
  /** Waits for the runs in flight, then frees the model. Idempotent. */
  close(): Promise<void>
}

/** How a detector is run, from `models` in the configuration. */
export interface DetectorSettings {
  readonly providers: readonly Provider[]
  /** Threads inside one run on a CPU. */
  readonly threads: number
  /** Longest side of the pictures, pixels. */
  readonly side: number
  /** Null, here and for `nms`: the descriptor's value. */
  readonly minScore: number | null
  readonly nms: number | null
  readonly batchSizes: 'auto' | readonly number[]
  readonly onFallback: OnFallback
}

/** A detector's file with its descriptor. */
export interface DetectorModel {
  readonly file: string
  readonly name: string
  readonly sha256: string
  readonly descriptor: DetectorDescriptor
}

/** A detector that is one graph. */
type GraphModel = DetectorModel & { readonly descriptor: GraphDescriptor }

/** What the trial run of a detector found out. */
interface Findings extends OutputDecoding {
  readonly shape: InputShape
}

/** Each stride gives another number of cells on this size, so the outputs can be told apart by shape. */
const trialSize: Size = { width: 96, height: 64 }

/** A picture of 16:9, in whole cells of each stride. */
const usualSize = (side: number): Size => {
  const width = Math.ceil(side / 32) * 32
  return { width, height: Math.ceil((width * 9) / 16 / 32) * 32 }
}

const inspect =
  ({ file, descriptor }: GraphModel, side: number) =>
  async (session: InferenceSession): Promise<Findings> => {
    const shape = inputShapeOf(session, file, descriptor.kind)
    const canvas = { width: shape.width ?? trialSize.width, height: shape.height ?? trialSize.height }
    if (Math.min(shape.width ?? side, shape.height ?? side) < side)
      throw new RollcallError('MODEL_INVALID', `${file}: takes pictures of ${canvas.width}×${canvas.height} only`, {
        remedy: `Set models.side to at most ${Math.min(canvas.width, canvas.height)}.`,
      })
    const count = shape.batch ?? 1
    const pixels = new Float32Array(count * 3 * canvas.width * canvas.height)
    const input = new Tensor('float32', pixels, [count, 3, canvas.height, canvas.width])
    const one = (await outputsOf(session, input)).map(({ dims, data }) => ({
      dims: count === 1 ? dims : dims.with(0, (dims[0] ?? 1) / count),
      data,
    }))
    const decoding = decodingFor(descriptor, one, canvas)
    if (typeof decoding === 'string')
      throw notAsDescribed(
        file,
        descriptor.kind,
        `${decoding}, found ${shapesOf(one)} at ${canvas.width}×${canvas.height}`,
      )
    return { ...decoding, shape }
  }

/**
 * Opens a detector and runs it once. Throws MODEL_INVALID when no provider runs it, or when the graph is not what its
 * descriptor says.
 */
export const openDetector = (model: DetectorModel, settings: DetectorSettings): Promise<Detector> => {
  const { descriptor } = model
  return descriptor.kind === 'mtcnn'
    ? openMtcnn({ ...model, descriptor }, settings)
    : openGraph({ ...model, descriptor }, settings)
}

const openGraph = async (model: GraphModel, settings: DetectorSettings): Promise<Detector> => {
  const { name, descriptor } = model
  const { session, provider, arithmetic, trial } = await openSession(
    model,
    { ...settings, usual: usualSize(settings.side) },
    inspect(model, settings.side),
  )
  const { decode, shape } = trial
  const pixels = pixelsOf(descriptor)
  const memory = createInputMemory(pixels)
  const sizes = batchSizesFor(settings.batchSizes, provider, { most: trial.batches ? Infinity : 1, fixed: shape.batch })
  const multiple = Math.max(32, ...descriptor.strides)
  const minScore = settings.minScore ?? descriptor.minScore
  const limit = settings.nms ?? descriptor.nms
  // Input memory is used again: two runs at the same time would overwrite each other's pictures.
  const run = inOrder()
  let closed: Promise<void> | null = null

  const canvasOf = (pictures: readonly Picture[]): Size => {
    const needed = canvasFor(pictures, multiple)
    const canvas = { width: shape.width ?? needed.width, height: shape.height ?? needed.height }
    for (const { width, height } of pictures)
      if (width > canvas.width || height > canvas.height)
        throw new RollcallError(
          'MODEL_RUN',
          `${name}: a picture of ${width}×${height} does not fit its input of ${canvas.width}×${canvas.height}`,
          { remedy: 'Lower models.side.' },
        )
    return canvas
  }

  const detectChunk = async (pictures: readonly Picture[], size: number): Promise<Detection[][]> => {
    const canvas = canvasOf(pictures)
    const input = memory.take(canvas, size)
    for (const [slot, picture] of pictures.entries()) pack(picture, input.slot(slot, picture), canvas, pixels)
    const outputs = await runSession(session, name, input.tensor)
    return pictures.map((picture, item) => {
      const candidates = decode(outputs, { item, count: size, canvas }, minScore)
      const faces = candidates.filter((candidate) => isSound(candidate) && isInside(candidate, picture))
      return suppress(faces, limit).map((face) => toDetection(face, picture))
    })
  }

  return {
    name,
    sha256: model.sha256,
    provider,
    arithmetic,
    seesParts: provider === 'cpu' && shape.width === null && shape.height === null && multiple === 32,
    detect: (pictures) =>
      run(async () => {
        const found: Detection[][] = []
        for (const { from, count, size } of chunksOf(pictures.length, sizes))
          found.push(...(await detectChunk(pictures.slice(from, from + count), size)))
        return found
      }),
    close: () => (closed ??= run(() => session.release())),
  }
}
