import { type InferenceSession, Tensor } from 'onnxruntime-node'
import { inOrder } from '../../in-order.ts'
import { batchSizesFor, chunksOf } from '../batches.ts'
import { isInside, isSound, toDetection } from '../candidate.ts'
import { pixelsOf } from '../canvas.ts'
import type { MtcnnDescriptor } from '../descriptor.ts'
import type { Detector, DetectorModel, DetectorSettings } from '../detector.ts'
import { inputShapeOf, notAsDescribed, shapesOf } from '../model-input.ts'
import { partsOf } from '../model-parts.ts'
import { type ModelOutput, outputsOf } from '../outputs.ts'
import { openSession, runSession } from '../session.ts'
import type { Offsets } from './boxes.ts'
import { type Cascade, detectByCascade, type Judged, sides } from './cascade.ts'

/** P-Net takes any size; so do most detectors that are taken for one by mistake, and then it can be said. */
const trialSide = 64

/** The outputs of a network by what they hold: scores of "no face" and "face", offsets, landmarks. */
interface Outputs {
  readonly scores: ModelOutput
  readonly offsets: ModelOutput
  /** Empty where the network has none. */
  readonly points: Float32Array
}

/** Recognises outputs by their second dimension, because names differ between exports. Null when one is missing. */
const told = (outputs: readonly ModelOutput[], wantsPoints: boolean): Outputs | null => {
  const of = (values: number) => outputs.find(({ dims }) => dims[1] === values)
  const [scores, offsets, points] = [of(2), of(4), of(10)]
  return scores && offsets && (points || !wantsPoints)
    ? { scores, offsets, points: points?.data ?? new Float32Array() }
    : null
}

/** Checks a network by one run. Throws MODEL_INVALID. */
const trial =
  (file: string, side: number, wantsPoints: boolean) =>
  async (session: InferenceSession): Promise<void> => {
    inputShapeOf(session, file, 'mtcnn')
    const input = new Tensor('float32', new Float32Array(3 * side * side), [1, 3, side, side])
    const outputs = await outputsOf(session, input)
    if (told(outputs, wantsPoints)) return
    const needs = `[n, 2] and [n, 4]${wantsPoints ? ' and [n, 10]' : ''}`
    throw notAsDescribed(file, 'mtcnn', `expected outputs ${needs}, found ${shapesOf(outputs)}`)
  }

const offsetsAt = (offsets: Float32Array, at: number, step: number): Offsets => [
  offsets[at] ?? 0,
  offsets[at + step] ?? 0,
  offsets[at + 2 * step] ?? 0,
  offsets[at + 3 * step] ?? 0,
]

const runFor = async (session: InferenceSession, name: string, input: Tensor, wantsPoints: boolean): Promise<Outputs> =>
  told(await runSession(session, name, input), wantsPoints) as Outputs

/** P-Net: scores and offsets are planes over all places. */
const proposing =
  (session: InferenceSession, name: string): Cascade['propose'] =>
  async (planes, { width, height }) => {
    const input = new Tensor('float32', planes, [1, 3, height, width])
    const { scores, offsets } = await runFor(session, name, input, false)
    const [rows = 0, columns = 0] = scores.dims.slice(2)
    const area = rows * columns
    return {
      scores: scores.data.subarray(area, 2 * area),
      offsets: (place) => offsetsAt(offsets.data, place, area),
      places: { width: columns, height: rows },
    }
  }

/** R-Net and O-Net: one row for each square. */
const judging =
  (session: InferenceSession, name: string, side: number, sizes: readonly number[]): Cascade['refuse'] =>
  async (planes, count) => {
    const length = 3 * side * side
    const judged: Judged[] = []
    for (const chunk of chunksOf(count, sizes)) {
      const data = new Float32Array(chunk.size * length)
      data.set(planes.subarray(chunk.from * length, (chunk.from + chunk.count) * length))
      const input = new Tensor('float32', data, [chunk.size, 3, side, side])
      const { scores, offsets, points } = await runFor(session, name, input, side === sides.decide)
      for (let i = 0; i < chunk.count; i++)
        judged.push({
          score: scores.data[2 * i + 1] ?? 0,
          offsets: offsetsAt(offsets.data, 4 * i, 1),
          points: points.slice(10 * i, 10 * i + 10),
        })
    }
    return judged
  }

/**
 * Opens the three networks of MTCNN as one detector. Throws MODEL_INVALID when no provider runs one of them, or when one is not what
 * the descriptor says; nothing is left open then.
 */
export const openMtcnn = async (
  model: DetectorModel & { readonly descriptor: MtcnnDescriptor },
  settings: DetectorSettings,
): Promise<Detector> => {
  const { name, sha256, descriptor, file } = model
  const opening = new AsyncDisposableStack()
  await using failing = opening
  const open = async (part: string, side: number, wantsPoints: boolean) => {
    const opened = await openSession(
      { file: part, name },
      { ...settings, usual: { width: side, height: side } },
      trial(part, side, wantsPoints),
    )
    opening.defer(() => opened.session.release())
    return opened
  }
  const [refine, output] = partsOf(file, descriptor)
  const first = await open(file, trialSide, false)
  const second = await open(refine, sides.refuse, false)
  const third = await open(output, sides.decide, true)
  const sizes = batchSizesFor(settings.batchSizes, first.provider, { most: Infinity, fixed: null })
  const cascade: Cascade = {
    propose: proposing(first.session, name),
    refuse: judging(second.session, name, sides.refuse, sizes),
    decide: judging(third.session, name, sides.decide, sizes),
  }
  const numbers = {
    minScores: [...descriptor.stageScores, settings.minScore ?? descriptor.minScore] as const,
    minFace: descriptor.minFace,
    factor: descriptor.factor,
    nms: settings.nms ?? descriptor.nms,
    pixels: pixelsOf(descriptor),
  }
  const sessions = failing.move()
  // Input memory is used again: two runs at the same time would overwrite each other's pictures.
  const run = inOrder()
  let closed: Promise<void> | null = null
  return {
    name,
    sha256,
    provider: first.provider,
    arithmetic: first.arithmetic,
    seesParts: false,
    detect: (pictures) =>
      run(async () => {
        const found = []
        for (const picture of pictures) {
          const candidates = await detectByCascade(picture, cascade, numbers)
          const faces = candidates.filter((candidate) => isSound(candidate) && isInside(candidate, picture))
          found.push(faces.map((face) => toDetection(face, picture)))
        }
        return found
      }),
    close: () => (closed ??= run(() => sessions.disposeAsync())),
  }
}
