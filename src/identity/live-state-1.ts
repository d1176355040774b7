import type { CameraId, Decision, PersonId, StreamId, TrackId } from '../types.ts'
import type { CameraRecord } from './cameras.ts'
import type { SavedLive, SavedTracklet } from './saved-live.ts'
import { decisionWithout } from './tracklet.ts'

type AddedLater =
  | 'decision'
  | 'key'
  | 'state'
  | 'coOccurrences'
  | 'coOccurringPeople'
  | 'joinedOrder'
  | 'endedOrder'
  | 'lastSeq'
  | 'uncounted'

/** A tracklet as version 1 saved it. */
interface SavedAppearance extends Omit<SavedTracklet, AddedLater> {
  readonly beside: readonly (readonly [place: number, frames: number])[]
  readonly besidePeople: ReadonlyMap<PersonId, number>
  /** With one number that was no cosine. */
  readonly decision: Omit<Decision, 'candidate' | 'runnerUp'>
  readonly uncounted: { readonly fromMs: number; readonly frames: number } | null
}

/** Version 1 of the live part; tracklets are named by their place in `appearances`. */
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
  /** In the order in which they were made. */
  readonly contributions: readonly (readonly [PersonId, readonly number[]])[]
  readonly touched: readonly PersonId[]
}

/** Who an ID stands for. */
export interface Found {
  /** Null when there is nobody. */
  readonly find: (id: PersonId) => { readonly id: PersonId } | null
  /** The ID that this one stands for now: itself, unless its person was merged into another. */
  readonly resolve: (id: PersonId) => PersonId
}

/**
 * Times had fractions. Version 1 could also hold tracklets of deleted people, which only the co-occurrences of others
 * referred to: what is not in a list is left out, and so is every mention of somebody who is no more. Its sightings had no
 * ID: those that were open begin anew.
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
      uncounted: facts.uncounted && { ...facts.uncounted, fromMs: Math.round(facts.uncounted.fromMs), seq: 0 },
    }
  })
  const cameras = saved.cameras.map(([name, { reviewedMs, ...camera }]) => {
    return [name, { ...camera, read: new Set<StreamId>(), frameMs: 0, reclusteredMs: reviewedMs }] as const
  })
  const touched = saved.touched.filter((id) => people.find(id))
  return { version: 2, cameras, tracklets, touched }
}

/** The states of the tracklets to keep, by their places: of each camera's tracks, then of those that are over. */
const statesOf = ({ cameras, appearances, waiting, ended }: SavedLive1, people: Found) => {
  const states = new Map<number, SavedTracklet['state']>()
  const keep = (place: number, somebodys: 'assigned' | 'ended', nobodys: 'tentative' | 'unassigned'): void => {
    const person = appearances[place]?.person ?? null
    if (person === null) states.set(place, nobodys)
    else if (people.find(person)) states.set(place, somebodys)
  }
  for (const [, , tracks] of cameras) for (const [, place] of tracks) keep(place, 'assigned', 'tentative')
  for (const place of [...waiting, ...ended]) keep(place, 'ended', 'unassigned')
  return states
}
