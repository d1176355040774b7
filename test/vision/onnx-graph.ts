/**
 * Writes tiny ONNX models whose outputs are constants: enough to test what happens around a graph of a given shape
 * without its weights. Protocol buffers by hand: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto
 */
export interface Constant {
  readonly name: string
  readonly dims: readonly number[]
  readonly values: readonly number[]
}

const varint = (value: number): number[] =>
  value < 128 ? [value] : [(value % 128) + 128, ...varint(Math.floor(value / 128))]
const number = (field: number, value: number): number[] => [...varint(field * 8), ...varint(value)]
const bytes = (field: number, value: ArrayLike<number>): number[] => [
  ...varint(field * 8 + 2),
  ...varint(value.length),
  ...Array.from(value),
]
const text = (field: number, value: string): number[] => bytes(field, Buffer.from(value))

const float32 = 1

/** ValueInfoProto; a string is a symbolic dimension. */
const valueInfo = (name: string, dims: readonly (number | string)[], type = float32): number[] => {
  const shape = dims.flatMap((dim) => bytes(1, typeof dim === 'string' ? text(2, dim) : number(1, dim)))
  return [...text(1, name), ...bytes(2, bytes(1, [...number(1, type), ...bytes(2, shape)]))]
}

const tensor = ({ name, dims, values }: Constant): number[] => [
  ...dims.flatMap((dim) => number(1, dim)),
  ...number(2, float32),
  ...text(8, `${name}-value`),
  ...bytes(9, new Uint8Array(Float32Array.from(values).buffer)),
]

/** A model with one input and constant outputs. `type` 1 is float32, 2 is uint8. */
export const constantModel = (
  input: readonly (number | string)[],
  outputs: readonly Constant[],
  type: 1 | 2 = 1,
): Uint8Array => {
  const graph = [
    ...outputs.flatMap(({ name }) => bytes(1, [...text(1, `${name}-value`), ...text(2, name), ...text(4, 'Identity')])),
    ...text(2, 'constants'),
    ...outputs.flatMap((output) => bytes(5, tensor(output))),
    ...bytes(11, valueInfo('input', input, type)),
    ...outputs.flatMap(({ name, dims }) => bytes(12, valueInfo(name, dims))),
  ]
  return Uint8Array.from([...number(1, 8), ...bytes(8, number(2, 13)), ...bytes(7, graph)])
}
