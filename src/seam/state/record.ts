import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import protobuf from 'protobufjs'
import { z } from 'zod'
import { type Envelope, UnreadableError } from '../envelope.ts'
import { plainNumber } from '../wire.ts'

const file = fileURLToPath(new URL('../../../schemas/rollcall.state.v1.proto', import.meta.url))
const { root } = protobuf.parse(readFileSync(file, 'utf8'))
const [rowType, headType, claimType] = ['Row', 'Head', 'Claim'].map((name) =>
  root.lookupType(`rollcall.state.v1.${name}`),
) as [protobuf.Type, protobuf.Type, protobuf.Type]

/** A value of a column. */
export type Value = null | number | string | Uint8Array

/** A record of the topic. */
export type StateRecord =
  | {
      readonly what: 'row'
      readonly row: { readonly table: string; readonly key: readonly Value[]; readonly values: readonly Value[] | null }
    }
  | {
      readonly what: 'head'
      readonly head: { readonly state: string; readonly writer: string; readonly number: number }
      readonly lastIds: Readonly<Record<string, number>>
    }
  | { readonly what: 'claim'; readonly writer: string; readonly turn: number }

/** A record as it is sent. */
export interface PackedRecord {
  readonly key: string
  readonly value: Buffer | null
}

/** Packs and unpacks records of the topic. `schema` is the version of the database's schema. */
export interface StateCodec {
  pack(record: StateRecord): PackedRecord
  /** Throws UnreadableError; the bytes may be anything. */
  unpack(key: Uint8Array | null, value: Uint8Array | null): StateRecord
}

const keyOf = (record: StateRecord): string =>
  JSON.stringify(record.what === 'row' ? [record.row.table, ...record.row.key] : [record.what])

const wireValue = (value: Value): object =>
  value === null
    ? {}
    : typeof value === 'string'
      ? { text: value }
      : typeof value !== 'number'
        ? { blob: value }
        : Number.isSafeInteger(value) && !Object.is(value, -0)
          ? { integer: value }
          : { real: value }

/** What was read of a value: a field that was not sent is not its own. */
const plainValue = (wire: Readonly<Record<string, unknown>>): Value => {
  if (Object.hasOwn(wire, 'integer')) return plainNumber(wire.integer as number)
  if (Object.hasOwn(wire, 'real')) return wire.real as number
  if (Object.hasOwn(wire, 'text')) return wire.text as string
  return Object.hasOwn(wire, 'blob') ? (wire.blob as Uint8Array) : null
}

const keyShape = z.tuple([z.string()], z.union([z.string(), z.number(), z.null()]))

interface Wire {
  readonly schema: number
  readonly values: readonly Readonly<Record<string, unknown>>[]
  readonly state: string
  readonly writer: string
  readonly number: number
  readonly turn: number
  readonly lastIds: Readonly<Record<string, number>>
}

/** The codec of a site's topic. */
export const stateCodec = (envelope: Envelope, schema: number): StateCodec => {
  const encoded = (record: StateRecord): Uint8Array | null => {
    if (record.what === 'claim') return claimType.encode({ writer: record.writer, turn: record.turn }).finish()
    if (record.what === 'head') return headType.encode({ ...record.head, schema, lastIds: record.lastIds }).finish()
    const { values } = record.row
    return values && rowType.encode({ schema, values: values.map(wireValue) }).finish()
  }
  const read = (type: protobuf.Type, bytes: Uint8Array): Wire => {
    const wire = type.decode(bytes) as unknown as Wire
    if (type !== claimType && wire.schema !== schema)
      throw new UnreadableError('version', `it has schema ${wire.schema}, this version of Rollcall has ${schema}`)
    return wire
  }
  const decode = ([table, ...key]: [string, ...Value[]], bytes: Uint8Array | null): StateRecord => {
    if (bytes === null) return { what: 'row', row: { table, key, values: null } }
    if (table === 'claim') {
      const { writer, turn } = read(claimType, bytes)
      return { what: 'claim', writer, turn }
    }
    if (table === 'head') {
      const { state, writer, number, lastIds } = read(headType, bytes)
      return { what: 'head', head: { state, writer, number }, lastIds }
    }
    return { what: 'row', row: { table, key, values: read(rowType, bytes).values.map(plainValue) } }
  }
  return {
    pack: (record) => {
      const key = keyOf(record)
      const bytes = encoded(record)
      return { key, value: bytes && Buffer.from(envelope.pack(key, bytes)) }
    },
    unpack: (key, value) => {
      const text = Buffer.from(key ?? []).toString()
      const bytes = value && envelope.unpack(text, value)
      try {
        return decode(keyShape.parse(JSON.parse(text)) as [string, ...Value[]], bytes)
      } catch (error) {
        if (error instanceof UnreadableError) throw error
        throw new UnreadableError('damaged', error instanceof Error ? error.message : String(error))
      }
    },
  }
}
