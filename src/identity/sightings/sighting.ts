import type { Sighting } from '../../events/types.ts'
import type { CameraId, PersonId, SightingId, TrackId } from '../../types.ts'
import type { SavedSighting, SightedTrack } from '../state/state.ts'

/** The least time that one frame counts for. Shorter durations are shown as 0.0 s. */
const leastFrameMs = 100
/** The most time that one frame counts for: across a longer gap between frames nobody knows. */
const mostFrameMs = 1000

/**
 * Consecutive frames of one track as a part of a sighting, in whole milliseconds. `lastMs` is the capture time of the last
 * frame, `frameMs` the time since the frame before it.
 */
export const sightedTrack = (
  {
    track,
    seq,
    fromMs,
    frames,
  }: { readonly track: TrackId; readonly seq: number; readonly fromMs: number; readonly frames: number },
  lastMs: number,
  frameMs: number,
): SightedTrack => {
  const from = Math.round(fromMs)
  const inViewMs = Math.min(Math.max(frameMs, leastFrameMs), mostFrameMs)
  return { track, seq, fromMs: from, untilMs: Math.max(from + leastFrameMs, Math.round(lastMs + inViewMs)), frames }
}

const nameOf = ({ track, seq }: SightedTrack): SightingId => `${track}/${seq}`

const inOrder = (a: SightedTrack, b: SightedTrack): number =>
  a.fromMs - b.fromMs || (a.track < b.track ? -1 : a.track > b.track ? 1 : a.seq - b.seq)

const isSame = (a: SightedTrack, b: SightedTrack): boolean => a.track === b.track && a.seq === b.seq

/** A sighting made of at least one part. */
const madeOf = (
  whose: Omit<SavedSighting, 'tracks' | 'fromMs' | 'untilMs' | 'frames'>,
  parts: readonly SightedTrack[],
): SavedSighting => ({
  ...whose,
  fromMs: parts.reduce((least, { fromMs }) => Math.min(least, fromMs), Infinity),
  untilMs: parts.reduce((most, { untilMs }) => Math.max(most, untilMs), -Infinity),
  frames: parts.reduce((sum, { frames }) => sum + frames, 0),
  tracks: parts.toSorted(inOrder),
})

/** A sighting of one part, open, with number 0. It gets its number with its first event. */
export const sightingFrom = (part: SightedTrack, person: PersonId, camera: CameraId): SavedSighting =>
  madeOf({ number: 0, sighting: nameOf(part), person, camera, ended: false }, [part])

/** A sighting for consumers. `person` is the ID that its person has now. */
export const sightingOf = (saved: SavedSighting, person: PersonId): Sighting => {
  const { sighting, camera, fromMs, untilMs, frames, tracks, ended } = saved
  const names = [...new Set(tracks.map(({ track }) => track))]
  return { sighting, person, camera, fromMs, untilMs, frames, tracks: names, ended }
}

/** Adds frames of a track. Returns the new sighting and the track's whole part in it. */
export const withFrames = (
  sighting: SavedSighting,
  more: SightedTrack,
): { readonly sighting: SavedSighting; readonly part: SightedTrack } => {
  const old = sighting.tracks.find(({ track }) => track === more.track)
  const part = old
    ? {
        ...old,
        fromMs: Math.min(old.fromMs, more.fromMs),
        untilMs: Math.max(old.untilMs, more.untilMs),
        frames: old.frames + more.frames,
      }
    : more
  const others = sighting.tracks.filter((one) => one !== old)
  return { sighting: madeOf(sighting, [...others, part]), part }
}

/**
 * Gives the tracks in `moves` to `person`. Returns the whole sighting when all its tracks move, else two sightings. The
 * first one has the frames that the sighting is named after, and keeps the ID.
 */
export const divided = (
  sighting: SavedSighting,
  moves: ReadonlySet<TrackId>,
  person: PersonId,
): readonly [SavedSighting] | readonly [SavedSighting, SavedSighting] => {
  const moving = sighting.tracks.filter(({ track }) => moves.has(track))
  const staying = sighting.tracks.filter(({ track }) => !moves.has(track))
  const moved = { ...sighting, person }
  if (staying.length === 0) return [moved]
  const hasName = (parts: readonly SightedTrack[]): boolean => parts.some((part) => nameOf(part) === sighting.sighting)
  const [kept, other] = hasName(moving)
    ? [madeOf(moved, moving), madeOf(sighting, staying)]
    : [madeOf(sighting, staying), madeOf(moved, moving)]
  const [first] = other.tracks
  return [kept, { ...other, number: 0, sighting: first ? nameOf(first) : other.sighting }]
}

/** True when `parts` has this part (same track and first frame), whatever its length. */
export const hasPart = (parts: readonly SightedTrack[], part: SightedTrack): boolean =>
  parts.some((one) => isSame(one, part))

/** Adds the part to `parts`; replaces the one with the same track and first frame. */
export const withPart = (parts: readonly SightedTrack[], part: SightedTrack): SightedTrack[] => [
  ...parts.filter((one) => !isSame(one, part)),
  part,
]
