import { z } from 'zod'
import * as cameras from '../cameras.ts'
import { topicSchemas } from '../events.ts'
import { type JsonSchema, plainSchema, schemasOf, typeOf } from '../json-schema.ts'
import { definitionName } from '../one-schema.ts'
import { ruleFired } from '../rules.ts'
import { type Channel, type Message, type Operation, oneWord, type Protocol, refTo, schemaNamed } from './parts.ts'

const { person, name, ...ofRule } = ruleFired.shape.data.omit({ sequence: true, reasons: true }).shape

/** What a rule that fired says for automations: one flat object. */
const ruleMessage = z.object({
  id: z.string().min(1).describe('Depends only on what happened: a repeat has the same one.'),
  ...ofRule,
  person: person.nullable().describe('Null where the person may not be told of (`sinks.mqtt.people`).'),
  name: name.describe('Null for the unknown, and where the person may not be told of.'),
  time: ruleFired.shape.time,
  reasons: z.array(z.string().min(1)).describe('Why: one sentence for each condition, for people to read.'),
})

const parameters = {
  topicPrefix: { default: 'rollcall', description: '`sinks.mqtt.topicPrefix` of the configuration.' },
  site: { default: 'rollcall', description: '`site` of the configuration.' },
  camera: { description: 'The name that the camera has in the configuration.' },
  person: { description: 'The stable ID of a person with a name.' },
  rule: { description: 'The name of the rule in the configuration.' },
  discoveryPrefix: { default: 'homeassistant', description: '`sinks.mqtt.discoveryPrefix` of the configuration.' },
  component: { enum: ['sensor', 'binary_sensor'], description: 'The kind of entity.' },
  entity: { description: 'The ID of the entity.' },
} as const

const channel = (address: string, description: string, messages: Channel['messages']): Channel => {
  const used = Object.entries(parameters).filter(([parameter]) => address.includes(`{${parameter}}`))
  return {
    address,
    description,
    servers: [refTo('servers', 'mqtt')],
    parameters: Object.fromEntries(used),
    messages,
  }
}

/** A channel with one kind of text. */
const text = (address: string, summary: string, payload: JsonSchema): Channel =>
  channel(`{topicPrefix}/{site}/${address}`, summary, {
    Text: { name: 'text', summary, contentType: 'text/plain', payload: { type: 'string', ...payload } },
  })

const states = Object.values(cameras).map(({ shape }) => shape.data.shape.state.value)

const discovery: Message = {
  name: 'discovery',
  summary: 'The configuration of an entity, as MQTT discovery of Home Assistant has it.',
  payload: { type: 'object', required: ['unique_id', 'state_topic', 'device', 'origin'] },
}

const discoveryChannel = channel(
  '{discoveryPrefix}/{component}/{entity}/config',
  'By this Home Assistant finds cameras and people with a name.',
  { Discovery: discovery },
)

/** What is so now. */
const retained: Readonly<Record<string, Channel>> = {
  mqttStatus: text('status', 'Whether Rollcall is there. `offline` is the last will, too.', {
    enum: ['online', 'offline'],
  }),
  mqttCameraState: text('cameras/{camera}/state', 'The state of a camera.', { enum: states }),
  mqttCameraProblem: text('cameras/{camera}/problem', 'Whether somebody should look after a camera.', {
    enum: ['ON', 'OFF'],
  }),
  mqttCameraPeople: text('cameras/{camera}/people', 'How many people are in view.', { pattern: '^\\d+$' }),
  mqttPersonName: text('people/{person}/name', 'The name of a person.', { minLength: 1 }),
  mqttPersonPresence: text('people/{person}/presence', '`home` until not seen for `awayMs`.', {
    enum: ['home', 'not_home'],
  }),
  mqttPersonCamera: text('people/{person}/camera', 'The camera on which a person is, or was last; or `none`.', {
    minLength: 1,
  }),
  mqttDiscovery: discoveryChannel,
}

const ruleChannel = channel('{topicPrefix}/{site}/rules/{rule}', 'A rule fired.', {
  RuleMessage: { name: 'rule', summary: 'A rule fired.', payload: plainSchema(ruleMessage) },
})

/** Frames are too many, and rules have topics of their own. */
const eventChannels = topicSchemas
  .filter((topic) => topic.name !== 'frames' && topic.name !== 'rules')
  .map((topic) => {
    const messages = schemasOf(topic).map((schema): [string, Message] => {
      const definition = definitionName(typeOf(schema))
      const { title, description: summary } = schema
      return [definition, { name: typeOf(schema), title, summary, payload: schemaNamed(definition) }]
    })
    const description = `Events of the topic \`${topic.name}\` as structured CloudEvents JSON.`
    const address = `{topicPrefix}/{site}/events/${topic.name}`
    return [oneWord('mqtt', 'events', topic.name), channel(address, description, Object.fromEntries(messages))] as const
  })

const sent = (channels: object, retain: boolean): Protocol['operations'] =>
  Object.fromEntries(
    Object.keys(channels).map((name): [string, Operation] => [
      oneWord('send', name),
      {
        action: 'send',
        channel: refTo('channels', name),
        bindings: { mqtt: { qos: 1, retain, bindingVersion: '0.2.0' } },
      },
    ]),
  )

/** The topics of MQTT: retained ones, and live ones. */
export const mqtt = (): Protocol => {
  const live = { mqttRules: ruleChannel, ...Object.fromEntries(eventChannels) }
  return { channels: { ...retained, ...live }, operations: { ...sent(retained, true), ...sent(live, false) } }
}
