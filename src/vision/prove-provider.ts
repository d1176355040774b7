import { type InferenceSession, Tensor } from 'onnxruntime-node'
import type { Size } from './canvas.ts'
import { type ModelOutput, outputsOf } from './outputs.ts'

/** A run of a GPU takes at most this share of the CPU's time, so that noise does not choose it. */
const clearly = 0.8
/**
 * The difference may be this share of the CPU's result, both as root mean squares. On noise a detector differs by .002 and an
 * 8-bit embedder by .07, as its two forms on the CPU do; a wrong kernel differs by about 1.
 */
const tolerance = 0.15
const checkSize: Size = { width: 96, height: 64 }
const rounds = 5

/** Noise in 0–255 of the shape that the graph takes: `size` where it leaves width and height open, one where it leaves the batch open. */
const noise = (session: InferenceSession, size: Size): Tensor => {
  const [input] = session.inputMetadata
  const shape = input?.isTensor ? input.shape : []
  const open = [1, 3, size.height, size.width]
  const dims = shape.map((side, axis) => (typeof side === 'number' && side > 0 ? side : (open[axis] ?? 1)))
  const values = new Float32Array(dims.reduce((all, side) => all * side, 1))
  // Knuth's multiplicative hash: the same noise each time.
  for (let i = 0; i < values.length; i++) values[i] = Math.imul(i + 1, 2654435761) >>> 24
  return new Tensor('float32', values, dims)
}

/** The greatest difference of an output, as a share of the expected values; both as root mean squares. NaN when a value is. */
const differenceOf = (found: readonly ModelOutput[], expected: readonly ModelOutput[]): number => {
  const shares = expected.map(({ data: values }, output) => {
    let squares = 0
    let wrong = 0
    for (const [i, value] of values.entries()) {
      squares += value * value
      wrong += ((found[output]?.data[i] ?? Number.NaN) - value) ** 2
    }
    return Math.sqrt(wrong / Math.max(squares, Number.MIN_VALUE))
  })
  return Math.max(...shares)
}

/** The shortest of some runs, milliseconds. It gives up when the first takes three times `limitMs`. */
const shortestRun = async (session: InferenceSession, input: Tensor, limitMs = Infinity): Promise<number> => {
  let shortest = Infinity
  // The first run also compiles, on a GPU.
  for (let round = 0; round <= rounds; round++) {
    const startedAt = performance.now()
    await outputsOf(session, input)
    const tookMs = performance.now() - startedAt
    if (round > 0) shortest = Math.min(shortest, tookMs)
    if (round > 0 && shortest > 3 * limitMs) break
  }
  return shortest
}

/**
 * Compares a GPU with the CPU on one model. Returns why the GPU is not to be used, or null. `onCpu` are the forms in which the
 * CPU can run it (at least one). The GPU's result has to agree with the first of them; with `isTimed` the GPU also has to be
 * clearly faster than each, on a picture of `usual` size.
 */
export const objectionTo = async (
  gpu: InferenceSession,
  onCpu: readonly InferenceSession[],
  { usual, isTimed }: { readonly usual: Size; readonly isTimed: boolean },
): Promise<string | null> => {
  const small = noise(gpu, checkSize)
  const difference = differenceOf(await outputsOf(gpu, small), await outputsOf(onCpu[0] as InferenceSession, small))
  if (!(difference <= tolerance)) return `its results are not those of the CPU (difference ${difference.toFixed(2)})`
  if (!isTimed) return null
  const input = noise(gpu, usual)
  let cpuMs = Infinity
  for (const rival of onCpu) cpuMs = Math.min(cpuMs, await shortestRun(rival, input))
  const gpuMs = await shortestRun(gpu, input, cpuMs)
  if (gpuMs < clearly * cpuMs) return null
  return `it is not clearly faster than the CPU (${gpuMs.toFixed(1)} ms a run, the CPU ${cpuMs.toFixed(1)})`
}
