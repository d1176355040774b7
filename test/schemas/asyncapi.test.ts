import { readFileSync } from 'node:fs'
import { Ajv } from 'ajv/dist/ajv.js'
import addFormats from 'ajv-formats'
import { describe, expect, it } from 'vitest'
import { asyncApi } from '../../contract/asyncapi/document.ts'
import type { Channel, Message, Operation } from '../../contract/asyncapi/parts.ts'
import { eventSchemas, type JsonSchema } from '../../contract/json-schema.ts'
import type { RollcallEvent } from '../../src/events/types.ts'
import { decodeMessage, encodeMessages } from '../../src/sinks/kafka/message.ts'
import { kafkaOptions } from '../../src/sinks/kafka/options.ts'
import { cleanupOf, topics as kafkaTopics, topicName } from '../../src/sinks/kafka/topics.ts'
import { discoveryMessages } from '../../src/sinks/mqtt/home-assistant.ts'
import { liveMessage } from '../../src/sinks/mqtt/live.ts'
import { mqttOptions } from '../../src/sinks/mqtt/options.ts'
import { type SiteState, stateMessages, topicsOf } from '../../src/sinks/mqtt/state.ts'
import { type ClientMessage, parseClientMessage, type ServerMessage } from '../../src/sinks/websocket/protocol.ts'
import { cameraStates } from '../../src/types.ts'

interface Document {
  readonly channels: Readonly<Record<string, Channel>>
  readonly operations: Readonly<Record<string, Operation>>
  readonly components: { readonly schemas: Readonly<Record<string, JsonSchema>> }
}

const read = (url: URL | string) => JSON.parse(readFileSync(new URL(url), 'utf8'))
const written: Document = read(new URL('../../schemas/rollcall.asyncapi.json', import.meta.url))
const examples = [...eventSchemas().values()].flatMap((schema) => schema.examples as unknown as RollcallEvent[])

const ajv = new Ajv({ strict: false })
addFormats.default(ajv)
const anything = {}
const compiled = new Map<object, (value: unknown) => boolean>()
const fits = (schema: object, value: unknown): boolean => {
  const known = compiled.get(schema) ?? ajv.compile({ ...schema, components: written.components })
  compiled.set(schema, known)
  return known(value)
}

const channelsOf = (server: string) =>
  Object.entries(written.channels).filter(([, { servers }]) => servers[0]?.$ref === `#/servers/${server}`)

/** Each message that the document has of these channels, as `channel message`. */
const messagesIn = (channels: ReturnType<typeof channelsOf>): string[] =>
  channels.flatMap(([name, { messages }]) => Object.keys(messages).map((message) => `${name} ${message}`))

/** The one message of a channel whose headers and payload these are. */
const messageOf = ([name, { messages }]: [string, Channel], payload: unknown, headers: object): string => {
  const found = Object.entries(messages).filter(
    ([, message]) => fits(message.headers ?? anything, headers) && fits(message.payload, payload),
  )
  expect(found, `${name}: ${JSON.stringify(payload)}`).toHaveLength(1)
  return `${name} ${found[0]?.[0]}`
}

describe('schemas/rollcall.asyncapi.json', () => {
  it('is what contract says: run npm run schemas', () => {
    expect(written).toEqual(JSON.parse(JSON.stringify(asyncApi())))
  })

  it('is an AsyncAPI 3 document, whose references all lead somewhere', () => {
    const schema = read(import.meta.resolve('@asyncapi/specs/schemas/3.0.0.json'))
    // ajv has it.
    delete schema.definitions['http://json-schema.org/draft-07/schema']
    const isValid = ajv.compile(schema)
    expect([isValid(written), isValid.errors]).toEqual([true, null])
    expect(isValid({ ...written, channels: { bad: { address: 1 } } })).toBe(false)
    for (const [, ref = ''] of JSON.stringify(written).matchAll(/"\$ref":"([^"]+)"/g)) {
      const target = ref
        .split('/')
        .slice(1)
        .reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], written)
      expect(target, ref).toBeDefined()
    }
  })
})

it('says of Kafka which topics there are, and what is in them', () => {
  const options = kafkaOptions.parse({})
  const channels = channelsOf('kafka')
  const byTopic = new Map(
    channels.map((channel) => {
      const [, { address, parameters = {} }] = channel
      const { default: prefix } = parameters.topicPrefix as { default: string }
      return [address.replace('{topicPrefix}', prefix), channel]
    }),
  )
  expect([...byTopic.keys()].sort()).toEqual(kafkaTopics.map((topic) => topicName(options, topic)).sort())
  for (const topic of kafkaTopics) {
    const bindings = byTopic.get(topicName(options, topic))?.[1].bindings as {
      kafka: { topicConfiguration: object }
    }
    expect(bindings.kafka.topicConfiguration, topic).toEqual({ 'cleanup.policy': [cleanupOf(topic)] })
  }
  const records = examples.flatMap((event) => encodeMessages(event).map((one) => decodeMessage(Buffer.from(one))))
  const told = records.map(({ topic, headers, value }) => {
    const channel = byTopic.get(topicName(options, topic))
    if (channel === undefined) throw new Error(`no channel for ${topic}`)
    return messageOf(channel, value && JSON.parse(value.toString()), headers)
  })
  expect([...told].sort()).toEqual(messagesIn(channels).sort())
})

const ada = { id: 'p-1', name: 'Ada', archived: false, createdAtMs: 0, lastSeenAtMs: 0, tracks: 1, faces: 1 }
const state: SiteState = {
  cameras: cameraStates.map((each) => ({ camera: `door-${each}`, state: each, atMs: 1, reason: 'why' })),
  people: [
    { ...ada, lastCamera: 'door-ended' },
    { ...ada, id: 'p-2', name: 'Bea', lastCamera: '' },
  ],
  openSightings: [],
}

it('says of MQTT which topics there are, and what is in them', () => {
  const channels = channelsOf('mqtt')
  const topics = topicsOf('rollcall/home')
  const options = mqttOptions.parse({})
  const retained = [
    ...stateMessages(state, options, topics, 0),
    ...discoveryMessages('home', state, options, topics),
    [topics.status, 'online'] as const,
    [topics.status, 'offline'] as const,
  ].map(([topic, payload]) => ({ topic, payload, retain: true }))
  const live = examples.flatMap((event) =>
    (['all', 'named', 'nobody'] as const).flatMap((people) => {
      const message = liveMessage(event, { people, nameOf: () => null, isTold: () => false }, topics)
      return message ? [{ ...message, retain: false }] : []
    }),
  )
  const told = [...retained, ...live].map(({ topic, payload, retain }) => {
    const found = channels.filter(([, { address }]) =>
      new RegExp(`^${address.replace(/\{\w+\}/g, '[^/]+')}$`).test(topic),
    )
    expect(found, topic).toHaveLength(1)
    const [channel] = found as [[string, Channel]]
    const operation = Object.values(written.operations).find((one) => one.channel.$ref === `#/channels/${channel[0]}`)
    expect(operation?.bindings, topic).toMatchObject({ mqtt: { qos: 1, retain } })
    const { contentType } = Object.values(channel[1].messages)[0] as Message
    const said = String(payload)
    return messageOf(channel, contentType === 'text/plain' ? said : JSON.parse(said), {})
  })
  expect([...new Set(told)].sort()).toEqual(messagesIn(channels).sort())
})

/** A type that is missing here fails in the compiler. */
const ofServer = {
  hello: 1,
  snapshot: 1,
  resumed: 1,
  event: 1,
  dropped: 1,
  heartbeat: 1,
  noVideo: 1,
  error: 1,
} satisfies Record<ServerMessage['type'], number>
const everyTopic = { type: 'subscribe', topics: [...kafkaTopics] }
const ofClient = {
  subscribe: [
    { type: 'subscribe' },
    everyTopic,
    { ...everyTopic, people: ['p-1'], cameras: ['door'], after: { epoch: 'e', seq: 0 } },
  ],
  watch: [{ type: 'watch', cameras: ['door'], video: [{ camera: 'door', only: 'keys' }] }],
  ack: [
    { type: 'ack', seq: 3 },
    { type: 'ack', n: 3 },
    { type: 'ack', seq: 0, n: 1 },
  ],
} satisfies Record<ClientMessage['type'], object>
const refusedOfClient = [{ type: 'ack' }, { type: 'watch' }, { type: 'subscribe', topic: 'people' }, { type: 'hello' }]

it('says of the WebSocket which messages there are, in both directions', () => {
  const types = (operation: string): string[] =>
    (written.operations[operation]?.messages ?? [])
      .map(({ $ref }) => written.components.schemas[$ref.split('/').at(-1) ?? ''])
      .flatMap((schema) => (schema?.properties as { type?: JsonSchema } | undefined)?.type?.const ?? [])
  expect(types('sendToClients').sort()).toEqual(Object.keys(ofServer).sort())
  expect(types('receiveFromClients').sort()).toEqual(Object.keys(ofClient).sort())
  const [channel] = channelsOf('webSocket')
  const asked = (written.operations.receiveFromClients?.messages ?? []).map(({ $ref }) => $ref.split('/').at(-1))
  const takes = (message: unknown): boolean =>
    asked.some((name) => fits(channel?.[1].messages[name ?? '']?.payload ?? { not: {} }, message))
  for (const message of Object.values(ofClient).flat())
    expect([takes(message), typeof parseClientMessage(JSON.stringify(message))], JSON.stringify(message)).toEqual([
      true,
      'object',
    ])
  for (const message of refusedOfClient)
    expect([takes(message), typeof parseClientMessage(JSON.stringify(message))], JSON.stringify(message)).toEqual([
      false,
      'string',
    ])
})
