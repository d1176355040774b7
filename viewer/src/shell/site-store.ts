import type { RollcallEvent } from '../../../src/events/types.ts'
import type { CameraChange, CameraId, Person, PersonId } from '../../../src/types.ts'
import { shortId } from '../ui/person-look.ts'
import { createListeners } from './listeners.ts'

/** The site as the server last told it: what every page reads. */
export interface SiteStore {
  /** The latest change of each camera, by name. */
  readonly cameras: () => readonly CameraChange[]
  readonly camera: (camera: CameraId) => CameraChange | undefined
  readonly people: () => readonly Person[]
  /** A person by ID, also by one from before a merge. */
  readonly person: (id: PersonId) => Person | undefined
  /** The ID that stands for this one now: an ID from before a merge leads to the person it was merged into. */
  readonly resolve: (id: PersonId) => PersonId
  /** A person's name; without one the end of the ID. */
  readonly nameOf: (id: PersonId) => string
  /** Who is on a camera now: by a visit that has not ended, or by a picture of the last seconds. */
  readonly here: () => ReadonlyMap<PersonId, CameraId>
  /** Calls `listener` soon after anything above changed, or the connection came or went. */
  readonly onChange: (listener: () => void) => () => void
  /** The server's clock, Unix milliseconds. */
  readonly nowMs: () => number
  readonly isConnected: () => boolean
}

/** What the connection does with the store. */
export interface SiteWriter {
  readonly site: SiteStore
  /** Replaces everything by a snapshot. */
  readonly reset: (snapshot: {
    readonly cameras: readonly CameraChange[]
    readonly people: readonly Person[]
    readonly aliases?: Readonly<Record<PersonId, PersonId>>
    readonly sightings?: readonly { readonly sighting: string; readonly person: PersonId; readonly camera: CameraId }[]
  }) => void
  /** Replaces the people by what `/api/people` says. */
  readonly resetPeople: (people: readonly Person[]) => void
  readonly apply: (event: RollcallEvent) => void
  /** Notes that a picture shows this person. */
  readonly seen: (person: PersonId, camera: CameraId) => void
  readonly connected: (serverNowMs: number) => void
  readonly lost: () => void
}

/** A person is here now if a picture of this time had them in it. */
const hereMs = 3000

/** `ourNowMs` is Unix milliseconds by our clock. */
export const createSiteStore = (ourNowMs: () => number = Date.now): SiteWriter => {
  const cameras = new Map<CameraId, CameraChange>()
  const people = new Map<PersonId, Person>()
  const aliases = new Map<PersonId, PersonId>()
  /** The visits that have not ended. */
  const visits = new Map<string, { readonly person: PersonId; readonly camera: CameraId }>()
  const seenAt = new Map<PersonId, { readonly camera: CameraId; readonly atMs: number }>()
  const listeners = createListeners<[]>()
  let offsetMs = 0
  let isConnected = false
  let isTold = true

  /** Many changes of one turn are told once. */
  const changed = (): void => {
    if (!isTold) return
    isTold = false
    queueMicrotask(() => {
      isTold = true
      listeners.call()
    })
  }
  const resolve = (id: PersonId): PersonId => {
    let [at, steps] = [id, 0]
    for (let next = aliases.get(at); next !== undefined && steps < 100; next = aliases.get(at)) {
      at = next
      steps += 1
    }
    return at
  }
  const forget = (id: PersonId): void => {
    people.delete(id)
    seenAt.delete(id)
  }
  const resetPeople = (all: readonly Person[]): void => {
    people.clear()
    for (const person of all) people.set(person.id, person)
    changed()
  }
  const nowMs = (): number => ourNowMs() + offsetMs

  const applyPerson = (event: RollcallEvent): void => {
    switch (event.type) {
      case 'rollcall.person.created.v1':
      case 'rollcall.person.named.v1':
      case 'rollcall.person.restored.v1': {
        const { person, name } = event.data
        aliases.delete(person)
        const at = Date.parse(event.time)
        const lastCamera = 'camera' in event.data ? (event.data.camera ?? '') : ''
        const fresh = { id: person, createdAtMs: at, lastSeenAtMs: at, lastCamera, tracks: 0, faces: 0 }
        people.set(person, { ...(people.get(person) ?? fresh), name, archived: false })
        break
      }
      case 'rollcall.person.merged.v1':
        aliases.set(event.data.person, event.data.into)
        forget(event.data.person)
        break
      case 'rollcall.person.unmerged.v1':
        aliases.delete(event.data.person)
        break
      case 'rollcall.person.deleted.v1':
        forget(event.data.person)
        break
      default:
    }
  }

  const applySighting = (event: RollcallEvent): void => {
    switch (event.type) {
      case 'rollcall.sighting.started.v1':
        visits.set(event.data.sighting, event.data)
        break
      case 'rollcall.sighting.corrected.v1':
        if (event.data.ended) visits.delete(event.data.sighting)
        else visits.set(event.data.sighting, event.data)
        break
      case 'rollcall.sighting.ended.v1':
        visits.delete(event.data.sighting)
        break
      case 'rollcall.person.deleted.v1':
        for (const [id, { person }] of visits) if (person === event.data.person) visits.delete(id)
        break
      default:
    }
  }

  const site: SiteStore = {
    cameras: () => [...cameras.values()],
    camera: (camera) => cameras.get(camera),
    people: () => [...people.values()],
    person: (id) => people.get(resolve(id)),
    resolve,
    nameOf: (id) => people.get(resolve(id))?.name ?? shortId(resolve(id)),
    here: () => {
      const now = ourNowMs()
      for (const [id, { atMs }] of seenAt) if (now - atMs >= hereMs) seenAt.delete(id)
      const visiting = [...visits.values()].map(({ person, camera }) => [resolve(person), camera] as const)
      return new Map([...visiting, ...[...seenAt].map(([id, { camera }]) => [resolve(id), camera] as const)])
    },
    onChange: listeners.add,
    nowMs,
    isConnected: () => isConnected,
  }
  return {
    site,
    reset: (snapshot) => {
      cameras.clear()
      for (const change of snapshot.cameras) cameras.set(change.camera, change)
      aliases.clear()
      for (const [id, into] of Object.entries(snapshot.aliases ?? {})) aliases.set(id, into)
      visits.clear()
      for (const { sighting, person, camera } of snapshot.sightings ?? []) visits.set(sighting, { person, camera })
      resetPeople(snapshot.people)
    },
    resetPeople,
    apply: (event) => {
      if (event.type === 'rollcall.frame.v1') return
      if (event.type.startsWith('rollcall.camera.')) {
        const change = event.data as CameraChange
        if (change.code === 'CAMERA_REMOVED') cameras.delete(change.camera)
        else cameras.set(change.camera, change)
      } else {
        applyPerson(event)
        applySighting(event)
      }
      changed()
    },
    seen: (person, camera) => {
      seenAt.set(resolve(person), { camera, atMs: ourNowMs() })
    },
    connected: (serverNowMs) => {
      isConnected = true
      offsetMs = serverNowMs - ourNowMs()
      changed()
    },
    lost: () => {
      isConnected = false
      changed()
    },
  }
}
