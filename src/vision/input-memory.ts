import { Tensor } from 'onnxruntime-node'
import { clearBehind, type Pixels, type Size } from './canvas.ts'

/** The input tensor of a batch, [size, 3, height, width]. */
export interface BatchInput {
  readonly tensor: Tensor
  /** The three planes of picture `index`. They are black outside the size of the picture that will be written. */
  slot(index: number, coming: Size): Float32Array
}

/** The input tensors of one model. */
export interface InputMemory {
  /**
   * The tensor for a batch of `size` pictures on this canvas. It is overwritten by the next batch.
   */
  take(canvas: Size, size: number): BatchInput
}

/** `data` may hold anything. */
const createInput = (canvas: Size, size: number, data: Float32Array, pixels: Pixels): BatchInput => {
  const area = canvas.width * canvas.height
  const planes = Array.from({ length: size }, (_, index) => data.subarray(index * 3 * area, (index + 1) * 3 * area))
  const before: Size[] = planes.map(() => canvas)
  return {
    tensor: new Tensor('float32', data, [size, 3, canvas.height, canvas.width]),
    slot(index, coming) {
      const target = planes[index] as Float32Array
      clearBehind(target, canvas, before[index] as Size, coming, pixels)
      before[index] = { width: coming.width, height: coming.height }
      return target
    },
  }
}

/**
 * Tensors of all shapes in the same memory, as large as the largest needs: parts of pictures have many, and memory for each would be
 * thrown away several times a second.
 */
export const createInputMemory = (pixels: Pixels): InputMemory => {
  let memory = new Float32Array(0)
  let last: { readonly shape: string; readonly input: BatchInput } | null = null
  return {
    take(canvas, size) {
      const shape = `${size}×${canvas.width}×${canvas.height}`
      if (last?.shape === shape) return last.input
      const length = size * 3 * canvas.width * canvas.height
      if (memory.length < length) memory = new Float32Array(length)
      last = { shape, input: createInput(canvas, size, memory.subarray(0, length), pixels) }
      return last.input
    },
  }
}
