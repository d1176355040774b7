import type { RollcallEvent } from '../../../../src/events/types.ts'
import type { PersonId } from '../../../../src/types.ts'

/** Which events are listed. An empty text means all. */
export interface Filter {
  readonly camera: string
  readonly person: string
  /** A topic such as `sightings`, or a type such as `rollcall.person.named.v1`. */
  readonly type: string
}

/** The choices of a type, by what they are about. */
export const kinds = [
  {
    topic: 'sightings',
    title: 'Comings and goings',
    types: [
      ['rollcall.sighting.started.v1', 'came'],
      ['rollcall.sighting.ended.v1', 'left'],
      ['rollcall.sighting.corrected.v1', 'corrected'],
      ['rollcall.track.provisional.v1', 'seen too poorly'],
      ['rollcall.track.assigned.v1', 'recognised'],
      ['rollcall.track.reassigned.v1', 'recognised anew'],
    ],
  },
  {
    topic: 'people',
    title: 'People',
    types: [
      ['rollcall.person.created.v1', 'new'],
      ['rollcall.person.named.v1', 'named'],
      ['rollcall.person.merged.v1', 'merged'],
      ['rollcall.person.unmerged.v1', 'merge undone'],
      ['rollcall.person.split.v1', 'split'],
      ['rollcall.person.apart.v1', 'kept apart'],
      ['rollcall.person.archived.v1', 'archived'],
      ['rollcall.person.restored.v1', 'back'],
      ['rollcall.person.deleted.v1', 'deleted'],
      ['rollcall.calibration.changed.v1', 'scores moved'],
    ],
  },
  {
    topic: 'cameras',
    title: 'Cameras',
    types: [
      ['rollcall.camera.opening.v1', 'opening'],
      ['rollcall.camera.online.v1', 'online'],
      ['rollcall.camera.overloaded.v1', 'overloaded'],
      ['rollcall.camera.frozen.v1', 'frozen'],
      ['rollcall.camera.offline.v1', 'offline'],
      ['rollcall.camera.ended.v1', 'ended'],
    ],
  },
] as const

/** The topic of a type. */
export const topicOf = (type: string): (typeof kinds)[number]['topic'] =>
  kinds.find(({ types }) => types.some(([each]) => each === type))?.topic ?? 'cameras'

/** Reads `#/events?camera=door&person=p-1&type=people`. */
export const readFilter = (query: URLSearchParams): Filter => ({
  camera: query.get('camera') ?? '',
  person: query.get('person') ?? '',
  type: query.get('type') ?? '',
})

/** The filter as a query, without what is not filtered by; empty without a filter. */
export const writeFilter = (filter: Filter): string => {
  const query = new URLSearchParams(Object.entries(filter).filter(([, value]) => value !== ''))
  return query.toString()
}

const personKeys = ['person', 'into', 'off', 'from', 'before', 'other'] as const

/** Whether an event is listed. `resolve` says whom an ID stands for now. Frame events never are. */
export const isListed = (event: RollcallEvent, filter: Filter, resolve: (id: PersonId) => PersonId): boolean => {
  if (event.type === 'rollcall.frame.v1') return false
  const data: Readonly<Record<string, unknown>> = { ...event.data }
  if (filter.camera !== '' && data.camera !== filter.camera) return false
  if (filter.type !== '' && filter.type !== event.type && filter.type !== topicOf(event.type)) return false
  if (filter.person === '') return true
  const wanted = resolve(filter.person)
  return personKeys.some((key) => typeof data[key] === 'string' && resolve(data[key]) === wanted)
}
