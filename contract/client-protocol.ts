import { typeScriptOf } from './client-types.ts'
import type { JsonSchema } from './json-schema.ts'
import { protocolSchemas } from './messages.ts'
import { definitionsOf, nameOf } from './protocol-definitions.ts'

/** The types of the messages of `/ws` for TypeScript consumers, made of the schemas: client/src/protocol.ts. */

const head = `// Made from contract by \`npm run schemas\`: do not edit here.

import type { CameraChange, FrameEvent, RollcallEvent } from './events.ts'

/** WebSocket subprotocol; also the version of everything below. */
export const protocol = 'rollcall.v1'
`

/** What JSON does not say: bytes, and which fields belong to which message of a client. */
const tail = `/** An analysed frame: its boxes and its picture come in one message, so they always belong together. */
export interface Picture {
  readonly frame: FrameEvent['data']
  readonly jpeg: Uint8Array<ArrayBuffer>
}

/** The header of an access unit. */
export interface UnitHeader extends UnitStamp {
  readonly kind: 'unit'
}

/** One access unit of a camera's own video: Annex B for H.264 and H.265, a JPEG for Motion JPEG. */
export interface Unit extends UnitHeader {
  readonly bytes: Uint8Array<ArrayBuffer>
}

/** All messages of a client. */
export type ClientMessage =
  | ({ readonly type: 'subscribe'; readonly after?: Position } & Subscription)
  | ({ readonly type: 'watch' } & Watch)
  | { readonly type: 'ack'; readonly seq?: number; readonly n?: number }
`

const typeNamed = (name: string, schema: JsonSchema): string => {
  const type = typeScriptOf(schema)
  const comment = `/** ${schema.description} */\n`
  return type.startsWith('{')
    ? `${comment}export interface ${name} ${type}\n`
    : `${comment}export type ${name} = ${type}\n`
}

/** The text of client/src/protocol.ts, before it is formatted. */
export const clientProtocol = (): string => {
  const defined = definitionsOf(protocolSchemas)
  const types = protocolSchemas.map((schema) => {
    const name = nameOf(schema)
    const definition = defined[name]
    if (definition === undefined) throw new Error(`contract/messages.ts: ${name} has no definition`)
    return typeNamed(name, definition)
  })
  return [head, ...types, tail].join('\n')
}
