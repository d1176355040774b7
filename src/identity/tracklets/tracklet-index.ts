import type { CameraId, TrackId } from '../../types.ts'
import type { PersonRecord } from '../people/person-record.ts'
import { isVisible, type Tracklet, type TrackletLife, type TrackletState } from './tracklet.ts'

/** Finds tracklets by camera, state and person. The collections are live views. */
export interface TrackletQueries {
  /** The camera's live tracks, oldest first. */
  visible(camera: CameraId): ReadonlyMap<TrackId, Tracklet>
  /** Ended without a person; the one that ended first comes first. */
  unassigned(): ReadonlySet<Tracklet>
  /** Ended with a person and not settled; the one that ended first comes first. */
  ended(): ReadonlySet<Tracklet>
  /** All with a person that may still change: first the live ones by age, then the ended ones. */
  changeable(): Tracklet[]
  /** The person's tracklets, in the order in which they joined it. */
  of(person: PersonRecord): Tracklet[]
  /** In the order of their keys. */
  all(): Iterable<Tracklet>
  /** True unless the tracklet of this key is forgotten. */
  has(key: number): boolean
}

/** What has to be saved and what has to be dropped. */
export interface TrackletChanges {
  readonly changed: ReadonlySet<Tracklet>
  /** Keys of forgotten tracklets. */
  readonly forgotten: readonly number[]
}

/** The tracklets by state. Only `createTracklets` uses it: it keeps people in step with the states. */
export interface TrackletIndex extends TrackletQueries {
  /** A number higher than every key and order so far. */
  nextNumber(): number
  /** Adds a new tracklet, or one of an earlier run. */
  add(tracklet: Tracklet): void
  /** Changes state and person. Throws when `TrackletLife` has no such step. */
  step(tracklet: Tracklet, life: TrackletLife): void
  /** Removes a forgotten tracklet. */
  drop(tracklet: Tracklet): void
  /** Marks a tracklet as changed. */
  touch(tracklet: Tracklet): void
  /** The changes since the last call. */
  takeChanged(): TrackletChanges
}

const nextStates: Readonly<Record<TrackletState, readonly TrackletState[]>> = {
  tentative: ['assigned', 'unassigned', 'forgotten'],
  assigned: ['assigned', 'tentative', 'ended', 'forgotten'],
  unassigned: ['ended', 'forgotten'],
  ended: ['ended', 'settled', 'forgotten'],
  settled: ['forgotten'],
  forgotten: [],
}

/** The collection for a state. A step within one collection keeps the tracklet's position. */
const placeOf = (state: TrackletState): 'visible' | TrackletState =>
  state === 'tentative' || state === 'assigned' ? 'visible' : state

/** Starts empty. */
export const createTrackletIndex = (): TrackletIndex => {
  const kept = new Map<number, Tracklet>()
  const visible = new Map<CameraId, Map<TrackId, Tracklet>>()
  const unassigned = new Set<Tracklet>()
  const ended = new Set<Tracklet>()
  let changes = { changed: new Set<Tracklet>(), forgotten: [] as number[] }
  let lastNumber = 0

  const visibleOf = (camera: CameraId): Map<TrackId, Tracklet> => {
    const own = visible.get(camera) ?? new Map<TrackId, Tracklet>()
    visible.set(camera, own)
    return own
  }
  const put = (tracklet: Tracklet): void => {
    if (isVisible(tracklet)) visibleOf(tracklet.camera).set(tracklet.track, tracklet)
    else if (tracklet.state === 'unassigned') unassigned.add(tracklet)
    else if (tracklet.state === 'ended') ended.add(tracklet)
  }
  const withdraw = (tracklet: Tracklet): void => {
    if (isVisible(tracklet)) visibleOf(tracklet.camera).delete(tracklet.track)
    unassigned.delete(tracklet)
    ended.delete(tracklet)
  }

  return {
    visible: visibleOf,
    unassigned: () => unassigned,
    ended: () => ended,
    changeable: () => [...[...kept.values()].filter(({ state }) => state === 'assigned'), ...ended],
    of: (person) =>
      [...kept.values()].filter((one) => one.person === person).sort((a, b) => a.joinedOrder - b.joinedOrder),
    all: () => kept.values(),
    has: (key) => kept.has(key),
    nextNumber: () => ++lastNumber,
    add(tracklet) {
      const { key, joinedOrder, endedOrder } = tracklet
      lastNumber = Math.max(lastNumber, key, joinedOrder, endedOrder)
      kept.set(key, tracklet)
      put(tracklet)
      changes.changed.add(tracklet)
    },
    step(tracklet, life) {
      const { key, track, state } = tracklet
      if (!nextStates[state].includes(life.state))
        throw new Error(`tracklet ${key} of track ${track} is ${state}, so it cannot become ${life.state}`)
      const isMoved = placeOf(state) !== placeOf(life.state)
      if (isMoved) withdraw(tracklet)
      Object.assign(tracklet, life)
      if (isMoved) put(tracklet)
      if (isMoved && (life.state === 'unassigned' || life.state === 'ended')) tracklet.endedOrder = ++lastNumber
      changes.changed.add(tracklet)
    },
    drop(tracklet) {
      kept.delete(tracklet.key)
      changes.changed.delete(tracklet)
      changes.forgotten.push(tracklet.key)
    },
    touch: (tracklet) => void (kept.has(tracklet.key) && changes.changed.add(tracklet)),
    takeChanged() {
      const taken = changes
      changes = { changed: new Set(), forgotten: [] }
      return taken
    },
  }
}
