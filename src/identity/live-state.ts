import type { CameraId, PersonId, StreamId, TrackId } from '../types.ts'
import { contributionOf, type People, type PersonRecord } from './people.ts'
import type { OpenSighting } from './sightings.ts'
import type { Tracklet } from './tracklet.ts'

export interface CameraRecord {
  /** The last frame number of each stream, newest stream last. */
  readonly streams: Map<StreamId, number>
  readonly tracks: Map<TrackId, Tracklet>
  nowMs: number
  reclusteredMs: number
  changes: number
}

/** What of the engine is about now rather than about people. */
export interface LiveParts {
  readonly cameras: Map<CameraId, CameraRecord>
  readonly tentative: readonly Tracklet[]
  readonly ended: Iterable<Tracklet>
  readonly sightings: readonly OpenSighting[]
  readonly touched: readonly PersonRecord[]
}

type SavedTracklet = Omit<Tracklet, 'person' | 'beside'> & {
  readonly person: PersonId | null
  readonly beside: readonly (readonly [number, number])[]
}

/** Plain values that `v8.serialize` keeps exactly; tracks are named by their place in `tracklets`. */
export interface SavedLive {
  readonly version: 1
  readonly cameras: readonly (readonly [
    CameraId,
    Omit<CameraRecord, 'tracks'>,
    readonly (readonly [TrackId, number])[],
  ])[]
  readonly tracklets: readonly SavedTracklet[]
  readonly tentative: readonly number[]
  readonly ended: readonly number[]
  readonly contributions: readonly (readonly [PersonId, readonly number[]])[]
  readonly sightings: readonly OpenSighting[]
  readonly touched: readonly PersonId[]
}

export const saveLive = (people: People, parts: LiveParts): SavedLive => {
  const places = new Map<Tracklet, number>()
  const place = (tracklet: Tracklet): number => {
    const known = places.get(tracklet) ?? places.size
    places.set(tracklet, known)
    return known
  }
  const cameras = [...parts.cameras].map(
    ([name, { tracks, ...camera }]) =>
      [name, camera, [...tracks].map(([track, tracklet]) => [track, place(tracklet)] as const)] as const,
  )
  const tentative = parts.tentative.map(place)
  const ended = [...parts.ended].map(place)
  const contributions = people
    .all()
    .filter((person) => person.contributions.size > 0)
    .map(({ id, contributions: of }) => [id, [...of.keys()].map((track) => place(track as Tracklet))] as const)
  const tracklets: SavedTracklet[] = []
  // Those beside a track are found on the way, and are saved as well.
  for (const tracklet of places.keys())
    tracklets.push({
      ...tracklet,
      person: tracklet.person?.id ?? null,
      beside: [...tracklet.coOccurrences].map(([other, frames]) => [place(other), frames] as const),
    })
  const { sightings, touched } = parts
  const ids = touched.map(({ id }) => id)
  return { version: 1, cameras, tracklets, tentative, ended, contributions, sightings, touched: ids }
}

export interface RestoredLive {
  readonly cameras: Map<CameraId, CameraRecord>
  readonly tentative: readonly Tracklet[]
  readonly ended: readonly Tracklet[]
  readonly touched: readonly PersonRecord[]
}

/** The people must be there already; gives them what their tracks contribute. */
export const restoreLive = (people: People, saved: SavedLive): RestoredLive => {
  const tracklets = saved.tracklets.map(
    (one): Tracklet => ({
      ...one,
      person: one.person === null ? null : people.find(one.person),
      coOccurrences: new Map(),
    }),
  )
  const at = (index: number): Tracklet => tracklets[index] as Tracklet
  for (const [i, { beside }] of saved.tracklets.entries())
    for (const [other, frames] of beside) at(i).coOccurrences.set(at(other), frames)
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
    tentative: saved.tentative.map(at),
    ended: saved.ended.map(at),
    touched: saved.touched.flatMap((id) => people.find(id) ?? []),
  }
}
