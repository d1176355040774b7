import type { CameraId, PersonId, Sighting, SightingId, TrackId } from '../types.ts'
import type { SavedSighting, SightedTrack } from './state.ts'

/**
 * How long a face that is in one frame has been there, at least: a frame says nothing of the time until the next one, and
 * the next one may not have come. Below a tenth of a second durations are shown as 0.0 s.
 */
const leastFrameMs = 100
/** … and at most: after a gap between frames nobody knows. */
const mostFrameMs = 1000

/** Frames of one track that follow each other; `lastMs` is when the last one was taken, `frameMs` the time since the one before. */
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

/** A sighting of these parts, of which there is at least one. */
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

/** A sighting that begins with this part and has it alone; its number is given when it is announced. */
export const sightingFrom = (part: SightedTrack, person: PersonId, camera: CameraId): SavedSighting =>
  madeOf({ number: 0, sighting: nameOf(part), person, camera, ended: false }, [part])

/** What consumers get of it; `person` is who it is now. */
export const sightingOf = (saved: SavedSighting, person: PersonId): Sighting => {
  const { sighting, camera, fromMs, untilMs, frames, tracks, ended } = saved
  const names = [...new Set(tracks.map(({ track }) => track))]
  return { sighting, person, camera, fromMs, untilMs, frames, tracks: names, ended }
}

/** The sighting with more frames of a track; `part` is the track's whole part in it. */
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
 * The sighting after `moves` are `person`'s: whole, or as two. The part with the frames that gave it its name is first and
 * keeps the name.
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

/** Whether the same part is there, however long it was then. */
export const hasPart = (parts: readonly SightedTrack[], part: SightedTrack): boolean =>
  parts.some((one) => isSame(one, part))

/** Replaces the same part in `parts`, or adds it. */
export const withPart = (parts: readonly SightedTrack[], part: SightedTrack): SightedTrack[] => [
  ...parts.filter((one) => !isSame(one, part)),
  part,
]
