import type { Sighting } from '../../events/types.ts'
import type { CameraChange, Person, PersonId, WallMs } from '../../types.ts'
import type { MqttOptions } from './options.ts'

/** What is so now. */
export interface SiteState {
  /** The latest change of each camera. */
  readonly cameras: readonly CameraChange[]
  readonly people: readonly Person[]
  /** Who is on a camera now. */
  readonly openSightings: readonly Sighting[]
}

/** Retained messages by topic. */
export type Retained = ReadonlyMap<string, string>

/** Topics below the site. A person's ID and a camera's name have no character that means something in a topic. */
export const topicsOf = (base: string) => ({
  status: `${base}/status`,
  camera: (name: string, what: 'state' | 'problem' | 'people'): string => `${base}/cameras/${name}/${what}`,
  person: (id: PersonId, what: 'name' | 'presence' | 'camera'): string => `${base}/people/${id}/${what}`,
  rule: (name: string): string => `${base}/rules/${name}`,
  events: (topic: string): string => `${base}/events/${topic}`,
})

/** The topics of a site. */
export type Topics = ReturnType<typeof topicsOf>

/** A camera is a problem unless it works or has yet to be opened for the first time. */
export const isProblem = ({ state, code }: CameraChange): boolean =>
  state === 'offline' || state === 'frozen' || state === 'overloaded' || (state === 'opening' && code !== undefined)

/** The people whose presence is told: those with a name. */
export const namedIn = (people: readonly Person[], wanted: MqttOptions['people']): readonly Person[] =>
  wanted === 'nobody' ? [] : people.filter(({ name }) => name !== null)

/** What is so now as retained messages. Of people without a name only how many there are on each camera. */
export const stateMessages = (
  { cameras, people, openSightings }: SiteState,
  { people: wanted, awayMs }: Pick<MqttOptions, 'people' | 'awayMs'>,
  topics: Topics,
  nowMs: WallMs,
): Retained => {
  const messages = new Map<string, string>()
  for (const change of cameras) {
    const { camera, state } = change
    const there = new Set(openSightings.filter((one) => one.camera === camera).map(({ person }) => person))
    messages.set(topics.camera(camera, 'state'), state)
    messages.set(topics.camera(camera, 'problem'), isProblem(change) ? 'ON' : 'OFF')
    messages.set(topics.camera(camera, 'people'), String(there.size))
  }
  const inView = new Map(openSightings.map(({ person, camera }) => [person, camera]))
  for (const { id, name, lastSeenAtMs, lastCamera } of namedIn(people, wanted)) {
    const isHome = inView.has(id) || nowMs - lastSeenAtMs < awayMs
    messages.set(topics.person(id, 'name'), name ?? '')
    messages.set(topics.person(id, 'presence'), isHome ? 'home' : 'not_home')
    messages.set(topics.person(id, 'camera'), inView.get(id) ?? (lastCamera === '' ? 'none' : lastCamera))
  }
  return messages
}
