import type { CameraId, PersonId, StreamId, TrackId } from '../types.ts'
import type { Appearance } from './appearances.ts'
import { contributionOf, type People, type PersonRecord } from './people.ts'
import type { OpenSighting } from './sightings.ts'

export interface CameraRecord {
  /** The last frame number of each stream, newest stream last. */
  readonly streams: Map<StreamId, number>
  readonly tracks: Map<TrackId, Appearance>
  nowMs: number
  reviewedMs: number
  changes: number
}

/** What of the engine is about now rather than about people. */
export interface LiveParts {
  readonly cameras: Map<CameraId, CameraRecord>
  readonly waiting: readonly Appearance[]
  readonly ended: Iterable<Appearance>
  readonly sightings: readonly OpenSighting[]
  readonly touched: readonly PersonRecord[]
}

type SavedAppearance = Omit<Appearance, 'person' | 'beside'> & {
  readonly person: PersonId | null
  readonly beside: readonly (readonly [number, number])[]
}

/** Plain values that `v8.serialize` keeps exactly; tracks are named by their place in `appearances`. */
export interface SavedLive {
  readonly version: 1
  readonly cameras: readonly (readonly [
    CameraId,
    Omit<CameraRecord, 'tracks'>,
    readonly (readonly [TrackId, number])[],
  ])[]
  readonly appearances: readonly SavedAppearance[]
  readonly waiting: readonly number[]
  readonly ended: readonly number[]
  readonly contributions: readonly (readonly [PersonId, readonly number[]])[]
  readonly sightings: readonly OpenSighting[]
  readonly touched: readonly PersonId[]
}

export const saveLive = (people: People, parts: LiveParts): SavedLive => {
  const places = new Map<Appearance, number>()
  const place = (appearance: Appearance): number => {
    const known = places.get(appearance) ?? places.size
    places.set(appearance, known)
    return known
  }
  const cameras = [...parts.cameras].map(
    ([name, { tracks, ...camera }]) =>
      [name, camera, [...tracks].map(([track, appearance]) => [track, place(appearance)] as const)] as const,
  )
  const waiting = parts.waiting.map(place)
  const ended = [...parts.ended].map(place)
  const contributions = people
    .all()
    .filter((person) => person.contributions.size > 0)
    .map(({ id, contributions: of }) => [id, [...of.keys()].map((track) => place(track as Appearance))] as const)
  const appearances: SavedAppearance[] = []
  // Those beside a track are found on the way, and are saved as well.
  for (const appearance of places.keys())
    appearances.push({
      ...appearance,
      person: appearance.person?.id ?? null,
      beside: [...appearance.beside].map(([other, frames]) => [place(other), frames] as const),
    })
  const { sightings, touched } = parts
  const ids = touched.map(({ id }) => id)
  return { version: 1, cameras, appearances, waiting, ended, contributions, sightings, touched: ids }
}

export interface RestoredLive {
  readonly cameras: Map<CameraId, CameraRecord>
  readonly waiting: readonly Appearance[]
  readonly ended: readonly Appearance[]
  readonly touched: readonly PersonRecord[]
}

/** The people must be there already; gives them what their tracks contribute. */
export const restoreLive = (people: People, saved: SavedLive): RestoredLive => {
  const appearances = saved.appearances.map(
    (one): Appearance => ({ ...one, person: one.person === null ? null : people.find(one.person), beside: new Map() }),
  )
  const at = (index: number): Appearance => appearances[index] as Appearance
  for (const [i, { beside }] of saved.appearances.entries())
    for (const [other, frames] of beside) at(i).beside.set(at(other), frames)
  for (const [id, tracks] of saved.contributions) {
    const person = people.find(id)
    for (const track of tracks) {
      const { template } = at(track)
      if (person && template) people.contribute(person, at(track), contributionOf(template))
    }
  }
  const cameras = saved.cameras.map(([name, camera, tracks]): [CameraId, CameraRecord] => [
    name,
    { ...camera, tracks: new Map(tracks.map(([track, index]) => [track, at(index)])) },
  ])
  return {
    cameras: new Map(cameras),
    waiting: saved.waiting.map(at),
    ended: saved.ended.map(at),
    touched: saved.touched.flatMap((id) => people.find(id) ?? []),
  }
}
