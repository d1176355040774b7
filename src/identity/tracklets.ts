import type { CameraId, MediaMs, PersonId, TrackId } from '../types.ts'
import type { People } from './people.ts'
import { contributionOf, type PersonRecord } from './person-record.ts'
import { linkCoOccurrences, restoreTracklet, type SavedTracklet } from './saved-live.ts'
import {
  decisionWithout,
  isVisible,
  newTracklet,
  type Tracklet,
  type TrackletLife,
  type TrackletState,
} from './tracklet.ts'

/** Every tracklet that is kept, and the only place that keeps them. A step of life that is not allowed throws. */
export interface Tracklets {
  /** A track that is seen for the first time. Throws when the camera has one of this name already. */
  begin(track: TrackId, camera: CameraId, atMs: MediaMs, threshold: number): Tracklet
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
  /** Gives it to the person, to whom it then contributes what it has shown; takes it from the one it had. */
  assign(tracklet: Tracklet, person: PersonRecord): void
  /** Takes one that is still seen from its person. */
  release(tracklet: Tracklet): void
  /** What these contribute to `from` is `into`'s now; without `does`, all of them. */
  follow(from: PersonRecord, into: PersonRecord, does?: (tracklet: Tracklet) => boolean): void
  /** Its track is over. */
  end(tracklet: Tracklet): void
  /** What it has shown belongs to its person for good. */
  settle(tracklet: Tracklet): void
  /**
   * The only way out. Its person loses what it contributed, unless it has settled; then those seen with it remember the
   * person in its place.
   */
  forget(tracklet: Tracklet): void
  /** Forgets all tracklets of a person who is to be deleted, and the names the others know the person by. */
  forgetPerson(person: PersonRecord, ids: ReadonlySet<PersonId>): void
  /** Counts that these, none of them doubtful, were seen in one frame. */
  countCoOccurrences(visible: readonly Tracklet[]): void
  /** Something else about it has changed. */
  touch(tracklet: Tracklet): void
  /** Which have changed and which were forgotten since the last call. */
  takeChanged(): TrackletChanges
  /** Puts back those of an earlier run; what they contribute goes to their people, who must be there. */
  restore(saved: readonly SavedTracklet[]): void
}

export interface TrackletChanges {
  readonly changed: ReadonlySet<Tracklet>
  /** Their keys. */
  readonly forgotten: readonly number[]
}

const nextStates: Readonly<Record<TrackletState, readonly TrackletState[]>> = {
  tentative: ['assigned', 'unassigned', 'forgotten'],
  assigned: ['assigned', 'tentative', 'ended', 'forgotten'],
  unassigned: ['ended', 'forgotten'],
  ended: ['ended', 'settled', 'forgotten'],
  settled: ['forgotten'],
  forgotten: [],
}

/** People of forgotten tracklets that one tracklet remembers; the oldest go first. Who sits at a desk meets many. */
const mostCoOccurringPeople = 1000

/** Starts with none. */
export const createTracklets = (people: People): Tracklets => {
  const kept = new Map<number, Tracklet>()
  const visible = new Map<CameraId, Map<TrackId, Tracklet>>()
  const unassigned = new Set<Tracklet>()
  const ended = new Set<Tracklet>()
  let changed = new Set<Tracklet>()
  let forgotten: number[] = []
  let lastNumber = 0

  const visibleOf = (camera: CameraId): Map<TrackId, Tracklet> => {
    const own = visible.get(camera) ?? new Map<TrackId, Tracklet>()
    visible.set(camera, own)
    return own
  }
  const index = (tracklet: Tracklet): void => {
    if (isVisible(tracklet)) visibleOf(tracklet.camera).set(tracklet.track, tracklet)
    else if (tracklet.state === 'unassigned') unassigned.add(tracklet)
    else if (tracklet.state === 'ended') ended.add(tracklet)
  }
  const unindex = (tracklet: Tracklet): void => {
    if (isVisible(tracklet)) visibleOf(tracklet.camera).delete(tracklet.track)
    unassigned.delete(tracklet)
    ended.delete(tracklet)
  }
  const step = (tracklet: Tracklet, life: TrackletLife): void => {
    const { key, track, state } = tracklet
    if (!nextStates[state].includes(life.state))
      throw new Error(`tracklet ${key} of track ${track} is ${state}, so it cannot become ${life.state}`)
    const staysVisible = isVisible(tracklet) && (life.state === 'tentative' || life.state === 'assigned')
    const isReindexed = state !== life.state && !staysVisible
    if (isReindexed) unindex(tracklet)
    Object.assign(tracklet, life)
    if (isReindexed) index(tracklet)
    if (isReindexed && (life.state === 'unassigned' || life.state === 'ended')) tracklet.endedOrder = ++lastNumber
    changed.add(tracklet)
  }
  const takeContribution = (tracklet: Tracklet, person: PersonRecord): void => {
    people.contribute(person, tracklet, null)
    people.addTrack(person, tracklet, -1)
  }
  const rememberPerson = (tracklet: Tracklet, { id }: PersonRecord, frames: number): void => {
    const { coOccurringPeople: known } = tracklet
    known.set(id, (known.get(id) ?? 0) + frames)
    for (const oldest of known.keys()) if (known.size > mostCoOccurringPeople) known.delete(oldest)
  }
  const of = (person: PersonRecord): Tracklet[] =>
    [...kept.values()].filter((one) => one.person === person).sort((a, b) => a.joinedOrder - b.joinedOrder)

  const forget = (tracklet: Tracklet): void => {
    const { state, person } = tracklet
    step(tracklet, { state: 'forgotten', person })
    if (person && state !== 'settled') takeContribution(tracklet, person)
    for (const [other, frames] of tracklet.coOccurrences) {
      other.coOccurrences.delete(tracklet)
      if (person && state === 'settled') rememberPerson(other, person, frames)
      changed.add(other)
    }
    tracklet.coOccurrences.clear()
    tracklet.coOccurringPeople.clear()
    tracklet.template = null
    kept.delete(tracklet.key)
    changed.delete(tracklet)
    forgotten.push(tracklet.key)
  }

  return {
    begin(track, camera, atMs, threshold) {
      if (visibleOf(camera).has(track)) throw new Error(`camera "${camera}" has a track ${track} already`)
      const tracklet = newTracklet(++lastNumber, track, camera, atMs, threshold)
      kept.set(tracklet.key, tracklet)
      index(tracklet)
      changed.add(tracklet)
      return tracklet
    },
    visible: visibleOf,
    unassigned: () => unassigned,
    ended: () => ended,
    changeable: () => [...[...kept.values()].filter(({ state }) => state === 'assigned'), ...ended],
    of,
    all: () => kept.values(),
    has: (key) => kept.has(key),
    assign(tracklet, person) {
      const { person: before, template } = tracklet
      if (!template) throw new Error(`tracklet ${tracklet.key} has shown nothing to be recognised by`)
      step(tracklet, { state: isVisible(tracklet) ? 'assigned' : 'ended', person })
      if (before) takeContribution(tracklet, before)
      tracklet.joinedOrder = ++lastNumber
      tracklet.assignedAs = person.id
      people.addTrack(person, tracklet, 1)
      people.contribute(person, tracklet, contributionOf(template))
    },
    release(tracklet) {
      const { person } = tracklet
      step(tracklet, { state: 'tentative', person: null })
      if (person) takeContribution(tracklet, person)
      tracklet.assignedAs = null
    },
    follow(from, into, does = () => true) {
      for (const tracklet of of(from)) {
        if (!does(tracklet)) continue
        if (tracklet.state !== 'assigned' && tracklet.state !== 'ended') continue
        step(tracklet, { state: tracklet.state, person: into })
        tracklet.joinedOrder = ++lastNumber
      }
    },
    end(tracklet) {
      const { person } = tracklet
      step(tracklet, person ? { state: 'ended', person } : { state: 'unassigned', person })
    },
    settle(tracklet) {
      const { person } = tracklet
      if (!person) throw new Error(`tracklet ${tracklet.key} has no person to settle with`)
      step(tracklet, { state: 'settled', person })
      people.settle(person, tracklet)
    },
    forget,
    forgetPerson(person, ids) {
      for (const tracklet of of(person)) forget(tracklet)
      for (const tracklet of kept.values()) if (forgetNames(tracklet, ids)) changed.add(tracklet)
    },
    countCoOccurrences(seen) {
      for (const one of seen)
        for (const other of seen)
          if (one !== other) one.coOccurrences.set(other, (one.coOccurrences.get(other) ?? 0) + 1)
      if (seen.length > 1) for (const one of seen) changed.add(one)
    },
    touch: (tracklet) => void (tracklet.state !== 'forgotten' && changed.add(tracklet)),
    takeChanged() {
      const taken = { changed, forgotten }
      changed = new Set()
      forgotten = []
      return taken
    },
    restore(saved) {
      for (const one of saved.toSorted((a, b) => a.key - b.key)) {
        const tracklet = restoreTracklet(one, people)
        kept.set(tracklet.key, tracklet)
        lastNumber = Math.max(lastNumber, tracklet.key, tracklet.joinedOrder, tracklet.endedOrder)
      }
      linkCoOccurrences(kept, saved)
      const byEnd = [...kept.values()].sort((a, b) => a.endedOrder - b.endedOrder || a.key - b.key)
      for (const tracklet of byEnd) index(tracklet)
      const byJoin = [...kept.values()].sort((a, b) => a.joinedOrder - b.joinedOrder)
      for (const tracklet of byJoin)
        if (tracklet.person && tracklet.template)
          people.contribute(tracklet.person, tracklet, contributionOf(tracklet.template))
    },
  }
}

/** Takes the IDs out of all that the tracklet says; true when there were any. */
const forgetNames = (tracklet: Tracklet, ids: ReadonlySet<PersonId>): boolean => {
  const { decision, before, coOccurringPeople } = tracklet
  let isChanged = false
  for (const id of ids) isChanged = coOccurringPeople.delete(id) || isChanged
  if (before !== null && ids.has(before)) {
    tracklet.before = null
    isChanged = true
  }
  tracklet.decision = decisionWithout(decision, ids)
  return isChanged || tracklet.decision !== decision
}
