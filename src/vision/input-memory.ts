import { Tensor } from 'onnxruntime-node'
import { clearBehind, fillBlack, type Pixels, type Size } from './canvas.ts'

/** The input tensor of a batch, [size, 3, height, width]. Every run of this shape reuses it. */
export interface BatchInput {
  readonly tensor: Tensor
  /** The three planes of picture `index`. They are black outside the size of the picture that will be written. */
  slot(index: number, coming: Size): Float32Array
}

/** The input tensors of one model. */
export interface InputMemory {
  /**
   * The tensor for a batch of `size` pictures on this canvas. It is overwritten by the next batch of the same shape.
   */
  take(canvas: Size, size: number): BatchInput
}

/** The most shapes that stay allocated; cameras of one site have few. The least recently used one is freed. */
const mostShapes = 8

const createInput = (canvas: Size, size: number, pixels: Pixels): BatchInput => {
  const area = canvas.width * canvas.height
  const data = new Float32Array(size * 3 * area)
  const planes = Array.from({ length: size }, (_, index) => data.subarray(index * 3 * area, (index + 1) * 3 * area))
  for (const each of planes) fillBlack(each, area, pixels)
  const before: Size[] = planes.map(() => ({ width: 0, height: 0 }))
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

/** Allocates the tensor of each shape once, and fills it with the model's black. */
export const createInputMemory = (pixels: Pixels): InputMemory => {
  const inputs = new Map<string, BatchInput>()
  return {
    take(canvas, size) {
      const shape = `${size}×${canvas.width}×${canvas.height}`
      const input = inputs.get(shape) ?? createInput(canvas, size, pixels)
      inputs.delete(shape)
      inputs.set(shape, input)
      const [oldest] = inputs.keys()
      if (inputs.size > mostShapes && oldest !== undefined) inputs.delete(oldest)
      return input
    },
  }
}
