import { createListeners } from '@rollcall/client'
import type { RollcallEvent } from '../../../src/events/types.ts'
import type { CameraChange, CameraId, Person, PersonId } from '../../../src/types.ts'
import { createKnownPeople } from './known-people.ts'
import { createPresence, type OpenVisit } from './presence.ts'

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
    readonly sightings?: readonly OpenVisit[]
  }) => void
  /** Replaces the people by what `/api/people` says. */
  readonly resetPeople: (people: readonly Person[]) => void
  readonly apply: (event: RollcallEvent) => void
  /** Notes that a picture shows this person. */
  readonly seen: (person: PersonId, camera: CameraId) => void
  readonly connected: (serverNowMs: number) => void
  readonly lost: () => void
}

/** Calls the listeners once for all changes of one turn. */
const createChanges = () => {
  const listeners = createListeners<void>()
  let isTold = true
  const changed = (): void => {
    if (!isTold) return
    isTold = false
    queueMicrotask(() => {
      isTold = true
      void listeners.tell()
    })
  }
  return { add: listeners.add, changed }
}

/** `ourNowMs` is Unix milliseconds by our clock. */
export const createSiteStore = (ourNowMs: () => number = Date.now): SiteWriter => {
  const cameras = new Map<CameraId, CameraChange>()
  const people = createKnownPeople((id) => presence.forget(id))
  const presence = createPresence(people.resolve, ourNowMs)
  const { add, changed } = createChanges()
  let offsetMs = 0
  let isConnected = false

  const resetPeople = (all: readonly Person[]): void => {
    people.reset(all)
    changed()
  }
  const turn = (isOn: boolean): void => {
    isConnected = isOn
    changed()
  }
  const site: SiteStore = {
    cameras: () => [...cameras.values()],
    camera: (camera) => cameras.get(camera),
    people: people.all,
    person: people.person,
    resolve: people.resolve,
    nameOf: people.nameOf,
    here: presence.here,
    onChange: add,
    nowMs: () => ourNowMs() + offsetMs,
    isConnected: () => isConnected,
  }
  return {
    site,
    reset: (snapshot) => {
      cameras.clear()
      for (const change of snapshot.cameras) cameras.set(change.camera, change)
      people.resetAliases(snapshot.aliases ?? {})
      presence.reset(snapshot.sightings ?? [])
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
        people.apply(event)
        presence.apply(event)
      }
      changed()
    },
    seen: presence.seen,
    connected: (serverNowMs) => {
      offsetMs = serverNowMs - ourNowMs()
      turn(true)
    },
    lost: () => turn(false),
  }
}
