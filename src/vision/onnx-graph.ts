/** One operation of a graph. */
export interface OnnxNode {
  readonly type: string
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  /** Numbers and lists of numbers only, by name. */
  readonly numbers: ReadonlyMap<string, readonly number[]>
  /** Text, by name. */
  readonly texts: ReadonlyMap<string, string>
}

/** What a model computes, without its weights. */
export interface OnnxGraph {
  readonly nodes: readonly OnnxNode[]
  /** The dimensions of each stored tensor. */
  readonly stored: ReadonlyMap<string, readonly number[]>
  /** The names of its inputs. Older files list the stored tensors too. */
  readonly inputs: readonly string[]
}

/** One field of a Protocol Buffers message; `bytes` is empty for a number. */
interface Field {
  readonly number: number
  readonly value: number
  readonly bytes: Uint8Array
}

const none = new Uint8Array(0)

/** The whole number that begins at a place, and where it ends. Throws RangeError where it breaks off. */
const varintAt = (bytes: Uint8Array, from: number): { readonly value: number; readonly end: number } => {
  let [value, factor] = [0n, 1n]
  for (let at = from; ; at++) {
    const byte = bytes[at]
    if (byte === undefined) throw new RangeError('breaks off')
    value += BigInt(byte & 0x7f) * factor
    if (byte < 0x80) return { value: Number(BigInt.asIntN(64, value)), end: at + 1 }
    factor *= 128n
  }
}

/** Fields of a message (https://protobuf.dev/programming-guides/encoding). Throws RangeError where it breaks off. */
const fieldsOf = (message: Uint8Array): Field[] => {
  const fields: Field[] = []
  let at = 0
  const varint = (): number => {
    const { value, end } = varintAt(message, at)
    at = end
    return value
  }
  const take = (length: number): Uint8Array => {
    if (length < 0 || at + length > message.length) throw new RangeError('breaks off')
    at += length
    return message.subarray(at - length, at)
  }
  while (at < message.length) {
    const tag = varint()
    const [number, wire] = [tag >>> 3, tag & 7]
    if (wire === 0) fields.push({ number, value: varint(), bytes: none })
    else if (wire === 1) fields.push({ number, value: 0, bytes: take(8) })
    else if (wire === 2) fields.push({ number, value: 0, bytes: take(varint()) })
    else if (wire === 5) fields.push({ number, value: 0, bytes: take(4) })
    else throw new RangeError(`has a field of the unknown kind ${wire}`)
  }
  return fields
}

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8')
const of = (fields: readonly Field[], number: number): Field[] => fields.filter((field) => field.number === number)
const textIn = (fields: readonly Field[], number: number): string => text(of(fields, number).at(-1)?.bytes ?? none)

/** Whole numbers, one by one or packed. */
const wholes = (fields: readonly Field[], number: number): number[] =>
  of(fields, number).flatMap(({ value, bytes }) => (bytes.length === 0 ? [value] : unpacked(bytes)))

const unpacked = (bytes: Uint8Array): number[] => {
  const values: number[] = []
  for (let at = 0; at < bytes.length; ) {
    const { value, end } = varintAt(bytes, at)
    values.push(value)
    at = end
  }
  return values
}

/** AttributeProto: 1 name, 3 i, 4 s, 8 ints. */
const nodeFrom = (bytes: Uint8Array): OnnxNode => {
  const fields = fieldsOf(bytes)
  const numbers = new Map<string, readonly number[]>()
  const texts = new Map<string, string>()
  for (const { bytes: attribute } of of(fields, 5)) {
    const parts = fieldsOf(attribute)
    const name = textIn(parts, 1)
    const values = [...wholes(of(parts, 3), 3), ...wholes(parts, 8)]
    if (values.length > 0) numbers.set(name, values)
    if (of(parts, 4).length > 0) texts.set(name, textIn(parts, 4))
  }
  const names = (number: number) => of(fields, number).map((field) => text(field.bytes))
  return { type: textIn(fields, 4), inputs: names(1), outputs: names(2), numbers, texts }
}

/**
 * The graph of an ONNX file (onnx.proto: ModelProto 7 graph; GraphProto 1 node, 5 initializer, 11 input; NodeProto 1 input, 2 output,
 * 4 op_type, 5 attribute; TensorProto 1 dims, 8 name). Throws RangeError for what is no such file.
 */
export const readGraph = (file: Uint8Array): OnnxGraph => {
  const [graph] = of(fieldsOf(file), 7)
  if (!graph) throw new RangeError('has no graph')
  const fields = fieldsOf(graph.bytes)
  const stored = of(fields, 5).map(({ bytes }) => {
    const tensor = fieldsOf(bytes)
    return [textIn(tensor, 8), wholes(tensor, 1)] as const
  })
  const isStored = new Set(stored.map(([name]) => name))
  return {
    nodes: of(fields, 1).map(({ bytes }) => nodeFrom(bytes)),
    stored: new Map(stored),
    inputs: of(fields, 11)
      .map(({ bytes }) => textIn(fieldsOf(bytes), 1))
      .filter((name) => !isStored.has(name)),
  }
}
