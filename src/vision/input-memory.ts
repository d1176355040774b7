import { Tensor } from 'onnxruntime-node'
import { clearBehind, fillBlack, type Pixels, type Size } from './canvas.ts'

/** A batch's input tensor [size, 3, height, width], reused by every run of this shape. */
export interface BatchInput {
  readonly tensor: Tensor
  /** The three planes of picture `index`, black wherever the coming picture of this size will not be written. */
  slot(index: number, coming: Size): Float32Array
}

export interface InputMemory {
  take(canvas: Size, size: number): BatchInput
}

/** So many shapes stay allocated; cameras of one site have few. The least recently used one makes room. */
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

/** Memory for batches, allocated and blackened once for each shape. */
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
