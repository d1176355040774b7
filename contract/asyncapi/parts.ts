import type { JsonSchema } from '../json-schema.ts'

/** A part of the document that stands elsewhere in it. */
export interface Reference {
  readonly $ref: string
}

/** Refers to a part of the document by the keys that lead to it. */
export const refTo = (...keys: readonly string[]): Reference => ({ $ref: `#/${keys.join('/')}` })

/** Refers to a schema of `components`. */
export const schemaNamed = (name: string): Reference => refTo('components', 'schemas', name)

/** A Message Object. */
export interface Message {
  readonly name: string
  readonly title?: string
  readonly summary: string
  readonly contentType?: string
  readonly headers?: JsonSchema
  readonly payload: JsonSchema | Reference
  readonly bindings?: object
}

/** A Channel Object: a topic of Kafka, topics of MQTT, or the WebSocket. */
export interface Channel {
  readonly address: string
  readonly description: string
  readonly servers: readonly Reference[]
  readonly parameters?: Readonly<Record<string, object>>
  readonly messages: Readonly<Record<string, Message>>
  readonly bindings?: object
}

/** An Operation Object. `send` is what Rollcall does. */
export interface Operation {
  readonly action: 'send' | 'receive'
  readonly channel: Reference
  readonly messages?: readonly Reference[]
  readonly bindings?: object
}

/** What one protocol adds to the document, by name. */
export interface Protocol {
  readonly channels: Readonly<Record<string, Channel>>
  readonly operations: Readonly<Record<string, Operation>>
}

/** `kafka` and `people` make `kafkaPeople`: names in the document are one word. */
export const oneWord = (...words: readonly string[]): string =>
  words.map((word, place) => (place === 0 ? word : word.slice(0, 1).toUpperCase() + word.slice(1))).join('')
