import { evidenceOf, type Known } from '../identity/people/evidence.ts'
import { type Template, weightOf, withFace } from '../math/template.ts'
import type { Box, CameraId, Faces, MediaMs, TrackId } from '../types.ts'

/** All that a recording shows of a track. */
export interface WholeTrack {
  readonly track: TrackId
  readonly camera: CameraId
  /** Frames that show it. */
  readonly frames: number
  /** The mean of its good faces, by squared quality; null without one. */
  readonly known: Known | null
  /** Sum of squared qualities of the good faces, and how many there are. */
  readonly weight: number
  readonly goodFaces: number
  /** Milliseconds from the first to the last good face. */
  readonly goodMs: number
  readonly bestQuality: number
  /** Where it was first and last. */
  readonly first: Place
  readonly last: Place
  /** Whether it ended at once, as at a cut, instead of by absence. */
  readonly isCutOff: boolean
}

/** Where a face is: its box, in fractions of the picture, at a capture time. */
export interface Place {
  readonly atMs: MediaMs
  readonly box: Box
}

/** The tracks of whole recordings, and which of them were seen together. */
export interface TracksSeen {
  readonly tracks: readonly WholeTrack[]
  /** The tracks that were seen together with one, by index, and in how many frames. */
  readonly together: (track: number) => ReadonlyMap<number, number>
}

const nobody: ReadonlyMap<number, number> = new Map()
/** A track that is only absent is waited for longer than that (`tracker.maxAgeMs`). */
const soonMs = 1000

/** A track while it is followed. */
interface Growing {
  readonly index: number
  readonly camera: CameraId
  readonly first: Place
  last: Place
  isCutOff: boolean
  frames: number
  template: Template | null
  goodFromMs: MediaMs
  goodUntilMs: MediaMs
  bestQuality: number
}

const wholeOf = (track: TrackId, grown: Growing): WholeTrack => {
  const { camera, first, last, isCutOff, frames, template, goodFromMs, goodUntilMs, bestQuality } = grown
  const known = template && { mean: template.mean, evidence: evidenceOf(template.weight) }
  const goodMs = goodUntilMs - goodFromMs
  const [weight, goodFaces] = [template?.weight ?? 0, template?.faces ?? 0]
  return { track, camera, first, last, isCutOff, frames, known, weight, goodFaces, goodMs, bestQuality }
}

/** Gathers tracks frame by frame. Faces below `minQuality` are seen, but say nothing about who it is. */
export const createTracks = (minQuality: number) => {
  const growing = new Map<TrackId, Growing>()
  const counts = new Map<number, Map<number, number>>()
  const count = (a: number, b: number): void => {
    const others = counts.get(a) ?? new Map<number, number>()
    counts.set(a, others)
    others.set(b, (others.get(b) ?? 0) + 1)
  }

  const sawFace = ({ camera, capturedAtMs }: Faces, face: Faces['faces'][number]): number => {
    const place = { atMs: capturedAtMs, box: face.box }
    const fresh = { index: growing.size, camera, first: place, last: place, isCutOff: false, frames: 0, template: null }
    const track = growing.get(face.track) ?? {
      ...fresh,
      goodFromMs: capturedAtMs,
      goodUntilMs: capturedAtMs,
      bestQuality: 0,
    }
    growing.set(face.track, track)
    track.last = place
    track.frames++
    const quality = face.quality?.overall ?? 0
    if (face.embedding && quality >= minQuality) {
      if (track.template === null) track.goodFromMs = capturedAtMs
      track.goodUntilMs = capturedAtMs
      track.template = withFace(track.template, face.embedding, weightOf(quality))
      track.bestQuality = Math.max(track.bestQuality, quality)
    }
    return track.index
  }

  return {
    saw: (frame: Faces): void => {
      for (const ended of frame.endedTracks) {
        const track = growing.get(ended)
        if (track) track.isCutOff = frame.capturedAtMs - track.last.atMs < soonMs
      }
      const indices = frame.faces.map((face) => sawFace(frame, face))
      for (const a of indices) for (const b of indices) if (a !== b) count(a, b)
    },
    seen: (): TracksSeen => ({
      tracks: [...growing].map(([track, grown]) => wholeOf(track, grown)),
      together: (track) => counts.get(track) ?? nobody,
    }),
  }
}
