import { type TopicSchemas, topicSchemas } from '../events.ts'
import { type EventSchema, type JsonSchema, schemasOf, typeOf } from '../json-schema.ts'
import { definitionName } from '../one-schema.ts'
import { type Channel, type Message, type Operation, oneWord, type Protocol, refTo, schemaNamed } from './parts.ts'

/** The attributes of an event as CloudEvents' Kafka binding names them (binary mode). */
const headersOf = ({ properties, required = [] }: EventSchema): JsonSchema => {
  const { data: _, datacontenttype, ...attributes } = properties
  const headers = {
    ...Object.fromEntries(Object.entries(attributes).map(([name, schema]) => [`ce_${name}`, schema])),
    'content-type': datacontenttype,
  }
  const always = Object.keys(attributes).filter((name) => required.includes(name))
  return { type: 'object', required: [...always.map((name) => `ce_${name}`), 'content-type'], properties: headers }
}

/** A camera or a person: all about the same one is in one partition, in order. */
const keyed = {
  kafka: {
    key: { type: 'string', minLength: 1, description: 'The camera or the person: `partitionkey` of the event.' },
    bindingVersion: '0.5.0',
  },
}

const record = (schema: EventSchema): Message => ({
  name: typeOf(schema),
  title: schema.title,
  summary: schema.description,
  headers: headersOf(schema),
  payload: schemaNamed(`${definitionName(typeOf(schema))}Data`),
  bindings: keyed,
})

const tombstone: Message = {
  name: 'tombstone',
  summary: 'The person of the key was deleted. Compaction removes what the topic has of this person.',
  payload: { type: 'null' },
  bindings: keyed,
}

const isPeople = ({ name }: TopicSchemas): boolean => name === 'people'

const channelOf = (topic: TopicSchemas): Channel => ({
  address: `{topicPrefix}${topic.name}.v1`,
  description: `Events of the topic \`${topic.name}\` by CloudEvents’ Kafka binding, binary mode: the value is \`data\`, all else is headers.`,
  servers: [refTo('servers', 'kafka')],
  parameters: {
    topicPrefix: { default: 'rollcall.', description: '`sinks.kafka.topicPrefix` of the configuration.' },
  },
  messages: {
    ...Object.fromEntries(schemasOf(topic).map((schema) => [definitionName(typeOf(schema)), record(schema)])),
    ...(isPeople(topic) ? { Tombstone: tombstone } : {}),
  },
  bindings: {
    kafka: {
      topicConfiguration: { 'cleanup.policy': [isPeople(topic) ? 'compact' : 'delete'] },
      bindingVersion: '0.5.0',
    },
  },
})

/** A channel for each topic of Kafka. */
export const kafka = (): Protocol => {
  const named = topicSchemas.map((topic) => [oneWord('kafka', topic.name), topic] as const)
  return {
    channels: Object.fromEntries(named.map(([name, topic]) => [name, channelOf(topic)])),
    operations: Object.fromEntries(
      named.map(([name]): [string, Operation] => [
        oneWord('send', name),
        { action: 'send', channel: refTo('channels', name) },
      ]),
    ),
  }
}
