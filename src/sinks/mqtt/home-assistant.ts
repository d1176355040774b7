import { version } from '../../version.ts'
import type { MqttOptions } from './options.ts'
import { namedIn, type Retained, type SiteState, type Topics } from './state.ts'

/** An ID of Home Assistant: letters, digits, `_` and `-`. Two names that differ in dots only would be one. */
const idOf = (text: string): string => text.replace(/[^A-Za-z0-9_-]/g, '_')

/**
 * The configuration of an entity, as https://www.home-assistant.io/integrations/mqtt#mqtt-discovery says; a topic for each.
 */
interface Entity {
  readonly component: 'sensor' | 'binary_sensor'
  readonly id: string
  readonly config: Readonly<Record<string, unknown>>
}

/** The entities of a site: one of its own, two for each camera and each named person. */
const entitiesOf = (site: string, { cameras, people }: SiteState, wanted: MqttOptions['people'], topics: Topics) => {
  const siteId = `rollcall_${idOf(site)}`
  const hub = { identifiers: [siteId], name: `Rollcall ${site}`, manufacturer: 'Rollcall', sw_version: version() }
  const entity = (component: Entity['component'], id: string, config: Entity['config']): Entity => ({
    component,
    id: `${siteId}_${id}`,
    config,
  })
  const ofCameras = cameras.flatMap(({ camera }) => {
    const device = {
      identifiers: [`${siteId}_${idOf(camera)}`],
      name: camera,
      manufacturer: 'Rollcall',
      via_device: siteId,
    }
    return [
      entity('sensor', `camera_${idOf(camera)}_people`, {
        name: 'People',
        state_topic: topics.camera(camera, 'people'),
        state_class: 'measurement',
        icon: 'mdi:account-group',
        device,
      }),
      entity('binary_sensor', `camera_${idOf(camera)}_problem`, {
        name: 'Problem',
        state_topic: topics.camera(camera, 'problem'),
        device_class: 'problem',
        entity_category: 'diagnostic',
        device,
      }),
    ]
  })
  const ofPeople = namedIn(people, wanted).flatMap(({ id, name }) => [
    entity('binary_sensor', `person_${idOf(id)}_presence`, {
      name,
      state_topic: topics.person(id, 'presence'),
      payload_on: 'home',
      payload_off: 'not_home',
      device_class: 'presence',
      device: hub,
    }),
    entity('sensor', `person_${idOf(id)}_camera`, {
      name: `${name} last camera`,
      state_topic: topics.person(id, 'camera'),
      icon: 'mdi:cctv',
      device: hub,
    }),
  ])
  // It makes the device that all cameras hang on, also where nobody has a name.
  const connected = entity('binary_sensor', 'connected', {
    name: 'Connected',
    state_topic: topics.status,
    payload_on: 'online',
    payload_off: 'offline',
    device_class: 'connectivity',
    entity_category: 'diagnostic',
    device: hub,
  })
  return [connected, ...ofCameras, ...ofPeople]
}

/** The retained messages by which Home Assistant finds cameras and people. */
export const discoveryMessages = (
  site: string,
  state: SiteState,
  { people, discoveryPrefix }: Pick<MqttOptions, 'people' | 'discoveryPrefix'>,
  topics: Topics,
): Retained => {
  if (discoveryPrefix === null) return new Map()
  const origin = { name: 'Rollcall', sw_version: version() }
  // What says whether this program is there is always there itself.
  const available = (config: Entity['config']): object =>
    config.state_topic === topics.status ? {} : { availability_topic: topics.status }
  return new Map(
    entitiesOf(site, state, people, topics).map(({ component, id, config }) => [
      `${discoveryPrefix}/${component}/${id}/config`,
      JSON.stringify({ ...config, ...available(config), origin, unique_id: id, object_id: id }),
    ]),
  )
}
