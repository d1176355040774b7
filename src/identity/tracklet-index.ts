import type { CameraId, TrackId } from '../types.ts'
import type { PersonRecord } from './person-record.ts'
import { isVisible, type Tracklet, type TrackletLife, type TrackletState } from './tracklet.ts'

/** Which tracklets there are, found by what they are looked for by. */
export interface TrackletQueries {
  /** Tracklets of the tracks that the camera still sees, oldest first. */
  visible(camera: CameraId): ReadonlyMap<TrackId, Tracklet>
  /** Nobody's, of tracks that are over: the one that ended first comes first. */
  unassigned(): ReadonlySet<Tracklet>
  /** Somebody's, of tracks that are over, but may still change: the one that ended first comes first. */
  ended(): ReadonlySet<Tracklet>
  /** All that have a person and may still change it: those still seen by age, then those that are over. */
  changeable(): Tracklet[]
  /** The person's that may still change, in the order in which they joined it. */
  of(person: PersonRecord): Tracklet[]
  all(): Iterable<Tracklet>
  has(key: number): boolean
}

export interface TrackletChanges {
  readonly changed: ReadonlySet<Tracklet>
  /** Their keys. */
  readonly forgotten: readonly number[]
}

/** All tracklets by state, with what has changed. For `createTracklets` only, which knows what each step means. */
export interface TrackletIndex extends TrackletQueries {
  /** Higher than every number before: keys and orders. */
  nextNumber(): number
  /** A new tracklet, or one of an earlier run. */
  add(tracklet: Tracklet): void
  /** Changes state and person, and where the tracklet is found. Throws when the step is not one of a tracklet's life. */
  step(tracklet: Tracklet, life: TrackletLife): void
  /** Of one that is forgotten. */
  drop(tracklet: Tracklet): void
  touch(tracklet: Tracklet): void
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

/** States in which a tracklet is found in the same place, where its position must not change. */
const placeOf = (state: TrackletState): 'visible' | TrackletState =>
  state === 'tentative' || state === 'assigned' ? 'visible' : state

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
  const take = (tracklet: Tracklet): void => {
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
      if (isMoved) take(tracklet)
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
