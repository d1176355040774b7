import type { InferenceSession } from 'onnxruntime-node'
import { RollcallError } from '../errors.ts'

/** A model's input [batch, 3, height, width]: a number where the graph fixes it, null where it does not. */
export interface InputShape {
  readonly batch: number | null
  readonly height: number | null
  readonly width: number | null
}

/** MODEL_INVALID for a graph that is not what its descriptor says; `expected` and `found` are shapes for people. */
export const notAsDescribed = (file: string, kind: string, problem: string): RollcallError =>
  new RollcallError('MODEL_INVALID', `${file}: not a model of kind ${kind}: ${problem}`, {
    remedy: 'Correct "kind" and the shapes in its descriptor, or use the file that the descriptor was written for.',
  })

/** Reads and checks the one input. Throws MODEL_INVALID. */
export const inputShapeOf = (session: InferenceSession, file: string, kind: string): InputShape => {
  const inputs = session.inputMetadata
  const [input] = inputs
  const found = inputs.map((each) =>
    each.isTensor ? `${each.name} ${each.type}[${each.shape.join(', ')}]` : each.name,
  )
  const wrong = (): RollcallError =>
    notAsDescribed(file, kind, `expected one input float32[n, 3, height, width], found ${found.join('; ') || 'none'}`)
  if (!input?.isTensor || inputs.length !== 1 || input.type !== 'float32' || input.shape.length !== 4) throw wrong()
  const [batch, channels, height, width] = input.shape.map((size) => (typeof size === 'number' ? size : null))
  if (channels !== 3 && channels !== null) throw wrong()
  return { batch: batch ?? null, height: height ?? null, width: width ?? null }
}

/** The outputs' shapes, for a message. */
export const shapesOf = (outputs: readonly { readonly dims: readonly number[] }[]): string =>
  outputs.map(({ dims }) => `[${dims.join(', ')}]`).join(' ')
