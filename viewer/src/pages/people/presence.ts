import type { RollcallEvent, Sighting } from '../../../../src/events/types.ts'
import type { CameraId, PersonId } from '../../../../src/types.ts'
import type { PageContext } from '../../shell/page.ts'

/** Who is on a camera now, by the visits that have not ended. */
export interface Presence {
  /** Asks the server; rejects with an `ApiError`. */
  load(): Promise<void>
  /** Takes an event in; true when it changed who is here. */
  take(event: RollcallEvent): boolean
  here(): ReadonlyMap<PersonId, CameraId>
}

/** Starts with nobody. */
export const createPresence = ({ api, site }: Pick<PageContext, 'api' | 'site'>): Presence => {
  const open = new Map<string, { readonly person: PersonId; readonly camera: CameraId }>()
  return {
    async load() {
      const { sightings } = await api.get<{ sightings: readonly Sighting[] }>('/api/sightings?limit=1000')
      open.clear()
      for (const { sighting, person, camera, ended } of sightings) if (!ended) open.set(sighting, { person, camera })
    },
    take(event) {
      switch (event.type) {
        case 'rollcall.sighting.started.v1':
          open.set(event.data.sighting, event.data)
          return true
        case 'rollcall.sighting.ended.v1':
          return open.delete(event.data.sighting)
        case 'rollcall.sighting.corrected.v1': {
          const { sighting, ended } = event.data
          if (ended) return open.delete(sighting)
          open.set(sighting, event.data)
          return true
        }
        case 'rollcall.person.deleted.v1':
          for (const [sighting, { person }] of open) if (person === event.data.person) open.delete(sighting)
          return true
        default:
          return false
      }
    },
    here: () => new Map([...open.values()].map(({ person, camera }) => [site.resolve(person), camera])),
  }
}
