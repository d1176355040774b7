import type { InferenceSession, Tensor } from 'onnxruntime-node'

/** An output tensor of a model: its shape, and its values for the whole batch. */
export interface ModelOutput {
  readonly dims: readonly number[]
  readonly data: Float32Array
}

/** Runs a graph of one input and returns its outputs in the graph's order. Rejects with the error of ONNX Runtime. */
export const outputsOf = async (session: InferenceSession, input: Tensor): Promise<readonly ModelOutput[]> => {
  const outputs = await session.run({ [session.inputNames[0] ?? '']: input })
  return session.outputNames.map((name) => outputs[name] as unknown as ModelOutput)
}
