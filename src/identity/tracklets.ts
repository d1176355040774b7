import type { CameraId, MediaMs, PersonId, TrackId } from '../types.ts'
import type { People } from './people.ts'
import { contributionOf, type PersonRecord } from './person-record.ts'
import { linkCoOccurrences, restoreTracklet, type SavedTracklet } from './saved-live.ts'
import { decisionWithout, isVisible, newTracklet, type Tracklet, type TrackletLife } from './tracklet.ts'
import {
  createTrackletIndex,
  type TrackletChanges,
  type TrackletIndex,
  type TrackletQueries,
} from './tracklet-index.ts'

/** Every tracklet that is kept, and the only place that keeps them. A step of life that is not allowed throws. */
export interface Tracklets extends TrackletQueries {
  /** A track that is seen for the first time. Throws when the camera has one of this name already. */
  begin(track: TrackId, camera: CameraId, atMs: MediaMs, threshold: number): Tracklet
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

/** People of forgotten tracklets that one tracklet remembers; the oldest go first. Who sits at a desk meets many. */
const mostCoOccurringPeople = 1000

/** Starts with none. */
export const createTracklets = (people: People): Tracklets => {
  const index = createTrackletIndex()
  const takeContribution = (tracklet: Tracklet, person: PersonRecord): void => {
    people.contribute(person, tracklet, null)
    people.addTrack(person, tracklet, -1)
  }
  const forget = (tracklet: Tracklet): void => {
    const { state, person } = tracklet
    index.step(tracklet, { state: 'forgotten', person })
    if (person && state !== 'settled') takeContribution(tracklet, person)
    for (const other of leaveCoOccurrences(tracklet, state === 'settled' ? person : null)) index.touch(other)
    tracklet.coOccurringPeople.clear()
    tracklet.template = null
    index.drop(tracklet)
  }
  return {
    ...index,
    begin(track, camera, atMs, threshold) {
      if (index.visible(camera).has(track)) throw new Error(`camera "${camera}" has a track ${track} already`)
      const tracklet = newTracklet(index.nextNumber(), track, camera, atMs, threshold)
      index.add(tracklet)
      return tracklet
    },
    assign(tracklet, person) {
      const { person: before, template } = tracklet
      if (!template) throw new Error(`tracklet ${tracklet.key} has shown nothing to be recognised by`)
      index.step(tracklet, { state: isVisible(tracklet) ? 'assigned' : 'ended', person })
      if (before) takeContribution(tracklet, before)
      tracklet.joinedOrder = index.nextNumber()
      tracklet.assignedAs = person.id
      people.addTrack(person, tracklet, 1)
      people.contribute(person, tracklet, contributionOf(template))
    },
    release(tracklet) {
      const { person } = tracklet
      index.step(tracklet, { state: 'tentative', person: null })
      if (person) takeContribution(tracklet, person)
      tracklet.assignedAs = null
    },
    follow(from, into, does = () => true) {
      for (const tracklet of index.of(from)) {
        if (!does(tracklet)) continue
        if (tracklet.state !== 'assigned' && tracklet.state !== 'ended') continue
        index.step(tracklet, { state: tracklet.state, person: into })
        tracklet.joinedOrder = index.nextNumber()
      }
    },
    end: (tracklet) => index.step(tracklet, endOf(tracklet.person)),
    settle(tracklet) {
      const { person } = tracklet
      if (!person) throw new Error(`tracklet ${tracklet.key} has no person to settle with`)
      index.step(tracklet, { state: 'settled', person })
      people.settle(person, tracklet)
    },
    forget,
    forgetPerson(person, ids) {
      for (const tracklet of index.of(person)) forget(tracklet)
      for (const tracklet of index.all()) if (forgetNames(tracklet, ids)) index.touch(tracklet)
    },
    countCoOccurrences(seen) {
      for (const one of seen)
        for (const other of seen)
          if (one !== other) one.coOccurrences.set(other, (one.coOccurrences.get(other) ?? 0) + 1)
      if (seen.length > 1) for (const one of seen) index.touch(one)
    },
    restore: (saved) => restoreAll(index, people, saved),
  }
}

const endOf = (person: PersonRecord | null): TrackletLife =>
  person ? { state: 'ended', person } : { state: 'unassigned', person }

const restoreAll = (index: TrackletIndex, people: People, saved: readonly SavedTracklet[]): void => {
  const byKey = new Map(saved.map((one) => [one.key, restoreTracklet(one, people)]))
  linkCoOccurrences(byKey, saved)
  const all = [...byKey.values()]
  for (const tracklet of all.toSorted((a, b) => a.endedOrder - b.endedOrder || a.key - b.key)) index.add(tracklet)
  for (const tracklet of all.toSorted((a, b) => a.joinedOrder - b.joinedOrder)) {
    const { person, template } = tracklet
    if (person && template) people.contribute(person, tracklet, contributionOf(template))
  }
}

/** Takes it from all that were seen with it, who remember `person` in its place. Returns them. */
const leaveCoOccurrences = (tracklet: Tracklet, person: PersonRecord | null): readonly Tracklet[] => {
  const others = [...tracklet.coOccurrences]
  tracklet.coOccurrences.clear()
  for (const [other, frames] of others) {
    other.coOccurrences.delete(tracklet)
    if (person) rememberPerson(other, person, frames)
  }
  return others.map(([other]) => other)
}

const rememberPerson = (tracklet: Tracklet, { id }: PersonRecord, frames: number): void => {
  const { coOccurringPeople: known } = tracklet
  known.set(id, (known.get(id) ?? 0) + frames)
  for (const oldest of known.keys()) if (known.size > mostCoOccurringPeople) known.delete(oldest)
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
