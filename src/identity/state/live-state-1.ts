import type { Decision } from '../../events/types.ts'
import type { CameraId, PersonId, StreamId, TrackId } from '../../types.ts'
import type { CameraRecord } from '../cameras.ts'
import { decisionWithout } from '../tracklets/tracklet.ts'
import type { SavedLive, SavedTracklet } from './saved-live.ts'

type AddedLater =
  | 'decision'
  | 'key'
  | 'state'
  | 'coOccurrences'
  | 'coOccurringPeople'
  | 'joinedOrder'
  | 'endedOrder'
  | 'lastSeq'
  | 'waits'
  | 'provisional'
  | 'uncounted'

/** A tracklet of version 1. */
interface SavedAppearance extends Omit<SavedTracklet, AddedLater> {
  readonly beside: readonly (readonly [place: number, frames: number])[]
  readonly besidePeople: ReadonlyMap<PersonId, number>
  /** Version 1 had one number instead of similarity and score; it is dropped. */
  readonly decision: Omit<Decision, 'candidate' | 'runnerUp'>
  readonly uncounted: { readonly fromMs: number; readonly frames: number } | null
}

/** The live state of version 1. It refers to tracklets by their place in `appearances`. */
export interface SavedLive1 {
  readonly version: 1
  readonly cameras: readonly (readonly [
    CameraId,
    Omit<CameraRecord, 'reclusteredMs' | 'read' | 'frameMs'> & { readonly reviewedMs: number },
    readonly (readonly [TrackId, number])[],
  ])[]
  readonly appearances: readonly SavedAppearance[]
  readonly waiting: readonly number[]
  readonly ended: readonly number[]
  /** Each person's, in the order in which they were made. */
  readonly contributions: readonly (readonly [PersonId, readonly number[]])[]
  readonly touched: readonly PersonId[]
}

/** Resolves IDs of people. */
export interface Found {
  /** Null when there is nobody. */
  readonly find: (id: PersonId) => { readonly id: PersonId } | null
  /** Follows aliases; returns the ID itself when it is no alias. */
  readonly resolve: (id: PersonId) => PersonId
}

/**
 * Converts version 1 to version 2. It rounds times, which had fractions. It leaves out people who no longer exist and
 * tracklets in no list: version 1 could keep those of deleted people in co-occurrences. Open sightings had no ID, so they
 * begin anew.
 */
export const upgradeLive1 = (saved: SavedLive1, people: Found): SavedLive => {
  const states = statesOf(saved, people)
  const keys = new Map([...states.keys()].map((place, i) => [place, i + 1]))
  const orderIn = (places: readonly number[]): Map<number, number> => new Map(places.map((place, i) => [place, i + 1]))
  const joined = orderIn(saved.contributions.flatMap(([, places]) => places))
  const ended = orderIn([...saved.waiting, ...saved.ended])
  const tracklets = [...states].map(([place, state]): SavedTracklet => {
    const { beside, besidePeople, ...facts } = saved.appearances[place] as SavedAppearance
    const { before } = facts
    const { person: decided, threshold, reason } = facts.decision
    const decision = { person: decided, candidate: null, runnerUp: null, threshold, reason }
    const named = [before, decided].filter((id) => id != null)
    const gone = new Set(named.filter((id) => !people.find(id)))
    return {
      ...facts,
      firstMs: Math.round(facts.firstMs),
      lastMs: Math.round(facts.lastMs),
      key: keys.get(place) ?? 0,
      state,
      person: facts.person && people.resolve(facts.person),
      before: before !== null && gone.has(before) ? null : before,
      decision: decisionWithout(decision, gone),
      coOccurrences: beside.flatMap(([other, frames]) => {
        const key = keys.get(other)
        return key === undefined ? [] : [[key, frames] as const]
      }),
      coOccurringPeople: [...besidePeople].filter(([id]) => people.find(id)),
      joinedOrder: joined.get(place) ?? 0,
      endedOrder: ended.get(place) ?? 0,
      lastSeq: 0,
      waits: false,
      provisional: null,
      uncounted: facts.uncounted && { ...facts.uncounted, fromMs: Math.round(facts.uncounted.fromMs), seq: 0 },
    }
  })
  const cameras = saved.cameras.map(([name, { reviewedMs, ...camera }]) => {
    return [name, { ...camera, read: new Set<StreamId>(), frameMs: 0, reclusteredMs: reviewedMs }] as const
  })
  const touched = saved.touched.filter((id) => people.find(id))
  return { version: 2, cameras, tracklets, touched }
}

/** The states of the tracklets to keep, by place: first the live tracks of each camera, then the ended ones. */
const statesOf = ({ cameras, appearances, waiting, ended }: SavedLive1, people: Found) => {
  const states = new Map<number, SavedTracklet['state']>()
  const keep = (place: number, withPerson: 'assigned' | 'ended', without: 'tentative' | 'unassigned'): void => {
    const person = appearances[place]?.person ?? null
    if (person === null) states.set(place, without)
    else if (people.find(person)) states.set(place, withPerson)
  }
  for (const [, , tracks] of cameras) for (const [, place] of tracks) keep(place, 'assigned', 'tentative')
  for (const place of [...waiting, ...ended]) keep(place, 'ended', 'unassigned')
  return states
}
