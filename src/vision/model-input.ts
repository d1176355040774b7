import type { InferenceSession } from 'onnxruntime-node'
import { RollcallError } from '../errors.ts'

/** The shape of a model's input, [batch, 3, height, width]: null where the graph allows any size. */
export interface InputShape {
  readonly batch: number | null
  readonly height: number | null
  readonly width: number | null
}

/** A MODEL_INVALID error for a graph that is not what its descriptor says. `problem` names shapes, for people. */
export const notAsDescribed = (file: string, kind: string, problem: string): RollcallError =>
  new RollcallError('MODEL_INVALID', `${file}: not a model of kind ${kind}: ${problem}`, {
    remedy: 'Correct "kind" and the shapes in its descriptor, or use the file that the descriptor was written for.',
  })

/** Checks that a graph has one input float32[n, 3, height, width] and returns its shape. Throws MODEL_INVALID. */
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

/** The shapes of outputs as text, for a message. */
export const shapesOf = (outputs: readonly { readonly dims: readonly number[] }[]): string =>
  outputs.map(({ dims }) => `[${dims.join(', ')}]`).join(' ')
