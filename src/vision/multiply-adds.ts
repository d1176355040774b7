import type { OnnxGraph, OnnxNode } from './onnx-graph.ts'

/** Dimensions without the batch: channels, height, width; or the length of a vector. Of stored tensors all dimensions. */
type Shape = readonly number[]

/** What a node does to shapes, and what it costs. */
interface Step {
  readonly shape: Shape
  readonly cost: number
}

const volume = (shape: Shape): number => shape.reduce((product, value) => product * value, 1)

/** Where input and weights stand among the inputs of an operation. */
const weighted: Readonly<Record<string, readonly [input: number, weights: number]>> = {
  Conv: [0, 1],
  ConvInteger: [0, 1],
  QLinearConv: [0, 3],
  Gemm: [0, 1],
  QGemm: [0, 3],
  MatMul: [0, 1],
  MatMulInteger: [0, 1],
  QLinearMatMul: [0, 3],
}

const list = ({ numbers }: OnnxNode, name: string, fallback: readonly number[]): readonly number[] =>
  numbers.get(name) ?? fallback

/** The sides of what a window gives that slides over `sides`. */
const slid = (node: OnnxNode, sides: Shape, kernel: Shape): number[] => {
  const strides = list(node, 'strides', [1, 1])
  const dilations = list(node, 'dilations', [1, 1])
  const pads = list(node, 'pads', [0, 0, 0, 0])
  const isSame = node.texts.get('auto_pad')?.startsWith('SAME') ?? false
  const round = list(node, 'ceil_mode', [0])[0] === 1 ? Math.ceil : Math.floor
  return sides.map((side, i) => {
    const stride = strides[i] ?? 1
    if (isSame) return Math.ceil(side / stride)
    const reach = (dilations[i] ?? 1) * ((kernel[i] ?? 1) - 1) + 1
    return round((side + (pads[i] ?? 0) + (pads[i + sides.length] ?? 0) - reach) / stride) + 1
  })
}

const convolved = (node: OnnxNode, [, ...sides]: Shape, weights: Shape): Step => {
  const [channels = 0, ...rest] = weights
  const to = slid(node, sides, rest.slice(1))
  return { shape: [channels, ...to], cost: volume(weights) * volume(to) }
}

/** A matrix of weights, columns last (`transB`: first). */
const multiplied = (node: OnnxNode, shape: Shape, weights: Shape): Step => {
  const isTurned = list(node, 'transB', [0])[0] === 1
  const columns = (isTurned ? weights.at(-2) : weights.at(-1)) ?? 1
  const rows = volume(weights) / columns
  const times = Math.max(1, volume(shape) / Math.max(1, rows))
  return { shape: times > 1 ? [...shape.slice(0, -1), columns] : [columns], cost: times * volume(weights) }
}

const step = (node: OnnxNode, shapes: ReadonlyMap<string, Shape>): Step | null => {
  const [input, weights] = weighted[node.type] ?? []
  const all = node.inputs.map((name) => shapes.get(name))
  if (input !== undefined && weights !== undefined) {
    const [x, w] = [all[input], all[weights]]
    if (!x || !w) return null
    return node.type.includes('Conv') ? convolved(node, x, w) : multiplied(node, x, w)
  }
  const [first] = all.filter((shape) => shape !== undefined)
  if (!first) return null
  const free = (shape: Shape): Step => ({ shape, cost: 0 })
  if (node.type === 'MaxPool' || node.type === 'AveragePool') {
    const [channels = 0, ...sides] = first
    return free([channels, ...slid(node, sides, list(node, 'kernel_shape', [1, 1]))])
  }
  if (node.type.startsWith('Global') || node.type.startsWith('Reduce')) return free([first[0] ?? 0, 1, 1])
  if (node.type === 'Flatten' || node.type === 'Reshape') return free([volume(first)])
  if (node.type === 'Concat' || node.type === 'QLinearConcat') {
    const parts = all.filter((shape): shape is Shape => shape !== undefined && shape.length === first.length)
    return free([parts.reduce((sum, [channels = 0]) => sum + channels, 0), ...first.slice(1)])
  }
  // Of two that are broadcast the larger one.
  const isPair = node.type === 'Add' || node.type === 'Mul' || node.type === 'Sub'
  const wide = isPair ? all.flatMap((shape) => (shape ? [shape] : [])) : [first]
  return free(wide.reduce((most, shape) => (volume(shape) > volume(most) ? shape : most)))
}

/**
 * The multiply-adds of one run on one picture of three channels: of convolutions and matrix products with stored weights, which is
 * what FaceNet's FLOPS and MobileFaceNet's MAdds count. Null for a graph whose shapes cannot be followed.
 */
export const multiplyAddsOf = ({ nodes, stored, inputs }: OnnxGraph, side: number): number | null => {
  const shapes = new Map<string, Shape>(stored)
  shapes.set(inputs[0] ?? '', [3, side, side])
  let cost = 0
  for (const node of nodes) {
    const result = step(node, shapes)
    // Constants have no input; what needs weights must know them.
    if (result === null && node.type in weighted) return null
    if (result === null) continue
    cost += result.cost
    for (const name of node.outputs) shapes.set(name, result.shape)
  }
  return cost
}
