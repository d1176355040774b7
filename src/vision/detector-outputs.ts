import type { Candidate } from './candidate.ts'
import type { Size } from './canvas.ts'
import type { GraphDescriptor, RetinafaceDescriptor, ScrfdDescriptor, YunetDescriptor } from './descriptor.ts'
import type { ModelOutput } from './outputs.ts'
import { decodeRetinaface } from './retinaface.ts'
import { decodeScrfd } from './scrfd.ts'
import { decodeYunet } from './yunet.ts'

/** Decodes the faces of picture `item` of a batch of `count`, in canvas pixels. */
export type Decode = (
  outputs: readonly ModelOutput[],
  at: { readonly item: number; readonly count: number; readonly canvas: Size },
  minScore: number,
) => Candidate[]

/**
 * How a graph's outputs are decoded. Outputs are recognised by their shapes, because names differ between exports of
 * one architecture.
 */
export interface OutputDecoding {
  readonly decode: Decode
  /** False when the outputs have no batch dimension, so that only one picture can run at a time. */
  readonly batches: boolean
}

/** Indices of the outputs that have `rows` rows of `width` values, for one picture. */
const withShape = (outputs: readonly ModelOutput[], rows: number, width: number): number[] =>
  outputs.flatMap(({ dims }, index) =>
    dims.at(-1) === width && dims.slice(0, -1).reduce((a, b) => a * b, 1) === rows ? [index] : [],
  )

const cellsOf = (canvas: Size, stride: number): number => (canvas.width / stride) * (canvas.height / stride)

/** The values of one picture of the batch. */
const itemOf = (output: ModelOutput | undefined, item: number, count: number): Float32Array => {
  if (!output) return new Float32Array()
  const length = output.data.length / count
  return output.data.subarray(item * length, (item + 1) * length)
}

/** For people: the output shapes that were expected for one picture on this canvas. */
const missing = (needs: string): string => `expected outputs ${needs}`

const yunet = (of: YunetDescriptor, trial: readonly ModelOutput[], canvas: Size): Decode | string => {
  const levels = of.strides.map((stride) => {
    const cells = cellsOf(canvas, stride)
    return {
      stride,
      scores: withShape(trial, cells, 1),
      boxes: withShape(trial, cells, 4)[0] ?? -1,
      points: withShape(trial, cells, 10)[0] ?? -1,
    }
  })
  for (const { stride, scores, boxes, points } of levels) {
    const cells = cellsOf(canvas, stride)
    if (scores.length !== 2 || boxes < 0 || points < 0)
      return missing(`[${cells}, 1] twice, [${cells}, 4] and [${cells}, 10] for stride ${stride}`)
  }
  return (outputs, { item, count, canvas: { width } }, minScore) =>
    decodeYunet(
      levels.map(({ stride, scores: [classScore = -1, objectScore = -1], boxes, points }) => ({
        stride,
        columns: width / stride,
        classScore: itemOf(outputs[classScore], item, count),
        objectScore: itemOf(outputs[objectScore], item, count),
        boxes: itemOf(outputs[boxes], item, count),
        points: itemOf(outputs[points], item, count),
      })),
      minScore,
    )
}

const scrfd = (of: ScrfdDescriptor, trial: readonly ModelOutput[], canvas: Size): Decode | string => {
  const levels = of.strides.map((stride) => {
    const rows = cellsOf(canvas, stride) * of.anchors
    const first = (width: number): number => withShape(trial, rows, width)[0] ?? -1
    return { stride, rows, scores: first(1), distances: first(4), points: first(10) }
  })
  for (const { stride, rows, scores, distances } of levels)
    if (scores < 0 || distances < 0)
      return missing(`[${rows}, 1] and [${rows}, 4] for stride ${stride} with ${of.anchors} anchors`)
  const landmarks = levels.every(({ points }) => points >= 0)
  return (outputs, { item, count, canvas: { width } }, minScore) =>
    decodeScrfd(
      levels.map(({ stride, scores, distances, points }) => ({
        stride,
        columns: width / stride,
        anchors: of.anchors,
        scores: itemOf(outputs[scores], item, count),
        distances: itemOf(outputs[distances], item, count),
        points: landmarks ? itemOf(outputs[points], item, count) : null,
      })),
      minScore,
    )
}

const retinaface = (of: RetinafaceDescriptor, trial: readonly ModelOutput[], canvas: Size): Decode | string => {
  const priors = of.strides.reduce(
    (sum, stride, level) => sum + cellsOf(canvas, stride) * (of.minSizes[level] ?? []).length,
    0,
  )
  const first = (width: number): number => withShape(trial, priors, width)[0] ?? -1
  const [boxes, scores, points] = [first(4), first(2), first(10)]
  if (boxes < 0 || scores < 0 || points < 0)
    return missing(`[${priors}, 4], [${priors}, 2] and [${priors}, 10] (from strides and minSizes)`)
  return (outputs, { item, count, canvas: { width, height } }, minScore) =>
    decodeRetinaface(
      {
        boxes: itemOf(outputs[boxes], item, count),
        scores: itemOf(outputs[scores], item, count),
        points: itemOf(outputs[points], item, count),
      },
      { width, height, strides: of.strides, minSizes: of.minSizes, variances: of.variances },
      minScore,
    )
}

const decoderFor = (of: GraphDescriptor, trial: readonly ModelOutput[], canvas: Size): Decode | string => {
  if (of.kind === 'yunet') return yunet(of, trial, canvas)
  return of.kind === 'scrfd' ? scrfd(of, trial, canvas) : retinaface(of, trial, canvas)
}

/**
 * Chooses the decoding from the outputs of one trial picture on `canvas`. Returns what was expected, in words, when the
 * outputs do not fit the descriptor.
 */
export const decodingFor = (
  of: GraphDescriptor,
  trial: readonly ModelOutput[],
  canvas: Size,
): OutputDecoding | string => {
  const decode = decoderFor(of, trial, canvas)
  return typeof decode === 'string' ? decode : { decode, batches: trial.every(({ dims }) => dims.length === 3) }
}
