import type { CameraId, MediaMs, PersonId, TrackId } from '../../types.ts'
import type { People } from '../people/people.ts'
import { contributionOf, type PersonRecord } from '../people/person-record.ts'
import { linkCoOccurrences, restoreTracklet, type SavedTracklet } from '../state/saved-live.ts'
import type { SettledTracks } from '../state/settled-tracks.ts'
import { decisionWithout, isVisible, newTracklet, pastOf, type Tracklet, type TrackletLife } from './tracklet.ts'
import {
  createTrackletIndex,
  type TrackletChanges,
  type TrackletIndex,
  type TrackletQueries,
} from './tracklet-index.ts'

/** The registry of tracklets, and the only one. Each step throws when `TrackletLife` does not allow it. */
export interface Tracklets extends TrackletQueries {
  /** Adds a tentative tracklet for a new track. Throws when the camera has a live track of this name. */
  begin(track: TrackId, camera: CameraId, atMs: MediaMs, threshold: number): Tracklet
  /**
   * Assigns it to a person, to whom its template then contributes; its former person loses the contribution. Throws
   * without a template. `as` is the ID that it is assigned under, an alias of the person perhaps; it defaults to the person's.
   */
  assign(tracklet: Tracklet, person: PersonRecord, as?: PersonId): void
  /** Takes the person from an assigned tracklet, which becomes tentative. */
  release(tracklet: Tracklet): void
  /**
   * Moves tracklets from one person to another whose contributions have moved already. Without `isMoved`, all of them.
   */
  follow(from: PersonRecord, into: PersonRecord, isMoved?: (tracklet: Tracklet) => boolean): void
  /** Records that its track has ended. */
  end(tracklet: Tracklet): void
  /** What it has shown belongs to its person for good, and is kept by itself for a while. */
  settle(tracklet: Tracklet): void
  /**
   * Removes it and every reference to it; nothing else does. Before it has settled, its person loses its contribution.
   * After that, the tracklets seen with it remember its person instead.
   */
  forget(tracklet: Tracklet): void
  /** Forgets all tracklets of a person who is about to be deleted, and the person's `ids` in all others. */
  forgetPerson(person: PersonRecord, ids: ReadonlySet<PersonId>): void
  /** Counts one frame for each pair of these tracklets. None of them may be doubtful. */
  countCoOccurrences(visible: readonly Tracklet[]): void
  /** Marks it as changed, after a change to its facts. */
  touch(tracklet: Tracklet): void
  /** The changes since the last call. */
  takeChanged(): TrackletChanges
  /** Restores the tracklets of an earlier run and their contributions. Their people must exist. */
  restore(saved: readonly SavedTracklet[]): void
}

/** The most people that one tracklet remembers; the oldest go first. The track of a receptionist meets many. */
const mostCoOccurringPeople = 1000

/** Starts with none. `settled` keeps what those that settle have added. */
export const createTracklets = (people: People, settled: Pick<SettledTracks, 'add'>): Tracklets => {
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
    assign(tracklet, person, as = person.id) {
      const { person: before, template } = tracklet
      if (!template) throw new Error(`tracklet ${tracklet.key} has shown nothing to be recognised by`)
      index.step(tracklet, { state: isVisible(tracklet) ? 'assigned' : 'ended', person })
      if (before) takeContribution(tracklet, before)
      tracklet.joinedOrder = index.nextNumber()
      tracklet.assignedAs = as
      people.addTrack(person, tracklet, 1)
      people.contribute(person, tracklet, contributionOf(template, tracklet.bestQuality))
    },
    release(tracklet) {
      const { person } = tracklet
      index.step(tracklet, { state: 'tentative', person: null })
      if (person) takeContribution(tracklet, person)
      tracklet.assignedAs = null
    },
    follow(from, into, isMoved = () => true) {
      for (const tracklet of index.of(from)) {
        if (!isMoved(tracklet)) continue
        if (tracklet.state !== 'assigned' && tracklet.state !== 'ended') continue
        index.step(tracklet, { state: tracklet.state, person: into })
        tracklet.joinedOrder = index.nextNumber()
      }
    },
    end: (tracklet) => index.step(tracklet, endOf(tracklet.person)),
    settle(tracklet) {
      const { person } = tracklet
      if (!person) throw new Error(`tracklet ${tracklet.key} has no person to settle with`)
      const look = person.contributions.get(tracklet)
      index.step(tracklet, { state: 'settled', person })
      people.settle(person, tracklet)
      const past = pastOf(tracklet)
      if (look && past) settled.add({ ...past, look, person: tracklet.assignedAs ?? person.id })
    },
    forget,
    forgetPerson(person, ids) {
      for (const tracklet of index.of(person)) forget(tracklet)
      for (const tracklet of index.all()) if (forgetIds(tracklet, ids)) index.touch(tracklet)
    },
    countCoOccurrences(seen) {
      countTogether(seen)
      if (seen.length > 1) for (const one of seen) index.touch(one)
    },
    restore: (saved) => restoreAll(index, people, saved),
  }
}

const countTogether = (seen: readonly Tracklet[]): void => {
  for (const one of seen)
    for (const other of seen) if (one !== other) one.coOccurrences.set(other, (one.coOccurrences.get(other) ?? 0) + 1)
}

const endOf = (person: PersonRecord | null): TrackletLife =>
  person ? { state: 'ended', person } : { state: 'unassigned', person }

const restoreAll = (index: TrackletIndex, people: People, saved: readonly SavedTracklet[]): void => {
  const byKey = new Map(saved.map((one) => [one.key, restoreTracklet(one, people)]))
  linkCoOccurrences(byKey, saved)
  const all = [...byKey.values()]
  for (const tracklet of all.toSorted((a, b) => a.endedOrder - b.endedOrder || a.key - b.key)) index.add(tracklet)
  for (const tracklet of all.toSorted((a, b) => a.joinedOrder - b.joinedOrder)) {
    const { person, template, bestQuality } = tracklet
    if (person && template) people.contribute(person, tracklet, contributionOf(template, bestQuality))
  }
}

/** Removes it from the co-occurrences of other tracklets, which remember `person` instead. Returns these. */
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
  const { coOccurringPeople: people } = tracklet
  people.set(id, (people.get(id) ?? 0) + frames)
  for (const oldest of people.keys()) if (people.size > mostCoOccurringPeople) people.delete(oldest)
}

/** Removes these IDs from a tracklet; true when it had any. */
const forgetIds = (tracklet: Tracklet, ids: ReadonlySet<PersonId>): boolean => {
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
