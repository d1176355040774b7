import * as cameras from '../cameras.ts'
import { eventSchemas, type JsonSchema } from '../json-schema.ts'
import { clientMessages, protocolSchemas } from '../messages.ts'
import { definitionName, oneSchema } from '../one-schema.ts'
import { definitionsOf } from '../protocol-definitions.ts'
import { kafka } from './kafka.ts'
import { mqtt } from './mqtt.ts'
import { refTo, schemaNamed } from './parts.ts'
import { binaryHeaders, webSocket } from './websocket.ts'

/** The file in schemas/ that has the document. */
export const asyncApiName = 'rollcall.asyncapi'

const security = (...names: readonly string[]) => names.map((name) => refTo('components', 'securitySchemes', name))

const servers = {
  kafka: {
    host: '{broker}',
    protocol: 'kafka',
    description: 'The brokers of `sinks.kafka`; with `tls` the protocol is kafka-secure.',
    variables: { broker: { default: 'localhost:9092' } },
    security: security('plain', 'scramSha256', 'scramSha512'),
  },
  mqtt: {
    host: '{broker}',
    protocol: 'mqtt',
    description: 'The broker of `sinks.mqtt`; with TLS the protocol is secure-mqtt.',
    variables: { broker: { default: 'localhost:1883' } },
    security: security('password'),
  },
  webSocket: {
    host: '{host}',
    protocol: 'ws',
    description: 'Rollcall itself; with `http.tls` the protocol is wss.',
    variables: { host: { default: '127.0.0.1:8080' } },
    security: security('token'),
  },
}

const securitySchemes = {
  plain: { type: 'plain' },
  scramSha256: { type: 'scramSha256' },
  scramSha512: { type: 'scramSha512' },
  password: { type: 'userPassword' },
  token: { type: 'http', scheme: 'bearer', description: 'Scope `read`. Pages use a ticket: docs/websocket.md.' },
}

/** References into `$defs` become such into `components`. */
const inComponents = (definitions: object): Readonly<Record<string, JsonSchema>> =>
  JSON.parse(JSON.stringify(definitions).replaceAll('"#/$defs/', '"#/components/schemas/'))

const schemas = (): Readonly<Record<string, JsonSchema>> => {
  const { $defs, oneOf, title, description } = oneSchema(eventSchemas())
  const changes = Object.values(cameras).map(({ shape }) => schemaNamed(`${definitionName(shape.type.value)}Data`))
  return inComponents({
    ...definitionsOf([...protocolSchemas, ...clientMessages]),
    RollcallEvent: { title, description, oneOf },
    CameraChange: { description: 'The latest change of a camera’s state.', oneOf: changes },
    ...($defs as object),
    ...binaryHeaders,
  })
}

/**
 * The AsyncAPI 3 document of everything that Rollcall sends and receives but by HTTP: the topics of Kafka and MQTT with their
 * messages, and the WebSocket. HTTP has an OpenAPI document, which the server makes.
 */
export const asyncApi = (): object => {
  const protocols = [kafka(), mqtt(), webSocket()]
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Rollcall',
      version: '1',
      description:
        'Who is on which camera, as events: on Kafka, over MQTT and over a WebSocket. docs/events.md says what can be relied on.',
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
    },
    defaultContentType: 'application/json',
    servers,
    channels: Object.assign({}, ...protocols.map(({ channels }) => channels)),
    operations: Object.assign({}, ...protocols.map(({ operations }) => operations)),
    components: { schemas: schemas(), securitySchemes },
  }
}
