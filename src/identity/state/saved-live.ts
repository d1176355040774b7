import type { CameraId, PersonId } from '../../types.ts'
import type { CameraRecord } from '../cameras.ts'
import type { People } from '../people/people.ts'
import type { Tracklet, TrackletFacts, TrackletLife } from '../tracklets/tracklet.ts'

type Links = 'coOccurrences' | 'coOccurringPeople'

/**
 * A tracklet as plain values that `v8.serialize` keeps exactly. It refers to other tracklets by key and to people by ID.
 * `template` is biometric data.
 */
export interface SavedTracklet extends Omit<TrackletFacts, Links> {
  /** Settled tracklets are forgotten at once, and forgotten ones are never saved. */
  readonly state: 'tentative' | 'assigned' | 'unassigned' | 'ended'
  readonly person: PersonId | null
  readonly coOccurrences: readonly (readonly [key: number, frames: number])[]
  readonly coOccurringPeople: readonly (readonly [PersonId, frames: number])[]
}

/** The live state: plain values that `v8.serialize` keeps exactly. Biometric data. */
export interface SavedLive {
  readonly version: 2
  readonly cameras: readonly (readonly [CameraId, CameraRecord])[]
  readonly tracklets: readonly SavedTracklet[]
  /** The people to recluster. */
  readonly touched: readonly PersonId[]
}

/** Copies a tracklet into plain values, without links to those that are not kept. Throws an Error for a settled or forgotten one. */
export const saveTracklet = (tracklet: Tracklet, isKept: (other: Tracklet) => boolean): SavedTracklet => {
  const { state, person, coOccurrences, coOccurringPeople, ...facts } = tracklet
  if (state === 'settled' || state === 'forgotten')
    throw new Error(`tracklet ${tracklet.key} of track ${tracklet.track} is ${state}, so it cannot be saved`)
  return {
    ...facts,
    state,
    person: person?.id ?? null,
    coOccurrences: [...coOccurrences].flatMap(([other, frames]) =>
      isKept(other) ? [[other.key, frames] as const] : [],
    ),
    coOccurringPeople: [...coOccurringPeople],
  }
}

/**
 * Makes a tracklet without co-occurrences: `linkCoOccurrences` adds them. Throws an Error when its state does not fit
 * its person.
 */
export const restoreTracklet = (saved: SavedTracklet, people: People): Tracklet => {
  const coOccurringPeople = new Map(saved.coOccurringPeople)
  return { ...saved, ...lifeOf(saved, people), coOccurrences: new Map(), coOccurringPeople }
}

const lifeOf = ({ key, state, person: id }: SavedTracklet, people: People): TrackletLife => {
  const person = id === null ? null : people.find(id)
  if (person && (state === 'assigned' || state === 'ended')) return { state, person }
  if (id === null && (state === 'tentative' || state === 'unassigned')) return { state, person: null }
  throw new Error(`tracklet ${key} is ${state} with the person ${id}`)
}

/** Adds the co-occurrences to restored tracklets. Throws an Error when one refers to a missing tracklet. */
export const linkCoOccurrences = (tracklets: ReadonlyMap<number, Tracklet>, saved: Iterable<SavedTracklet>): void => {
  const at = (key: number): Tracklet => {
    const found = tracklets.get(key)
    if (!found) throw new Error(`there is no tracklet ${key}`)
    return found
  }
  for (const { key, coOccurrences } of saved)
    for (const [other, frames] of coOccurrences) at(key).coOccurrences.set(at(other), frames)
}
